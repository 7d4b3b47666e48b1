"""How the database finds what the public lists show: by indexes, whatever the size. Plans are asked of a small invented
region; PostgreSQL, which rightly reads and sorts small tables whole, is asked what it would do if it were not let."""

import re

import pytest
from django.db import connection

from companies.directory import Directory
from companies.models import Organization, Presence
from events.lists import NewsList, SpeakerList
from events.models import Agreement, Appearance, Conference, Milestone, Session
from events.region import Region, Size
from events.register import Register

REGION = Size(organizations=300, agreements=60, projects=20, conferences=3, sessions=120, speakers=60, announcements=60)


@pytest.fixture
def region(db):
    Region(REGION).build()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "postgresql":
            for way in ("seqscan", "hashjoin", "mergejoin", "material", "sort"):
                cursor.execute(f"SET LOCAL enable_{way} = off")


def plan_of(rows) -> str:
    """How the database would find `rows`, a step on each line."""
    if connection.vendor == "postgresql":
        return re.sub(r"\(cost.*?\)", "", rows.explain())
    return rows.explain()


def read_whole(plan, table) -> bool:
    """Whether the plan reads all of a table without any index."""
    if connection.vendor == "postgresql":
        return f"Seq Scan on {table}" in plan
    return bool(re.search(rf"SCAN {table}(?! USING)", plan))


def sorts(plan) -> bool:
    """Whether the plan sorts the rows it shows. What sorts by the rest of an index sorts a few at a time."""
    if connection.vendor == "postgresql":
        return bool(re.search(r"^\s*(->)?\s*Sort\b", plan.split("SubPlan")[0], re.M))
    steps = [line for line in plan.splitlines() if re.match(r"\d+ 0 ", line)]  # beneath nothing: not in a subquery
    return any("USE TEMP B-TREE FOR ORDER BY" in line for line in steps)


def lists():
    """The rows of each public list in its order, before they are cut into pages: what is asked, of which table, and
    whether an index holds them in this order."""
    conference = Conference.objects.get(slug="invented-conference-0")
    organization = Organization.objects.first()
    return {
        "directory": (Directory({}).rows, Organization, True),
        "directory of a kind": (Directory({"kind": "company"}).rows, Organization, True),
        "directory of a place": (Directory({"place": "invented-place-3"}).rows, Organization, True),
        "directory of a sector": (Directory({"sector": "invented-1"}).rows, Organization, True),
        "speakers": (SpeakerList({}).speakers, Appearance, True),
        "speakers of a conference": (SpeakerList({"conference": conference.slug}).speakers, Appearance, True),
        "programme": (conference.sessions.published().in_programme_order(), Session, False),
        "people of a session": (
            Appearance.objects.published().for_session(Session.objects.first()),
            Appearance,
            False,
        ),
        "agreements at a conference": (Agreement.objects.published().signed_at(conference).order_by(), None, False),
        "promises": (Milestone.objects.published().promised(), None, False),
        "presences of a card": (Presence.objects.published().filter(organization=organization), Presence, False),
    }


def test_every_list_is_found_by_indexes(region):
    plans = {name: (plan_of(rows), model, in_order) for name, (rows, model, in_order) in lists().items()}

    whole = [name for name, (plan, model, _) in plans.items() if model and read_whole(plan, model._meta.db_table)]
    sorted_anew = [name for name, (plan, _, in_order) in plans.items() if in_order and sorts(plan)]
    assert (whole, sorted_anew) == ([], []), "\n\n".join(f"{name}\n{plans[name][0]}" for name in whole + sorted_anew)


def test_a_page_loads_its_rows_by_their_keys(region):
    for listed in (Directory({}), Register({}), SpeakerList({}), NewsList({})):
        rows = listed.model.objects.still_public(listed.model.objects.order_by()[:3])

        assert not read_whole(plan_of(rows.order_by()), listed.model._meta.db_table), listed.view


def test_a_list_without_an_index_is_found(region):
    by_country = Organization.objects.order_by("country", "legal_name")

    assert sorts(plan_of(by_country))
    if connection.vendor == "sqlite":
        assert read_whole(plan_of(by_country), "companies_organization")
