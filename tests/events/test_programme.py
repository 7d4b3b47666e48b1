"""The programme of a conference as people read it (`events/programme.py`): by day, by room, and what is on now."""

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from events.models import Appearance, Session
from events.programme import NowAndNext, by_room, now_and_next, programme_of
from portal import clock
from tests.factories import appearance, conference, place, session, speaker

FIRST, SECOND = date(2024, 11, 15), date(2024, 11, 16)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def held(starts_at=None, ends_at=None, room="", day=FIRST, **fields):
    """A session that is not stored, with its times as text: held("09:00", "10:00", "Hall A")."""
    starts_at, ends_at = (moment and time.fromisoformat(moment) for moment in (starts_at, ends_at))
    return Session(day=day, starts_at=starts_at, ends_at=ends_at, room_en=room, **fields)


# --- By day -----------------------------------------------------------------------------------------------------------


def test_a_programme_is_read_by_day_and_ends_with_what_has_none():
    opening, talk, panel, dinner = Session(day=FIRST), Session(day=FIRST), Session(day=SECOND), Session()

    days = programme_of([opening, talk, panel, dinner], []).days

    assert [day.date for day in days] == [FIRST, SECOND, None]
    assert [[item.session for item in day.items] for day in days] == [[opening, talk], [panel], [dinner]]
    assert [day.anchor for day in days] == ["day-2024-11-15", "day-2024-11-16", "day-unknown"]


def test_each_session_shows_its_own_people_in_their_order():
    opening, talk = Session(pk=1, day=FIRST), Session(pk=2, day=FIRST)
    host, speaker, guest = (Appearance(session_id=number) for number in (1, 2, 1))

    [day] = programme_of([opening, talk], [host, speaker, guest]).days

    assert [list(map(id, item.people)) for item in day.items] == [[id(host), id(guest)], [id(speaker)]]


def test_people_without_a_session_stand_on_no_programme():
    [day] = programme_of([Session(pk=1)], [Appearance(session_id=None), Appearance(session_id=7)]).days

    assert [item.people for item in day.items] == [[]]


def test_a_programme_without_sessions_has_no_days():
    assert programme_of([], []).days == []


@pytest.mark.parametrize(
    ("sessions", "has_times", "lacks_times"),
    [
        ([], False, False),
        ([held()], False, True),
        ([held(), held("09:00")], True, True),
        ([held("09:00"), held("10:00", day=SECOND)], True, False),
    ],
)
def test_a_programme_knows_whether_times_were_published(sessions, has_times, lacks_times):
    programme = programme_of(sessions, [])

    assert (programme.has_times, programme.lacks_times) == (has_times, lacks_times)


# --- By room ----------------------------------------------------------------------------------------------------------


def table_of(*sessions):
    """The only day of `sessions` as rows of text: a time, then the cells that begin there as "rows × titles"."""
    [table] = by_room(programme_of(sessions, []))
    rows = [
        [
            f"{row.time:%H:%M}",
            *(f"{cell.rows} × {' + '.join(item.session.title for item in cell.items)}" for cell in row.cells),
        ]
        for row in table.rows
    ]
    return table.rooms, rows


@pytest.mark.parametrize(
    ("sessions", "has_rooms"),
    [
        ([held("09:00", room="Hall A"), held("09:00", room="Hall B")], True),
        ([held("09:00", room="Hall A"), held("09:00", room="Hall B", day=SECOND)], True),
        ([held("09:00", room="Hall A"), held("10:00", room="Hall A")], False),
        ([held("09:00", room="Hall A"), held("10:00")], False),
        ([held(room="Hall A"), held(room="Hall B")], False),
        ([held("09:00", room="Hall A"), held(room="Hall B")], False),
    ],
)
def test_a_table_by_room_needs_times_and_two_rooms(sessions, has_rooms):
    assert programme_of(sessions, []).has_rooms is has_rooms


def test_rooms_stand_side_by_side_and_a_long_session_beside_two_short_ones():
    table = table_of(
        held("09:00", "11:00", "Hall A", title_en="Forum"),
        held("09:00", "10:00", "Hall B", title_en="Talk"),
        held("10:00", "11:00", "Hall B", title_en="Panel"),
    )

    assert table == (["Hall A", "Hall B"], [["09:00", "2 × Forum", "1 × Talk"], ["10:00", "1 × Panel"]])


