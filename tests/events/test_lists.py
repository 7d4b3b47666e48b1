"""Speakers, news and sessions as one sees them: filtered by links (`events/lists.py`); and what holds for every list
that is filtered so."""

import re
from datetime import date, datetime, time
from html import unescape
from urllib.parse import parse_qsl

import pytest
from django.core.management import call_command
from django.db import transaction
from django.http import QueryDict
from django.utils import translation

from companies.directory import Directory
from events.lists import MOST_AT_ONCE, NewsList, SessionList, SpeakerList
from events.models import Conference
from events.register import ProjectList, Register
from portal import clock
from tests import factories

pytestmark = pytest.mark.django_db


# --- Speakers ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def people():
    """Ada moderated at the fair of 2024 for the works and spoke at the lake in 2020; Bo spoke at the fair."""
    fair = factories.conference(slug="fair", starts_on="2024-11", title_en="Fair")
    lake = factories.conference(slug="lake", starts_on="2020", title_en="Lake")
    ada, bo = (factories.speaker(slug=slug, name_en=slug.title()) for slug in ("ada", "bo"))
    works = factories.organization(slug="works", name_en="Works")
    factories.appearance(speaker=ada, conference=fair, session=None, role="moderator", organization=works)
    factories.appearance(speaker=ada, session=factories.session(conference=lake), conference=None)
    factories.appearance(speaker=bo, conference=fair, session=None)


def speakers(**parameters):
    return [speaker.slug for speaker in SpeakerList(parameters).speakers]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["ada", "bo"]),
        ({"conference": "fair"}, ["ada", "bo"]),
        ({"conference": "lake"}, ["ada"]),
        ({"year": "2020"}, ["ada"]),
        ({"role": "speaker"}, ["ada", "bo"]),
        ({"organization": "works"}, ["ada"]),
        ({"conference": "fair", "role": "speaker"}, ["bo"]),  # Ada spoke elsewhere
        ({"year": "2020", "role": "moderator"}, []),
        ({"year": "0000"}, ["ada", "bo"]),
        ({"role": "king", "organization": "nobody", "conference": "' or 1=1 --"}, ["ada", "bo"]),
    ],
)
def test_a_speaker_is_found_by_what_one_appearance_says(people, asked, found):
    assert speakers(**asked) == found


def test_people_are_counted_once_however_often_they_appear(people):
    factories.appearance(
        speaker=SpeakerList({}).speakers.get(slug="ada"), conference=Conference.objects.get(slug="fair"), session=None
    )

    assert counts(SpeakerList({})) == {
        ("role", "speaker"): 2,
        ("role", "moderator"): 1,
        ("year", "2024"): 2,
        ("year", "2020"): 1,
        ("conference", "fair"): 2,
        ("conference", "lake"): 1,
        ("organization", "works"): 1,
    }


def counts(listed):
    return {(facet.name, choice.value): choice.count for facet in listed.filters for choice in facet.choices}


def test_who_is_hidden_or_where_makes_no_choice(people):
    before = counts(SpeakerList({}))
    draft = factories.conference(slug="secret", published_at=None, starts_on="1999")
    hidden = factories.speaker(slug="hidden", published_at=None)
    gone = factories.speaker(slug="gone")
    factories.withdraw(gone)
    for speaker, conference in ((hidden, "fair"), (gone, "fair"), (SpeakerList({}).speakers[0], "secret")):
        factories.appearance(
            speaker=speaker,
            conference=Conference.objects.get(slug=conference),
            session=None,
            organization=factories.organization(slug=f"{speaker.slug}-{conference}", published_at=None),
            role="guest",
        )

    assert counts(SpeakerList({})) == before
    assert SpeakerList({"conference": draft.slug}).on == {}


def test_the_page_of_speakers_shows_the_latest_post_with_its_day(client, people):
    html = unescape(client.get("/en/speakers/").content.decode())

    assert re.findall(r'<h3><a href="/en/speakers/(\w+)/">', html) == ["ada", "bo"]
    assert '<a href="/en/conferences/fair/">Fair</a> · <time datetime="2024-11">' in html
    assert "2 appearances in all" in html
    assert '<h2 id="list-title">2 people</h2>' in html


# --- News -------------------------------------------------------------------------------------------------------------


def test_news_are_found_by_kind_year_and_conference():
    fair = factories.conference(slug="fair")
    factories.announcement(slug="a", kind="award", announced_on="2024-11", conference=fair)
    factories.announcement(slug="b", kind="award", announced_on="2020")
    factories.announcement(slug="c", session=factories.session(conference=fair), announced_on="2024-11-15")
    factories.announcement(slug="d", published_at=None, kind="award")

    def found(**asked):
        return sorted(each.slug for each in NewsList(asked).announcements)

    assert found() == ["a", "b", "c"]
    assert (found(kind="award"), found(year="2024"), found(conference="fair")) == (["a", "b"], ["a", "c"], ["a", "c"])
    assert found(kind="award", conference="fair") == ["a"]
    assert counts(NewsList({"kind": "award"})) == {
        ("kind", "award"): 2,
        ("kind", "news"): 1,
        ("year", "2020"): 1,
        ("year", "2024"): 1,
        ("conference", "fair"): 1,
    }


