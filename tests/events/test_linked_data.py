"""Conferences, sessions, people, papers and news as schema.org (`events/linked_data.py`)."""

import gzip
from datetime import date, time

import pytest

from events.models import Appearance, ConferenceRole
from tests import factories
from tests.linked_data import graph_of, nodes_in, only

pytestmark = pytest.mark.django_db

SITE = "https://portal.example"


def event_at(client, path):
    return only("Event", graph_of(client, path))


def names(things):
    return [thing["name"] for thing in things]


# --- A conference -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("scheduled", "EventScheduled"),
        ("postponed", "EventPostponed"),
        ("cancelled", "EventCancelled"),
        ("moved_online", "EventMovedOnline"),
    ],
)
def test_what_became_of_a_conference_is_said_of_it_and_of_its_sessions(client, status, said):
    factories.session(conference=factories.conference(slug="lake", status=status), slug="talk")

    conference, session = (event_at(client, f"/en/conferences/lake/{path}") for path in ("", "sessions/talk/"))

    assert conference["eventStatus"] == session["eventStatus"] == f"https://schema.org/{said}"


def test_only_what_moved_online_says_how_one_attends(client):
    venue = factories.place(kind="venue")
    factories.conference(slug="hall", venue=venue)
    factories.conference(slug="online", venue=venue, status="moved_online")

    hall, online = (event_at(client, f"/en/conferences/{slug}/") for slug in ("hall", "online"))

    assert ("eventAttendanceMode" in hall, "location" in hall) == (False, True)
    assert online["eventAttendanceMode"] == "https://schema.org/OnlineEventAttendanceMode"
    assert "location" not in online


def test_dates_are_as_exact_as_they_are_known(client):
    factories.conference(slug="lake", starts_on="2027-05", ends_on="2027")
    factories.conference(slug="fair", starts_on="2024-11-15")

    lake, fair = (event_at(client, f"/en/conferences/{slug}/") for slug in ("lake", "fair"))

    assert (lake["startDate"], lake["endDate"]) == ("2027-05", "2027")
    assert fair["startDate"] == "2024-11-15"
    assert "endDate" not in fair


def test_a_place_is_the_venue_or_what_was_said_of_it_or_nothing(client):
    venue = factories.place(slug="hall", kind="venue", name_en="Lake Hall", address_en="1 Lake Road")
    factories.conference(slug="known", venue=venue)
    factories.conference(slug="noted", place_note_en="Baoshan; the venue was not disclosed")
    factories.conference(slug="unknown")

    known, noted, unknown = (event_at(client, f"/en/conferences/{slug}/") for slug in ("known", "noted", "unknown"))

    assert known["location"] == {
        "@type": "EventVenue",
        "@id": f"{SITE}/district/hall/#this",
        "name": "Lake Hall",
        "url": f"{SITE}/en/district/hall/",
        "address": "1 Lake Road",
    }
    assert noted["location"] == {"@type": "Place", "address": "Baoshan; the venue was not disclosed"}
    assert "location" not in unknown


def test_who_hosts_organizes_and_who_supports_contributes(client):
    lake = factories.conference(slug="lake")
    for role in ConferenceRole.Role.values:
        factories.conference_role(conference=lake, organization=factories.organization(name_en=role), role=role)

    event = event_at(client, "/en/conferences/lake/")

    assert names(event["organizer"]) == ["host", "organizer", "co_organizer"]
    assert names(event["contributor"]) == ["supporter", "partner"]


def test_who_speaks_performs_and_who_is_a_guest_attends(client):
    lake = factories.conference(slug="lake")
    for role in Appearance.Role.values:
        factories.appearance(conference=lake, session=None, speaker=factories.speaker(name_en=role), role=role)
    both = factories.speaker(name_en="both")
    for role in ("guest", "speaker"):
        factories.appearance(conference=lake, session=None, speaker=both, role=role)

    event = event_at(client, "/en/conferences/lake/")

    assert names(event["performer"]) == ["speaker", "moderator", "panellist", "host", "both"]
    assert names(event["attendee"]) == ["signatory", "guest"]


def test_it_belongs_to_its_series_and_to_what_it_is_part_of(client):
    week = factories.conference(slug="week")
    series = factories.series(slug="lakes", name_en="Lake conferences")
    factories.conference(slug="lake", part_of=week, series=series)

    event = event_at(client, "/en/conferences/lake/")

    assert event["superEvent"] == [
        {"@type": "EventSeries", "@id": f"{SITE}/conferences/#lakes", "name": "Lake conferences"},
        {"@id": f"{SITE}/conferences/week/#this"},
    ]


