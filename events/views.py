"""What happened and what came of it, page by page. A view asks the QuerySets, names the nouns and renders."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from companies.models import Indicator, Place
from events.models import (
    Agreement,
    Announcement,
    Appearance,
    Conference,
    InvestmentProject,
    Session,
    Speaker,
)
from events.programme import programme_of
from portal.paging import beginning_of, page_of
from portal.provenance import Bibliography


@require_safe
def home(request):
    conferences = Conference.objects.published()
    figures = [each.latest for each in Indicator.objects.published().on_home_page().with_observations() if each.latest]
    earlier = [each.indicator.earliest for each in figures if each.indicator.earliest]
    return render(
        request,
        "events/home.html",
        {
            "conference": conferences.with_parents().featured(),
            "figures": figures,
            "agreements": Agreement.objects.published().with_terms().latest_signed_first()[:3],
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
    conference = get_object_or_404(Conference.objects.published().with_parents().with_citations(), slug=slug)
    sessions = beginning_of(conference.sessions.published().in_programme_order().with_people(), 14)
    appearances = Appearance.objects.published().for_conference(conference).with_stage().with_citations()
    agreements = Agreement.objects.published().for_conference(conference).with_amounts()
    announcements = Announcement.objects.published().for_conference(conference)
    speakers = beginning_of(appearances, 9)
    return render(
        request,
        "events/conference_detail.html",
        {
            "conference": conference,
            "roles": conference.roles.published().with_organization(),
            "sessions": sessions,
            "programme": programme_of(sessions),
            "speakers": speakers,
            "agreements": beginning_of(agreements, 6),
            "announcements": beginning_of(announcements, 6),
            "documents": conference.documents.published(),
            "editions": Conference.objects.published().other_editions_of(conference),
            "bibliography": Bibliography(conference, *speakers),
        },
    )


@require_safe
def conference_programme(request, slug):
    conference = get_object_or_404(Conference.objects.published(), slug=slug)
    sessions = conference.sessions.published().in_programme_order().with_people()
    return render(
        request, "events/conference_programme.html", {"conference": conference, "programme": programme_of(sessions)}
    )


@require_safe
def conference_speakers(request, slug):
    conference = get_object_or_404(Conference.objects.published(), slug=slug)
    appearances = Appearance.objects.published().for_conference(conference).with_stage().with_citations()
    speakers = page_of(request, appearances, per_page=48)
    return render(
        request,
        "events/conference_speakers.html",
        {"conference": conference, "speakers": speakers, "bibliography": Bibliography(*speakers)},
    )


@require_safe
def conference_agreements(request, slug):
    conference = get_object_or_404(Conference.objects.published(), slug=slug)
    agreements = Agreement.objects.published().for_conference(conference).with_terms()
    return render(
        request,
        "events/conference_agreements.html",
        {"conference": conference, "agreements": page_of(request, agreements, per_page=24)},
    )


@require_safe
def conference_news(request, slug):
    conference = get_object_or_404(Conference.objects.published(), slug=slug)
    announcements = Announcement.objects.published().for_conference(conference)
    return render(
        request,
        "events/conference_news.html",
        {"conference": conference, "announcements": page_of(request, announcements, per_page=24)},
    )


@require_safe
def session_detail(request, conference_slug, slug):
    sessions = Session.objects.published().select_related("conference").with_citations()
    session = get_object_or_404(sessions, conference__slug=conference_slug, slug=slug)
    appearances = Appearance.objects.published().for_session(session).with_stage().with_citations()
    return render(
        request,
        "events/session_detail.html",
        {
            "session": session,
            "conference": session.conference,
            "appearances": appearances,
            "agreements": Agreement.objects.published().for_session(session).with_terms(),
            "announcements": Announcement.objects.published().for_session(session),
            "neighbours": Session.objects.published().neighbours_of(session),
            "bibliography": Bibliography(session, *appearances),
        },
    )


@require_safe
def speaker_detail(request, slug):
    speaker = get_object_or_404(Speaker.objects.published().on_public_stage().with_citations(), slug=slug)
    appearances = Appearance.objects.published().for_speaker(speaker).with_stage().with_citations()
    return render(
        request,
        "events/speaker_detail.html",
        {"speaker": speaker, "appearances": appearances, "bibliography": Bibliography(speaker, *appearances)},
    )


@require_safe
def agreement_list(request):
    agreements = page_of(request, Agreement.objects.published().with_terms().latest_signed_first(), per_page=20)
    return render(request, "events/agreement_list.html", {"agreements": agreements})


@require_safe
def agreement_detail(request, slug):
    agreements = Agreement.objects.published().with_terms().with_citations().select_related("place", "project")
    agreement = get_object_or_404(agreements, slug=slug)
    milestones = agreement.public_project.milestones.published().with_citations() if agreement.public_project else []
    return render(
        request,
        "events/agreement_detail.html",
        {
            "agreement": agreement,
            "signings": agreement.signings.published().with_stage().in_order(),
            "sectors": agreement.sectors.all(),
            "relations": agreement.relations.published().select_related("to"),
            "relations_to": agreement.relations_to.published().select_related("agreement"),
            "milestones": milestones,
            "bibliography": Bibliography(agreement, *milestones),
        },
    )


@require_safe
def project_detail(request, slug):
    projects = InvestmentProject.objects.published().with_citations().with_milestones().select_related("place")
    project = get_object_or_404(projects, slug=slug)
    return render(
        request,
        "events/project_detail.html",
        {
            "project": project,
            "organizations": project.organizations.published(),
            "agreements": project.agreements.published().with_terms().latest_signed_first(),
            "bibliography": Bibliography(project, *project.milestones.all()),
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
    announcement = get_object_or_404(Announcement.objects.published().with_stage().with_citations(), slug=slug)
    return render(
        request,
        "events/announcement_detail.html",
        {"announcement": announcement, "bibliography": Bibliography(announcement)},
    )
