"""Calendars for other programs (`events/calendars.py`, RFC 5545): promises, programmes, conferences, choices."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import translation
from icalendar import Calendar

from events.calendars import calendar_of_promises
from events.models import InvestmentProject, Milestone
from portal import clock
from portal.history.records import history_of
from portal.partial_dates import PartialDate
from tests.factories import cite, conference, milestone, place, project, session, source, withdraw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]  # 15 November 2024


def promise(due_on="2026-09", kind="operating", **fields):
    return milestone(due_on=due_on, met_on=None, kind=kind, **fields)


def events():
    content = calendar_of_promises(Milestone.objects.published().promised().with_documented_date().with_changed_at())
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
    content = calendar_of_promises(Milestone.objects.published().promised().with_documented_date().with_changed_at())

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
def test_the_file_is_two_queries(client, size, django_assert_num_queries):
    for number in range(size):
        promise(f"20{number + 30}")

    with django_assert_num_queries(2):
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
    assert str(event["description"]) == "On kelp; cold, and slow.\n\nPart of: Kelp Fair"
    assert str(event["url"]) == "https://portal.example/en/conferences/fair/sessions/talk/"
    assert (str(event["uid"]), event["sequence"], event["status"]) == (
        f"{record.uid}@portal.example",
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

    assert (event["status"], str(event["summary"])) == ("CANCELLED", "Cancelled: Talk")


def test_a_changed_session_is_newer_than_the_one_it_replaces(client, fair):
    record = talk(fair)
    [before] = chosen(client, "talk")

    record.starts_at = time(9, 30)
    record.save()
    [after] = chosen(client, "talk")

    assert (before["uid"], before["sequence"], after["sequence"]) == (after["uid"], 0, 1)
    assert after.decoded("dtstamp") >= before.decoded("dtstamp")


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


# --- What other programs go by ----------------------------------------------------------------------------------------


def fetched(client, path, language="en"):
    response = client.get(f"/{language}/{path}")
    return response, list(Calendar.from_ical(response.content).walk("VEVENT"))


def entries(client, path, language="en"):
    return fetched(client, path, language)[1]


def of_fair(client, language="en"):
    [event] = entries(client, "conferences/fair.ics", language)
    return event


def test_the_identifier_survives_another_slug_another_language_another_port_and_another_time(client, fair, settings):
    record = talk(fair)
    names = {str(of_fair(client, language)["uid"]) for language in ("en", "zh-hans")}

    record.slug, record.day = "speech", date(2027, 5, 21)
    record.save()
    settings.SITE_URL = "https://portal.example:8443"
    names.add(str(of_fair(client)["uid"]))

    assert names == {f"{record.uid}@portal.example"}


@pytest.mark.parametrize(
    ("change", "rises"),
    [
        ({"status": "postponed"}, 1),
        ({"timezone": "Asia/Tokyo"}, 1),
        ({"place_note_en": "Port Quill"}, 1),
        ({"venue": None}, 1),
        ({"ends_on": PartialDate(2027, 5, 22)}, 1),
        ({"title_en": "Kelp Days"}, 0),
        ({}, 0),
    ],
)
def test_sessions_follow_when_the_place_time_zone_or_state_of_their_conference_changes(client, fair, change, rises):
    talk(fair)
    before = of_fair(client)["sequence"]

    for name, value in change.items():
        setattr(fair, name, value)
    fair.save()
    fair.save()

    assert of_fair(client)["sequence"] - before == rises


def test_another_promised_date_raises_the_sequence_of_a_promise(client):
    record = promise("2026-09")
    [before] = entries(client, "promises.ics")

    record.due_on = PartialDate(2027)
    record.save()
    [after] = entries(client, "promises.ics")

    assert (before["uid"], before["sequence"], after["sequence"]) == (after["uid"], 0, 1)


def test_the_moments_are_those_of_the_last_recorded_change_and_never_of_the_fetch(client, fair):
    record = talk(fair)
    history_of(type(record))._base_manager.update(history_date=datetime(2024, 2, 3, 4, 5, 6, 7, tzinfo=UTC))
    history_of(type(fair))._base_manager.update(history_date=datetime(2024, 2, 1, tzinfo=UTC))

    event = of_fair(client)

    moments = {event.decoded(name) for name in ("dtstamp", "last-modified")}
    assert moments == {datetime(2024, 2, 3, 4, 5, 6, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("of_conference", "of_session", "status", "summary"),
    [
        ("scheduled", "confirmed", "CONFIRMED", "Talk"),
        ("scheduled", "moved", "CONFIRMED", "Talk"),
        ("scheduled", "cancelled", "CANCELLED", "Cancelled: Talk"),
        ("postponed", "confirmed", "TENTATIVE", "Postponed: Talk"),
        ("postponed", "cancelled", "CANCELLED", "Cancelled: Talk"),
        ("cancelled", "moved", "CANCELLED", "Cancelled: Talk"),
        ("moved_online", "confirmed", "CONFIRMED", "Talk"),
    ],
)
def test_the_state_is_that_of_the_session_and_of_its_conference(
    client, fair, of_conference, of_session, status, summary
):
    talk(fair, status=of_session, room_en="")
    type(fair).objects.update(status=of_conference)

    event = of_fair(client)

    where = "Online" if of_conference == "moved_online" else "Glass Hall"
    assert (event["status"], str(event["summary"]), str(event["location"])) == (status, summary, where)


PATHS = [
    "conferences.ics",
    "conferences/fair.ics",
    "conferences/fair/programme/2027-05-20.ics",
    "conferences/fair/sessions/talk.ics",
    "conferences/fair/agenda.ics?s=talk",
    "promises.ics",
]


@pytest.mark.parametrize("path", PATHS)
def test_a_calendar_fetched_again_is_the_same_and_need_not_be_sent(client, fair, path):
    type(fair).objects.update(starts_on="2027-05-20")
    talk(fair)
    promise()
    first = client.get(f"/en/{path}")

    with clock.set_to(datetime(2024, 11, 15, 9, 0, tzinfo=UTC)):
        second = client.get(f"/en/{path}")
        by_tag = client.get(f"/en/{path}", headers={"if-none-match": first["ETag"]})
        by_date = client.get(f"/en/{path}", headers={"if-modified-since": first["Last-Modified"]})

    assert first.content == second.content
    assert first.content.count(b"BEGIN:VEVENT") == 1
    assert (first["Last-Modified"], by_tag.status_code, by_date.status_code) == (second["Last-Modified"], 304, 304)
    assert first["Content-Type"] == "text/calendar; charset=utf-8"


@pytest.mark.parametrize("hide", ["draft", "withdrawn", "deleted"])
def test_what_is_taken_away_is_missed_by_date_too(client, fair, hide):
    record = talk(fair)
    talk(fair, "other")
    long_ago = datetime(2024, 2, 3, tzinfo=UTC)
    for model in (type(record), type(fair), type(fair.venue)):
        history_of(model)._base_manager.update(history_date=long_ago)
    first = client.get("/en/conferences/fair.ics")

    if hide == "withdrawn":
        withdraw(record)
    elif hide == "deleted":
        record.delete()
    else:
        record.published_at = None
        record.save()
    second = client.get("/en/conferences/fair.ics", headers={"if-modified-since": first["Last-Modified"]})

    assert (second.status_code, second.content.count(b"BEGIN:VEVENT")) == (200, 1)


def test_a_draft_that_was_never_public_changes_nothing(client, fair):
    talk(fair)
    first = client.get("/en/conferences/fair.ics")

    talk(fair, "secret", title_en="Secret", published_at=None).save()
    second = client.get("/en/conferences/fair.ics")

    assert (second.content, second["Last-Modified"]) == (first.content, first["Last-Modified"])


def test_what_the_calendar_is_called_and_how_often_to_ask(client, fair):
    talk(fair)

    calendar = Calendar.from_ical(client.get("/en/conferences/fair.ics").content)

    assert [str(calendar[name]) for name in ("name", "x-wr-calname", "method")] == ["Kelp Fair", "Kelp Fair", "PUBLISH"]
    assert (calendar.decoded("refresh-interval"), str(calendar["x-published-ttl"])) == (timedelta(hours=4), "PT4H")


# --- Conferences, days, sessions --------------------------------------------------------------------------------------


def test_a_conference_whose_sessions_have_no_day_is_an_entry_over_its_days(client, fair):
    talk(fair, day=None, starts_at=None, ends_at=None)
    type(fair).objects.update(starts_on="2027-05-20", ends_on="2027-05-22", summary_en="On kelp.")

    [event] = entries(client, "conferences/fair.ics")

    assert (str(event["summary"]), event["transp"]) == ("Kelp Fair", "TRANSPARENT")
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2027, 5, 20), date(2027, 5, 23))
    assert (str(event["description"]), str(event["location"])) == ("On kelp.", "Glass Hall")
    assert str(event["url"]) == "https://portal.example/en/conferences/fair/"


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "first", "after", "words"),
    [
        ("2027-05", "", date(2027, 5, 1), date(2027, 6, 1), "Known so far: May 2027."),
        ("2027", "", date(2027, 1, 1), date(2028, 1, 1), "Known so far: 2027."),
        ("2027-05-20", "2027-06", date(2027, 5, 20), date(2027, 7, 1), "Known so far: 20 May 2027 – June 2027."),
    ],
)
def test_a_date_that_is_partly_known_spans_what_it_can_mean_and_says_so(
    client, fair, starts_on, ends_on, first, after, words
):
    type(fair).objects.update(starts_on=starts_on, ends_on=ends_on)

    [event] = entries(client, "conferences/fair.ics")

    assert (event.decoded("dtstart"), event.decoded("dtend"), str(event["description"])) == (first, after, words)


def test_the_calendar_of_conferences_holds_what_is_on_or_to_come_the_cancelled_too(client):
    for slug, starts_on, status in [
        ("past", "2024-11-14", "scheduled"),
        ("on", "2024-11-15", "scheduled"),
        ("this-month", "2024-11", "scheduled"),
        ("next", "2025", "cancelled"),
    ]:
        conference(slug=slug, title_en=slug, starts_on=starts_on, status=status)
    conference(title_en="secret", starts_on="2025", published_at=None)

    names = {str(event["summary"]) for event in entries(client, "conferences.ics")}

    assert names == {"on", "this-month", "Cancelled: next"}


def test_a_day_and_a_session_have_calendars_of_their_own_with_the_same_entries(client, fair):
    talk(fair)
    talk(fair, "other", day=date(2027, 5, 21))
    talk(fair, "walk", day=None, starts_at=None, ends_at=None)

    [of_day] = entries(client, "conferences/fair/programme/2027-05-20.ics")
    [of_session] = entries(client, "conferences/fair/sessions/talk.ics")

    assert of_day.to_ical() == of_session.to_ical()
    assert len(entries(client, "conferences/fair.ics")) == 2


@pytest.mark.parametrize(
    "path",
    [
        "conferences/fair/programme/2027-05-22.ics",
        "conferences/fair/programme/2027-02-30.ics",
        "conferences/fair/programme/0000-00-00.ics",
        "conferences/fair/sessions/walk.ics",
        "conferences/fair/sessions/secret.ics",
        "conferences/draft.ics",
    ],
)
def test_what_no_calendar_can_show_has_none(client, fair, path):
    talk(fair, "walk", day=None, starts_at=None, ends_at=None)
    talk(fair, "secret", published_at=None)
    conference(slug="draft", published_at=None)

    assert client.get(f"/en/{path}").status_code == 404


def test_the_calendar_of_something_withdrawn_is_gone(client, fair):
    withdraw(talk(fair))

    response = client.get("/en/conferences/fair/sessions/talk.ics")

    assert (response.status_code, b"It never took place." in response.content) == (410, True)


HOSTILE = "A\x0b\x07B\r\nEND:VEVENT\u2028]]>\x85C ; , \\ \ufffe\u202eD"


def test_hostile_titles_break_no_line_and_no_calendar(client, fair):
    talk(fair, title_en=HOSTILE, room_en=HOSTILE[:90], abstract_en="中" * 200)

    response, [event] = fetched(client, "conferences/fair.ics")

    lines = response.content.split(b"\r\n")
    assert str(event["summary"]) == "A B END:VEVENT ]]> C ; , \\ \u202eD"
    assert max(map(len, lines)) <= 75
    assert response.content.count(b"\n") == response.content.count(b"\r\n") == len(lines) - 1
    assert [line for line in lines if line == b"END:VEVENT"] == [b"END:VEVENT"]
    assert "中" * 200 in str(event["description"])


@pytest.mark.parametrize("path", ["conferences/fair.ics", "conferences/fair/programme/2027-05-20.ics"])
def test_any_query_is_answered(client, fair, path):
    talk(fair)

    for query in ("s=" + "x" * 8000, "s=%F0%9F%98%80&s=%E2%80%AE", "day=99999999999999999999", "?;'\"--"):
        assert client.get(f"/en/{path}?{query}").status_code == 200


@pytest.mark.parametrize("size", [1, 20])
def test_a_programme_is_three_queries(client, fair, size, django_assert_num_queries):
    for number in range(size):
        talk(fair, f"talk-{number}")

    with django_assert_num_queries(3):
        assert client.get("/en/conferences/fair.ics").status_code == 200


@pytest.mark.parametrize(
    ("page", "calendar"),
    [
        ("conferences/", "conferences.ics"),
        ("conferences/fair/", "conferences/fair.ics"),
        ("conferences/fair/programme/", "conferences/fair.ics"),
        ("conferences/fair/sessions/talk/", "conferences/fair/sessions/talk.ics"),
        ("conferences/fair/agenda/?s=talk", "conferences/fair/agenda.ics?s=talk"),
        ("promises/", "promises.ics"),
    ],
)
def test_pages_offer_their_calendar_to_subscribe_to_and_as_a_file(client, fair, page, calendar):
    type(fair).objects.update(starts_on="2027-05-20")
    talk(fair)
    promise()

    html = client.get(f"/zh-hans/{page}").content.decode()

    assert f'href="webcal://portal.example/zh-hans/{calendar}"' in html
    assert f'href="/zh-hans/{calendar}"' in html