def test_an_empty_room_is_one_empty_cell_for_as_long_as_it_is_empty():
    table = table_of(
        held("09:00", "10:00", "Hall A", title_en="Opening"),
        held("10:00", "11:00", "Hall A", title_en="Talk"),
        held("11:00", "12:00", "Hall A", title_en="Panel"),
        held("11:00", "12:00", "Hall B", title_en="Forum"),
    )

    assert table == (
        ["Hall A", "Hall B"],
        [["09:00", "1 × Opening", "2 × "], ["10:00", "1 × Talk"], ["11:00", "1 × Panel", "1 × Forum"]],
    )


def test_sessions_that_overlap_in_one_room_share_a_cell_and_each_keeps_its_words():
    table = table_of(
        held("09:00", "10:30", "Hall A", title_en="Talk"),
        held("10:00", "11:00", "Hall A", title_en="Clinic"),
        held("09:00", "11:00", "Hall B", title_en="Forum"),
    )

    assert table == (["Hall A", "Hall B"], [["09:00", "1 × Talk + Clinic", "1 × Forum"]])


def test_a_session_without_an_end_fills_one_row():
    table = table_of(
        held("09:00", None, "Hall A", title_en="Open house"),
        held("09:00", "10:00", "Hall B", title_en="Talk"),
        held("10:00", "11:00", "Hall B", title_en="Panel"),
        held("11:00", None, "Hall B", title_en="Closing"),
    )

    assert table == (
        ["Hall A", "Hall B"],
        [["09:00", "1 × Open house", "1 × Talk"], ["10:00", "2 × ", "1 × Panel"], ["11:00", "1 × Closing"]],
    )


def test_what_has_no_room_or_no_time_stands_below_the_table():
    lunch, poster, dinner = held("12:00", "13:00"), held(room="Hall A"), held(day=None)
    talk = held("09:00", "10:00", "Hall A")

    tables = by_room(programme_of([talk, lunch, poster, dinner], []))

    assert [[item.session for day in table.rest.days for item in day.items] for table in tables] == [
        [lunch, poster],
        [dinner],
    ]
    assert [len(table.rows) for table in tables] == [1, 0]


moments = st.times(time(8), time(20)).map(
    lambda moment: moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
)


@st.composite
def sessions(draw):
    """A session with or without a day, a time, an end and a room, as the database allows them."""
    day = draw(st.sampled_from([FIRST, SECOND, None]))
    starts_at = draw(st.none() | moments) if day else None
    ends_at = (
        draw(st.none() | moments.filter(lambda moment: moment > starts_at))
        if starts_at and starts_at < time(20)
        else None
    )
    return Session(day=day, starts_at=starts_at, ends_at=ends_at, room_en=draw(st.sampled_from(["", "A", "B", "C"])))


@given(st.lists(sessions(), max_size=25))
def test_every_session_stands_in_the_tables_exactly_once(drawn):
    tables = by_room(programme_of(drawn, []))

    shown = [item.session for table in tables for row in table.rows for cell in row.cells for item in cell.items]
    shown += [item.session for table in tables for day in table.rest.days for item in day.items]
    assert sorted(map(id, shown)) == sorted(map(id, drawn))


@given(st.lists(sessions(), max_size=25))
def test_the_cells_fill_each_table_exactly_as_a_browser_lays_them_out(drawn):
    for table in by_room(programme_of(drawn, [])):
        free_from = [0] * len(table.rooms)  # the first row of each column that no cell has taken yet
        for number, row in enumerate(table.rows):
            columns = [column for column, free in enumerate(free_from) if free == number]
            assert len(row.cells) == len(columns)
            for column, cell in zip(columns, row.cells, strict=True):
                assert {item.session.room for item in cell.items} <= {table.rooms[column]}
                assert all(item.session.starts_at >= row.time for item in cell.items)
                free_from[column] += cell.rows
        assert free_from == [len(table.rows)] * len(table.rooms)


@given(st.lists(sessions(), max_size=25))
def test_a_session_fills_all_rows_between_its_beginning_and_its_end(drawn):
    for table in by_room(programme_of(drawn, [])):
        for number, row in enumerate(table.rows):
            for cell in row.cells:
                after = [row.time for row in table.rows[number + cell.rows :]]
                for each in (item.session for item in cell.items):
                    assert not after or (each.ends_at or each.starts_at) <= after[0]


