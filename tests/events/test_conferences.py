from datetime import UTC, date, datetime, time

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from companies.models import Organization, Place
from events.lists import neighbours_of
from events.models import Conference, ConferenceRole, Series, Session
from portal import clock
from portal.partial_dates import PartialDate
from tests.factories import LONG_AGO, conference, conference_role, organization, place, series, session
from tests.portal.strategies import partial_dates

pytestmark = pytest.mark.django_db


def noon(day):
    """The clock at noon in Shanghai on `day`."""
    return clock.set_to(datetime.combine(day, time(4), tzinfo=UTC))


def when(conferences):
    """In which of the three lists each conference is."""
    lists = {"past": conferences.past(), "current": conferences.current(), "upcoming": conferences.upcoming()}
    return [(name, each) for name, found in lists.items() for each in found]


# --- past, current, upcoming ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "today", "expected"),
    [
        # a day
        ("2024-11-15", None, "2024-11-14", "upcoming"),
        ("2024-11-15", None, "2024-11-15", "current"),
        ("2024-11-15", None, "2024-11-16", "past"),
        # a span of days
        ("2024-11-15", "2024-11-17", "2024-11-14", "upcoming"),
        ("2024-11-15", "2024-11-17", "2024-11-15", "current"),
        ("2024-11-15", "2024-11-17", "2024-11-17", "current"),
        ("2024-11-15", "2024-11-17", "2024-11-18", "past"),
        # a month
        ("2027-05", None, "2027-04-30", "upcoming"),
        ("2027-05", None, "2027-05-01", "current"),
        ("2027-05", None, "2027-05-31", "current"),
        ("2027-05", None, "2027-06-01", "past"),
        # a year
        ("2027", None, "2026-12-31", "upcoming"),
        ("2027", None, "2027-01-01", "current"),
        ("2027", None, "2027-12-31", "current"),
        ("2027", None, "2028-01-01", "past"),
        # a start that is better known than the end
        ("2024-11-15", "2024-11", "2024-11-14", "upcoming"),
        ("2024-11-15", "2024-11", "2024-11-30", "current"),
        ("2024-11-15", "2024-11", "2024-12-01", "past"),
        ("2024-11-15", "2024", "2024-12-31", "current"),
        # an end that is better known than the start
        ("2024-11", "2024-11-17", "2024-10-31", "upcoming"),
        ("2024-11", "2024-11-17", "2024-11-01", "current"),
        ("2024-11", "2024-11-17", "2024-11-18", "past"),
        ("2024", "2025-02", "2025-02-28", "current"),
        ("2024", "2025-02", "2025-03-01", "past"),
    ],
)
def test_a_conference_is_current_for_as_long_as_it_can_be(starts_on, ends_on, today, expected):
    meeting = conference(starts_on=starts_on, ends_on=ends_on)

    with noon(date.fromisoformat(today)):
        found = when(Conference.objects.all())
        properties = meeting.is_past, meeting.is_upcoming

    assert found == [(expected, meeting)]
    assert properties == (expected == "past", expected == "upcoming")


near = {"first": date(2019, 1, 1), "last": date(2021, 12, 31)}  # close together, so that they meet


@given(
    st.lists(st.tuples(partial_dates(**near), st.none() | partial_dates(**near)), max_size=6),
    st.dates(date(2019, 1, 1), date(2021, 12, 31)),
)
def test_every_conference_is_either_past_or_current_or_upcoming(dates, today):
    Conference.objects.all().delete()
    possible = [(start, end) for start, end in dates if end is None or str(end) >= str(start)[: len(str(end))]]
    meetings = [conference(starts_on=start, ends_on=end) for start, end in possible]

    with noon(today):
        found = when(Conference.objects.all())
        properties = [
            ("past" if each.is_past else "upcoming" if each.is_upcoming else "current", each) for each in meetings
        ]

    assert sorted(found, key=lambda entry: entry[1].pk) == properties


@given(partial_dates(**near), partial_dates(**near))
def test_the_database_accepts_an_end_exactly_where_it_can_follow_the_start(starts_on, ends_on):
    meeting = Conference(slug="lake", title_en="Lake", starts_on=starts_on, ends_on=ends_on)

    try:
        meeting.validate_constraints()
        accepted = True
    except ValidationError as refusal:
        accepted = refusal.messages != ["The conference cannot end before it starts."]

    assert accepted == (ends_on.latest >= starts_on.earliest)


