"""What changed in a programme since visitors could see it, told from the histories of its sessions.

A history knows every save, and most of them are nobody's business: drafts, saves before the conference was public,
sessions that are public no more. So each session is followed from one moment at which visitors saw it to the next, and
only what differed between two such moments is told: in the words of the page, and never who did it.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from events.models import Appearance, Session, Speaker
from portal import clock
from portal.fields import columns, text_in_active_language
from portal.history.changed import LONG_AGO
from portal.history.records import history_of

PUBLISHING = timedelta(hours=1)  # what appears within it after the first session was published together with it


@dataclass(frozen=True)
class ProgrammeChange:
    """One thing about a session that is different since `date`."""

    date: datetime
    session: Session
    kind: str  # added, cancelled, back, moved, room, renamed, joined, left
    sentence: str
    person: int = 0  # the key of who joined or left

    @property
    def day(self) -> date:
        """The day on which it changed, where the conference takes place."""
        return self.date.astimezone(self.session.conference.zone).date()

    @property
    def uid(self) -> str:
        """The same for the same change, whenever it is told."""
        about = f"/{self.person}" if self.person else ""
        return f"{self.session.uid}/{self.kind}{about}/{round(self.date.timestamp())}"


@dataclass(frozen=True)
class _Seen:
    """What visitors saw of a session from the moment `since` to the moment `until`; None for what they see now."""

    since: datetime
    until: datetime | None
    row: object

    @property
    def title(self) -> str:
        return text_in_active_language(getattr(self.row, column) for column in columns("title"))

    @property
    def room(self) -> str:
        return text_in_active_language(getattr(self.row, column) for column in columns("room"))

    @property
    def is_cancelled(self) -> bool:
        return self.row.status == Session.Status.CANCELLED

    @property
    def times(self) -> tuple:
        return self.row.day, self.row.starts_at, self.row.ends_at

    @property
    def when(self) -> str:
        """“20 May 2027, 09:00–10:30”, as far as it is known; empty without a day."""
        day, starts_at, ends_at = self.times
        if day is None:
            return ""
        if starts_at is None:
            return date_format(day)
        hours = "–".join(time_format(moment, "H:i") for moment in (starts_at, ends_at) if moment)
        return pgettext("day, hours", "%(day)s, %(hours)s") % {"day": date_format(day), "hours": hours}


def changes_of(conference) -> list[ProgrammeChange]:
    """The changes of the public sessions of `conference`, newest first; at most eight queries."""
    sessions = {session.pk: session for session in conference.sessions.published().select_related("conference")}
    if not sessions:
        return []
    public_since = _public_since(conference)
    histories = _rows_by_record(Session, id__in=list(sessions))
    seen = {key: _seen(rows, conference, public_since) for key, rows in histories.items()}
    seen = {key: states for key, states in seen.items() if states}
    if not seen:
        return []
    began = min(states[0].since for states in seen.values())
    changes = []
    for key, states in seen.items():
        session, is_known_from_the_start = sessions[key], histories[key][0].history_type == "+"
        if is_known_from_the_start and states[0].since > began + PUBLISHING:
            changes.append(ProgrammeChange(states[0].since, session, "added", _("New in the programme.")))
        for before, after in pairwise(states):
            changes += [ProgrammeChange(after.since, session, *told) for told in _differences(before, after)]
    changes += _changes_on_stage(sessions, seen)
    return sorted(changes, key=lambda change: (change.date, change.session.pk, change.kind), reverse=True)


_TOLD = {
    Session: [
        "published_at",
        "conference_id",
        "day",
        "starts_at",
        "ends_at",
        "status",
        *columns("title"),
        *columns("room"),
    ],
    Appearance: ["session_id", "speaker_id"],
}


# --- What visitors saw ------------------------------------------------------------------------------------------------


def _rows_by_record(model, **those) -> dict[int, list]:
    """The historical rows of `model`, by record, the oldest first, with what is told of them; one query."""
    found = history_of(model)._base_manager.filter(**those).order_by("history_date", "history_id")
    rows = defaultdict(list)
    for row in found.values_list("id", "history_date", "history_type", *_TOLD.get(model, ["published_at"]), named=True):
        rows[row.id].append(row)
    return rows


def _public_since(conference) -> datetime:
    """Since when visitors can see the conference without a break; what it was like before is told to nobody."""
    above = [record for record in (conference, conference.series) if record]
    return max(_since_of(record, _rows_by_record(type(record), id=record.pk)[record.pk]) for record in above)


def _since_of(record, rows) -> datetime:
    """The beginning of the present, unbroken time in which `record` is public."""
    since = record.published_at or LONG_AGO
    replaced = clock.now()
    for row in reversed(rows):
        begin = _appears(row)
        if begin is None or begin > max(replaced, row.history_date):
            break
        since, replaced = begin, row.history_date
    return since


def _appears(row) -> datetime | None:
    """When what `row` says could be seen first, if nothing replaced it before."""
    if row.history_type == "-" or row.published_at is None:
        return None
    return max(row.history_date, row.published_at)


def _seen(rows, conference, public_since) -> list[_Seen]:
    """The states of a session that visitors saw, one after the other: not those that were replaced before they, or the
    conference, became public."""
    states = []
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        begin = _appears(row)
        if begin is None or row.conference_id != conference.pk:
            continue
        begin = max(begin, public_since)
        if following is None or begin < following.history_date:
            states.append(_Seen(begin, following and following.history_date, row))
    return states


def _differences(before, after):
    """The kinds and sentences of what a visitor has to know of."""
    if before.is_cancelled != after.is_cancelled:
        yield ("cancelled", _("Cancelled.")) if after.is_cancelled else ("back", _("Takes place after all."))
    if before.times != after.times:
        yield "moved", _change_of_time(before, after)
    if before.room != after.room:
        yield "room", _change_of_room(before.room, after.room)
    if before.title != after.title:
        yield "renamed", _("Called “%(before)s” before.") % {"before": before.title}


def _change_of_time(before, after) -> str:
    day, starts_at, _ends_at = before.times
    if day is None or (starts_at is None and day == after.times[0]):
        return _("Now known: %(after)s.") % {"after": after.when}
    if not after.when:
        return _("No longer on %(before)s; the new day is not published.") % {"before": before.when}
    return _("Moved from %(before)s to %(after)s.") % {"before": before.when, "after": after.when}


def _change_of_room(before, after) -> str:
    if not before:
        return _("Room: %(after)s.") % {"after": after}
    if not after:
        return _("No longer in %(before)s; the new room is not published.") % {"before": before}
    return _("Moved from %(before)s to %(after)s.") % {"before": before, "after": after}


# --- On stage ---------------------------------------------------------------------------------------------------------


def _changes_on_stage(sessions, seen) -> list[ProgrammeChange]:
    """Who came to a session or left it after visitors first saw it; of people who are public today alone."""
    ever_here = history_of(Appearance)._base_manager.filter(session_id__in=list(seen)).order_by().values("id")
    histories = _rows_by_record(Appearance, id__in=ever_here)
    keys = {row.speaker_id for rows in histories.values() for row in rows}
    speakers = {speaker.pk: speaker for speaker in Speaker.objects.published().filter(pk__in=keys)}
    rows_of_speakers = _rows_by_record(Speaker, id__in=list(speakers))
    presences = defaultdict(list)
    for rows in histories.values():
        for session, speaker, begin, end in _presences(rows):
            if session in seen and speaker in speakers:
                presences[session, speaker].append((begin, end))
    changes = []
    for (session, key), spans in presences.items():
        speaker = speakers[key]
        public_since = _since_of(speaker, rows_of_speakers[key])
        for moment, kind, words in _comings_and_goings(spans, seen[session], public_since):
            changes.append(ProgrammeChange(moment, sessions[session], kind, words % {"name": speaker.name}, key))
    return changes


def _presences(rows):
    """From when to when one appearance put which person on which stage; since ever, where its making was not kept."""
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        if row.history_type != "-":
            begin = LONG_AGO if row is rows[0] and row.history_type == "~" else row.history_date
            yield row.session_id, row.speaker_id, begin, following and following.history_date


def _comings_and_goings(spans, states, public_since):
    """When visitors first saw a person in a session that they had seen without, and first saw it without them again;
    `spans` are the times in which the person belonged to it, `states` what visitors saw of it."""
    shown = [_shown(begin, end, state, public_since) for begin, end in spans for state in states]
    shown = [begin for begin in shown if begin]
    if not shown:
        return
    if min(shown) > max(states[0].since, public_since) + PUBLISHING:
        yield min(shown), "joined", _("%(name)s joins the speakers.")
    if all(end for _begin, end in spans):
        left = max(end for _begin, end in spans)
        yield max(left, _next(left, states)), "left", _("%(name)s is no longer among the speakers.")


def _shown(begin, end, state, public_since) -> datetime | None:
    """When visitors first saw the person in `state`; None where they never did."""
    first = max(begin, state.since, public_since)
    over = [moment for moment in (end, state.until) if moment]
    return first if not over or first < min(over) else None


def _next(moment, states) -> datetime:
    """The beginning of what visitors saw at `moment`, or else of what they saw next."""
    return next(state.since for state in states if state.until is None or state.until > moment)
