"""The programme of a conference, whole, session by session, and as a visitor chose it."""

from datetime import timedelta

from csp.decorators import csp_update
from django.shortcuts import render
from django.views.decorators.http import require_safe

from events.agenda import agenda_of
from events.lists import ON_A_PAGE, SessionList, neighbours_of
from events.models import Agreement, Announcement, Appearance, Conference, Session, Signing
from events.programme import Day, by_room, now_and_next, programme_of
from portal import clock
from portal.canonical import known_as, not_indexed
from portal.corrections import get_public_or_tombstone
from portal.page_cache.keeping import fresh_until
from portal.page_cache.moments import next_minute
from portal.paging import page_of
from portal.prepared import by_key, prepared
from portal.provenance import Bibliography
from portal.videos import FRAME_SOURCES

MOST_AROUND_NOW = 1000  # sessions


@require_safe
def conference_programme(request, slug):
    conference = get_public_or_tombstone(conferences_to_show, slug=slug)
    listed = SessionList(request.GET, prepared(programme_rows, conference), slug)
    sessions, people, page = _part_of(request, conference, listed)
    programme = programme_of(sessions, people)
    return render(
        request,
        "events/conference_programme.html",
        {
            "conference": conference,
            "programme": programme,
            "page": page,
            "days": [Day(each) for each in listed.outline.days] if page else programme.days,
            "for_apps": (for_apps := 0 if conference.is_called_off else listed.outline.timed),
            "left_out": listed.outline.size - for_apps,
            "listed": listed,
            "tables": by_room(programme) if listed.is_by_room else [],
            "now_and_next": what_is_on(request, conference, _around_now(conference) if page else listed.whole),
            "chosen": listed.starred,
            "elsewhere": listed.starred_besides(sessions),
            "today": clock.today(),
        },
    )


def _part_of(request, conference, listed):
    """The sessions of the programme that a page shows, the people in them, and which page it is."""
    if listed.is_paged:
        page = page_of(request, listed.in_pages, per_page=ON_A_PAGE, of=listed)
        return list(page), prepared(people_in, list(page)), page
    known_as(request, query=listed.query, is_indexed=listed.is_indexed)
    return listed.sessions, prepared(people_at, conference), None


def _around_now(conference):
    """As much of a long programme as can say what is on and what is next."""
    return prepared(_from_yesterday, conference)


def _from_yesterday(conference):
    return programme_rows(conference).filter(day__gte=clock.today() - timedelta(days=1))[:MOST_AROUND_NOW]


def conferences_to_show():
    return Conference.objects.published().with_public("venue").with_corrections()


def programme_rows(conference):
    return conference.sessions.published().in_programme_order().for_programme()


def people_at(conference):
    return Appearance.objects.published().for_conference(conference).for_programme()


def people_in(sessions):
    return Appearance.objects.published().of_sessions(sessions).for_programme()


def what_is_on(request, conference, sessions):
    """What is on and what is next, while the conference is; the page that shows it is right to the minute."""
    if not conference.is_on:
        return None
    fresh_until(request, next_minute())
    return now_and_next(sessions, conference.zone, clock.now())


@require_safe
@not_indexed
def conference_agenda(request, slug):
    conference = get_public_or_tombstone(conferences_to_show, slug=slug)
    agenda = agenda_of(conference, request.GET.getlist("s"))
    people = prepared(people_in, agenda.sessions)
    programme = programme_of(agenda.sessions, people)
    return render(
        request,
        "events/conference_agenda.html",
        {"conference": conference, "agenda": agenda, "programme": programme, "today": clock.today()},
    )


@require_safe
@csp_update({"frame-src": FRAME_SOURCES})
def session_detail(request, conference_slug, slug):
    session = get_public_or_tombstone(_sessions, conference__slug=conference_slug, slug=slug)
    appearances = prepared(_appearances_in, session)
    return render(
        request,
        "events/session_detail.html",
        {
            "session": session,
            "conference": session.conference,
            "appearances": appearances,
            "agreements": _agreements_signed_in(session),
            "announcements": prepared(lambda session: Announcement.objects.published().for_session(session), session),
            "neighbours": neighbours_of(session),
            "bibliography": Bibliography(session, *appearances),
        },
    )


def _sessions():
    return Session.objects.published().with_conference().with_citations().with_corrections()


def _appearances_in(session):
    return Appearance.objects.published().for_session(session).on_cards()


def _agreements_signed_in(session):
    """In two steps: asked in one, PostgreSQL looks at all agreements there are."""
    signed = prepared(_signings_in, session)
    return prepared(_agreements, [by_key(Agreement, each.agreement_id) for each in signed])


def _signings_in(session):
    return Signing.objects.published().filter(session=session)


def _agreements(agreements):
    return Agreement.objects.still_public(agreements).in_signing_order().with_progress().with_terms()
