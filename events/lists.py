"""The speakers, the news and the sessions of a programme as one sees them: filtered by links."""

from array import array
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from companies.models import Organization
from events.models import Announcement, Appearance, Conference, Session, Speaker
from events.programme import programme_of
from portal import clock
from portal.facets import Choice, FilteredList, is_year
from portal.fields import columns, text_in_active_language
from portal.filter_table import FilterTable, Rows
from portal.page_cache.kept import kept
from portal.prepared import by_key, prepared


def of_conference(column):
    """The column of the conference at which something was, whether it is named directly or through the session."""
    return Coalesce(f"session__conference__{column}", f"conference__{column}")


def _by_conference(rows):
    held = rows.exclude(conference=None, session=None)
    return held.values_list("pk", *map(of_conference, ("slug", *columns("title"))))


def _conferences():
    return Conference.objects.published()


def _organizations():
    return Organization.objects.published()


def _on_cards(speakers):
    return Speaker.objects.still_public(speakers).with_appearances()


def _in_news(announcements):
    return Announcement.objects.still_public(announcements).with_stage()


def _in_programme(sessions):
    return Session.objects.still_public(sessions).for_programme().select_related("conference")


class SpeakerList(FilteredList):
    """The people on public stages. What is filtered and counted are their appearances: who was a moderator in 2024 is
    somebody who was one then, not somebody who spoke then and was a moderator elsewhere."""

    NAMES = ("conference", "year", "role", "organization")
    view = "events:speakers"
    model = Speaker

    def __init__(self, parameters):
        self._records = {}  # by the name of the filter that they are chosen in
        super().__init__(parameters)

    @property
    def speakers(self):
        return Speaker.objects.published().in_appearances(self.rows)

    def find(self):
        everybody = Speaker.objects.published().in_appearances(self.matching({}))
        return (array("q", everybody.values_list("pk", flat=True)),)

    def filterable(self, keys):
        appearances = self.matching({}).order_by()
        rows = list(appearances.values_list("pk", "speaker_id", "role", of_conference("starts_on")))
        public = appearances.filter(organization__in=Organization.objects.published())
        said = {
            "conference": _by_conference(appearances),
            "year": ((pk, str(day)[:4]) for pk, _speaker, _role, day in rows if day),
            "role": ((pk, role) for pk, _speaker, role, _day in rows),
            "organization": public.values_list(
                "pk", "organization__slug", *(f"organization__{column}" for column in columns("name"))
            ),
        }
        return FilterTable(keys, said, parts=((pk, speaker) for pk, speaker, *_ in rows))

    def load(self, records):
        return prepared(_on_cards, records)

    def knows(self, name, value):
        if name in ("conference", "organization"):
            found = prepared(_conferences if name == "conference" else _organizations, slug=value)
            self._records[name] = found[0] if found else None
            return self._records[name] is not None
        return is_year(value) if name == "year" else value in Appearance.Role.values

    def headings(self):
        return {
            "role": _("Role"),
            "year": _("Year"),
            "conference": _("Conference"),
            "organization": _("Organization then"),
        }

    def label_of(self, name, value):
        if name == "role":
            return capfirst(Appearance.Role(value).label)
        return str(self._records.get(name) or value)

    def matching(self, on):
        found = Appearance.objects.published()
        if "conference" in on:
            found = found.for_conference(self._records["conference"])
        if "year" in on:
            found = found.in_year(on["year"])
        if "role" in on:
            found = found.in_role(on["role"])
        if "organization" in on:
            found = found.of_organization(self._records["organization"])
        return found


def _on_stage(appearances):
    return Appearance.objects.still_public(appearances).on_cards()


class PeopleAt(FilteredList):
    """Everybody on the stages of `conference`, without filters. A large one has thousands, of whom a page shows few."""

    NAMES = ()
    view = "events:conference_speakers"
    model = Appearance

    def __init__(self, conference):
        self.conference = conference
        super().__init__({}, slug=conference.slug)

    def find(self):
        return (array("q", self.matching({}).values_list("pk", flat=True)),)

    def load(self, records):
        return prepared(_on_stage, records)

    def matching(self, on):
        return Appearance.objects.published().for_conference(self.conference)


class NewsList(FilteredList):
    """What was announced."""

    NAMES = ("kind", "year", "conference")
    view = "events:news"
    model = Announcement

    @property
    def announcements(self):
        return self.rows

    def find(self):
        """The newest first; and until when each is pinned, which passes without any change."""
        rows = list(self.matching({}).newest_first().values_list("pk", "pinned_until"))
        return array("q", (pk for pk, _until in rows)), [until for _pk, until in rows]

    def filterable(self, keys, until):
        everything = self.matching({}).order_by()
        rows = list(everything.values_list("pk", "kind", "announced_on"))
        said = {
            "kind": ((pk, kind) for pk, kind, _day in rows),
            "year": ((pk, str(day)[:4]) for pk, _kind, day in rows),
            "conference": _by_conference(everything),
        }
        return FilterTable(keys, said)

    @cached_property
    def found(self):
        keys, until = self.everything
        pinned = [key for key, moment in zip(keys, until, strict=True) if moment and moment > clock.now()]
        return Rows(self.everything, self.marks, pinned)

    def load(self, records, until):
        return prepared(_in_news, records)

    def knows(self, name, value):
        if name == "conference":
            found = prepared(_conferences, slug=value)
            self._conference = found[0] if found else None
            return self._conference is not None
        return is_year(value) if name == "year" else value in Announcement.Kind.values

    def headings(self):
        return {"kind": _("Kind"), "year": _("Year"), "conference": _("Conference")}

    def label_of(self, name, value):
        if name == "kind":
            return capfirst(Announcement.Kind(value).label)
        return value if name == "year" else str(self._conference)

    def matching(self, on):
        found = Announcement.objects.published()
        if "kind" in on:
            found = found.of_kind(on["kind"])
        if "year" in on:
            found = found.in_year(on["year"])
        if "conference" in on:
            found = found.for_conference(self._conference)
        return found


