"""What the next edition of a conference takes over (`events/copying.py`)."""

from datetime import date, time

import pytest
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from events.copying import Choices, plan_of, reason_of, suggested
from events.models import Conference, Session
from portal.partial_dates import PartialDate
from tests.factories import (
    agreement,
    announcement,
    appearance,
    cite,
    conference,
    conference_role,
    document,
    observation,
    photo,
    place,
    series,
    session,
    signing,
    withdraw,
)

FIRST, SECOND = date(2024, 11, 15), date(2024, 11, 16)


def chosen(starts_on="2025-11-14", with_appearances=False):
    titles = {"title_en": "2025 Kelp Fair", "title_zh_hans": "2025海藻博览会"}
    return Choices(titles, "kelp-2025", PartialDate.parse(starts_on), with_appearances)


@pytest.fixture
def fair(db):
    """Two days in a series, with an opening in Hall A and a dinner the day after."""
    fair = conference(
        title_en="2024 Kelp Fair",
        title_zh_hans="2024海藻博览会",
        slug="kelp-2024",
        starts_on="2024-11-15",
        ends_on="2024-11-16",
        series=series(),
        edition=7,
        venue=place(),
        theme_en="Kelp for all",
        summary_en="What happened.",
        status="moved_online",
    )
    values = {"room_en": "Hall A", "kind": "opening", "abstract_en": "Said then.", "recording_url": "https://v.example"}
    times = {"day": FIRST, "starts_at": time(9), "ends_at": time(10)}
    session(conference=fair, title_en="Opening", slug="opening", **times, **values)
    session(conference=fair, title_en="Dinner 2024", slug="dinner", day=SECOND, starts_at=time(19))
    return fair


# --- Suggestions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts_on", "next_year"), [("2024-11-15", "2025-11-14"), ("2024-11", "2025-11"), ("2024", "2025")]
)
def test_a_year_later_is_suggested_as_exactly_as_the_start_is_known(starts_on, next_year, db):
    assert str(suggested(conference(starts_on=starts_on)).starts_on) == next_year