def test_no_draft_around_it_is_named(client):
    draft_place = factories.place(slug="secret-hall", kind="venue", published_at=None)
    draft_week = factories.conference(slug="secret-week", published_at=None)
    lake = factories.conference(slug="lake", venue=draft_place, part_of=draft_week)
    factories.session(conference=lake, slug="secret-session", published_at=None)
    talk = factories.session(conference=lake, slug="talk", room_en="Hall A")
    draft_company = factories.organization(slug="secret-company", published_at=None)
    factories.conference_role(conference=lake, organization=draft_company)
    draft_speaker = factories.speaker(slug="secret-speaker", published_at=None)
    withdrawn = factories.speaker(slug="secret-withdrawn")
    for speaker in (draft_speaker, withdrawn):
        factories.appearance(session=talk, conference=None, speaker=speaker)
    factories.withdraw(withdrawn)
    known = factories.speaker(slug="known")
    factories.appearance(session=talk, conference=None, speaker=known, organization=draft_company)
    paths = ["conferences/lake/", "conferences/lake/programme/", "conferences/lake/sessions/talk/", "speakers/known/"]

    graphs = [graph_of(client, f"/en/{path}") for path in paths]

    assert [path for path, graph in zip(paths, graphs, strict=True) if "secret" in str(graph)] == []
    assert "location" not in only("Event", graphs[2])


# --- Sessions ---------------------------------------------------------------------------------------------------------


def test_a_session_begins_in_the_time_of_its_conference(client):
    lake = factories.conference(slug="lake", timezone="Asia/Shanghai")
    day = {"conference": lake, "day": date(2024, 11, 15)}
    factories.session(**day, slug="timed", starts_at=time(9), ends_at=time(10, 30))
    factories.session(**day, slug="dated")
    factories.session(conference=lake, slug="unknown")

    timed, dated, unknown = (
        event_at(client, f"/en/conferences/lake/sessions/{slug}/") for slug in ("timed", "dated", "unknown")
    )

    assert (timed["startDate"], timed["endDate"]) == ("2024-11-15T09:00+08:00", "2024-11-15T10:30+08:00")
    assert dated["startDate"] == "2024-11-15"
    assert [name in unknown for name in ("startDate", "endDate")] == [False, False]


def test_a_cancelled_session_says_so_and_of_a_moved_one_nothing_is_claimed(client):
    lake = factories.conference(slug="lake")
    for status in ("cancelled", "moved"):
        factories.session(conference=lake, slug=status, status=status)

    cancelled, moved = (event_at(client, f"/en/conferences/lake/sessions/{slug}/") for slug in ("cancelled", "moved"))

    assert cancelled["eventStatus"] == "https://schema.org/EventCancelled"
    assert "eventStatus" not in moved


def test_a_room_is_a_place_in_the_venue(client):
    venue = factories.place(slug="hall", kind="venue", address_en="1 Lake Road")
    lake = factories.conference(slug="lake", venue=venue)
    factories.session(conference=lake, slug="talk", room_en="Room 5", livestream_url="https://live.example/5")

    room, stream = event_at(client, "/en/conferences/lake/sessions/talk/")["location"]

    assert (room["name"], room["address"]) == ("Room 5", "1 Lake Road")
    assert room["containedInPlace"]["@id"] == f"{SITE}/district/hall/#this"
    assert stream == {"@type": "VirtualLocation", "url": "https://live.example/5"}


def test_the_programme_names_its_sessions_in_a_few_words(client):
    venue = factories.place(slug="hall", kind="venue")
    lake = factories.conference(slug="lake", venue=venue)
    factories.session(conference=lake, slug="talk", title_en="Talk", day=date(2024, 11, 15), starts_at=time(9))

    [session] = event_at(client, "/en/conferences/lake/programme/")["subEvent"]

    assert session == {
        "@type": "Event",
        "@id": f"{SITE}/conferences/lake/sessions/talk/#this",
        "name": "Talk",
        "url": f"{SITE}/en/conferences/lake/sessions/talk/",
        "startDate": "2024-11-15T09:00+08:00",
        "location": {"@id": f"{SITE}/district/hall/#this"},
    }


# --- People, papers, news ---------------------------------------------------------------------------------------------


