"""A programme for conference apps and video teams: schedule XML and JSON in the form that frab began and the c3voc
documents (https://c3voc.de/wiki/schedule).

The format knows neither “not published” nor “cancelled”, and an app would send people to what it shows. So it holds the
sessions with a day, a beginning and an end that take place, and `left_out` says how many are missing. Nothing is made
up for it: no length of a talk, no language, no licence of a recording.
"""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby
from math import gcd
from uuid import uuid5
from xml.etree import ElementTree

from django.conf import settings
from django.utils.translation import gettext as _

from portal.addresses import absolute
from portal.characters import one_line, writable
from portal.fields import columns
from portal.prose import in_plain_words

SCHEMA = "https://c3voc.de/schedule/schema.json"
SHORTEST_ACRONYM = 4


@dataclass(frozen=True)
class Schedule:
    """`sessions` of `conference` in programme order (loaded `with_changed_at()`), and the `appearances` in them."""

    conference: object
    sessions: list
    appearances: list

    @cached_property
    def events(self) -> list:
        """The sessions that the format can hold."""
        return [session for session in self.sessions if session.ends_at and self._takes_place(session)]

    @cached_property
    def _people(self) -> dict[int, list]:
        people = defaultdict(list)
        for appearance in self.appearances:
            people[appearance.session_id].append(appearance)
        return people

    @property
    def left_out(self) -> int:
        return len(self.sessions) - len(self.events)

    def _takes_place(self, session) -> bool:
        conference = self.conference
        return not session.is_cancelled and conference.status not in (
            conference.Status.CANCELLED,
            conference.Status.POSTPONED,
        )

    @property
    def days(self) -> list[tuple]:
        """The days with their sessions by room. Without any session it is the first day of the conference, where that
        is known: the format wants one."""
        days = [(day, _by_room(sessions)) for day, sessions in groupby(self.events, lambda session: session.day)]
        starts_on = self.conference.starts_on
        return days or ([(starts_on.earliest, {})] if starts_on.is_exact else [])

    # --- As files ---

    def as_json(self) -> bytes:
        days = [self._day(number, *day) for number, day in enumerate(self.days, start=1)]
        schedule = {
            "version": self._version,
            "base_url": absolute("/"),
            "conference": {**self._conference, "days": days},
        }
        document = {"$schema": SCHEMA, "generator": _generator(), "schedule": schedule}
        return json.dumps(document, ensure_ascii=False, indent=1).encode()

    def as_xml(self) -> bytes:
        root = ElementTree.Element("schedule")
        ElementTree.SubElement(root, "generator", name=_generator()["name"], version=_generator()["version"])
        _add(root, "version", self._version)
        conference = ElementTree.SubElement(root, "conference")
        facts = self._conference
        for name in ("title", "acronym", "start", "end"):
            _add(conference, name, facts[name])
        _add(conference, "days", facts["daysCount"])
        for name in ("timeslot_duration", "time_zone_name"):
            _add(conference, name, facts[name])
        _add(conference, "base_url", absolute("/"))
        for number, (date, rooms) in enumerate(self.days, start=1):
            self._add_day(root, number, date, rooms)
        return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)

    # --- The conference ---

    @property
    def _conference(self) -> dict:
        days = [date for date, _rooms in self.days]
        return {
            "acronym": self._acronym,
            "title": one_line(self.conference.title),
            "start": str(days[0]),
            "end": str(days[-1]),
            "daysCount": len(days),
            "timeslot_duration": _hours(self._raster),
            "time_zone_name": self.conference.zone.key,
            "url": absolute(self.conference.get_absolute_url()),
            "rooms": [{"guid": self._guid_of(session), "name": room} for room, session in self._rooms.items()],
        }

    @property
    def _acronym(self) -> str:
        acronym = self.conference.slug.lower().replace("-", "_")
        return acronym if len(acronym) >= SHORTEST_ACRONYM else f"conference_{acronym}"

    @property
    def _version(self) -> str:
        """When the programme last changed: apps show it, and take another one for newer."""
        changed_at = max(record.changed_at for record in (self.conference, *self.sessions))
        return f"{changed_at.astimezone(self.conference.zone):%Y-%m-%d %H:%M:%S}"

    @property
    def _raster(self) -> int:
        """The minutes by which every beginning and every length can be counted."""
        moments = [moment for session in self.events for moment in (session.starts_at, session.ends_at)]
        return gcd(*(moment.hour * 60 + moment.minute for moment in moments)) or 15

    @property
    def _rooms(self) -> dict[str, object]:
        """The rooms with a session in each."""
        return {_room(session): session for session in reversed(self.events)}

    def _guid_of(self, session) -> str:
        """That of its room, the same in every language."""
        return str(uuid5(self.conference.uid, "/".join(getattr(session, column) for column in columns("room"))))

    # --- A day and a session ---

    def _hours_of(self, date, rooms) -> tuple[str, str]:
        """From the first beginning to the last end; all day where nothing is in it."""
        sessions = [session for row in rooms.values() for session in row]
        begin = min((session.starts_at for session in sessions), default=datetime.min.time())
        end = max(
            (session.ends_at for session in sessions), default=datetime.max.time().replace(second=0, microsecond=0)
        )
        return self._moment(date, begin), self._moment(date, end)

    def _moment(self, date, time) -> str:
        return datetime.combine(date, time, self.conference.zone).isoformat(timespec="seconds")

    def _day(self, number, date, rooms) -> dict:
        begin, end = self._hours_of(date, rooms)
        events = {room: [self._event(session) for session in sessions] for room, sessions in rooms.items()}
        return {"index": number, "date": str(date), "day_start": begin, "day_end": end, "rooms": events}

    def _event(self, session) -> dict:
        return {
            "guid": str(session.uid),
            "id": session.pk,
            "date": self._moment(session.day, session.starts_at),
            "start": f"{session.starts_at:%H:%M}",
            "duration": _hours(_minutes(session)),
            "room": _room(session),
            "slug": f"{self._acronym}-{session.pk}-{session.slug}".lower().rstrip("-_"),
            "url": absolute(session.get_absolute_url()),
            "title": one_line(session.title),
            "subtitle": "",
            "track": "",
            "type": session.kind,
            "language": "",
            "abstract": writable(in_plain_words(session, "abstract")),
            "description": "",
            "persons": list({each.speaker_id: _person(each) for each in self._people[session.pk]}.values()),
            "links": [{"url": url, "title": title} for title, url in _links(session)],
            "attachments": [],
        }

    def _add_day(self, root, number, date, rooms):
        begin, end = self._hours_of(date, rooms)
        day = ElementTree.SubElement(root, "day", index=str(number), date=str(date), start=begin, end=end)
        for name, sessions in rooms.items():
            room = ElementTree.SubElement(day, "room", name=name)
            for session in sessions:
                self._add_event(room, session)

    def _add_event(self, room, session):
        facts = self._event(session)
        event = ElementTree.SubElement(room, "event", guid=facts["guid"], id=str(facts["id"]))
        names = ("date", "start", "duration", "room", "slug", "url", "title", "subtitle", "track", "type", "abstract")
        for name in (*names, "description"):
            _add(event, name, facts[name])
        persons, links = ElementTree.SubElement(event, "persons"), ElementTree.SubElement(event, "links")
        for each in facts["persons"]:
            _add(persons, "person", each["name"])
        for each in facts["links"]:
            _add(links, "link", each["title"], href=each["url"])


def _by_room(sessions) -> dict[str, list]:
    rooms = {}
    for session in sessions:
        rooms.setdefault(_room(session), []).append(session)
    return rooms


def _room(session) -> str:
    return one_line(session.room) or _("Room not published")


def _minutes(session) -> int:
    ends_at, starts_at = session.ends_at, session.starts_at
    return (ends_at.hour - starts_at.hour) * 60 + ends_at.minute - starts_at.minute


def _hours(minutes) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _person(appearance) -> dict:
    """`public_name` is what older programs read."""
    name = one_line(appearance.speaker.name)
    return {"name": name, "public_name": name, "url": absolute(appearance.speaker.get_absolute_url())}


def _links(session):
    named = ((_("Live stream"), session.livestream_url), (_("Recording"), session.recording_url))
    return [(title, url) for title, url in named if url]


def _generator() -> dict:
    return {"name": one_line(settings.SITE_NAMES["en"]), "version": "1"}


def _add(parent, name, text, **attributes):
    ElementTree.SubElement(parent, name, attributes).text = str(text)
