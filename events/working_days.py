"""Counting in working days: Monday to Friday in the portal's time zone. Public holidays are not known here, and the
days that China works to make up for them are not either; whoever is told a number of working days is told that too."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

SATURDAY = 5


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY


def working_days_between(start: date, end: date) -> int:
    """The working days after `start`, up to `end` and including it; 0 on the same day, and over a weekend."""
    weeks, rest = divmod((end - start).days, 7)
    return 5 * weeks + sum(is_working_day(start + timedelta(days=n + 1)) for n in range(rest))


def end_of_working_day(moment: datetime, days: int) -> datetime:
    """The last second of the working day that is `days` working days after `moment`; `days` is at least 1."""
    day = timezone.localdate(moment)
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))
