"""The programme of a conference, whole, session by session, and as a visitor chose it."""

from csp.decorators import csp_update
from django.shortcuts import render
from django.views.decorators.http import require_safe

from events.agenda import agenda_of
from events.calendars import calendar_of_sessions, calendar_response
from events.models import Agreement, Announcement, Appearance, Conference, Session
from events.programme import by_room, now_and_next, programme_of
from portal import clock
from portal.corrections import get_public_or_tombstone
from portal.provenance import Bibliography
from portal.videos import FRAME_SOURCES


@require_safe
def conference_programme(request, slug):
    conference = get_public_or_tombstone(Conference.objects.published().with_public("venue"), slug=slug)
    sessions = list(conference.sessions.published().in_programme_order())
    people = Appearance.objects.published().for_conference(conference).with_stage()
    programme = programme_of(sessions, people)
    asks_for_rooms = request.GET.get("view") == "rooms"
    return render(
        request,
        "events/conference_programme.html",
        {
            "conference": conference,
            "programme": programme,
            "tables": by_room(programme) if asks_for_rooms and programme.has_rooms else [],
            "now_and_next": conference.is_on and now_and_next(sessions, conference.zone, clock.now()),
            "chosen": set(request.GET.getlist("s")),
            "today": clock.today(),
        },
    )


@require_safe
def conference_agenda(request, slug):
    conference = get_public_or_tombstone(Conference.objects.published().with_public("venue"), slug=slug)
    agenda = agenda_of(conference, request.GET.getlist("s"))
    people = Appearance.objects.published().of_sessions(agenda.sessions).with_stage()
    programme = programme_of(agenda.sessions, people)
    return render(
        request,
        "events/conference_agenda.html",
        {"conference": conference, "agenda": agenda, "programme": programme, "today": clock.today()},
    )


@require_safe
def agenda_calendar(request, slug):
    conference = get_public_or_tombstone(Conference.objects.published().with_public("venue"), slug=slug)
    agenda = agenda_of(conference, request.GET.getlist("s"))
    return calendar_response(calendar_of_sessions(conference, agenda.sessions), f"agenda-{conference.slug}.ics")


@require_safe
@csp_update({"frame-src": FRAME_SOURCES})
def session_detail(request, conference_slug, slug):
    sessions = Session.objects.published().select_related("conference").with_citations()
    session = get_public_or_tombstone(sessions, conference__slug=conference_slug, slug=slug)
    appearances = Appearance.objects.published().for_session(session).with_stage().with_citations()
    return render(
        request,
        "events/session_detail.html",
        {
            "session": session,
            "conference": session.conference,
            "appearances": appearances,
            "agreements": Agreement.objects.published().for_session(session).with_progress().with_terms(),
            "announcements": Announcement.objects.published().for_session(session),
            "neighbours": Session.objects.published().neighbours_of(session),
            "bibliography": Bibliography(session, *appearances),
        },
    )