# --- Now --------------------------------------------------------------------------------------------------------------


def at(moment, day=FIRST):
    """That moment of the day in Shanghai."""
    return datetime.combine(day, time.fromisoformat(moment), SHANGHAI)


OPENING = held("09:00", "09:30", "Hall A")
TALK, FORUM = held("09:30", "11:00", "Hall A"), held("09:30", "12:00", "Hall B")
SECOND_DAY = held("10:00", "11:00", "Hall A", day=SECOND)


@pytest.mark.parametrize(
    ("moment", "on_now", "up_next", "day"),
    [
        (at("08:00"), [], [OPENING], None),
        (at("09:00"), [OPENING], [TALK, FORUM], None),
        (at("09:29"), [OPENING], [TALK, FORUM], None),
        (at("09:30"), [TALK, FORUM], [SECOND_DAY], SECOND),
        (at("11:00"), [FORUM], [SECOND_DAY], SECOND),
        (at("20:00"), [], [SECOND_DAY], SECOND),
        (at("09:59", SECOND), [], [SECOND_DAY], None),
        (at("10:00", SECOND), [SECOND_DAY], [], None),
    ],
)
def test_a_visitor_sees_what_is_on_in_every_room_and_what_begins_next(moment, on_now, up_next, day):
    found = now_and_next([OPENING, TALK, FORUM, SECOND_DAY], SHANGHAI, moment)

    assert found == NowAndNext(on_now, up_next, day)


def test_nothing_is_said_once_all_is_over_or_when_times_are_unknown():
    over = now_and_next([OPENING, TALK], SHANGHAI, at("11:00"))
    unknown = now_and_next([held(), held(day=None)], SHANGHAI, at("09:00"))

    assert (over, unknown) == (None, None)


def test_the_moment_is_that_of_the_conference_and_not_of_the_portal():
    moment = datetime(2024, 11, 15, 8, 10, tzinfo=UTC)  # 16:10 in Shanghai, 09:10 in Berlin

    in_shanghai = now_and_next([OPENING], SHANGHAI, moment)
    in_berlin = now_and_next([OPENING], ZoneInfo("Europe/Berlin"), moment)

    assert (in_shanghai, in_berlin) == (None, NowAndNext([OPENING], [], None))


@pytest.mark.parametrize(("moment", "is_on"), [("09:00", True), ("09:59", True), ("10:00", False)])
def test_a_session_without_an_end_is_on_for_an_hour_at_the_most(moment, is_on):
    walk = held("09:00")

    found = now_and_next([walk, held("20:00")], SHANGHAI, at(moment))

    assert (found.on_now == [walk]) is is_on


def test_a_session_without_an_end_is_over_when_the_next_in_its_room_begins():
    first, elsewhere, second = (
        held("09:00", None, "Hall A"),
        held("09:00", None, "Hall B"),
        held("09:20", None, "Hall A"),
    )

    found = now_and_next([first, elsewhere, second], SHANGHAI, at("09:30"))

    assert found.on_now == [elsewhere, second]


def test_a_cancelled_session_is_never_on_and_ends_nothing():
    walk, cancelled = held("09:00", None, "Hall A"), held("09:10", "10:00", "Hall A", status="cancelled")

    found = now_and_next([walk, cancelled], SHANGHAI, at("09:20"))

    assert found == NowAndNext([walk], [], None)


def test_a_cancelled_session_is_not_next_either():
    assert now_and_next([held("09:00", status="cancelled")], SHANGHAI, at("08:00")) is None


# --- On the page ------------------------------------------------------------------------------------------------------


@pytest.fixture
def halls(db):
    """A conference of two days in two rooms: today in Shanghai (see `now`) and tomorrow."""
    held_at = place(name_en="Glass Hall", name_zh_hans="玻璃厅")
    fair = conference(slug="fair", starts_on="2024-11-15", ends_on="2024-11-16", title_en="Kelp Fair", venue=held_at)
    for slug, starts_at, ends_at, room, day in [
        ("opening", time(9), time(10), "Hall A", FIRST),
        ("talk", time(11, 30), time(12, 30), "Hall A", FIRST),
        ("forum", time(11, 30), time(13), "Hall B", FIRST),
        ("closing", time(9), None, "Hall A", SECOND),
    ]:
        title = {"title_en": slug.title(), "title_zh_hans": f"环节{slug}"}
        session(conference=fair, slug=slug, day=day, starts_at=starts_at, ends_at=ends_at, room_en=room, **title)
    return fair


