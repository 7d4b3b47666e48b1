from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import connection
from django.db.models import Prefetch
from django.test.utils import CaptureQueriesContext

from companies.models import Organization, Place
from events.models import Agreement, Conference, InvestmentProject, Session
from portal import clock, previews
from portal.prepared import prepared
from tests import factories

pytestmark = pytest.mark.django_db

NOON = datetime(2024, 11, 15, 4, tzinfo=UTC)


built = []


def counted():
    built.append(clock.today())
    return Conference.objects.published()


def sessions_of(conference):
    return conference.sessions.published().in_programme_order()


def test_rows_are_those_of_the_query_for_these_arguments():
    one, other = factories.conference(), factories.conference()
    sessions = [factories.session(conference=each) for each in (one, other, one)]

    found = [list(prepared(sessions_of, each)) for each in (one, other)]

    assert found == [[sessions[0], sessions[2]], [sessions[1]]]


def test_sql_is_written_once_and_rows_are_read_each_time():
    factories.conference()
    before = len(prepared(counted))
    factories.conference()
    after = len(prepared(counted))

    assert (before, after, built) == (1, 2, [clock.today()])


def test_rows_are_asked_for_when_they_are_needed_and_once():
    factories.conference()
    prepared(lambda: Conference.objects.published())

    with CaptureQueriesContext(connection) as queries:
        rows = prepared(lambda: Conference.objects.published())
        before = len(queries)
        seen = [bool(rows), len(rows), len(list(rows)), len(rows[:3])]

    assert (before, seen, len(queries)) == (0, [True, 1, 1, 1], 1)


def test_what_is_scheduled_appears_at_its_moment():
    factories.conference(published_at=NOON)

    def seen(moment):
        with clock.set_to(moment):
            return len(prepared(lambda: Conference.objects.published()))

    assert [seen(NOON + timedelta(seconds=second)) for second in (-1, 0, 1)] == [0, 1, 1]


def test_what_rests_on_the_day_is_written_anew_on_the_next():
    factories.conference(starts_on="2024-11-16")

    def upcoming(days):
        with clock.set_to(NOON + timedelta(days=days)):
            return len(prepared(lambda: Conference.objects.upcoming()))

    assert [upcoming(days) for days in (0, 1, 0)] == [1, 0, 1]


def test_a_lookup_names_the_rows():
    factories.conference(slug="one")
    factories.conference(slug="other")

    found = [
        [each.slug for each in prepared(lambda: Conference.objects.published(), slug=slug)] for slug in ("one", "no")
    ]

    assert found == [["one"], []]


def test_a_lookup_can_name_many_by_their_keys():
    some = [factories.conference() for _ in range(3)]
    factories.conference()

    found = [prepared(lambda: Conference.objects.published(), pk__in=chosen) for chosen in (some, some[:1], [])]

    assert [{each.pk for each in rows} for rows in found] == [{each.pk for each in some}, {some[0].pk}, set()]


@pytest.mark.parametrize("number", [0, 1, 2, 3, 5])
def test_lists_of_any_length_are_arguments(number):
    conferences = [factories.conference() for _each in range(5)]
    sessions = [factories.session(conference=each) for each in conferences]

    found = prepared(lambda chosen: Session.objects.filter(conference__in=chosen).order_by("pk"), conferences[:number])

    assert list(found) == sessions[:number]


@pytest.mark.parametrize("number", [1, 3])
def test_what_is_prefetched_is_there_without_another_query(number):
    sector = factories.sector()
    companies = [factories.organization() for _each in range(number)]
    for company in companies:
        company.sectors.add(sector)
        factories.cite(company)

    rows = list(prepared(lambda: Organization.objects.published().introduced().with_citations().order_by("pk")))

    with CaptureQueriesContext(connection) as queries:
        loaded = [(list(each.sectors.all()), [one.record for one in each.citations.all()]) for each in rows]
    assert loaded == [([sector], [company]) for company in companies]
    assert len(queries) == 0


def test_rows_know_the_record_they_were_asked_of():
    conference = factories.conference()
    factories.session(conference=conference)

    (session,) = prepared(sessions_of, conference)

    assert session.conference is conference


def test_rows_can_be_values():
    factories.agreement(slug="paper")

    assert list(prepared(lambda: Agreement.objects.published().values_list("slug"))) == [("paper",)]


def test_an_argument_that_is_no_parameter_of_the_query_is_refused():
    conference = factories.conference()

    with pytest.raises(ValueError, match="no parameter"):
        prepared(lambda conference: Conference.objects.published(), conference)


def test_what_a_query_rests_on_must_be_an_argument():
    slug = "main"

    for build in (
        lambda: Conference.objects.filter(slug=slug),
        lambda slug=slug: Conference.objects.filter(slug=slug),
        Conference.objects.published,
    ):
        with pytest.raises(ValueError, match="among its arguments"):
            prepared(build)


def test_a_stand_in_knows_nothing_but_its_key():
    conference = factories.conference(series=factories.series())

    with pytest.raises(Conference.DoesNotExist):
        prepared(lambda conference: Conference.objects.filter(series=conference.series_id), conference)


def test_a_preview_asks_anew():
    factories.conference(published_at=None)
    without = len(prepared(lambda: Conference.objects.published()))

    with previews.showing(previews.Preview(drafts=True)):
        within = len(prepared(lambda: Conference.objects.published()))

    assert (without, within) == (0, 1)


def _of_kind(kind):
    return Organization.objects.filter(kind=kind).order_by("slug")


def test_what_is_no_argument_is_given_once_and_each_has_a_query_of_its_own():
    factories.organization(slug="works", kind="company")
    factories.organization(slug="school", kind="university")

    found = [[each.slug for each in prepared(partial(_of_kind, kind))] for kind in ("company", "university", "company")]

    assert found == [["works"], ["school"], ["works"]]


def with_their_places():
    return InvestmentProject.objects.order_by("slug").prefetch_related(Prefetch("place", Place.objects.published()))


def test_what_records_belong_to_is_loaded_with_them_where_it_is_public(django_assert_num_queries):
    park = factories.place(slug="park")
    for slug, place in (("a", park), ("b", park), ("c", factories.place(published_at=None)), ("d", None)):
        factories.project(slug=slug, place=place)
    list(prepared(with_their_places))

    with django_assert_num_queries(2):
        found = [(each.slug, each.place) for each in prepared(with_their_places)]
    assert found == [("a", park), ("b", park), ("c", None), ("d", None)]
