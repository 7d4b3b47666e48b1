"""A visitor's own programme. Nothing of it is stored: the choice is the `s` parameters of an address, so that it needs
no account and can be bookmarked, shared and printed."""

from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True)
class Clash:
    """Two chosen sessions of one day of which `later` begins before `earlier` is over."""

    earlier: object
    later: object


@dataclass(frozen=True)
class Agenda:
    """The chosen `sessions` in programme order; `missing` is how many others were chosen and are not public."""

    sessions: list
    missing: int

    @property
    def slugs(self) -> list[str]:
        return [session.slug for session in self.sessions]

    @property
    def query(self) -> str:
        """The choice as part of an address."""
        return urlencode([("s", slug) for slug in self.slugs])

    @property
    def without_day(self) -> int:
        """How many of the sessions no calendar can show."""
        return sum(session.day is None for session in self.sessions)

    @property
    def clashes(self) -> list[Clash]:
        return clashes_of(self.sessions)


def agenda_of(conference, slugs) -> Agenda:
    """What a visitor chose of a conference; `slugs` are as they came from outside."""
    chosen = {slug for slug in slugs if slug}
    sessions = list(conference.sessions.published().named(chosen).in_programme_order().with_changed_at())
    return Agenda(sessions, missing=len(chosen) - len(sessions))


def clashes_of(sessions) -> list[Clash]:
    """Each session that begins while another is on, once, beside the one that keeps its visitor longest.

    Only published times count: a session without an end clashes where it begins and no further. Cancelled sessions
    clash with nothing.
    """
    timed = [session for session in sessions if session.starts_at and not session.is_cancelled]
    clashes, longest = [], None
    for session in sorted(timed, key=lambda session: (session.day, session.starts_at)):
        if longest and longest.day != session.day:
            longest = None
        if longest and (session.starts_at < _end(longest) or session.starts_at == longest.starts_at):
            clashes.append(Clash(longest, session))
        if longest is None or _end(session) >= _end(longest):
            longest = session
    return clashes


def _end(session):
    return session.ends_at or session.starts_at
