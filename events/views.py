"""What happened and what came of it, page by page. A view asks the QuerySets, names the nouns and renders."""

from csp.decorators import csp_update
from django.shortcuts import render
from django.views.decorators.http import require_safe

from companies.growth import first_growth
from companies.models import Indicator, Place
from events.agenda import agenda_of
from events.calendars import calendar_of_promises, calendar_of_sessions, calendar_response
from events.cohorts import cohort_of
from events.downloads import agreement_table, project_table
from events.models import (
    Agreement,
    Announcement,
    Appearance,
    Conference,
    Document,
    InvestmentProject,
    Milestone,
    Photo,
    Session,
    Speaker,
)
from events.papers import in_plain_words
from events.programme import by_room, now_and_next, programme_of
from events.register import ProjectList, Register
from events.search import Search
from events.stages import ladder_of
from events.totals import totals_of
from portal import clock
from portal.corrections import get_public_or_tombstone
from portal.downloads import respond
from portal.paging import beginning_of, page_of
from portal.provenance import Bibliography
from portal.videos import FRAME_SOURCES


@require_safe
def home(request):
    conferences = Conference.objects.published()
    indicators = Indicator.objects.published().on_home_page().with_observations()
    figures = [each.latest for each in indicators if each.latest]
    earlier = [each.indicator.earliest for each in figures if each.indicator.earliest]
    return render(
        request,
        "events/home.html",
        {
            "conference": conferences.with_parents().featured(),
            "figures": figures,
            "growth": first_growth(indicators),
            "agreements": Agreement.objects.published().with_progress().with_terms().latest_signed_first()[:3],
            "announcements": Announcement.objects.published().pinned_first()[:4],
            "district": Place.objects.published().home_district(),
            "bibliography": Bibliography(*figures, *earlier),
        },
    )


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
    conferences = Conference.objects.published().with_parents().with_citations().with_photos(7)
    conference = get_public_or_tombstone(conferences, slug=slug)
    programme = conference.sessions.published().in_programme_order()
    programme = list(programme) if conference.is_on else programme  # any of it can be on now
    sessions = beginning_of(programme, 14)
    appearances = Appearance.objects.published().for_conference(conference).with_stage().with_citations()
    people = list(appearances.of_sessions_or_none(sessions)[:60])
    agreements = Agreement.objects.published().for_conference(conference).with_progress().with_amounts()
    announcements = Announcement.objects.published().for_conference(conference)
    speakers = beginning_of(people, 9)
    return render(
        request,
        "events/conference_detail.html",
        {
            "conference": conference,
            "roles": conference.roles.published().with_organization(),
            "sessions": sessions,
            "programme": programme_of(sessions, people),
            "now_and_next": conference.is_on and now_and_next(programme, conference.zone, clock.now()),
            "speakers": speakers,
            "cohort": cohort_of(conference),
            "agreements": beginning_of(agreements, 6),
            "announcements": beginning_of(announcements, 6),
            "photos": beginning_of(Photo.out_of(conference.photo_rows, conference), 6),
            "documents": beginning_of(conference.documents.published(), 5),
            "editions": Conference.objects.published().other_editions_of(conference),
            "bibliography": Bibliography(conference, *speakers),
        },
    )


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
def conference_speakers(request, slug):
    conference = get_public_or_tombstone(Conference.objects.published(), slug=slug)
    appearances = Appearance.objects.published().for_conference(conference).with_stage().with_citations()
    speakers = page_of(request, appearances, per_page=48)
    return render(
        request,
        "events/conference_speakers.html",
        {"conference": conference, "speakers": speakers, "bibliography": Bibliography(*speakers)},
    )


