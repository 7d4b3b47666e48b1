from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from portal import clock


def test_the_present_is_aware_and_in_whole_seconds():
    before = timezone.now() - timedelta(seconds=1)

    moment = clock.now()

    assert (moment.microsecond, moment.utcoffset()) == (0, timedelta(0))
    assert before < moment <= timezone.now()


def test_the_clock_can_be_set_for_a_block():
    moment = datetime(2024, 11, 15, 4, 30, tzinfo=UTC)

    with clock.set_to(moment):
        inside = clock.now()

    assert inside == moment
    assert clock.now() > moment


def test_a_set_moment_loses_its_fraction_of_a_second():
    with clock.set_to(datetime(2024, 11, 15, 4, 30, 7, 999999, tzinfo=UTC)):
        moment = clock.now()

    assert moment == datetime(2024, 11, 15, 4, 30, 7, tzinfo=UTC)


def test_settings_of_the_clock_nest():
    outer, inner = datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)

    with clock.set_to(outer):
        with clock.set_to(inner):
            seen = [clock.now()]
        seen.append(clock.now())

    assert seen == [inner, outer]


def test_the_clock_goes_on_after_an_error():
    moment = datetime(2024, 1, 1, tzinfo=UTC)

    with pytest.raises(LookupError), clock.set_to(moment):
        raise LookupError

    assert clock.now() > moment


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2024, 11, 14, 15, 59, 59, tzinfo=UTC), date(2024, 11, 14)),
        (datetime(2024, 11, 14, 16, 0, 0, tzinfo=UTC), date(2024, 11, 15)),
    ],
)
def test_the_day_begins_at_midnight_in_the_time_zone_of_the_portal(moment, day):
    with clock.set_to(moment):
        today = clock.today()

    assert today == day


def test_a_time_zone_is_found_by_its_name():
    assert clock.zone("Europe/Oslo") == ZoneInfo("Europe/Oslo")


@pytest.mark.parametrize("name", ["Nowhere/At_All", "Asia", "", "../UTC", "a\x00b", "x" * 40])
def test_a_time_zone_that_does_not_exist_is_that_of_the_portal(name):
    assert clock.zone(name) == ZoneInfo("Asia/Shanghai")
