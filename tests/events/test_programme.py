from datetime import date, time

from events.models import Session
from events.programme import programme_of

FIRST, SECOND = date(2024, 11, 15), date(2024, 11, 16)


def test_a_programme_is_read_by_day_and_ends_with_what_has_none():
    opening, talk, panel, dinner = Session(day=FIRST), Session(day=FIRST), Session(day=SECOND), Session()

    days = programme_of([opening, talk, panel, dinner]).days

    assert [day.date for day in days] == [FIRST, SECOND, None]
    assert [list(map(id, day.sessions)) for day in days] == [[id(opening), id(talk)], [id(panel)], [id(dinner)]]


def test_a_programme_without_sessions_has_no_days():
    assert programme_of([]).days == []


def test_a_programme_has_times_once_one_session_has_one():
    untimed, timed = Session(day=FIRST), Session(day=SECOND, starts_at=time(9))

    assert [programme_of(sessions).has_times for sessions in ([untimed], [untimed, timed])] == [False, True]