def test_the_day_of_a_conference_is_that_of_the_portal():
    meeting = conference(starts_on="2024-11-15")

    with clock.set_to(datetime(2024, 11, 14, 16, 0, tzinfo=UTC)):  # midnight in Shanghai
        found = when(Conference.objects.all())

    assert found == [("current", meeting)]


def test_upcoming_and_current_conferences_stand_next_first_and_past_ones_latest_first(now):
    dates = ["2024-11-14", "2023", "2024-11-15", "2024-11", "2025-05-01", "2025", "2026"]
    by_date = {text: conference(starts_on=text) for text in dates}

    found = [
        [each for name, each in when(Conference.objects.all()) if name == wanted]
        for wanted in ("past", "current", "upcoming")
    ]

    assert found == [
        [by_date["2024-11-14"], by_date["2023"]],
        [by_date["2024-11"], by_date["2024-11-15"]],
        [by_date["2025"], by_date["2025-05-01"], by_date["2026"]],
    ]


# --- the conference of the home page ----------------------------------------------------------------------------------


def test_the_conference_that_is_on_is_featured_before_the_next_and_the_latest(now):
    latest = conference(starts_on="2024-05")
    conference(starts_on="2020")
    featured = [Conference.objects.featured_first().first()]
    upcoming = conference(starts_on="2025")
    conference(starts_on="2026")
    featured.append(Conference.objects.featured_first().first())
    current = conference(starts_on="2024-11-15")
    featured.append(Conference.objects.featured_first().first())

    assert featured == [latest, upcoming, current]


def test_only_a_conference_is_featured(now):
    meeting = conference(starts_on="2020")
    for kind in (Conference.Kind.FORUM, Conference.Kind.CEREMONY, Conference.Kind.WEEK):
        conference(starts_on="2024-11-15", kind=kind)

    assert Conference.objects.featured_first().first() == meeting


def test_a_draft_is_not_featured_to_visitors(now):
    public = conference(starts_on="2020")
    draft = conference(starts_on="2024-11-15")
    before = Conference.objects.published().featured_first().first()

    Conference.objects.filter(pk=draft.pk).unpublish()

    assert (before, Conference.objects.published().featured_first().first()) == (draft, public)


def test_nothing_is_featured_before_there_is_a_conference():
    assert Conference.objects.featured_first().first() is None


# --- editions, parents, publishing ------------------------------------------------------------------------------------


def test_the_other_editions_are_those_of_the_same_series_latest_first():
    lake = series()
    of_2020, of_2022, of_2024 = (conference(series=lake, starts_on=year) for year in ("2020", "2022", "2024"))
    conference(series=series())
    conference()

    assert list(Conference.objects.other_editions_of(of_2022, of_2022.series)) == [of_2024, of_2020]


def test_a_conference_of_no_series_has_no_other_editions():
    conference()

    assert list(Conference.objects.other_editions_of(conference(), None)) == []


def test_a_conference_of_a_draft_series_is_hidden():
    meeting = conference(series=series())
    before = list(Conference.objects.published())

    Series.objects.unpublish()

    assert (before, list(Conference.objects.published())) == ([meeting], [])


def test_a_conference_does_not_name_the_draft_it_is_part_of():
    week = conference(kind=Conference.Kind.WEEK)
    meeting = conference(part_of=week)
    before = meeting.public_part_of

    Conference.objects.filter(pk=week.pk).unpublish()

    assert (before, Conference.objects.get(pk=meeting.pk).public_part_of) == (week, None)
    assert list(Conference.objects.published()) == [meeting]


def test_a_conference_does_not_name_the_week_of_a_draft_series():
    week = conference(kind=Conference.Kind.WEEK, series=series())
    meeting = conference(part_of=week)
    before = meeting.public_part_of

    Series.objects.unpublish()

    assert (before, Conference.objects.get(pk=meeting.pk).public_part_of) == (week, None)


def test_a_conference_does_not_name_a_draft_venue():
    meeting = conference(venue=place())
    before = meeting.public_venue

    Place.objects.unpublish()

    assert (before, Conference.objects.get().public_venue) == (meeting.venue, None)


