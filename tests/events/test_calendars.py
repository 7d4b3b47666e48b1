"""The promise calendar for other programs (`events/calendars.py`, RFC 5545)."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from django.utils import translation
from icalendar import Calendar

from events.calendars import calendar_of
from events.models import InvestmentProject, Milestone
from portal import clock
from tests.factories import cite, milestone, project, source, withdraw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]  # 15 November 2024


def promise(due_on="2026-09", kind="operating", **fields):
    return milestone(due_on=due_on, met_on=None, kind=kind, **fields)


def events():
    content = calendar_of(Milestone.objects.published().promised().with_documented_date())
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
    calendar = Calendar.from_ical(calendar_of([]))

    assert (calendar["version"], str(calendar["x-wr-calname"])) == ("2.0", "Promise calendar")
    assert calendar["prodid"]
    assert calendar.walk("VEVENT") == []


def test_long_and_awkward_words_survive():
    title = "生物医药 “Plant”, phase; \\ 1 " * 8
    promise(project=project(title_en=title.strip()))

    [event] = events()
    content = calendar_of(Milestone.objects.published().promised().with_documented_date())

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
