from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.working_days import end_of_working_day, is_working_day, working_days_between

FRIDAY = date(2024, 11, 15)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("days", "number"), [(0, 0), (1, 0), (2, 0), (3, 1), (4, 2), (7, 5), (9, 5), (10, 6), (14, 10), (28, 20)]
)
def test_a_weekend_is_not_counted(days, number):
    assert working_days_between(FRIDAY, FRIDAY + timedelta(days=days)) == number


def test_from_a_sunday_the_next_day_is_the_first():
    assert working_days_between(date(2024, 11, 17), date(2024, 11, 18)) == 1


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 800))
def test_counting_in_weeks_is_counting_day_by_day(start, days):
    each = [start + timedelta(days=n + 1) for n in range(days)]

    assert working_days_between(start, start + timedelta(days=days)) == sum(map(is_working_day, each))


@pytest.mark.parametrize(
    ("moment", "days", "day"),
    [
        (datetime(2024, 11, 15, 12, tzinfo=SHANGHAI), 1, date(2024, 11, 18)),
        (datetime(2024, 11, 15, 12, tzinfo=SHANGHAI), 5, date(2024, 11, 22)),
        (datetime(2024, 11, 16, 12, tzinfo=SHANGHAI), 5, date(2024, 11, 22)),
        (datetime(2024, 11, 17, 17, tzinfo=ZoneInfo("UTC")), 1, date(2024, 11, 19)),  # Monday in Shanghai
    ],
)
def test_a_deadline_is_the_end_of_a_working_day_of_the_portal(moment, days, day):
    end = end_of_working_day(moment, days)

    assert end == datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=SHANGHAI)