def test_a_conference_that_is_part_of_nothing_and_has_no_venue_names_neither():
    meeting = conference()

    assert (meeting.public_part_of, meeting.public_venue) == (None, None)


def test_what_a_conference_hangs_on_is_loaded_with_it(django_assert_num_queries):
    conference(series=series(), part_of=conference(series=series()), venue=place())

    with django_assert_num_queries(1):
        meeting = Conference.objects.with_parents().exclude(part_of=None).get()
        named = meeting.series.name, meeting.public_part_of.title, meeting.public_venue.name

    assert all(named)


def test_the_last_day_is_the_first_where_no_end_was_published():
    days = [conference(starts_on="2024-11-15", ends_on=end).last_day for end in (None, "2024-11-17")]

    assert days == [PartialDate(2024, 11, 15), PartialDate(2024, 11, 17)]


def test_only_a_cancelled_conference_is_cancelled():
    cancelled = {status: Conference(status=status).is_cancelled for status in Conference.Status.values}

    assert cancelled == {"scheduled": False, "postponed": False, "cancelled": True, "moved_online": False}


@pytest.mark.parametrize(
    ("language", "urls"),
    [
        ("en", ["/en/conferences/lake-2024/", "/en/conferences/lake-2024/sessions/opening/", "/en/conferences/#lake"]),
        (
            "zh-hans",
            [
                "/zh-hans/conferences/lake-2024/",
                "/zh-hans/conferences/lake-2024/sessions/opening/",
                "/zh-hans/conferences/#lake",
            ],
        ),
    ],
)
def test_conferences_sessions_and_series_have_an_address_in_each_language(language, urls):
    meeting = Conference(slug="lake-2024")

    with translation.override(language):
        addresses = [
            meeting.get_absolute_url(),
            Session(conference=meeting, slug="opening").get_absolute_url(),
            Series(slug="lake").get_absolute_url(),
        ]

    assert addresses == urls


def test_conferences_sessions_series_and_roles_name_themselves():
    role = conference_role(conference=conference(), organization=organization(name_en="STCSM"), role="host")

    names = [
        str(conference(title_en="Meilan Lake 2024")),
        str(session(title_en="Opening")),
        str(series(name_en="Meilan Lake")),
        str(role),
    ]

    assert names == ["Meilan Lake 2024", "Opening", "Meilan Lake", "STCSM · host"]


# --- roles ------------------------------------------------------------------------------------------------------------


def test_a_draft_organization_is_not_named_among_the_organizers():
    role = conference_role()
    before = list(role.conference.roles.published())

    Organization.objects.unpublish()

    assert (before, list(role.conference.roles.published())) == ([role], [])


def test_a_draft_conference_is_not_named_on_the_page_of_its_organizer():
    role = conference_role()
    before = list(role.organization.conference_roles.published())

    Conference.objects.unpublish()

    assert (before, list(role.organization.conference_roles.published())) == ([role], [])


def test_the_conferences_of_an_organizer_stand_latest_first(django_assert_num_queries):
    host = organization()
    older, newer = (
        conference_role(organization=host, conference=conference(starts_on=year)) for year in ("2020", "2024")
    )

    with django_assert_num_queries(1):
        roles = list(host.conference_roles.with_conference())
        titles = [role.conference.title for role in roles]

    assert (roles, titles) == ([newer, older], [newer.conference.title, older.conference.title])


def test_organizers_stand_in_the_order_the_editor_gave_them(django_assert_num_queries):
    meeting = conference()
    second, first = (conference_role(conference=meeting, position=position) for position in (2, 1))

    with django_assert_num_queries(1):
        roles = list(meeting.roles.with_organization())
        names = [role.organization.name for role in roles]

    assert (roles, names) == ([first, second], [first.organization.name, second.organization.name])


def test_one_organization_may_have_two_roles():
    role = conference_role(role=ConferenceRole.Role.HOST)

    also = conference_role(conference=role.conference, organization=role.organization, role="organizer")
    also.full_clean()

    assert role.conference.roles.count() == 2


# --- the programme ----------------------------------------------------------------------------------------------------