def test_a_post_is_that_of_an_appearance_and_nothing_says_it_is_still_held(client):
    appearance = factories.appearance(
        speaker=factories.speaker(slug="ada"),
        session=factories.session(conference=factories.conference(slug="lake", starts_on="2020-09"), slug="talk"),
        post_en="Deputy Director",
        organization_name_en="Lake Office",
        organization=factories.organization(),
    )

    person = only("Person", graph_of(client, "/en/speakers/ada/"))

    assert person["name"] == appearance.speaker.name_en
    assert person["performerIn"] == [
        {
            "@type": "Role",
            "roleName": "Deputy Director · Lake Office",
            "startDate": "2020-09",
            "performerIn": {"@id": f"{SITE}/conferences/lake/sessions/talk/#this"},
        }
    ]
    assert {"jobTitle", "worksFor", "affiliation", "memberOf", "hasOccupation"} & person.keys() == set()


def test_an_agreement_is_a_page_about_its_parties(client):
    paper = factories.agreement(slug="paper", place=factories.place(slug="park"))
    factories.party(agreement=paper, organization=factories.organization(slug="works"))
    factories.party(agreement=paper, name_en="Somebody without a page")
    factories.party(agreement=paper, organization=factories.organization(slug="secret", published_at=None))
    factories.signing(agreement=paper, conference=factories.conference(slug="lake"))

    page = only("WebPage", graph_of(client, "/en/agreements/paper/"))

    assert [each["@id"] for each in page["about"]] == [f"{SITE}/companies/works/#this"]
    assert page["contentLocation"]["@id"] == f"{SITE}/district/park/#this"
    assert page["mentions"] == [{"@id": f"{SITE}/conferences/lake/#this"}]


def test_news_are_dated_as_exactly_as_they_are_known_and_name_their_sources(client):
    news = factories.announcement(slug="news", kind="news", announced_on="2024-11")
    factories.cite(news, source=factories.source(slug="daily", title_en="Lake news", language="en", title_original=""))
    notice = factories.announcement(slug="notice", kind="notice", announced_on="2024-11-15")
    factories.correct(notice, made_on=date(2025, 5, 3))

    [article] = [each for each in graph_of(client, "/en/news/news/") if each["@type"] == "NewsArticle"]
    other = only("Article", graph_of(client, "/en/news/notice/"))

    assert (article["datePublished"], "dateModified" in article) == ("2024-11", False)
    assert names(article["citation"]) == ["Lake news"]
    assert (other["datePublished"], other["dateModified"]) == ("2024-11-15", "2025-05-03")
    assert "author" not in article


def test_the_tags_for_sharing_say_a_day_only_where_it_is_known(client):
    factories.announcement(slug="month", announced_on="2024-11")
    factories.correct(factories.announcement(slug="day", announced_on="2024-11-15"), made_on=date(2025, 5, 3))

    month, day = (client.get(f"/en/news/{slug}/").content.decode() for slug in ("month", "day"))

    assert "article:" not in month
    assert '<meta property="article:published_time" content="2024-11-15">' in day
    assert '<meta property="article:modified_time" content="2025-05-03">' in day


def test_photographs_say_who_took_them(client):
    factories.photo(conference=factories.conference(slug="lake"), credit="Ada", caption_en="The lake")

    [image] = only("ImageGallery", graph_of(client, "/en/conferences/lake/photos/"))["image"]

    assert (image["creditText"], image["caption"]) == ("Ada", "The lake")
    assert image["contentUrl"].startswith(f"{SITE}/media/photo/")


def test_the_second_page_of_a_list_goes_on_counting(client):
    for _number in range(21):
        factories.announcement()

    listed = only("ItemList", graph_of(client, "/en/news/?page=2"))

    assert [item["position"] for item in listed["itemListElement"]] == [21]


def test_a_programme_of_a_hundred_sessions_stays_light(client):
    lake = factories.conference(slug="lake", venue=factories.place(kind="venue"))
    for number in range(100):
        factories.session(conference=lake, day=date(2024, 11, 15), starts_at=time(8 + number % 12))

    html = client.get("/en/conferences/lake/programme/").content
    block = html[html.index(b"application/ld+json") :]

    assert len(list(nodes_in(graph_of(client, "/en/conferences/lake/programme/")))) > 100
    assert len(gzip.compress(html)) - len(gzip.compress(html.replace(block[: block.index(b"</script>")], b""))) < 5_000
    assert len(gzip.compress(html)) < 12_500
