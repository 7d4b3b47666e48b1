"""Conferences, their people and what they left behind."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from events.cohorts import cohort_of
from events.lists import PeopleAt, SpeakerList
from events.models import Announcement, Appearance, Conference, Photo, Speaker
from events.programme import programme_of
from events.register import SignedAt
from events.views.programme import conferences_to_show, what_is_on
from portal.corrections import get_public_or_tombstone
from portal.paging import beginning_of, page_of
from portal.prepared import prepared
from portal.provenance import Bibliography


@require_safe
def conference_list(request):
    conferences = Conference.objects.published().with_parents()
    return render(
        request,
        "events/conference_list.html",
        {
            "current": conferences.current(),
            "upcoming": conferences.upcoming(),
            "past": page_of(request, conferences.past(), per_page=30),
        },
    )


@require_safe
def conference_detail(request, slug):
    conference = get_public_or_tombstone(_conferences, slug=slug)
    programme = prepared(_programme_of if conference.is_on else _first_sessions_of, conference)  # any can be on now
    sessions = beginning_of(programme, 14)
    people = prepared(_people_of, conference, sessions)
    speakers = beginning_of(people, 9)
    signed = SignedAt(conference, with_parties=False)
    return render(
        request,
        "events/conference_detail.html",
        {
            "conference": conference,
            "roles": prepared(lambda conference: conference.roles.published().with_organization(), conference),
            "sessions": sessions,
            "programme": programme_of(sessions, people),
            "now_and_next": what_is_on(request, conference, programme),
            "speakers": speakers,
            "cohort": cohort_of(conference, signed),
            "agreements": beginning_of(signed.in_pages, 6),
            "announcements": beginning_of(prepared(_announcements_at, conference), 6),
            "photos": beginning_of(Photo.out_of(conference.photo_rows, conference), 6),
            "documents": beginning_of(prepared(_documents_of, conference), 5),
            "editions": prepared(_other_editions_of, conference, conference.series),
            "bibliography": Bibliography(conference, *speakers),
        },
    )


def _conferences():
    return Conference.objects.published().with_parents().with_citations().with_photos(7).with_corrections()


def _programme_of(conference):
    return conference.sessions.published().in_programme_order()


def _first_sessions_of(conference):
    return _programme_of(conference)[:15]


def _people_of(conference, sessions):
    appearances = Appearance.objects.published().for_conference(conference).on_cards()
    return appearances.of_sessions_or_none(sessions)[:60]


def _announcements_at(conference):
    return Announcement.objects.published().for_conference(conference)[:7]


def _documents_of(conference):
    return conference.documents.published()[:6]


def _other_editions_of(conference, series):
    return Conference.objects.published().other_editions_of(conference, series)


@require_safe
def conference_speakers(request, slug):
    conference = get_public_or_tombstone(conferences_to_show, slug=slug)
    speakers = page_of(request, PeopleAt(conference).in_pages, per_page=48)
    return render(
        request,
        "events/conference_speakers.html",
        {"conference": conference, "speakers": speakers, "bibliography": Bibliography(*speakers)},
    )


@require_safe
def conference_agreements(request, slug):
    conference = get_public_or_tombstone(conferences_to_show, slug=slug)
    signed = SignedAt(conference)
    return render(
        request,
        "events/conference_agreements.html",
        {
            "conference": conference,
            "agreements": page_of(request, signed.in_pages, per_page=24),
            "totals": signed.totals,
            "headlines": (headlines := conference.headline_totals.published().with_indicator().with_citations()),
            "bibliography": Bibliography(*headlines),
        },
    )


@require_safe
def conference_news(request, slug):
    conference = get_public_or_tombstone(Conference.objects.published(), slug=slug)
    announcements = Announcement.objects.published().for_conference(conference)
    return render(
        request,
        "events/conference_news.html",
        {"conference": conference, "announcements": page_of(request, announcements, per_page=24)},
    )


@require_safe
def conference_photos(request, slug):
    conference = get_public_or_tombstone(Conference.objects.published(), slug=slug)
    photos = page_of(request, conference.photos.published(), per_page=48)
    return render(request, "events/conference_photos.html", {"conference": conference, "photos": photos})


@require_safe
def conference_documents(request, slug):
    conference = get_public_or_tombstone(Conference.objects.published(), slug=slug)
    documents = page_of(request, conference.documents.published(), per_page=200)
    return render(request, "events/conference_documents.html", {"conference": conference, "documents": documents})


@require_safe
def speaker_list(request):
    listed = SpeakerList(request.GET)
    speakers = page_of(request, listed.in_pages, per_page=48, of=listed)
    return render(request, "events/speaker_list.html", {"listed": listed, "speakers": speakers})


@require_safe
def speaker_detail(request, slug):
    speaker = get_public_or_tombstone(_speakers, slug=slug)
    appearances = speaker.appearances.all()
    return render(
        request,
        "events/speaker_detail.html",
        {"speaker": speaker, "appearances": appearances, "bibliography": Bibliography(speaker, *appearances)},
    )


def _speakers():
    return Speaker.objects.published().introduced().with_citations().with_corrections()