MOST_AT_ONCE = 200  # sessions of a programme on one page
ON_A_PAGE = 100  # sessions of one that is longer


@dataclass(frozen=True)
class Outline:
    """What every page of a programme says of the whole: how many sessions it has, its days, whether it can be read by
    room, how many sessions take place at known times (`timed`), their `keys`, and what they can be filtered by."""

    size: int
    days: list
    has_rooms: bool
    timed: int
    keys: array
    table: FilterTable


class SessionList(FilteredList):
    """The sessions of one programme: `sessions`, loaded when they are asked for. They are filtered and counted without
    a query. A programme of more than `MOST_AT_ONCE` is read page by page (`view=whole` shows and prints all of it), and
    its counts are remembered. Of a list that leaves nothing to choose, no filter is offered."""

    NAMES = ("day", "kind", "room")
    view = "events:conference_programme"
    model = Session

    def __init__(self, parameters, sessions, slug):
        self.whole = sessions
        self.outline = kept(f"events.programme.outline:{slug}", self._outline)
        self.is_by_room = self.has_rooms and parameters.get("view") == "rooms"
        self.is_long = self.outline.size > MOST_AT_ONCE
        self.is_whole = self.is_long and parameters.get("view") == "whole"
        asked = set(parameters.getlist("s"))
        self.starred = [session.slug for session in sessions if session.slug in asked] if asked else []
        view = "rooms" if self.is_by_room else "whole" if self.is_whole else ""
        self.kept = [*([("view", view)] if view else []), *(("s", slug) for slug in self.starred)]
        super().__init__(parameters, slug=slug)

    def _outline(self):
        programme = programme_of(self.whole, [])
        days = [day.date for day in programme.days]
        timed = sum(bool(each.ends_at) and not each.is_cancelled for each in self.whole)
        said = {name: [(each.pk, *_said_of(each, name)) for each in self.whole] for name in self.NAMES}
        keys = array("q", (each.pk for each in self.whole))
        table = FilterTable(keys, {name: [row for row in rows if row[1]] for name, rows in said.items()})
        return Outline(len(keys), days, programme.has_rooms, timed, keys, table)

    @property
    def everything(self):
        return (self.outline.keys,)

    @property
    def table(self):
        return self.outline.table

    @property
    def has_rooms(self) -> bool:
        return self.outline.has_rooms

    @property
    def is_paged(self) -> bool:
        return self.is_long and not self.is_whole

    @property
    def sessions(self):
        return self.rows

    @property
    def days(self) -> list[Choice]:
        """The links to each day of a programme in pages, in their order."""
        if not self.is_paged:
            return []
        choices = {choice.value: choice for facet in self.filters if facet.name == "day" for choice in facet.choices}
        return [choices[value] for value in sorted(choices)]

    def starred_besides(self, shown) -> list[str]:
        """The chosen sessions that are not among those `shown`: they stay chosen."""
        slugs = {session.slug for session in shown}
        return [slug for slug in self.starred if slug not in slugs]

    @property
    def is_indexed(self):
        return super().is_indexed and not self.kept

    def knows(self, name, value):
        return self.table.has(name, value)

    def headings(self):
        return {"day": _("Day"), "kind": _("Kind"), "room": _("Room")}

    def label_of(self, name, value):
        if name == "day":
            return date_format(date.fromisoformat(value), "MONTH_DAY_FORMAT")
        if name == "kind":
            return capfirst(Session.Kind(value).label)
        return text_in_active_language(self.table.called(name, value))

    def matching(self, on):
        return [each for each in self.whole if all(_said_of(each, name)[0] == value for name, value in on.items())]

    def load(self, records):
        return prepared(_in_programme, records)

    @cached_property
    def filters(self):
        return [each for each in super().filters if each.is_active or len(each.choices) > 1]


def _addressed(sessions):
    return Session.objects.still_public(sessions).only_addresses()


def neighbours_of(session) -> tuple[Session | None, Session | None]:
    """The sessions before and after `session` in the programme of its conference; None where it begins or ends. Their
    order is found out once for each content generation: among thousands of sessions it takes long. A session that was
    published since then has no place in it yet."""
    keys = kept(f"events.programme.keys:{session.conference_id}", lambda: _keys_in_order(session.conference))
    if session.pk not in keys:
        return None, None
    at = keys.index(session.pk)
    beside = [keys[at - 1] if at else None, keys[at + 1] if at + 1 < len(keys) else None]
    found = {each.pk: each for each in prepared(_addressed, [by_key(Session, key) for key in beside if key])}
    return tuple(map(found.get, beside))


def _keys_in_order(conference) -> array:
    return array("q", conference.sessions.published().in_programme_order().values_list("pk", flat=True))


def _said_of(session, name) -> tuple:
    """What the filter `name` finds in a session, the same in every language, and where it does not say so itself, what
    it is called in each; empty where nothing was published."""
    if name == "day":
        return (session.day.isoformat() if session.day else "",)
    if name == "kind":
        return (Session.Kind(session.kind).value,)
    rooms = [getattr(session, column) for column in columns("room")]
    return next(filter(None, rooms), ""), *rooms
