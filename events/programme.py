"""The programme of a conference as people read it: by day."""

from dataclasses import dataclass, field
from datetime import date


@dataclass
class Day:
    """One day of a programme; `date` is None for the sessions whose day was not published."""

    date: date | None
    sessions: list = field(default_factory=list)


@dataclass(frozen=True)
class Programme:
    days: list[Day]

    @property
    def has_times(self) -> bool:
        return any(session.starts_at for day in self.days for session in day.sessions)


def programme_of(sessions) -> Programme:
    """`sessions` in programme order, grouped by day; those without a day come last."""
    days: dict[date | None, Day] = {}
    for session in sessions:
        days.setdefault(session.day, Day(session.day)).sessions.append(session)
    return Programme(list(days.values()))