# --- Sessions ---------------------------------------------------------------------------------------------------------

FIRST, SECOND = date(2024, 11, 15), date(2024, 11, 16)


@pytest.fixture
def fair():
    fair = factories.conference(slug="fair")
    at = {"conference": fair, "starts_at": time(9)}
    factories.session(**at, slug="opening", kind="opening", day=FIRST, room_en="Hall A", room_zh_hans="甲厅")
    factories.session(**at, slug="talk", kind="talk", day=FIRST, room_en="Hall B")
    factories.session(**at, slug="panel", kind="panel", day=SECOND, room_en="Hall A")
    factories.session(conference=fair, slug="unknown", kind="talk")
    return fair


def programme(fair, query=""):
    return SessionList(QueryDict(query), list(fair.sessions.in_programme_order()), fair.slug)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["opening", "talk", "panel", "unknown"]),
        ("day=2024-11-15", ["opening", "talk"]),
        ("kind=talk", ["talk", "unknown"]),
        ("room=Hall+A", ["opening", "panel"]),
        ("room=Hall+A&day=2024-11-16", ["panel"]),
        ("room=%E7%94%B2%E5%8E%85", ["opening", "talk", "panel", "unknown"]),  # a room has one name in addresses
        ("day=2024-11-99&kind=king&room=", ["opening", "talk", "panel", "unknown"]),
    ],
)
def test_sessions_are_found_by_day_kind_and_room_in_every_language(fair, query, found):
    assert [session.slug for session in programme(fair, query).sessions] == found
    with translation.override("zh-hans"):
        assert [session.slug for session in programme(fair, query).sessions] == found


def test_sessions_are_counted_without_a_query(fair, django_assert_num_queries):
    listed = programme(fair)

    with django_assert_num_queries(0):
        assert counts(listed) == {
            ("day", "2024-11-15"): 2,
            ("day", "2024-11-16"): 1,
            ("kind", "opening"): 1,
            ("kind", "talk"): 2,
            ("kind", "panel"): 1,
            ("room", "Hall A"): 2,
            ("room", "Hall B"): 1,
        }


def test_a_programme_that_leaves_nothing_to_choose_has_no_filters(client):
    factories.session(conference=factories.conference(slug="lake"), slug="talk", day=FIRST)

    html = client.get("/en/conferences/lake/programme/").content.decode()

    assert 'class="filters' not in html


def test_stars_stay_while_one_filters(client, fair):
    html = client.get("/en/conferences/fair/programme/?s=panel&s=talk&s=nowhere&day=2024-11-15").content.decode()

    links = [parse_qsl(unescape(query)) for query in re.findall(r'<li><a href="\?([^"]*)"', html)]
    assert all(("s", "panel") in link and ("s", "talk") in link for link in links)
    assert "s=nowhere" not in html.partition("<main")[2]
    assert re.findall(r'<input type="hidden" name="s" value="(\w+)">', html) == ["panel"]
    assert re.findall(r'name="s" value="(\w+)" checked', html) == ["talk"]


def test_the_table_by_room_keeps_the_filters(client, fair):
    html = unescape(client.get("/en/conferences/fair/programme/?view=rooms&day=2024-11-15").content.decode())

    assert '<a href="/en/conferences/fair/programme/?day=2024-11-15">By day</a>' in html
    assert "?view=rooms" in html
    assert html.count("<caption") == 1


def test_a_choice_without_sessions_says_so_and_can_be_taken_off(client, fair):
    html = client.get("/en/conferences/fair/programme/?day=2024-11-16&room=Hall+B").content.decode()

    assert "No session matches." in html
    assert '<a href="/en/conferences/fair/programme/">Clear filters</a>' in html


