"""Calendars for other programs (RFC 5545): the promises of investment projects, and the sessions a visitor chose.

The same records always give the same bytes, in the language of the address.
"""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from events.stages import Promise
from portal.prose import in_plain_words

DAY = timedelta(days=1)
END_OF_ZONES = date(date.max.year, 1, 1)  # beyond it icalendar looks for changes of the clock after the last date


def calendar_of_promises(promises) -> bytes:
    """The promised dates as all-day events; a month or a year runs from its first to its last day."""
    return _calendar(_("Promise calendar"), map(_promise, promises)).to_ical()


def calendar_of_sessions(conference, sessions) -> bytes:
    """The `sessions` of a conference in its time zone; all day where no time was published, and not at all where no day
    was. A session without an end has none here either."""
    events = [_session(conference, session) for session in sessions if session.day]
    name = _("My programme: %(conference)s") % {"conference": conference.title}
    calendar = _calendar(name, events)
    if events:
        days = [session.day for session in sessions if session.day]
        first = date(min(min(days).year, END_OF_ZONES.year - 1), 1, 1)
        calendar.add_missing_timezones(first_date=first, last_date=min(_after(max(days)), END_OF_ZONES))
    return calendar.to_ical()


def calendar_response(content, file_name) -> HttpResponse:
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def _calendar(name, events) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAMES['en']}//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for event in events:
        calendar.add_component(event)
    return calendar


def _event(kind, record, page, stamp) -> Event:
    """An event that other programs recognize when they meet it again."""
    event = Event()
    event.add("uid", f"{kind}-{record.pk}@{settings.SITE_URL.partition('://')[2]}")
    event.add("dtstamp", stamp)
    event.add("url", settings.SITE_URL + page.get_absolute_url())
    return event


def _fill_days(event, first, last):
    event.add("dtstart", first)
    event.add("dtend", _after(last))
    event.add("transp", "TRANSPARENT")


def _after(day) -> date:
    return min(day, date.max - DAY) + DAY


def _promise(milestone) -> Event:
    project = milestone.project
    event = _event("promise", milestone, project, project.published_at)
    _fill_days(event, milestone.due_on.earliest, milestone.due_on.latest)
    event.add("summary", f"{project.title}: {milestone.get_kind_display()} ({Promise(milestone.promise).label})")
    event.add("description", str(milestone.note))
    return event


def _session(conference, session) -> Event:
    """A stamp that rises with the revision, so that programs which go by either take the newer one."""
    stamp = session.published_at + timedelta(seconds=session.revision)
    event = _event("session", session, session, stamp)
    event.add("sequence", session.revision)
    event.add("status", "CANCELLED" if session.is_cancelled else "CONFIRMED")
    event.add("summary", str(session.title))
    if session.starts_at:
        event.add("dtstart", datetime.combine(session.day, session.starts_at, conference.zone))
        if session.ends_at:
            event.add("dtend", datetime.combine(session.day, session.ends_at, conference.zone))
    else:
        _fill_days(event, session.day, session.day)
    if location := ", ".join(filter(None, map(str, _places(conference, session)))):
        event.add("location", location)
    if session.abstract:
        event.add("description", str(in_plain_words(session, "abstract")))
    return event


def _places(conference, session):
    venue = conference.public_venue
    return session.room, venue.name if venue else conference.place_note
