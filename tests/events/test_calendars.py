"""Calendars for other programs (`events/calendars.py`, RFC 5545): promises, and the sessions a visitor chose."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import translation
from icalendar import Calendar

from events.calendars import calendar_of_promises
from events.models import InvestmentProject, Milestone
from portal import clock
from tests.factories import cite, conference, milestone, place, project, session, source, withdraw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]  # 15 November 2024


def promise(due_on="2026-09", kind="operating", **fields):
    return milestone(due_on=due_on, met_on=None, kind=kind, **fields)


def events():
    content = calendar_of_promises(Milestone.objects.published().promised().with_documented_date())
    return list(Calendar.from_ical(content).walk("VEVENT"))


@pytest.mark.parametrize(
    ("due_on", "begins", "ends"),
    [
        ("2026-09-05", date(2026, 9, 5), date(2026, 9, 6)),
        ("2026-09", date(2026, 9, 1), date(2026, 10, 1)),
        ("2026", date(2026, 1, 1), date(2027, 1, 1)),
        ("2028-02", date(2028, 2, 1), date(2028, 3, 1)),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1)),
    ],
)
def test_a_promise_fills_the_days_it_can_mean_and_its_end_is_the_day_after(due_on, begins, ends):
    promise(due_on)

    [event] = events()

    assert (event.decoded("dtstart"), event.decoded("dtend")) == (begins, ends)
    assert [event[name].params.get("VALUE") for name in ("dtstart", "dtend")] == ["DATE", "DATE"]


def test_an_event_says_what_was_promised_and_what_became_of_it():
    plant = project(slug="plant", title_en="Vaccine plant", title_zh_hans="疫苗工厂")
    promise("2023-09", project=plant, note_en="Scheduled, opening; second phase.", note_zh_hans="计划开园。")

    [event] = events()
    with translation.override("zh-hans"):
        [chinese] = events()

    assert str(event["summary"]) == "Vaccine plant: operating (not documented)"
    assert str(event["description"]) == "Scheduled, opening; second phase."
    assert str(event["url"]) == "https://portal.example/en/projects/plant/"
    assert (event["transp"], event["uid"]) == ("TRANSPARENT", chinese["uid"])
    assert str(chinese["summary"]).startswith("疫苗工厂")
    assert str(chinese["description"]) == "计划开园。"
    assert str(chinese["url"]) == "https://portal.example/zh-hans/projects/plant/"


@pytest.mark.parametrize(
    ("due_on", "met_on", "words"),
    [
        ("2026", None, "still to come"),
        ("2024-11", None, "still to come"),
        ("2024-10", None, "not documented"),
        ("2022", "2022-12", "met"),
        ("2022-09", "2022-12", "met late"),
    ],
)
def test_an_event_says_what_became_of_the_promise(due_on, met_on, words):
    plant = project(title_en="Plant")
    promise(due_on, project=plant)
    if met_on:
        cite(milestone(project=plant, kind="operating", met_on=met_on), source(source_type="official_notice"))

    assert [str(event["summary"]) for event in events()] == [f"Plant: operating ({words})"]


def test_every_promise_has_an_identifier_of_its_own():
    plant = project()
    promise("2026", project=plant)
    promise("2027", project=plant)

    identifiers = [str(event["uid"]) for event in events()]

    assert len(set(identifiers)) == 2
    assert all(each.endswith("@portal.example") for each in identifiers)


def test_a_calendar_without_promises_is_a_calendar():
    calendar = Calendar.from_ical(calendar_of_promises([]))

    assert (calendar["version"], str(calendar["x-wr-calname"])) == ("2.0", "Promise calendar")
    assert calendar["prodid"]
    assert calendar.walk("VEVENT") == []


def test_long_and_awkward_words_survive():
    title = "生物医药 “Plant”, phase; \\ 1 " * 8
    promise(project=project(title_en=title.strip()))

    [event] = events()
    content = calendar_of_promises(Milestone.objects.published().promised().with_documented_date())

    assert str(event["summary"]) == f"{title.strip()}: operating (still to come)"
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert content.endswith(b"END:VCALENDAR\r\n")


def test_a_line_break_in_a_note_makes_no_new_property():
    promise(note_en="First.\r\nSUMMARY:Injected\nEND:VEVENT")

    [event] = events()

    assert str(event["summary"]).endswith("operating (still to come)")
    assert "SUMMARY:Injected" in str(event["description"])


# --- As a file --------------------------------------------------------------------------------------------------------


def fetch(client, language="en"):
    with translation.override(language):
        return client.get(reverse("events:promise_calendar"))


def test_the_file_is_a_calendar_with_a_name(client):
    promise()

    response = fetch(client)

    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="promises.ics"'
    assert len(Calendar.from_ical(response.content).walk("VEVENT")) == 1


def test_two_fetches_are_byte_for_byte_the_same(client):
    for due_on in ("2026", "2025-05", "2023"):
        promise(due_on)

    first = fetch(client).content
    with clock.set_to(datetime(2024, 11, 20, 3, 4, 5, tzinfo=UTC)):
        second = fetch(client).content

    assert first == second
    assert first.count(b"BEGIN:VEVENT") == 3


def test_each_language_has_its_own_file(client):
    promise(project=project(title_en="Plant", title_zh_hans="工厂"))

    english, chinese = (fetch(client, language).content.decode() for language in ("en", "zh-hans"))

    assert ("SUMMARY:Plant: operating" in english, "SUMMARY:工厂" in chinese) == (True, True)
    assert "/zh-hans/projects/" in chinese


@pytest.mark.parametrize("hide", ["draft", "scheduled", "withdrawn"])
def test_the_promises_of_a_hidden_project_are_in_no_file(client, hide):
    plant = project(title_en="Secret plant")
    promise(project=plant, note_en="Secret note")
    before = fetch(client).content

    if hide == "withdrawn":
        withdraw(plant)
    else:
        later = None if hide == "draft" else datetime(2999, 1, 1, tzinfo=UTC)
        InvestmentProject.objects.update(published_at=later)
    after = fetch(client).content

    assert (b"Secret plant" in before, b"Secret note" in before, b"Secret" in after) == (True, True, False)


def test_a_calendar_is_only_read(client):
    assert client.post("/en/promises.ics").status_code == 405


@pytest.mark.parametrize("size", [1, 20])
def test_the_file_is_one_query(client, size, django_assert_num_queries):
    for number in range(size):
        promise(f"20{number + 30}")

    with django_assert_num_queries(1):
        assert fetch(client).status_code == 200


# --- The sessions a visitor chose -------------------------------------------------------------------------------------

FIRST = date(2027, 5, 20)
OSLO = ZoneInfo("Europe/Oslo")


@pytest.fixture
def fair():
    hall = place(name_en="Glass Hall", name_zh_hans="玻璃厅")
    return conference(slug="fair", title_en="Kelp Fair", title_zh_hans="海带展", timezone="Europe/Oslo", venue=hall)


def talk(fair, slug="talk", **fields):
    defaults = {
        "day": FIRST,
        "starts_at": time(9),
        "ends_at": time(10, 30),
        "title_en": "Talk",
        "title_zh_hans": "演讲",
    }
    return session(conference=fair, slug=slug, **{**defaults, **fields})


def agenda(client, *slugs, language="en"):
    return client.get(f"/{language}/conferences/fair/agenda.ics", {"s": slugs})


def chosen(client, *slugs, language="en"):
    return list(Calendar.from_ical(agenda(client, *slugs, language=language).content).walk("VEVENT"))


def test_a_chosen_session_is_an_event_in_the_time_zone_of_its_conference(client, fair):
    record = talk(fair, room_en="Hall A", abstract_en="On kelp; cold, and slow.")

    [event] = chosen(client, "talk")

    assert event.decoded("dtstart") == datetime(2027, 5, 20, 9, 0, tzinfo=OSLO)
    assert event.decoded("dtend") == datetime(2027, 5, 20, 10, 30, tzinfo=OSLO)
    assert event["dtstart"].params["TZID"] == "Europe/Oslo"
    assert (str(event["summary"]), str(event["location"])) == ("Talk", "Hall A, Glass Hall")
    assert str(event["description"]) == "On kelp; cold, and slow."
    assert str(event["url"]) == "https://portal.example/en/conferences/fair/sessions/talk/"
    assert (str(event["uid"]), event["sequence"], event["status"]) == (
        f"session-{record.pk}@portal.example",
        0,
        "CONFIRMED",
    )


def test_the_file_brings_the_rules_of_its_time_zone(client, fair):
    talk(fair)

    calendar = Calendar.from_ical(agenda(client, "talk").content)

    [zone] = calendar.walk("VTIMEZONE")
    assert (str(zone["tzid"]), str(calendar["x-wr-calname"])) == ("Europe/Oslo", "My programme: Kelp Fair")
    assert zone.to_tz().utcoffset(datetime(2027, 5, 20, 9, 0)) == timedelta(hours=2)
    assert calendar.get_missing_tzids() == set()


@pytest.mark.parametrize("name", ["Nowhere/At_All", "", "Asia"])
def test_an_unknown_time_zone_is_that_of_the_portal(client, fair, name):
    talk(fair)
    type(fair).objects.update(timezone=name)

    [event] = chosen(client, "talk")

    assert event.decoded("dtstart") == datetime(2027, 5, 20, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_a_session_without_times_fills_its_day_and_blocks_nothing(client, fair):
    talk(fair, starts_at=None, ends_at=None)

    [event] = chosen(client, "talk")

    assert (event.decoded("dtstart"), event.decoded("dtend")) == (FIRST, date(2027, 5, 21))
    assert (event["dtstart"].params["VALUE"], event["transp"]) == ("DATE", "TRANSPARENT")


def test_an_end_that_was_not_published_is_not_invented(client, fair):
    talk(fair, ends_at=None)

    [event] = chosen(client, "talk")

    assert ("dtend" in event, "duration" in event) == (False, False)


def test_a_session_without_a_day_is_in_no_calendar(client, fair):
    talk(fair)
    talk(fair, "walk", day=None, starts_at=None, ends_at=None)

    assert [str(event["summary"]) for event in chosen(client, "talk", "walk")] == ["Talk"]
    assert chosen(client, "walk") == []
    assert Calendar.from_ical(agenda(client, "walk").content)["version"] == "2.0"


@pytest.mark.parametrize(
    ("venue", "note", "room", "location"),
    [
        (True, "", "", "Glass Hall"),
        (False, "Port Quill", "Hall A", "Hall A, Port Quill"),
        (False, "", "Hall A", "Hall A"),
        (False, "", "", None),
    ],
)
def test_the_place_is_what_is_known_of_it(client, fair, venue, note, room, location):
    type(fair).objects.update(place_note_en=note, **({} if venue else {"venue": None}))
    talk(fair, room_en=room)

    [event] = chosen(client, "talk")

    assert event.get("location") == location


def test_a_hidden_venue_is_not_named(client, fair):
    talk(fair)
    type(fair.venue).objects.update(published_at=None)

    assert b"Glass Hall" not in agenda(client, "talk").content


def test_a_cancelled_session_says_so(client, fair):
    talk(fair, status="cancelled")

    [event] = chosen(client, "talk")

    assert event["status"] == "CANCELLED"


def test_a_changed_session_is_newer_than_the_one_it_replaces(client, fair):
    record = talk(fair)
    [before] = chosen(client, "talk")

    record.starts_at = time(9, 30)
    record.save()
    [after] = chosen(client, "talk")

    assert (before["uid"], before["sequence"], after["sequence"]) == (after["uid"], 0, 1)
    assert after.decoded("dtstamp") - before.decoded("dtstamp") == timedelta(seconds=1)


def test_the_same_choice_gives_the_same_bytes_in_any_order(client, fair):
    for number in range(3):
        talk(fair, f"talk-{number}", starts_at=time(9 + number), ends_at=None)

    first = agenda(client, "talk-0", "talk-1", "talk-2").content
    with clock.set_to(datetime(2025, 1, 1, tzinfo=UTC)):
        second = agenda(client, "talk-2", "talk-0", "talk-1").content

    assert first == second
    assert first.count(b"BEGIN:VEVENT") == 3


def test_a_choice_in_chinese_is_a_calendar_in_chinese(client, fair):
    talk(fair, room_zh_hans="极光厅")

    [english], [chinese] = chosen(client, "talk"), chosen(client, "talk", language="zh-hans")

    assert english["uid"] == chinese["uid"]
    assert (str(chinese["summary"]), str(chinese["location"])) == ("演讲", "极光厅, 玻璃厅")
    assert str(chinese["url"]) == "https://portal.example/zh-hans/conferences/fair/sessions/talk/"


def test_the_file_of_a_choice_has_a_plain_name(client, fair):
    response = agenda(client)

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="agenda-fair.ics"'
    assert Calendar.from_ical(response.content).walk("VEVENT") == []


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
@pytest.mark.parametrize("starts_at", [time(9), None])
def test_days_at_the_ends_of_time_break_nothing(client, fair, day, starts_at):
    talk(fair, day=day, starts_at=starts_at, ends_at=None)

    assert agenda(client, "talk").content.count(b"BEGIN:VEVENT") == 1
