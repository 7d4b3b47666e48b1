"""The speakers, the news and the sessions of a programme as one sees them: filtered by links."""

from collections import Counter
from functools import cached_property

from django.db.models import CharField, F
from django.db.models.functions import Coalesce, Left
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from companies.models import Organization
from events.models import Announcement, Appearance, Conference, Session, Speaker
from events.programme import programme_of
from portal.facets import FilteredList, grouped, is_year
from portal.fields import columns


def of_conference(column):
    """The column of the conference at which something was, whether it is named directly or through the session."""
    return Coalesce(f"session__conference__{column}", f"conference__{column}")


def _by_conference(rows, count="pk"):
    held = rows.exclude(conference=None, session=None)
    titles = [of_conference(column) for column in columns("title")]
    return grouped(held, "conference", of_conference("slug"), titles, count=count)


class SpeakerList(FilteredList):
    """The people on public stages. What is filtered and counted are their appearances: who was a moderator in 2024 is
    somebody who was one then, not somebody who spoke then and was a moderator elsewhere."""

    NAMES = ("conference", "year", "role", "organization")
    view = "events:speakers"

    def __init__(self, parameters):
        self._records = {}  # by the name of the filter that they are chosen in
        super().__init__(parameters)

    @property
    def speakers(self):
        return Speaker.objects.published().in_appearances(self.rows)

    def knows(self, name, value):
        if name in ("conference", "organization"):
            records = Conference.objects if name == "conference" else Organization.objects
            self._records[name] = records.published().filter(slug=value).first()
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

    def counts_of(self, name, rows):
        if name == "conference":
            return _by_conference(rows, count="speaker")
        if name == "year":
            year = Left(of_conference("starts_on"), 4, output_field=CharField())
            return grouped(rows, name, year, count="speaker")
        if name == "role":
            return grouped(rows, name, F("role"), count="speaker")
        public = rows.filter(organization__in=Organization.objects.published())
        names = [F(f"organization__{column}") for column in columns("name")]
        return grouped(public, name, F("organization__slug"), names, count="speaker")


class NewsList(FilteredList):
    """What was announced."""

    NAMES = ("kind", "year", "conference")
    view = "events:news"

    @property
    def announcements(self):
        return self.rows

    def knows(self, name, value):
        if name == "conference":
            self._conference = Conference.objects.published().filter(slug=value).first()
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

    def counts_of(self, name, rows):
        if name == "conference":
            return _by_conference(rows)
        value = F("kind") if name == "kind" else Left("announced_on", 4, output_field=CharField())
        return grouped(rows, name, value)


class SessionList(FilteredList):
    """The sessions of one programme, which are loaded anyway: they are filtered and counted without a query. Of a list
    that leaves nothing to choose, no filter is offered."""

    NAMES = ("day", "kind", "room")
    view = "events:conference_programme"

    def __init__(self, parameters, sessions, slug):
        self._all = sessions
        self.has_rooms = programme_of(sessions, []).has_rooms
        self.is_by_room = self.has_rooms and parameters.get("view") == "rooms"
        asked = set(parameters.getlist("s"))
        self.starred = [session.slug for session in sessions if session.slug in asked]
        self.kept = [*([("view", "rooms")] if self.is_by_room else []), *(("s", slug) for slug in self.starred)]
        super().__init__(parameters, slug=slug)

    @property
    def sessions(self):
        return self.rows

    @property
    def starred_elsewhere(self) -> list[str]:
        """The chosen sessions that the filters leave out: they stay chosen."""
        shown = {session.slug for session in self.sessions}
        return [slug for slug in self.starred if slug not in shown]

    @property
    def is_indexed(self):
        return super().is_indexed and not self.kept

    def knows(self, name, value):
        return any(_said_of(session, name) == value for session in self._all)

    def headings(self):
        return {"day": _("Day"), "kind": _("Kind"), "room": _("Room")}

    def label_of(self, name, value):
        session = next(session for session in self._all if _said_of(session, name) == value)
        if name == "day":
            return date_format(session.day, "MONTH_DAY_FORMAT")
        return capfirst(session.get_kind_display()) if name == "kind" else session.room

    def matching(self, on):
        return [each for each in self._all if all(_said_of(each, name) == value for name, value in on.items())]

    def without(self, name):
        return self.matching({each: value for each, value in self.on.items() if each != name})

    def options(self):
        counts = {name: Counter(_said_of(each, name) for each in self.without(name)) for name in self.NAMES}
        return {
            name: [(value, self.label_of(name, value), count) for value, count in counts[name].items() if value]
            for name in self.NAMES
        }

    @cached_property
    def filters(self):
        return [each for each in super().filters if each.is_active or len(each.choices) > 1]


def _said_of(session, name) -> str:
    """What the filter `name` finds in a session, the same in every language; empty where nothing was published."""
    if name == "day":
        return session.day.isoformat() if session.day else ""
    if name == "kind":
        return Session.Kind(session.kind).value
    return next((text for column in columns("room") if (text := getattr(session, column))), "")