@given(day=st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_the_suggested_day_is_the_same_day_of_the_week(day):
    start = suggested(Conference(slug="fair", starts_on=PartialDate.from_date(day))).starts_on

    assert start.earliest.weekday() == day.weekday()


def test_the_year_is_replaced_where_the_titles_and_the_slug_hold_it(fair):
    choices = suggested(fair)

    assert choices.titles == {"title_en": "2025 Kelp Fair", "title_zh_hans": "2025海藻博览会"}
    assert choices.slug == "kelp-2025"


@pytest.mark.parametrize(("slug", "suggestion"), [("kelp-fair", "kelp-fair-2025"), ("k" * 100, "k" * 95 + "-2025")])
def test_a_slug_without_a_year_gets_one_and_fits(slug, suggestion, db):
    assert suggested(conference(slug=slug, starts_on="2024-11-15")).slug == suggestion


# --- What is taken over -----------------------------------------------------------------------------------------------


def test_the_frame_of_the_conference_is_taken_over_as_a_draft(fair):
    created = plan_of(fair, chosen()).carry_out()

    created.refresh_from_db()
    assert (created.title_en, created.title_zh_hans, created.slug) == ("2025 Kelp Fair", "2025海藻博览会", "kelp-2025")
    assert (str(created.starts_on), str(created.ends_on)) == ("2025-11-14", "2025-11-15")
    assert (created.series, created.edition, created.venue) == (fair.series, 8, fair.venue)
    assert (created.published_at, created.status) == (None, "scheduled")
    assert (created.theme_en, created.summary_en) == ("", "")


def test_the_programme_moves_with_the_first_day(fair):
    created = plan_of(fair, chosen()).carry_out()

    opening, dinner = created.sessions.in_programme_order()
    assert (opening.day, opening.starts_at, opening.ends_at) == (date(2025, 11, 14), time(9), time(10))
    assert (dinner.day, dinner.starts_at, dinner.ends_at) == (date(2025, 11, 15), time(19), None)
    assert (opening.title_en, opening.slug, opening.kind, opening.room_en) == (
        "Opening",
        "opening",
        "opening",
        "Hall A",
    )
    assert (opening.published_at, opening.abstract_en, opening.recording_url) == (None, "", "")


def test_who_organizes_is_taken_over_and_who_must_decide_anew_is_not(fair):
    host = conference_role(conference=fair, role="host", position=3)
    conference_role(conference=fair, role="exhibitor")

    plan = plan_of(fair, chosen())
    created = plan.carry_out()

    assert [(each.organization, each.role, each.position) for each in created.roles.all()] == [
        (host.organization, "host", 3)
    ]
    assert plan.left_out_roles == 1


def test_what_belongs_to_the_old_edition_stays_there(fair):
    stage = fair.sessions.get(slug="opening")
    for record in (fair, stage):
        cite(record)
    signing(agreement=agreement(), conference=None, session=stage)
    announcement(session=stage)
    appearance(session=stage)
    document(conference=fair)
    photo(conference=fair)
    fair.headline_totals.add(observation())

    created = plan_of(fair, chosen()).carry_out()

    related = [each.get_accessor_name() for each in Conference._meta.related_objects]
    kept = {name for name in related if name != "history_set" and getattr(created, name).exists()}
    assert kept == {"sessions"}
    stages = [each for each in Session._meta.related_objects if each.get_accessor_name()]
    assert not [each.name for each in stages if getattr(created.sessions.first(), each.get_accessor_name()).exists()]
    assert not created.headline_totals.exists()


@pytest.mark.parametrize("away", ["cancelled", "withdrawn"])
def test_what_did_not_take_place_is_left_out(fair, away):
    dinner = fair.sessions.get(slug="dinner")
    if away == "withdrawn":
        withdraw(dinner)
    else:
        fair.sessions.named(["dinner"]).update(status=Session.Status.CANCELLED)

    plan = plan_of(fair, chosen())

    assert ([each.old.slug for each in plan.sessions], plan.left_out_sessions) == (["opening"], 1)


def test_a_moved_session_is_confirmed_again(fair):
    fair.sessions.update(status=Session.Status.MOVED)

    created = plan_of(fair, chosen()).carry_out()

    assert {each.status for each in created.sessions.all()} == {Session.Status.CONFIRMED}


def test_people_are_taken_over_on_demand_without_the_posts_of_that_day(fair):
    on_stage = appearance(session=fair.sessions.get(slug="opening"), role="moderator", position=2)
    guest = appearance(conference=fair, role="guest")

    created = plan_of(fair, chosen(with_appearances=True)).carry_out()

    [copied] = created.sessions.get(slug="opening").appearances.all()
    assert (copied.speaker, copied.role, copied.position) == (on_stage.speaker, "moderator", 2)
    assert (copied.post_en, copied.mode) == ("", "not_stated")
    assert [each.speaker for each in created.appearances.all()] == [guest.speaker]


def test_a_title_that_names_its_old_year_is_pointed_out(fair):
    plan = plan_of(fair, chosen())

    assert [each.old.slug for each in plan.sessions if each.names_its_old_year] == ["dinner"]


# --- Dates that are not known -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("before", "after"), [("2024-11-15", "2025-11"), ("2024-11", "2025-11-14"), ("2024", "2025")])
def test_without_both_first_days_the_programme_keeps_its_order_and_has_no_times(fair, before, after):
    fair.starts_on, fair.ends_on = PartialDate.parse(before), None
    fair.save()

    plan = plan_of(fair, chosen(starts_on=after))
    created = plan.carry_out()

    sessions = list(created.sessions.in_programme_order())
    assert [(each.slug, each.day, each.starts_at) for each in sessions] == [
        ("opening", None, None),
        ("dinner", None, None),
    ]
    assert (plan.loses_times, created.ends_on) == (True, None)


@pytest.mark.parametrize("ends_on", ["2024-11", "2024"])
def test_an_end_that_is_known_in_part_is_left_open(fair, ends_on):
    fair.ends_on = PartialDate.parse(ends_on)
    fair.save()

    assert plan_of(fair, chosen()).conference.ends_on is None


def test_a_day_beyond_the_calendar_is_not_known(fair):
    plan = plan_of(fair, chosen(starts_on="9999-12-31"))

    assert [each.new.day for each in plan.sessions] == [date(9999, 12, 31), None]


# --- Carrying it out --------------------------------------------------------------------------------------------------


def test_every_history_says_what_it_was_copied_from(fair):
    conference_role(conference=fair)
    appearance(conference=fair)

    created = plan_of(fair, chosen(with_appearances=True)).carry_out()

    records = [created, *created.roles.all(), *created.sessions.all(), *created.appearances.all()]
    assert {each.history.get().history_change_reason for each in records} == {"Copied from 2024 Kelp Fair"}


def test_the_longest_title_fits_the_history():
    assert len(reason_of(Conference(title_en="k" * 250))) == 100


def test_what_cannot_be_created_whole_is_not_created_at_all(fair):
    plan = plan_of(fair, chosen())
    plan.sessions[1].new.slug = "opening"

    with pytest.raises(IntegrityError):
        plan.carry_out()

    assert [each.slug for each in Conference.objects.all()] == ["kelp-2024"]


def test_two_looks_at_the_same_plan_agree_until_the_original_changes(fair):
    before = plan_of(fair, chosen()).digest
    again = plan_of(fair, chosen()).digest
    fair.sessions.named(["opening"]).update(starts_at=time(8))

    assert (again == before, plan_of(fair, chosen()).digest == before) == (True, False)


def test_a_plan_takes_as_many_queries_for_thirty_sessions_as_for_two(fair, django_assert_num_queries):
    for _number in range(30):
        appearance(session=session(conference=fair))

    with django_assert_num_queries(4):
        plan = plan_of(fair, chosen(with_appearances=True))

    assert len(plan.sessions) == 32
