"""A visitor's own programme (`events/agenda.py`): chosen without an account, kept in an address."""

import re
from datetime import date, datetime, time
from html import unescape
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.agenda import Clash, agenda_of, clashes_of
from events.models import Session
from portal import clock
from tests.factories import appearance, conference, session, speaker, withdraw

FIRST, SECOND = date(2024, 11, 15), date(2024, 11, 16)
AGENDA, PROGRAMME = "/en/conferences/fair/agenda/", "/en/conferences/fair/programme/"


@pytest.fixture
def fair(db):
    """A conference with an opening, a talk and a forum at once, a dinner the day after, and a walk of unknown day."""
    fair = conference(slug="fair", starts_on="2024-11-15", ends_on="2024-11-16", title_en="Kelp Fair")
    for slug, day, starts_at, ends_at in [
        ("opening", FIRST, time(9), time(10)),
        ("talk", FIRST, time(11), time(12)),
        ("forum", FIRST, time(11, 30), time(13)),
        ("dinner", SECOND, time(19), None),
        ("walk", None, None, None),
    ]:
        session(conference=fair, slug=slug, title_en=slug.title(), day=day, starts_at=starts_at, ends_at=ends_at)
    return fair


def read(client, address):
    return client.get(address).content.decode()


def words(html):
    """What the page says, without markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2].partition("</main>")[0]).split())


def titles(html):
    return re.findall(r'<span class="title"><a href="[^"]+">(?:<s>)?([^<]+)<', html)


# --- Choosing ---------------------------------------------------------------------------------------------------------


def test_every_session_has_a_star_that_says_what_it_does(client, fair):
    html = read(client, PROGRAMME)

    assert re.findall(r'<input type="checkbox" name="s" value="([^"]+)"( checked)?>', html) == [
        (slug, "") for slug in ("opening", "talk", "forum", "dinner", "walk")
    ]
    assert "Add to my programme: Opening" in words(html)
    assert 'action="/en/conferences/fair/agenda/" data-agenda="fair"' in html


def test_the_choice_is_filled_in_when_the_visitor_comes_back_to_change_it(client, fair):
    change = re.search(r'href="(/en/conferences/fair/programme/\?[^"]+)"', read(client, f"{AGENDA}?s=talk&s=walk"))
    html = read(client, unescape(change[1]))

    assert re.findall(r'value="([^"]+)" checked', html) == ["talk", "walk"]
    assert '<meta name="robots" content="noindex, follow">' in html


def test_the_page_of_a_session_has_a_star_of_its_own(client, fair):
    html = read(client, "/en/conferences/fair/sessions/talk/")

    assert re.findall(r'<form class="star-form" action="([^"]+)"', html) == [AGENDA]
    assert re.findall(r'<input type="checkbox" name="s" value="([^"]+)">', html) == ["talk"]


# --- The page ---------------------------------------------------------------------------------------------------------


def test_the_chosen_sessions_stand_by_day_in_the_order_of_the_programme(client, fair):
    html = read(client, f"{AGENDA}?s=walk&s=dinner&s=opening")

    assert titles(html) == ["Opening", "Dinner", "Walk"]
    assert re.findall(r'<h3 id="([^"]+)"', html) == ["day-2024-11-15", "day-2024-11-16", "day-unknown"]
    assert "3 sessions chosen" in words(html)


def test_a_choice_made_twice_counts_once(client, fair):
    html = read(client, f"{AGENDA}?s=talk&s=talk")

    assert (titles(html), "1 session chosen" in words(html)) == (["Talk"], True)


def test_people_stand_beside_their_sessions(client, fair):
    for slug in ("talk", "dinner"):
        appearance(session=fair.sessions.get(slug=slug), speaker=speaker(name_en=f"Host of the {slug}"))

    said = words(read(client, f"{AGENDA}?s=talk"))

    assert ["Host of the talk" in said, "Host of the dinner" in said] == [True, False]


def test_its_address_is_the_choice_and_nothing_else(client, fair):
    html = unescape(read(client, f"{AGENDA}?s=walk&s=nothing&utm=x&s=opening&s=opening"))

    assert "This address is your programme: bookmark or share it." in words(html)
    assert '<a href="?s=opening&s=walk">https://portal.example/en/conferences/fair/agenda/?s=opening&s=walk</a>' in html
    assert 'href="/en/conferences/fair/agenda.ics?s=opening&s=walk"' in html
    assert 'data-chosen="opening walk" data-of="fair"' in html


def test_it_is_no_page_for_search_engines(client, fair):
    html = read(client, f"{AGENDA}?s=talk")

    assert '<meta name="robots" content="noindex, follow">' in html
    assert '<link rel="canonical" href="https://portal.example/en/conferences/fair/programme/">' in html


def test_without_a_choice_it_leads_to_the_programme(client, fair):
    html = read(client, f"{AGENDA}?s=")

    assert "You have not chosen any session yet." in words(html)
    assert f'href="{PROGRAMME}"' in html
    assert "not public any more" not in html


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ("s=talk&s=nothing", "1 chosen session is not public any more."),
        ("s=talk&s=nothing&s=nobody&s=nothing", "2 chosen sessions are not public any more."),
        ("s=nothing", "1 chosen session is not public any more."),
    ],
)
def test_a_choice_that_leads_nowhere_is_said_once(client, fair, choice, sentence):
    assert words(read(client, f"{AGENDA}?{choice}")).count(sentence) == 1


@pytest.mark.parametrize("hide", ["draft", "withdrawn", "elsewhere"])
def test_a_hidden_session_leaves_nothing_but_its_absence(client, fair, hide):
    talk = fair.sessions.get(slug="talk")
    Session.objects.filter(pk=talk.pk).update(title_en="Secret talk")
    before = read(client, f"{AGENDA}?s=talk&s=opening")

    if hide == "withdrawn":
        withdraw(talk)
    else:
        change = {"published_at": None} if hide == "draft" else {"conference": conference()}
        Session.objects.filter(pk=talk.pk).update(**change)
    after = read(client, f"{AGENDA}?s=talk&s=opening")

    assert ["Secret talk" in html for html in (before, after)] == [True, False]
    assert "1 chosen session is not public any more." in words(after)


def test_a_hidden_conference_has_no_programmes_either(client, fair):
    type(fair).objects.update(published_at=None)

    assert [client.get(address).status_code for address in (AGENDA, AGENDA[:-1] + ".ics?s=talk")] == [404, 404]


@pytest.mark.parametrize(
    "slug", ['"><script>alert(1)</script>', "{{ 7 }}", "talk\r\nX: y", "é漢", "\ud800".encode(errors="surrogatepass")]
)
def test_nothing_from_the_address_comes_back(client, fair, slug):
    for address in (AGENDA, PROGRAMME, AGENDA[:-1] + ".ics"):
        response = client.get(f"{address}?s={quote(slug)}")
        assert response.status_code == 200
        assert not {"alert(1)", "{{ 7 }}", "漢"} & set(
            re.findall(r"alert\(1\)|\{\{ 7 \}\}|漢", response.content.decode())
        )


def test_a_long_choice_is_read_and_an_endless_one_refused(client, fair):
    for number in range(250):
        session(conference=fair, slug=f"s{number}", title_en=f"Session number {number}")

    long = client.get(f"{AGENDA}?{'&'.join(f's=s{number}' for number in range(250))}")
    endless = client.get(f"{AGENDA}?{'&'.join(f's=s{number}' for number in range(2500))}")

    assert (long.status_code, endless.status_code) == (200, 400)
    assert "250 sessions chosen" in words(long.content.decode())


def test_it_says_what_no_calendar_can_show(client, fair):
    some = read(client, f"{AGENDA}?s=talk&s=walk")
    none = read(client, f"{AGENDA}?s=walk")

    assert "1 session has no published day and is not in the calendar file." in words(some)
    assert ["agenda.ics" in html for html in (some, none)] == [True, False]


def test_a_printed_choice_says_where_and_when_it_comes_from(client, fair):
    with clock.set_to(datetime(2024, 11, 10, 12, tzinfo=ZoneInfo("Asia/Shanghai"))):
        html = unescape(read(client, f"{AGENDA}?s=talk"))

    assert "Printed from https://portal.example/en/conferences/fair/agenda/?s=talk on 10 November 2024." in words(html)


@pytest.mark.parametrize("size", [1, 20])
@pytest.mark.parametrize(("address", "queries"), [(AGENDA, 3), (AGENDA[:-1] + ".ics", 3)])
def test_the_number_of_queries_does_not_depend_on_the_choice(
    client, fair, one_generation, size, address, queries, django_assert_num_queries
):
    for number in range(20):
        appearance(session=session(conference=fair, slug=f"s{number}", day=FIRST))
    choice = "&".join(f"s=s{number}" for number in range(size))
    client.get(AGENDA)  # the foot of the page asks once a minute

    with django_assert_num_queries(queries):
        assert client.get(f"{address}?{choice}").status_code == 200


def test_the_agenda_is_only_read(client, fair):
    assert [client.post(address).status_code for address in (AGENDA, AGENDA[:-1] + ".ics")] == [405, 405]


# --- Overlaps ---------------------------------------------------------------------------------------------------------


def test_choices_that_overlap_are_told_in_words(client, fair):
    said = words(read(client, f"{AGENDA}?s=opening&s=talk&s=forum"))
    apart = words(read(client, f"{AGENDA}?s=opening&s=talk&s=dinner"))

    assert "15 November, 11:30: “Forum” begins while “Talk” is on." in said
    assert ["overlap" in text for text in (said, apart)] == [True, False]


def held(starts_at, ends_at=None, day=FIRST, **fields):
    """A session that is not stored, with its times as text."""
    return Session(
        day=day, starts_at=time.fromisoformat(starts_at), ends_at=ends_at and time.fromisoformat(ends_at), **fields
    )


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        (held("09:00", "10:00"), held("09:30", "11:00"), True),
        (held("09:00", "10:00"), held("10:00", "11:00"), False),
        (held("09:00", "10:00"), held("09:00", "10:00"), True),
        (held("09:00", "12:00"), held("10:00", "11:00"), True),
        (held("09:00"), held("09:30"), False),  # nobody knows whether the first is over
        (held("09:00"), held("09:00"), True),
        (held("09:00", "10:00"), held("09:30"), True),
        (held("09:00", "10:00"), held("09:30", "11:00", day=SECOND), False),
        (held("09:00", "10:00"), held("09:30", "11:00", status="cancelled"), False),
    ],
)
def test_two_sessions_clash_where_published_times_say_so(first, second, clash):
    assert clashes_of([first, second]) == ([Clash(first, second)] if clash else [])


def test_sessions_without_a_time_clash_with_nothing():
    assert clashes_of([Session(), Session(day=FIRST), held("09:00", "10:00")]) == []


timed = st.builds(
    lambda start, length, day: Session(
        day=day, starts_at=time(8 + start), ends_at=time(8 + start + length) if length else None
    ),
    st.integers(0, 8),
    st.integers(0, 4),
    st.sampled_from([FIRST, SECOND]),
)


@given(st.lists(timed, max_size=12))
def test_every_session_that_begins_while_another_is_on_is_named_once(drawn):
    in_order = sorted(drawn, key=lambda each: (each.day, each.starts_at))

    def is_on(earlier, later):
        begins_inside = earlier.ends_at is not None and later.starts_at < earlier.ends_at
        return earlier.day == later.day and (begins_inside or earlier.starts_at == later.starts_at)

    expected = [later for at, later in enumerate(in_order) if any(is_on(earlier, later) for earlier in in_order[:at])]
    clashes = clashes_of(drawn)
    assert [id(clash.later) for clash in clashes] == [id(each) for each in expected]
    assert all(is_on(clash.earlier, clash.later) for clash in clashes)


# --- What it is made of -----------------------------------------------------------------------------------------------


def test_an_agenda_knows_what_is_missing_and_what_has_no_day(fair):
    agenda = agenda_of(fair, ["walk", "talk", "nothing", "", "talk"])

    assert (agenda.slugs, agenda.missing, agenda.without_day) == (["talk", "walk"], 1, 1)
    assert agenda.query == "s=talk&s=walk"