def read(client, address):
    return client.get(address).content.decode()


def words(html):
    """What the page says, without markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2].partition("</main>")[0]).split())


def test_several_days_are_linked_from_the_top(client, halls):
    html = read(client, "/en/conferences/fair/programme/")

    assert re.findall(r'href="#(day-[^"]+)">([^<]+)<', html) == [
        ("day-2024-11-15", "15 November"),
        ("day-2024-11-16", "16 November"),
    ]
    assert re.findall(r'<h3 id="(day-[^"]+)"', html) == ["day-2024-11-15", "day-2024-11-16"]


def test_one_day_needs_no_links_to_days(client, halls):
    halls.sessions.filter(slug="closing").delete()

    assert 'href="#day-' not in read(client, "/en/conferences/fair/programme/")


def test_a_cancelled_session_is_struck_and_said_in_words_and_a_moved_one_is_said(client, halls):
    halls.sessions.filter(slug="talk").update(status="cancelled")
    halls.sessions.filter(slug="forum").update(status="moved")

    for address in ("/en/conferences/fair/programme/", "/en/conferences/fair/programme/?view=rooms"):
        html = read(client, address)
        assert re.findall(r"<s>(.+?)</s>", html) == ["Talk"]
        assert re.findall(r'<span class="chip">([^<]+)<', html) == ["Cancelled", "Moved"]


def test_people_stand_on_the_programme_with_their_posts(client, halls):
    guest = speaker(name_en="Ottilie Quarrow")
    appearance(session=halls.sessions.get(slug="talk"), speaker=guest, post_en="Harbour Master")

    assert "Ottilie Quarrow, Harbour Master" in words(read(client, "/en/conferences/fair/programme/"))


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        ([], "Times were not published."),
        (["opening"], "Where no time stands, none was published."),
        (["opening", "talk", "forum", "closing"], "Times are local to the conference (Asia/Shanghai)."),
    ],
)
def test_what_is_known_of_times_is_said_once(client, halls, known, sentence):
    halls.sessions.exclude(slug__in=known).update(starts_at=None, ends_at=None)

    said = words(read(client, "/en/conferences/fair/programme/"))

    assert said.count(sentence) == 1
    assert "None" not in said


def test_the_table_by_room_says_what_stands_where(client, halls):
    html = read(client, "/en/conferences/fair/programme/?view=rooms")
    [first, second] = re.findall(r"<table>.*?</table>", html, re.DOTALL)

    assert re.findall(r'<th scope="(\w+)">([^<]+)</th>', first) == [
        ("col", "Time"),
        ("col", "Hall A"),
        ("col", "Hall B"),
        *[("row", "09:00"), ("row", "10:00"), ("row", "11:30"), ("row", "12:30")],
    ]
    assert re.findall(r'<td rowspan="(\d)"', first) == ["2", "2"]  # Hall B is empty at first; the forum is long
    assert re.findall(r"<caption[^>]*>([^<]+)<", html) == [
        "Sessions of 15 November 2024 by time and room",
        "Sessions of 16 November 2024 by time and room",
    ]
    assert html.count('role="region" tabindex="0" aria-label="By room: 15 November 2024"') == 1
    assert [title in second for title in ("Opening", "Closing")] == [False, True]


def test_the_table_leaves_nothing_out(client, halls):
    session(conference=halls, title_en="Quay walk", day=FIRST)
    session(conference=halls, title_en="Kelp finance")

    said = words(read(client, "/en/conferences/fair/programme/?view=rooms"))

    assert [said.count(title) for title in ("Quay walk", "Kelp finance")] == [1, 1]


def test_the_table_is_another_view_of_the_list(client, halls):
    page = read(client, "/en/conferences/fair/programme/?view=rooms")
    listed = read(client, "/en/conferences/fair/programme/")

    assert '<link rel="canonical" href="https://portal.example/en/conferences/fair/programme/">' in page
    assert ['name="robots" content="noindex, follow"' in html for html in (page, listed)] == [True, False]
    assert '<a href="/en/conferences/fair/programme/?view=rooms">By room</a>' in listed
    assert '<a href="/en/conferences/fair/programme/">By day</a>' in page


def test_a_programme_without_rooms_offers_no_table_and_shows_the_list_instead(client, halls):
    halls.sessions.update(room_en="")

    page = read(client, "/en/conferences/fair/programme/?view=rooms")

    assert ["view=rooms" in page.partition("<main")[2], "<table" in page] == [False, False]
    assert "Opening" in words(page)


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize("path", ["", "programme/", "programme/?view=rooms"])
def test_while_the_conference_is_on_its_pages_say_what_is_on_and_next(client, halls, path):
    said = words(read(client, f"/en/conferences/fair/{path}"))

    assert "On now Talk 11:30–12:30 · Hall A Forum 11:30–13:00 · Hall B Next on 16 November at 09:00 Closing" in said


@pytest.mark.usefixtures("now")
def test_now_and_next_speak_chinese(client, halls):
    html = read(client, "/zh-hans/conferences/fair/programme/")

    assert "11月16日" in html.partition('class="now-next"')[2].partition("</section>")[0]


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2024, 11, 14, 23, 59, tzinfo=SHANGHAI), False),
        (datetime(2024, 11, 15, 0, 0, tzinfo=SHANGHAI), True),
        (datetime(2024, 11, 16, 9, 59, tzinfo=SHANGHAI), True),
        (datetime(2024, 11, 16, 10, 0, tzinfo=SHANGHAI), False),
        (datetime(2024, 11, 17, 9, 30, tzinfo=SHANGHAI), False),
    ],
)
def test_before_and_after_a_conference_nothing_is_on(client, halls, moment, said):
    with clock.set_to(moment):
        pages = [read(client, f"/en/conferences/fair/{path}") for path in ("", "programme/")]

    assert ['class="now-next"' in html for html in pages] == [said, said]


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize("status", ["cancelled", "postponed"])
def test_a_conference_that_does_not_take_place_is_never_on(client, halls, status):
    type(halls).objects.update(status=status)

    assert 'class="now-next"' not in read(client, "/en/conferences/fair/")


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize("name", ["Nowhere/At_All", "Asia", "", "../etc/passwd"])
def test_a_time_zone_that_does_not_exist_is_read_as_that_of_the_portal(client, halls, name):
    type(halls).objects.update(timezone=name)

    said = words(read(client, "/en/conferences/fair/programme/"))

    assert "On now Talk" in said
    assert "(Asia/Shanghai)" in said


@pytest.mark.usefixtures("now")
def test_what_is_on_is_found_behind_the_beginning_that_the_conference_page_shows(
    client, halls, django_assert_max_num_queries
):
    for number in range(30):
        session(conference=halls, slug=f"early-{number}", day=FIRST, starts_at=time(8), ends_at=time(8, 30))

    read(client, "/en/conferences/fair/")  # the foot of the page asks once a minute

    with django_assert_max_num_queries(12):
        html = read(client, "/en/conferences/fair/")

    assert ("On now Talk" in words(html), 'href="/en/conferences/fair/programme/">Whole programme' in html) == (
        True,
        True,
    )
    assert html.count('class="programme-item"') == 14


def test_the_conference_page_shows_the_programme_without_stars(client, halls):
    html = read(client, "/en/conferences/fair/")

    assert (html.count('class="programme-item"'), 'name="s"' in html) == (4, False)


def test_the_days_and_the_place_stand_above_the_programme_for_the_handout(client, halls):
    english = words(read(client, "/en/conferences/fair/programme/"))
    with translation.override("zh-hans"):
        chinese = words(read(client, "/zh-hans/conferences/fair/programme/"))

    assert "15 November 2024 – 16 November 2024 Glass Hall" in english
    assert "2024年11月15日 – 2024年11月16日 玻璃厅" in chinese


def test_a_printed_programme_says_where_and_when_it_comes_from(client, halls):
    with clock.set_to(datetime(2024, 11, 10, 12, 0, tzinfo=SHANGHAI)):
        said = words(read(client, "/en/conferences/fair/programme/"))

    assert "Printed from https://portal.example/en/conferences/fair/programme/ on 10 November 2024." in said
