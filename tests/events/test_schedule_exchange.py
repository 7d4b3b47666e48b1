"""A programme for conference apps (`events/schedule_exchange.py`): schedule XML and JSON as frab began them."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import jsonschema
import pytest
import xmlschema

from portal import clock
from tests.factories import appearance, conference, session, speaker, withdraw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

XSD = xmlschema.XMLSchema(str(Path(__file__).with_name("schedule.xsd")))

# The structure that the c3voc documents for schedule.json, written down for these tests.
TEXT, ADDRESS = {"type": "string", "minLength": 1}, {"type": "string", "pattern": "^https?://"}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$"}
DAY, HOURS = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}, {"type": "string", "pattern": r"^\d\d:\d\d$"}
GUID = {"type": "string", "pattern": r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"}


def exactly(**properties):
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}


def many(items):
    return {"type": "array", "items": items}


EVENT = exactly(
    guid=GUID,
    id={"type": "integer", "minimum": 1},
    date=MOMENT,
    start=HOURS,
    duration=HOURS,
    room=TEXT,
    slug={"type": "string", "pattern": "^[a-z0-9_-]+[a-z0-9]$"},
    url=ADDRESS,
    title=TEXT,
    subtitle={"const": ""},
    track={"const": ""},
    type=TEXT,
    language={"const": ""},
    abstract={"type": "string"},
    description={"const": ""},
    persons=many(exactly(name=TEXT, public_name=TEXT, url=ADDRESS)),
    links=many(exactly(url=ADDRESS, title=TEXT)),
    attachments={"type": "array", "maxItems": 0},
)
CONFERENCE = exactly(
    acronym={"type": "string", "pattern": "^[a-z0-9_-][a-z0-9_]{3,}$"},
    title=TEXT,
    start=DAY,
    end=DAY,
    daysCount={"type": "integer", "minimum": 1},
    timeslot_duration=HOURS,
    time_zone_name={"type": "string", "pattern": "^([A-Z][a-z]+/[A-Z][a-z]+)|UTC$"},
    url=ADDRESS,
    rooms=many(exactly(guid=GUID, name=TEXT)),
    days=many(
        exactly(
            index={"type": "integer", "minimum": 1},
            date=DAY,
            day_start=MOMENT,
            day_end=MOMENT,
            rooms={"type": "object", "additionalProperties": many(EVENT)},
        )
    ),
)
SCHEMA = {
    **exactly(
        generator=exactly(name=TEXT, version=TEXT),
        schedule=exactly(version=TEXT, base_url=ADDRESS, conference=CONFERENCE),
        **{"$schema": {"const": "https://c3voc.de/schedule/schema.json"}},
    )
}


@pytest.fixture
def fair():
    return conference(
        slug="fair", title_en="Kelp Fair", title_zh_hans="海带展", timezone="Europe/Oslo", starts_on="2027-05-20"
    )


def talk(fair, slug="talk", **fields):
    times = {"day": date(2027, 5, 20), "starts_at": time(9), "ends_at": time(9, 45), "room_en": "Hall A"}
    return session(conference=fair, slug=slug, **{**times, "title_en": slug.capitalize(), **fields})


def as_xml(client, language="en"):
    content = client.get(f"/{language}/conferences/fair/schedule.xml").content.decode()
    return XSD.to_etree(XSD.decode(content)) if not list(XSD.iter_errors(content)) else XSD.validate(content)


def as_json(client, language="en"):
    document = client.get(f"/{language}/conferences/fair/schedule.json").json()
    jsonschema.validate(document, SCHEMA)
    return document["schedule"]


def events_of(client, language="en"):
    days = as_json(client, language)["conference"]["days"]
    return [event for day in days for room in day["rooms"].values() for event in room]


def test_a_session_is_an_event_of_its_day_and_room(client, fair):
    record = talk(fair, kind="keynote", abstract_en="<p>On <em>kelp</em>.</p>", livestream_url="https://live.example/1")
    ada = speaker(name_en="Ada Berg", slug="ada")
    for role in ("speaker", "moderator"):
        appearance(session=record, speaker=ada, role=role)
    appearance(session=record, speaker=speaker(name_en="Secret", published_at=None))

    [event] = events_of(client)

    assert event == {
        "guid": str(record.uid),
        "id": record.pk,
        "date": "2027-05-20T09:00:00+02:00",
        "start": "09:00",
        "duration": "00:45",
        "room": "Hall A",
        "slug": f"fair-{record.pk}-talk",
        "url": "https://portal.example/en/conferences/fair/sessions/talk/",
        "title": "Talk",
        "subtitle": "",
        "track": "",
        "type": "keynote",
        "language": "",
        "abstract": "On kelp.",
        "description": "",
        "persons": [{"name": "Ada Berg", "public_name": "Ada Berg", "url": "https://portal.example/en/speakers/ada/"}],
        "links": [{"url": "https://live.example/1", "title": "Live stream"}],
        "attachments": [],
    }


def test_the_xml_says_the_same_as_the_json(client, fair):
    talk(fair)
    talk(fair, "walk", day=date(2027, 5, 21), room_en="", starts_at=time(14), ends_at=time(15, 30))

    xml, of_json = as_xml(client), events_of(client)

    assert [day.get("date") for day in xml.iter("day")] == ["2027-05-20", "2027-05-21"]
    assert [room.get("name") for room in xml.findall("day/room")] == ["Hall A", "Room not published"]
    assert [event.get("guid") for event in xml.iter("event")] == [event["guid"] for event in of_json]
    for name in ("date", "start", "duration", "room", "slug", "title", "type", "url"):
        assert [event.findtext(name) for event in xml.iter("event")] == [event[name] for event in of_json]
    assert (xml.findtext("conference/days"), xml.findtext("conference/time_zone_name")) == ("2", "Europe/Oslo")


def test_the_conference_is_described_by_what_is_in_it(client, fair):
    talk(fair)
    talk(fair, "walk", starts_at=time(10), ends_at=time(11, 30), room_en="Quay")

    facts = as_json(client)["conference"]

    assert (facts["acronym"], facts["title"], facts["timeslot_duration"]) == ("fair", "Kelp Fair", "00:15")
    assert {room["name"] for room in facts["rooms"]} == {"Hall A", "Quay"}
    [day] = facts["days"]
    assert (day["day_start"], day["day_end"]) == ("2027-05-20T09:00:00+02:00", "2027-05-20T11:30:00+02:00")


def test_what_the_format_cannot_say_is_left_out_and_the_page_says_how_much(client, fair):
    talk(fair)
    talk(fair, "cancelled", status="cancelled")
    talk(fair, "endless", ends_at=None)
    talk(fair, "timeless", starts_at=None, ends_at=None)
    talk(fair, "dayless", day=None, starts_at=None, ends_at=None)

    html = client.get("/en/conferences/fair/programme/").content.decode()

    assert [event["title"] for event in events_of(client)] == ["Talk"]
    assert "4 sessions are not in the files for apps" in html
    assert 'href="/en/conferences/fair/schedule.xml"' in html


def test_drafts_and_withdrawn_sessions_are_in_no_file(client, fair):
    talk(fair)
    talk(fair, "draft", published_at=None)
    talk(fair, "scheduled", published_at=datetime(2999, 1, 1, tzinfo=UTC))
    withdraw(talk(fair, "withdrawn"))

    assert [event["title"] for event in events_of(client)] == ["Talk"]
    assert len(list(as_xml(client).iter("event"))) == 1


@pytest.mark.parametrize("status", ["cancelled", "postponed"])
def test_a_conference_that_does_not_take_place_has_an_empty_day(client, fair, status):
    talk(fair)
    type(fair).objects.update(status=status)

    assert events_of(client) == []
    assert [day.get("date") for day in as_xml(client).iter("day")] == ["2027-05-20"]


def test_without_any_day_there_is_no_file_and_no_link_to_one(client, fair):
    type(fair).objects.update(starts_on="2027-05")
    talk(fair, day=None, starts_at=None, ends_at=None)

    assert {client.get(f"/en/conferences/fair/schedule.{end}").status_code for end in ("xml", "json")} == {404}
    assert b"schedule.xml" not in client.get("/en/conferences/fair/programme/").content


def test_identifiers_are_the_same_in_both_languages_and_after_another_slug(client, fair):
    record = talk(fair, title_zh_hans="演讲", room_zh_hans="甲厅")
    before, in_chinese = as_json(client), as_json(client, "zh-hans")

    record.slug = "speech"
    record.save()

    guids = [room["guid"] for each in (before, in_chinese, as_json(client)) for room in each["conference"]["rooms"]]
    assert (len(set(guids)), events_of(client)[0]["guid"]) == (1, str(record.uid))
    assert [event["title"] for event in events_of(client, "zh-hans")] == ["演讲"]


def test_a_change_is_another_version_and_asking_again_is_cheap(client, fair):
    record = talk(fair)
    for ending in ("xml", "json"):
        path = f"/en/conferences/fair/schedule.{ending}"
        first = client.get(path)
        with clock.set_to(datetime(2024, 12, 1, tzinfo=UTC)):
            second = client.get(path)
        asked = client.get(path, headers={"if-none-match": first["ETag"], "if-modified-since": first["Last-Modified"]})
        assert (first.content == second.content, asked.status_code) == (True, 304)

    record.history.update(history_date=datetime(2027, 5, 1, 8, 0, tzinfo=UTC))

    assert as_json(client)["version"] == "2027-05-01 10:00:00"


def test_hostile_words_break_no_document(client, fair):
    words = "A\x0b\x07<b>&]]>\r\n\ufffe\u202eD"
    talk(fair, title_en=words, room_en=words, abstract_en="<p>&lt;script&gt; ]]&gt;</p>")

    [event] = events_of(client)
    [in_xml] = as_xml(client).iter("event")

    assert event["title"] == event["room"] == in_xml.findtext("title") == "A <b>&]]> \u202eD"
    assert event["abstract"] == in_xml.findtext("abstract") == "<script> ]]>"


@pytest.mark.parametrize("slug", ["Ab", "a-b-c", "2024"])
def test_a_short_slug_is_an_acronym_too(client, fair, slug):
    talk(fair)
    type(fair).objects.update(slug=slug)

    document = client.get(f"/en/conferences/{slug}/schedule.json").json()

    jsonschema.validate(document, SCHEMA)


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
def test_days_at_the_ends_of_time_break_nothing(client, fair, day):
    talk(fair, day=day)

    assert client.get("/en/conferences/fair/schedule.xml").status_code == 200