@require_safe
def conference_agreements(request, slug):
    conference = get_public_or_tombstone(Conference.objects.published(), slug=slug)
    agreements = Agreement.objects.published().for_conference(conference).with_progress().with_terms()
    return render(
        request,
        "events/conference_agreements.html",
        {
            "conference": conference,
            "agreements": page_of(request, agreements, per_page=24),
            "totals": totals_of(agreements),
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


@require_safe
def speaker_detail(request, slug):
    speaker = get_public_or_tombstone(Speaker.objects.published().introduced().with_citations(), slug=slug)
    appearances = speaker.appearances.all()
    return render(
        request,
        "events/speaker_detail.html",
        {"speaker": speaker, "appearances": appearances, "bibliography": Bibliography(speaker, *appearances)},
    )


@require_safe
def agreement_list(request):
    register = Register(request.GET)
    agreements = page_of(request, register.agreements.with_progress().with_terms().latest_signed_first(), per_page=20)
    return render(request, "events/agreement_list.html", {"register": register, "agreements": agreements})


@require_safe
def agreement_download(request, file_format):
    register = Register(request.GET)
    rows = register.agreements.with_progress().latest_signed_first()
    return respond(request, agreement_table(rows, register.description, register.url), file_format)


@require_safe
def agreement_detail(request, slug):
    agreements = Agreement.objects.published().with_progress().with_terms().with_citations()
    agreements = agreements.with_public("place", "project")
    agreement = get_public_or_tombstone(agreements, slug=slug)
    project = agreement.public_project
    milestones = project.milestones.published().with_citations().with_evidence().in_order() if project else []
    return render(
        request,
        "events/agreement_detail.html",
        {
            "agreement": agreement,
            "in_plain_words": in_plain_words(agreement),
            "signings": agreement.signings.published().with_stage().in_order(),
            "sectors": agreement.sectors.all(),
            "relations": agreement.relations.published().select_related("to"),
            "relations_to": agreement.relations_to.published().select_related("agreement"),
            "ladder": project
            and ladder_of(milestones, signed_on=agreement.signed_on, route=project.route, today=clock.today()),
            "bibliography": Bibliography(agreement, *milestones),
        },
    )


@require_safe
def project_list(request):
    board = ProjectList(request.GET)
    projects = page_of(request, board.projects.with_public("place"), per_page=20)
    return render(request, "events/project_list.html", {"board": board, "projects": projects})


@require_safe
def project_download(request, file_format):
    board = ProjectList(request.GET)
    return respond(request, project_table(board.projects, board.description, board.url), file_format)


@require_safe
def promise_list(request):
    promises = page_of(request, Milestone.objects.published().promised().with_documented_date(), per_page=50)
    return render(request, "events/promise_list.html", {"promises": promises, "today": clock.today()})


@require_safe
def promise_calendar(request):
    promises = Milestone.objects.published().promised().with_documented_date()
    return calendar_response(calendar_of_promises(promises), "promises.ics")


@require_safe
def project_detail(request, slug):
    projects = InvestmentProject.objects.published().with_progress().with_first_signing()
    project = get_public_or_tombstone(projects.with_citations().with_milestones().with_public("place"), slug=slug)
    milestones = project.milestones.all()
    return render(
        request,
        "events/project_detail.html",
        {
            "project": project,
            "organizations": project.organizations.published(),
            "agreements": project.agreements.published().with_progress().with_terms().latest_signed_first(),
            "ladder": ladder_of(milestones, signed_on=project.signed_on, route=project.route, today=clock.today()),
            "bibliography": Bibliography(project, *milestones),
        },
    )


@require_safe
def announcement_list(request):
    announcements = Announcement.objects.published().with_stage().pinned_first()
    return render(
        request, "events/announcement_list.html", {"announcements": page_of(request, announcements, per_page=20)}
    )


@require_safe
def announcement_detail(request, slug):
    announcement = get_public_or_tombstone(Announcement.objects.published().with_stage().with_citations(), slug=slug)
    return render(
        request,
        "events/announcement_detail.html",
        {"announcement": announcement, "bibliography": Bibliography(announcement)},
    )


@require_safe
def document_list(request):
    documents = page_of(request, Document.objects.published().by_conference(), per_page=200)
    return render(request, "events/document_list.html", {"documents": documents})


@require_safe
def search(request):
    return render(request, "events/search.html", {"search": Search(request.GET.get("q", ""))})
