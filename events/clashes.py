"""What in a programme can hardly be meant so, for the editor's eyes: a warning beside the session, never a block, and
nothing is hidden for it. What a visitor chose is held against itself by `events.agenda`."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events.agenda import clashes_of
from events.models import Appearance
from portal.fields import columns


class Kind(Enum):
    OUTSIDE = _("The conference is on %(dates)s, this session on another day.")
    UNTIMED = _("It has no time, while others on its day have one: all without a time stand after them.")
    ROOM = _("“%(other)s” (%(times)s) is in the same room.")
    SPEAKER = _("%(who)s is also in “%(other)s” (%(times)s).")
    TITLE = _("“%(other)s” has the same title and begins at the same time.")


@dataclass(frozen=True)
class Clash:
    """Why `session` deserves another look: because of its day, or because of the `other` session."""

    session: object
    kind: Kind
    other: object = None
    who: object = None

    @property
    def sentence(self) -> str:
        sentence: Promise = self.kind.value
        return sentence % {
            "dates": self.session.conference.dates_in_words,
            "other": self.other,
            "times": times_of(self.other) if self.other else "",
            "who": self.who,
        }


def times_of(session) -> str:
    """11:00–12:00, or 11:00 where the end is not known; empty without a time."""
    return "–".join(f"{moment:%H:%M}" for moment in (session.starts_at, session.ends_at) if moment)


def clashes_in(sessions, appearances) -> list[Clash]:
    """What clashes among `sessions`, all of one conference, in their order; `appearances` say who is on stage.

    Only published times count: a session without an end clashes where it begins and no further. Cancelled sessions
    clash with nothing, and a video message keeps nobody from being elsewhere.
    """
    held = [session for session in sessions if not session.is_cancelled]
    found = [*_outside(held), *_untimed(held), *_same_room(held), *_same_speaker(held, appearances), *_same_title(held)]
    order = {session: number for number, session in enumerate(sessions)}
    return sorted(dict.fromkeys(found), key=lambda clash: order[clash.session])


def clashes_around(session) -> list[str]:
    """One sentence for each clash of `session` with the rest of its programme."""
    return [clash.sentence for clash in _clashes_at(session.conference) if clash.session == session]


def clashes_of_programme(conference) -> list[str]:
    """One sentence for all clashes in the programme of `conference`; none where there are none."""
    number = len({clash.session for clash in _clashes_at(conference)})
    sentence = ngettext(
        "%d session clashes with something: see “Edit the programme”.",
        "%d sessions clash with something: see “Edit the programme”.",
        number,
    )
    return [sentence % number] if number else []


def _clashes_at(conference) -> list[Clash]:
    sessions = list(conference.sessions.in_programme_order())
    return clashes_in(sessions, Appearance.objects.for_conference(conference).with_speaker())


def _outside(sessions) -> Iterator[Clash]:
    for session in sessions:
        conference = session.conference
        if session.day and not conference.starts_on.earliest <= session.day <= conference.last_day.latest:
            yield Clash(session, Kind.OUTSIDE)


def _untimed(sessions) -> Iterator[Clash]:
    """Said once for each day, of the first one: or it would drown the rest while a programme is being timed."""
    waiting = {session.day for session in sessions if session.starts_at}
    for session in sessions:
        if session.starts_at is None and session.day in waiting:
            waiting.remove(session.day)
            yield Clash(session, Kind.UNTIMED)


def _same_room(sessions) -> Iterator[Clash]:
    """In either language: one session may name its room in English only, another in both."""
    by_room = defaultdict(list)
    for session in sessions:
        for room in _texts(session, "room"):
            by_room[room].append(session)
    for together in by_room.values():
        yield from _overlaps(together, Kind.ROOM)


def _same_speaker(sessions, appearances) -> Iterator[Clash]:
    held = {session.pk: session for session in sessions}
    by_speaker = defaultdict(dict)
    for appearance in appearances:
        if appearance.session_id in held and appearance.mode != Appearance.Mode.VIDEO_MESSAGE:
            by_speaker[appearance.speaker][appearance.session_id] = held[appearance.session_id]
    for speaker, together in by_speaker.items():
        yield from _overlaps(together.values(), Kind.SPEAKER, speaker)


def _overlaps(sessions, kind, who=None) -> Iterator[Clash]:
    """Each overlap, as a warning to both sides."""
    for clash in clashes_of(sessions):
        yield Clash(clash.earlier, kind, clash.later, who)
        yield Clash(clash.later, kind, clash.earlier, who)


def _same_title(sessions) -> Iterator[Clash]:
    by_title = defaultdict(list)
    for session in sessions:
        for title in _texts(session, "title") if session.starts_at else ():
            by_title[session.day, session.starts_at, title].append(session)
    for first, *others in by_title.values():
        for other in others:
            yield Clash(first, Kind.TITLE, other)
            yield Clash(other, Kind.TITLE, first)


def _texts(session, name) -> set[tuple[str, str]]:
    """What `session` says in each language under `name`, without regard to capitals and stray spaces."""
    texts = ((column, " ".join(getattr(session, column).split()).casefold()) for column in columns(name))
    return {(column, text) for column, text in texts if text}
