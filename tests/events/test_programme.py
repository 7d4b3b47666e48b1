"""The programme of a conference as people read it (`events/programme.py`)."""

from datetime import date, time

from events.models import Appearance, Session
from events.programme import programme_of

FIRST, SECOND = date(2024, 11, 15), date(2024, 11, 16)


def test_a_programme_is_read_by_day_and_ends_with_what_has_none():
    opening, talk, panel, dinner = Session(day=FIRST), Session(day=FIRST), Session(day=SECOND), Session()

    days = programme_of([opening, talk, panel, dinner], []).days

    assert [day.date for day in days] == [FIRST, SECOND, None]
    assert [[item.session for item in day.items] for day in days] == [[opening, talk], [panel], [dinner]]


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


def test_a_programme_has_times_once_one_session_has_one():
    untimed, timed = Session(day=FIRST), Session(day=SECOND, starts_at=time(9))

    assert [programme_of(sessions, []).has_times for sessions in ([untimed], [untimed, timed])] == [False, True]
