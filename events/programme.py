"""The programme of a conference as people read it: by day, with who is on stage."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Item:
    """A session of the programme and the appearances in it."""

    session: object
    people: list


@dataclass
class Day:
    """One day of a programme; `date` is None for the sessions whose day was not published."""

    date: date | None
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True)
class Programme:
    days: list[Day]

    @property
    def has_times(self) -> bool:
        return any(item.session.starts_at for day in self.days for item in day.items)


def programme_of(sessions, appearances) -> Programme:
    """`sessions` in programme order, grouped by day; those without a day come last."""
    people = defaultdict(list)
    for appearance in appearances:
        people[appearance.session_id].append(appearance)
    days: dict[date | None, Day] = {}
    for session in sessions:
        days.setdefault(session.day, Day(session.day)).items.append(Item(session, people[session.pk]))
    return Programme(list(days.values()))
