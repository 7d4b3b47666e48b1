"""What the next edition of a conference takes over from this one: a plan to look at, and then its records as drafts.

Taken over is what an office decides again in the same shape: the frame of the conference, who organizes it, the
programme with its rooms and times. What was said, signed, shown or reported belongs to the old edition and stays there:
texts, pictures, totals, agreements, news, documents, recordings, and every citation, because the new facts have no
source yet.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from django.db import transaction

from events.models import Appearance, Conference, ConferenceRole, Session
from portal.fields import columns
from portal.history.entries import COPIED, REASON_LENGTH
from portal.partial_dates import PartialDate

ORGANIZING = {
    ConferenceRole.Role.GUIDED_BY,
    ConferenceRole.Role.HOST,
    ConferenceRole.Role.ORGANIZER,
    ConferenceRole.Role.CO_ORGANIZER,
}
OF_CONFERENCE = ["kind", "series", "timezone", "venue", *columns("place_note")]
OF_SESSION = [*columns("title"), "slug", "kind", *columns("room")]
A_YEAR = timedelta(weeks=52)  # ends on the same day of the week


# --- Suggestions ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choices:
    """What the editor decides about the next edition; `titles` by column."""

    titles: dict[str, str]
    slug: str
    starts_on: PartialDate
    with_appearances: bool = False


def suggested(conference) -> Choices:
    """A year later, on the same day of the week, under the same titles with the year of their own replaced."""
    start, year = _a_year_after(conference.starts_on), conference.starts_on.year
    titles = {name: _in_year(getattr(conference, name), year, start.year) for name in columns("title")}
    slug = _in_year(conference.slug, year, start.year)
    if slug == conference.slug:
        ending = f"-{start.year}"
        slug = slug[: Conference._meta.get_field("slug").max_length - len(ending)] + ending
    return Choices(titles, slug, start)


def _a_year_after(day) -> PartialDate:
    return PartialDate.from_date(day.earliest + A_YEAR) if day.is_exact else PartialDate(day.year + 1, day.month)


def _in_year(text, old, new) -> str:
    return text.replace(str(old), str(new))


# --- The plan ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PlannedSession:
    """A session of the next edition, not saved yet, beside the one it repeats and the appearances in it."""

    new: Session
    old: Session
    appearances: list[Appearance]

    @property
    def names_its_old_year(self) -> bool:
        year = str(self.old.conference.starts_on.year)
        return any(year in getattr(self.new, name) for name in columns("title"))


@dataclass(frozen=True)
class Plan:
    """The records of a next edition before they exist; `left_out` is how many sessions and roles are not repeated."""

    original: Conference
    conference: Conference
    roles: list[ConferenceRole]
    sessions: list[PlannedSession]
    appearances: list[Appearance]
    left_out_sessions: int
    left_out_roles: int

    @property
    def digest(self) -> str:
        """The same for two plans that would create the same records."""
        programme = [record for each in self.sessions for record in (each.new, *each.appearances)]
        records = [self.conference, *self.roles, *self.appearances, *programme]
        return sha256(repr([_stored(record) for record in records]).encode()).hexdigest()

    @property
    def loses_times(self) -> bool:
        return any(each.old.day and not each.new.day for each in self.sessions)

    @property
    def number_of_appearances(self) -> int:
        return len(self._all_appearances)

    @property
    def _all_appearances(self) -> list[Appearance]:
        return [*self.appearances, *(appearance for each in self.sessions for appearance in each.appearances)]

    def carry_out(self) -> Conference:
        """Saves everything, or nothing; all of it is a draft."""
        with transaction.atomic():
            for record in (self.conference, *self.roles, *(each.new for each in self.sessions), *self._all_appearances):
                record._change_reason = reason_of(self.original)
                record.save(force_insert=True)
        return self.conference


def reason_of(original) -> str:
    """What the histories of the copied records say."""
    return (COPIED % original)[:REASON_LENGTH]


def _stored(record) -> list[tuple[str, str]]:
    return [(field.attname, field.value_to_string(record)) for field in record._meta.concrete_fields]


def plan_of(original, choices) -> Plan:
    """What a next edition of `original` would hold, in five queries."""
    conference = _edition(original, choices)
    sessions = list(original.sessions.standing().in_programme_order())
    repeated = [session for session in sessions if not session.is_cancelled]
    roles = list(original.roles.with_organization())
    kept_roles = [role for role in roles if role.role in ORGANIZING]
    people = list(Appearance.objects.for_conference(original).with_speaker()) if choices.with_appearances else []
    planned = [
        _session(old, conference, position, [each for each in people if each.session_id == old.pk])
        for position, old in enumerate(repeated, start=1)
    ]
    return Plan(
        original=original,
        conference=conference,
        roles=[_role(role, conference) for role in kept_roles],
        sessions=planned,
        appearances=[_appearance(each, conference=conference) for each in people if each.session_id is None],
        left_out_sessions=original.sessions.count() - len(repeated),
        left_out_roles=len(roles) - len(kept_roles),
    )


def _edition(original, choices) -> Conference:
    conference = Conference(
        **{name: getattr(original, name) for name in OF_CONFERENCE},
        **choices.titles,
        slug=choices.slug,
        edition=original.edition and original.edition + 1,
        starts_on=choices.starts_on,
    )
    if original.ends_on and (last := _moved(original, conference, original.ends_on)):
        conference.ends_on = PartialDate.from_date(last)
    return conference


def _moved(original, conference, day) -> date | None:
    """The day of the new edition that `day` of the original becomes; None where one of the days is not known."""
    dates = (original.starts_on, conference.starts_on, day)
    if not all(getattr(each, "is_exact", True) for each in dates):
        return None
    day = getattr(day, "earliest", day)
    try:
        return conference.starts_on.earliest + (day - original.starts_on.earliest)
    except OverflowError:  # the year 9999
        return None


def _session(old, conference, position, people) -> PlannedSession:
    """`old` again: its place in the programme is kept by `position` where the new day is not known."""
    day = _moved(old.conference, conference, old.day) if old.day else None
    times = {"day": day, "starts_at": old.starts_at, "ends_at": old.ends_at} if day else {}
    repeated = {name: getattr(old, name) for name in OF_SESSION}
    new = Session(conference=conference, position=position, **repeated, **times)
    return PlannedSession(new, old, [_appearance(each, session=new) for each in people])


def _role(old, conference) -> ConferenceRole:
    return ConferenceRole(conference=conference, organization=old.organization, role=old.role, position=old.position)


def _appearance(old, **stage) -> Appearance:
    """The same person in the same role. Post and organization are those of that day, and how they come is not known."""
    mode = Appearance.Mode.NOT_STATED
    return Appearance(speaker=old.speaker, role=old.role, mode=mode, position=old.position, **stage)
