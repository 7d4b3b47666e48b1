"""Moving sessions in time (`events/shifting.py`): all that were chosen, as far as the day allows."""

from datetime import date, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from events.models import Session
from events.shifting import CannotMove, move, with_later
from tests.factories import conference, session

DAY = date(2024, 11, 15)


def talk(starts_at=None, ends_at=None, day=DAY):
    return Session(title_en="Talk", day=day, starts_at=starts_at, ends_at=ends_at)


def times(planned):
    return (planned.day, planned.starts_at, planned.ends_at)


@pytest.mark.parametrize(
    ("before", "minutes", "days", "after"),
    [
        (talk(time(9), time(10)), 15, 0, (DAY, time(9, 15), time(10, 15))),
        (talk(time(9), time(10)), -60, 0, (DAY, time(8), time(9))),
        (talk(time(9)), 30, 1, (date(2024, 11, 16), time(9, 30), None)),
        (talk(time(0)), 1439, 0, (DAY, time(23, 59), None)),
        (talk(), 0, -15, (date(2024, 10, 31), None, None)),
    ],
)
def test_a_session_is_moved(before, minutes, days, after):
    assert times(move(before, minutes, days)) == after


@pytest.mark.parametrize(
    ("before", "minutes", "days", "reason"),
    [
        (talk(time(23, 30)), 30, 0, "“Talk” would pass midnight."),
        (talk(time(9), time(23, 30)), 30, 0, "“Talk” would pass midnight."),
        (talk(time(0, 10)), -15, 0, "“Talk” would pass midnight."),
        (talk(), 15, 0, "“Talk” has no time."),
        (talk(day=None), 0, 1, "“Talk” has no day."),
        (talk(day=date(9999, 12, 31)), 0, 1, "“Talk” would leave the calendar."),
    ],
)
def test_what_cannot_be_moved_says_why(before, minutes, days, reason):
    with pytest.raises(CannotMove, match=reason):
        move(before, minutes, days)


@given(begin=st.times(), length=st.integers(1, 1439), minutes=st.integers(-1440, 1440), days=st.integers(-400, 400))
def test_moving_back_gives_the_times_before(begin, length, minutes, days):
    begin = begin.replace(second=0, microsecond=0)
    try:
        end = move(talk(begin), length, 0).starts_at
        moved = move(talk(begin, end), minutes, days)
    except CannotMove:
        assume(False)

    back = move(talk(moved.starts_at, moved.ends_at, moved.day), -minutes, -days)

    assert times(back) == (DAY, begin, end)
    assert moved.day - DAY == timedelta(days=days)


@pytest.mark.django_db
def test_what_follows_is_later_on_the_same_day_of_the_same_conference():
    fair = conference()
    first, second, third = (session(conference=fair, day=DAY, starts_at=time(hour)) for hour in (9, 10, 11))
    untimed = session(conference=fair, day=DAY)
    other_day = session(conference=fair, day=date(2024, 11, 16), starts_at=time(12))
    elsewhere = session(day=DAY, starts_at=time(12))
    programme = [first, second, third, untimed, other_day, elsewhere]

    assert with_later([second], programme) == [second, third]
    assert with_later([second, other_day], programme) == [second, third, other_day]
    assert with_later([untimed], programme) == [untimed]


@pytest.mark.django_db
def test_a_move_raises_the_revision_and_tells_the_history_why():
    stage = session(day=DAY, starts_at=time(9))

    move(stage, 15, 0).carry_out("Shifted: +15 minutes")

    stored = Session.objects.get()
    assert (stored.starts_at, stored.revision) == (time(9, 15), 1)
    assert stored.history.first().history_change_reason == "Shifted: +15 minutes"
