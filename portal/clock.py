"""The portal's clock. Everything that asks "what is public, past or due?" asks here, so that a test, or a preview of
a future moment, can set the time for the code it runs."""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo

from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    """The present moment, aware, in whole seconds (fractions make an invalid `<time datetime>`)."""
    return (_moment.get() or timezone.now()).replace(microsecond=0)


def today() -> date:
    """The present day in the portal's time zone."""
    return timezone.localdate(now())


def zone(name) -> tzinfo:
    """The time zone of that name; the portal's own where none has it."""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # unknown; the name of a folder of zones; no name at all
        return timezone.get_default_timezone()


def months_before(day: date, months: int) -> date:
    """The same day `months` earlier, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


@contextmanager
def set_to(moment: datetime):
    """Run the block as if it were `moment`."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
