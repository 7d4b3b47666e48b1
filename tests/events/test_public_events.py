"""Conferences in the Core Public Event Vocabulary: only its terms, and dates as exact as their sources."""

import json

import pytest
from django.core.management import call_command

from tests.factories import conference, conference_role, organization, place, session

pytestmark = pytest.mark.django_db

# The terms of CPEV 1.1 and of the vocabularies that it reuses, as its context, its shapes and its example have them;
# of OWL-Time also the forms of a year and of a month.
TERMS = {
    "cv:PublicEvent",
    "cv:Participation",
    "cv:eventNumber",
    "cv:eventStatus",
    "cv:hasParticipant",
    "cv:hasParticipation",
    "cv:parentEvent",
    "cv:role",
    "cv:subEvent",
    "dct:description",
    "dct:identifier",
    "dct:title",
    "dct:type",
    "foaf:Agent",
    "foaf:homepage",
    "foaf:name",
    "locn:Address",
    "locn:address",
    "locn:fullAddress",
    "skos:Concept",
    "skos:prefLabel",
    "time:Instant",
    "time:TemporalEntity",
    "time:hasBeginning",
    "time:hasEnd",
    "time:hasTime",
    "time:inXSDDate",
    "time:inXSDgYear",
    "time:inXSDgYearMonth",
}


def events(client):
    return json.loads(client.get("/data/events.jsonld").content)["@graph"]


def terms_in(value):
    if isinstance(value, dict):
        for name, each in value.items():
            if name == "@type" and not each.startswith("xsd:"):
                yield each
            elif not name.startswith("@"):
                yield name
            yield from terms_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from terms_in(each)


def test_only_terms_of_the_vocabulary_are_used(client):
    call_command("loaddata", "district", "meilan_lake", verbosity=0)

    found = events(client)

    assert len(found) > 10
    assert set(terms_in(found)) <= TERMS


def test_a_conference_says_what_is_recorded(client):
    week = conference(slug="week", kind="week")
    venue = place(name_en="Hall", name_zh_hans="会堂", address_en="1 Lake Road")
    main = conference(
        slug="main",
        title_en="Lake",
        title_zh_hans="美兰湖",
        starts_on="2024-11-15",
        ends_on="2024-11-16",
        edition=7,
        venue=venue,
        part_of=week,
    )
    conference_role(conference=main, organization=organization(name_en="The office", name_zh_hans=""), role="host")
    session(conference=main, slug="opening", title_en="Opening", day="2024-11-15")

    told = next(each for each in events(client) if each["dct:identifier"] == "main")

    assert told["@id"] == "https://portal.example/en/conferences/main/#event"
    assert told["dct:title"] == [
        {"@value": "Lake", "@language": "en"},
        {"@value": "美兰湖", "@language": "zh-Hans"},
    ]
    assert told["cv:eventNumber"] == "7"
    assert told["cv:parentEvent"] == {"@id": "https://portal.example/en/conferences/week/#event"}
    assert told["locn:address"]["locn:fullAddress"] == [{"@value": "1 Lake Road", "@language": "en"}]
    assert told["time:hasTime"]["time:hasEnd"]["time:inXSDDate"] == {"@value": "2024-11-16", "@type": "xsd:date"}
    assert told["cv:hasParticipation"][0]["cv:hasParticipant"]["foaf:name"] == [
        {"@value": "The office", "@language": "en"}
    ]
    (item,) = told["cv:subEvent"]
    assert item["cv:parentEvent"] == {"@id": told["@id"]}


@pytest.mark.parametrize(
    ("day", "term", "kind"),
    [
        ("2027", "time:inXSDgYear", "xsd:gYear"),
        ("2027-05", "time:inXSDgYearMonth", "xsd:gYearMonth"),
        ("2027-05-01", "time:inXSDDate", "xsd:date"),
    ],
)
def test_a_day_that_is_not_known_is_not_made_up(client, day, term, kind):
    conference(starts_on=day)

    ((told),) = events(client)

    assert told["time:hasTime"] == {
        "@type": "time:TemporalEntity",
        "time:hasBeginning": {"@type": "time:Instant", term: {"@value": day, "@type": kind}},
    }


@pytest.mark.parametrize("status", ["cancelled", "postponed", "moved_online"])
def test_a_conference_that_does_not_take_place_as_planned_says_so(client, status):
    conference(status=status)

    ((told),) = events(client)

    assert told["cv:eventStatus"]["@type"] == "skos:Concept"
