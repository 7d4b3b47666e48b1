"""Moving sessions in time: by minutes, to another day, one alone or all that follow."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Move:
    """When a session is to be, beside when it is."""

    session: object
    day: date | None
    starts_at: time | None
    ends_at: time | None

    def carry_out(self, reason):
        """Saves the session at its new time; its history gives the `reason`, its revision rises."""
        self.session.day, self.session.starts_at, self.session.ends_at = self.day, self.starts_at, self.ends_at
        self.session._change_reason = reason
        self.session.save()


class CannotMove(ValueError):  # noqa: N818 (reads as a sentence where it is raised)
    """A session that cannot be shifted; the sentence says why."""


def with_later(chosen, programme) -> list:
    """The sessions of `programme` that were chosen, and those that begin after one of them on the same day."""
    first = {}
    for session in chosen:
        if session.starts_at:
            key = (session.conference_id, session.day)
            first[key] = min(session.starts_at, first.get(key, session.starts_at))
    chosen = set(chosen)
    return [session for session in programme if session in chosen or _follows(session, first)]


def _follows(session, first) -> bool:
    begin = first.get((session.conference_id, session.day))
    return bool(begin and session.starts_at and session.starts_at >= begin)


def move(session, minutes, days) -> Move:
    """`session` as it would be `minutes` and `days` later (or earlier, below zero); CannotMove where that leads over
    midnight, or where there is no time or day to move."""
    if minutes and session.starts_at is None:
        raise CannotMove(_("“%s” has no time.") % session)
    if days and session.day is None:
        raise CannotMove(_("“%s” has no day.") % session)
    try:
        day = session.day and session.day + timedelta(days=days)
    except OverflowError:
        raise CannotMove(_("“%s” would leave the calendar.") % session) from None
    times = [moment and _later(moment, minutes) for moment in (session.starts_at, session.ends_at)]
    if None in [new for new, old in zip(times, (session.starts_at, session.ends_at), strict=True) if old]:
        raise CannotMove(_("“%s” would pass midnight.") % session)
    return Move(session, day, *times)


def _later(moment, minutes) -> time | None:
    """The time `minutes` after `moment` on the same day; None where it would be another day."""
    anchor = date(2000, 1, 2)
    moved = datetime.combine(anchor, moment) + timedelta(minutes=minutes)
    return moved.time() if moved.date() == anchor else None