# --- Every list -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def first_dataset(django_db_setup, django_db_blocker):
    """The first dataset, loaded once for this module and taken back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("loaddata", "district", "meilan_lake", verbosity=0)
        yield
        transaction.set_rollback(True)


def lists():
    yield from (Register, ProjectList, Directory, SpeakerList, NewsList)
    for conference in Conference.objects.published():
        sessions = list(conference.sessions.published().in_programme_order())
        yield lambda query, known=(sessions, conference.slug): SessionList(query, *known)


def choices(listed):
    return [choice for facet in listed.filters for choice in facet.choices]


def test_no_link_of_any_list_leads_to_nothing_two_filters_deep(first_dataset, one_generation):
    with clock.set_to(datetime(2026, 11, 22, tzinfo=clock.zone("Asia/Shanghai"))):
        followed = 0
        for make in lists():
            for choice in choices(make(QueryDict())):
                narrowed = make(QueryDict(choice.query))
                assert len(narrowed.rows) > 0
                assert (narrowed.query, narrowed.is_indexed) == (choice.query, True)
                for deeper in choices(narrowed)[:: 1 if isinstance(narrowed, SessionList) else 11]:
                    if len(parse_qsl(deeper.query)) == 2:
                        both = make(QueryDict(deeper.query))
                        assert len(both.rows) > 0, deeper
                        assert (both.query, both.is_indexed) == (deeper.query, False)
                        followed += 1
        assert followed > 100


def test_the_pages_behind_the_links_answer(client, first_dataset):
    for path in ("agreements", "projects", "companies", "speakers", "news", "conferences/meilan-lake-2024/programme"):
        html = client.get(f"/en/{path}/").content.decode()
        for query in [unescape(each) for each in re.findall(r'<li><a href="\?([^"]+)"', html)][::9]:
            page = client.get(f"/zh-hans/{path}/?{query}")
            assert page.status_code == 200, query
            assert f'<link rel="canonical" href="https://portal.example/zh-hans/{path}/?' in page.content.decode()


def test_links_beyond_two_filters_are_not_for_programs(client, first_dataset):
    html = client.get("/en/agreements/?year=2024&disclosed=no").content.decode()

    for query, rel in re.findall(r'<li><a href="\?([^"]*)"(?: aria-current="true"| (rel="nofollow"))?><span>', html):
        assert bool(rel) == (len(parse_qsl(unescape(query))) > 2), query


def test_what_is_chosen_stands_above_the_list_in_words_and_can_be_taken_off(client, first_dataset):
    html = client.get("/en/agreements/?kind=framework&year=2024").content.decode()
    [chosen] = re.findall(r'<div class="chosen-filters">(.*?)</div>', html, re.DOTALL)

    assert [" ".join(re.sub("<[^>]+>", "", each).split()) for each in re.findall("<li>(.*?)</li>", chosen)] == [
        "Year of signing: 2024 ×(remove)",
        "Kind of paper: Framework agreement ×(remove)",
    ]
    assert re.findall(r'<li><a href="\?([^"]*)"', chosen) == ["kind=framework", "year=2024"]
    assert '<h2 id="list-title">1 agreement · 2024 · Framework agreement</h2>' in html
    assert "<title>Agreements · 2024 · Framework agreement · " in html


HOSTILE = [
    "year=2024&year=2020",
    "kind=%F0%9F%92%A5&role=%D9%85%D8%A4%D8%AA%D9%85%D8%B1",
    "year=99999999999999999999&page=1",
    "conference=" + "x" * 7000,
    "kind='%20or%201=1--&room=%3Cscript%3Ealert(1)%3C/script%3E",
    "&".join(f"s=x{number}" for number in range(900)),
    "year=%EF%BC%92%EF%BC%90%EF%BC%92%EF%BC%94&day=0000-00-00&organization[]=works",
    "day=%20&kind=&role=None&year=True",
    "year=0000&conference=%5C&organization=..%2F..%2Fetc%2Fpasswd",
]


@pytest.mark.parametrize("query", HOSTILE)
@pytest.mark.parametrize(
    "path", ["speakers", "news", "agreements", "projects", "companies", "conferences/fair/programme"]
)
def test_nonsense_is_answered_politely(client, fair, path, query):
    response = client.get(f"/en/{path}/?{query}")

    assert response.status_code == 200
    assert b"<script>alert" not in response.content


# --- A long programme -------------------------------------------------------------------------------------------------


@pytest.fixture
def long_programme(db):
    fair = factories.conference(slug="fair")
    days = [date(2024, 11, 15), date(2024, 11, 16)]
    for number in range(MOST_AT_ONCE + 1):
        factories.session(conference=fair, slug=f"talk-{number:03}", day=days[number // 120], position=number)
    return fair


def shown_on(client, query):
    html = client.get(f"/en/conferences/fair/programme/{query}").content.decode()
    return re.findall(r'name="s" value="(talk-\d+)"', html), html


def test_a_long_programme_is_read_page_by_page_and_nothing_is_lost(client, long_programme):
    pages = [shown_on(client, query) for query in ("", "?page=2", "?page=3")]

    assert [len(slugs) for slugs, _html in pages] == [100, 100, 1]
    assert [slug for slugs, _html in pages for slug in slugs] == [f"talk-{number:03}" for number in range(201)]
    assert '<link rel="canonical" href="https://portal.example/en/conferences/fair/programme/?page=2">' in pages[1][1]
    assert client.get("/en/conferences/fair/programme/?page=4").status_code == 404


def test_the_days_of_a_long_programme_are_links_and_all_of_it_can_be_printed(client, long_programme):
    _first, html = shown_on(client, "")
    second, _ = shown_on(client, "?day=2024-11-16")
    whole, printed = shown_on(client, "?view=whole")

    assert '<a href="?day=2024-11-15">' in html
    assert '<a href="?day=2024-11-16">' in html
    assert second == [f"talk-{number:03}" for number in range(120, 201)]
    assert len(whole) == 201
    assert 'name="robots" content="noindex' in printed


def test_what_was_chosen_on_another_page_stays_chosen(client, long_programme):
    _, html = shown_on(client, "?s=talk-150")

    assert '<input type="hidden" name="s" value="talk-150">' in html
