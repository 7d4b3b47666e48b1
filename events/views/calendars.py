"""Calendars: of everything to come, of a conference, a day, a session, a choice, and of what was promised."""

from datetime import date, datetime, time

from django.http import Http404
from django.urls import register_converter
from django.utils.timezone import get_default_timezone
from django.views.decorators.http import require_safe

from companies.models import Place
from events.agenda import agenda_of
from events.calendars import (
    calendar_of_choice,
    calendar_of_conference,
    calendar_of_conferences,
    calendar_of_promises,
    calendar_of_sessions,
    calendar_response,
)
from events.models import Conference, InvestmentProject, Milestone, Series, Session
from portal import clock
from portal.corrections import get_public_or_tombstone
from portal.history.changed import newest_change

OF_A_PROGRAMME = (Session, Conference, Series, Place)  # what the calendars of a conference show


class IsoDate:
    """`path("<iso_date:day>.ics", …)`; what is no day of the calendar is no such page."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value):
        return date.fromisoformat(value)

    def to_url(self, value):
        return value.isoformat()


register_converter(IsoDate, "iso_date")


def _conference(slug):
    conferences = Conference.objects.published().with_public("venue").with_changed_at()
    return get_public_or_tombstone(conferences, slug=slug)


@require_safe
def conference_calendar(request, slug):
    conference = _conference(slug)
    sessions = conference.sessions.published().in_programme_order().with_changed_at()
    content = calendar_of_conference(conference, list(sessions))
    return calendar_response(content, f"{slug}.ics", newest_change(*OF_A_PROGRAMME))


@require_safe
def day_calendar(request, slug, day):
    conference = _conference(slug)
    sessions = list(conference.sessions.published().on_day(day).in_programme_order().with_changed_at())
    if not sessions:
        raise Http404("no session on this day")
    content = calendar_of_sessions(conference, sessions)
    return calendar_response(content, f"{slug}-{day}.ics", newest_change(*OF_A_PROGRAMME))


@require_safe
def session_calendar(request, conference_slug, slug):
    conference = _conference(conference_slug)
    sessions = conference.sessions.published().with_changed_at()
    session = get_public_or_tombstone(sessions, slug=slug)
    if session.day is None:
        raise Http404("no calendar can show a session without a day")
    content = calendar_of_sessions(conference, [session])
    return calendar_response(content, f"{slug}.ics", newest_change(*OF_A_PROGRAMME))


@require_safe
def agenda_calendar(request, slug):
    conference = _conference(slug)
    content = calendar_of_choice(conference, agenda_of(conference, request.GET.getlist("s")).sessions)
    return calendar_response(content, f"agenda-{slug}.ics", newest_change(*OF_A_PROGRAMME))


@require_safe
def conferences_calendar(request):
    """Those that are on or to come, cancelled ones too; which those are changes with the day."""
    conferences = Conference.objects.published().not_past().with_public("venue").with_changed_at()
    changed_at = max(newest_change(*OF_A_PROGRAMME[1:]), _beginning_of_today())
    return calendar_response(calendar_of_conferences(conferences), "conferences.ics", changed_at)


@require_safe
def promise_calendar(request):
    """What became of a promise is documented elsewhere, or changes with the day."""
    promises = Milestone.objects.published().promised().with_documented_date().with_changed_at()
    changed_at = max(newest_change(InvestmentProject, Milestone), _beginning_of_today())
    return calendar_response(calendar_of_promises(promises), "promises.ics", changed_at)


def _beginning_of_today() -> datetime:
    return datetime.combine(clock.today(), time.min, get_default_timezone())