def programme(meeting):
    """Sessions in the order in which the programme must not list them."""
    return {
        "no day, second": session(conference=meeting, position=2),
        "no day, first": session(conference=meeting, position=1),
        "second day": session(conference=meeting, day="2024-11-16", starts_at=time(8)),
        "first day, no time": session(conference=meeting, day="2024-11-15"),
        "first day, later": session(conference=meeting, day="2024-11-15", starts_at=time(14)),
        "first day, early": session(conference=meeting, day="2024-11-15", starts_at=time(9)),
    }


IN_PROGRAMME_ORDER = [
    "first day, early",
    "first day, later",
    "first day, no time",
    "second day",
    "no day, first",
    "no day, second",
]


def test_a_programme_goes_by_day_and_time_and_ends_with_what_has_neither():
    sessions = programme(conference())

    assert list(Session.objects.in_programme_order()) == [sessions[name] for name in IN_PROGRAMME_ORDER]
    assert list(Session.objects.all()) == [sessions[name] for name in IN_PROGRAMME_ORDER]


def test_a_session_knows_its_neighbours_in_the_programme():
    meeting = conference()
    sessions = programme(meeting)
    programme(conference())

    neighbours = {
        name: neighbours_of(sessions[name]) for name in ("first day, early", "first day, no time", "no day, second")
    }

    assert neighbours == {
        "first day, early": (None, sessions["first day, later"]),
        "first day, no time": (sessions["first day, later"], sessions["second day"]),
        "no day, second": (sessions["no day, first"], None),
    }


def test_a_draft_session_is_no_neighbour_of_a_public_one():
    meeting = conference()
    first, hidden, last = (session(conference=meeting, position=position) for position in (1, 2, 3))
    before = neighbours_of(first)

    Session.objects.filter(pk=hidden.pk).unpublish()

    assert (before, neighbours_of(first)) == ((None, hidden), (None, last))


def test_a_session_published_after_the_order_was_found_out_stands_beside_nobody_yet(one_generation):
    meeting = conference()
    neighbours_of(session(conference=meeting))

    assert neighbours_of(session(conference=meeting)) == (None, None)


def test_the_link_to_a_session_needs_one_query(django_assert_num_queries):
    session(title_en="Opening", slug="opening", conference=conference(slug="lake-2024"))

    with django_assert_num_queries(1):
        links = [(each.title, each.get_absolute_url()) for each in Session.objects.only_addresses()]

    assert links == [("Opening", "/en/conferences/lake-2024/sessions/opening/")]


@pytest.mark.parametrize(
    ("day", "starts_at", "ends_at"),
    [(None, None, None), ("2024-11-15", None, None), ("2024-11-15", time(9), None), ("2024-11-15", time(9), time(10))],
)
def test_a_session_is_published_with_as_much_of_its_time_as_is_known(day, starts_at, ends_at):
    opening = session(day=day, starts_at=starts_at, ends_at=ends_at)

    opening.full_clean()

    assert Session.objects.get() == opening


@pytest.mark.parametrize(
    ("day", "starts_at", "ends_at", "message"),
    [
        (None, time(9), None, "A session with a time needs its day."),
        ("2024-11-15", None, time(10), "The session must end after it starts."),
        ("2024-11-15", time(10), time(10), "The session must end after it starts."),
        ("2024-11-15", time(10), time(9), "The session must end after it starts."),
    ],
)
def test_a_session_with_an_impossible_time_is_refused(day, starts_at, ends_at, message):
    opening = session()
    opening.day, opening.starts_at, opening.ends_at = day, starts_at, ends_at

    with pytest.raises(ValidationError) as refusal:
        opening.full_clean()

    assert refusal.value.messages == [message]


def test_two_conferences_may_have_sessions_of_the_same_slug():
    one, other = session(slug="opening"), session(slug="opening")

    other.full_clean()

    assert set(Session.objects.all()) == {one, other}


def test_only_a_cancelled_session_is_cancelled():
    cancelled = {status: Session(status=status).is_cancelled for status in Session.Status.values}

    assert cancelled == {"confirmed": False, "moved": False, "cancelled": True}


def test_a_session_of_a_draft_conference_is_hidden():
    opening = session()
    before = list(Session.objects.published())

    Conference.objects.unpublish()

    assert (before, list(Session.objects.published())) == ([opening], [])
    assert opening.published_at == LONG_AGO
