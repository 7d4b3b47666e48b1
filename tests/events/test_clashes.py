"""What in a programme can hardly be meant so (`events/clashes.py`): warnings for the editor."""

from datetime import date, time

import pytest

from events.clashes import Kind, clashes_around, clashes_in
from events.models import Appearance, Session
from tests.factories import appearance, conference, session, speaker

pytestmark = pytest.mark.django_db

FIRST, SECOND = date(2024, 11, 15), date(2024, 11, 16)


@pytest.fixture
def fair():
    return conference(starts_on="2024-11-15", ends_on="2024-11-16")


def held(fair, title, starts_at=None, ends_at=None, day=FIRST, **values):
    """A session of the fair; times are hours."""
    times = {"starts_at": starts_at and time(starts_at), "ends_at": ends_at and time(ends_at)}
    return session(conference=fair, title_en=title, title_zh_hans="", day=day, **times, **values)


def found(fair):
    """Each clash as the title, the kind and the title of the other."""
    sessions = list(fair.sessions.in_programme_order())
    clashes = clashes_in(sessions, Appearance.objects.for_conference(fair).with_speaker())
    return [(str(each.session), each.kind, str(each.other or "")) for each in clashes]


def test_a_programme_in_order_has_no_clashes(fair):
    held(fair, "Opening", 9, 10, room_en="Hall A")
    held(fair, "Talk", 10, 11, room_en="Hall A")
    held(fair, "Forum", 10, 11, room_en="Hall B")
    held(fair, "Dinner", 9, 10, day=SECOND, room_en="Hall A")

    assert found(fair) == []


@pytest.mark.parametrize(
    ("talk", "forum"),
    [
        ({"room_en": "Hall A"}, {"room_en": " hall  a "}),
        ({"room_en": "Hall A", "room_zh_hans": "A厅"}, {"room_zh_hans": "A厅"}),
        ({"room_en": "Hall A", "room_zh_hans": "A厅"}, {"room_en": "Hall A", "room_zh_hans": "A厅"}),
    ],
)
def test_two_sessions_in_one_room_at_a_time_are_told_on_both_sides_once(fair, talk, forum):
    held(fair, "Talk", 9, 11, **talk)
    held(fair, "Forum", 10, 12, **forum)

    assert found(fair) == [("Talk", Kind.ROOM, "Forum"), ("Forum", Kind.ROOM, "Talk")]


def test_sessions_without_a_room_share_none(fair):
    held(fair, "Talk", 9, 11)
    held(fair, "Forum", 10, 12)

    assert found(fair) == []


def test_a_session_whose_end_is_not_known_clashes_where_it_begins_and_no_further(fair):
    held(fair, "Talk", 9, room_en="Hall A")
    held(fair, "Forum", 9, room_en="Hall A")
    held(fair, "Signing", 10, room_en="Hall A")

    assert found(fair) == [("Talk", Kind.ROOM, "Forum"), ("Forum", Kind.ROOM, "Talk")]


def test_a_speaker_is_in_one_place_at_a_time(fair):
    person = speaker(name_en="Anna Rossi")
    talk, forum = held(fair, "Talk", 9, 11), held(fair, "Forum", 10, 12)
    appearance(speaker=person, session=talk)
    appearance(speaker=person, session=forum)
    appearance(speaker=person, session=forum, role="moderator")

    assert found(fair) == [("Talk", Kind.SPEAKER, "Forum"), ("Forum", Kind.SPEAKER, "Talk")]
    assert clashes_around(talk) == ["Anna Rossi is also in “Forum” (10:00–12:00)."]


def test_a_video_message_keeps_nobody_from_being_elsewhere(fair):
    person = speaker()
    appearance(speaker=person, session=held(fair, "Talk", 9, 11))
    appearance(speaker=person, session=held(fair, "Opening", 9, 10), mode="video_message")

    assert found(fair) == []


def test_a_session_on_another_day_than_its_conference_is_told(fair):
    outside = held(fair, "Tour", day=date(2024, 11, 17))

    assert found(fair) == [("Tour", Kind.OUTSIDE, "")]
    assert clashes_around(outside) == [
        "The conference is on 15 November 2024 – 16 November 2024, this session on another day."
    ]


@pytest.mark.parametrize(("day", "kinds"), [(date(2024, 11, 30), []), (date(2024, 12, 1), [Kind.OUTSIDE])])
def test_a_conference_known_to_the_month_takes_the_whole_month(day, kinds):
    fair = conference(starts_on="2024-11")
    held(fair, "Tour", day=day)

    assert [kind for _title, kind, _other in found(fair)] == kinds


def test_the_same_title_at_the_same_time_is_told(fair):
    held(fair, "Forum", 9)
    held(fair, "forum ", 9)
    held(fair, "Forum", 10)
    held(fair, "Forum", day=SECOND)

    assert found(fair) == [("Forum", Kind.TITLE, "forum "), ("forum ", Kind.TITLE, "Forum")]


def test_a_session_without_time_on_a_day_with_times_is_told(fair):
    held(fair, "Opening", 9)
    held(fair, "Poster")
    held(fair, "Tour", day=SECOND)

    assert found(fair) == [("Poster", Kind.UNTIMED, "")]


def test_a_cancelled_session_clashes_with_nothing(fair):
    person = speaker()
    for title, status in (("Talk", Session.Status.CANCELLED), ("Forum", Session.Status.CONFIRMED)):
        stage = held(fair, title, 9, 11, room_en="Hall A", status=status)
        appearance(speaker=person, session=stage)
    held(fair, "Tour", day=date(2024, 11, 17), status=Session.Status.CANCELLED)

    assert found(fair) == []


def test_clashes_take_as_many_queries_for_thirty_sessions_as_for_two(fair, django_assert_num_queries):
    for number in range(30):
        stage = held(fair, f"Talk {number}", 9, 11, room_en="Hall A")
        appearance(session=stage)

    with django_assert_num_queries(2):
        assert len(clashes_around(stage)) == 1
