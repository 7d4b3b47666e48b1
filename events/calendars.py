"""Calendars for other programs (RFC 5545): the promises of investment projects."""

from datetime import date, timedelta

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from events.stages import Promise


def calendar_of(promises) -> bytes:
    """The promised dates as all-day events; a month or a year runs from its first to its last day. The same promises
    always give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAMES['en']}//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Promise calendar"))
    for milestone in promises:
        calendar.add_component(_event(milestone))
    return calendar.to_ical()


def _event(milestone) -> Event:
    promise = milestone.promise
    event = Event()
    event.add("uid", f"promise-{milestone.pk}@{settings.SITE_URL.partition('://')[2]}")
    event.add("dtstamp", milestone.project.published_at)
    event.add("dtstart", milestone.due_on.earliest)
    event.add("dtend", min(milestone.due_on.latest, date.max - timedelta(days=1)) + timedelta(days=1))
    event.add("summary", f"{milestone.project.title}: {milestone.get_kind_display()} ({Promise(promise).label})")
    event.add("description", str(milestone.note))
    event.add("url", settings.SITE_URL + milestone.project.get_absolute_url())
    event.add("transp", "TRANSPARENT")
    return event


def calendar_response(promises, file_name) -> HttpResponse:
    response = HttpResponse(calendar_of(promises), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response
