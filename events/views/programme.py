"""The programme of a conference, whole, session by session, and as a visitor chose it."""

from csp.decorators import csp_update
from django.shortcuts import render
from django.views.decorators.http import require_safe

from events.agenda import agenda_of
from events.lists import SessionList
from events.models import Agreement, Announcement, Appearance, Conference, Session
from events.programme import by_room, now_and_next, programme_of
from events.schedule_exchange import Schedule
from portal import clock
from portal.canonical import known_as, not_indexed
from portal.corrections import get_public_or_tombstone
from portal.page_cache.keeping import fresh_until
from portal.page_cache.moments import next_minute
from portal.provenance import Bibliography
from portal.videos import FRAME_SOURCES


@require_safe
def conference_programme(request, slug):
    conferences = Conference.objects.published().with_public("venue")
    conference = get_public_or_tombstone(conferences, slug=slug)
    sessions = list(conference.sessions.published().in_programme_order())
    people = Appearance.objects.published().for_conference(conference).with_stage()
    listed = SessionList(request.GET, sessions, slug)
    programme = programme_of(listed.sessions, people)
    known_as(request, query=listed.query, is_indexed=listed.is_indexed)
    return render(
        request,
        "events/conference_programme.html",
        {
            "conference": conference,
            "programme": programme,
            "schedule": Schedule(conference, sessions, people),
            "listed": listed,
            "tables": by_room(programme) if listed.is_by_room else [],
            "now_and_next": what_is_on(request, conference, sessions),
            "chosen": listed.starred,
            "today": clock.today(),
        },
    )


def what_is_on(request, conference, sessions):
    """What is on and what is next, while the conference is; the page that shows it is right to the minute."""
    if not conference.is_on:
        return None
    fresh_until(request, next_minute())
    return now_and_next(sessions, conference.zone, clock.now())


@require_safe
@not_indexed
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
@csp_update({"frame-src": FRAME_SOURCES})
def session_detail(request, conference_slug, slug):
    sessions = Session.objects.published().with_conference().with_citations()
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
