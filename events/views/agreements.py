"""The registers: what was signed, what became of it, and what was promised."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from events.downloads import agreement_table, project_table
from events.models import Agreement, InvestmentProject, Milestone
from events.papers import in_plain_words
from events.register import ProjectList, Register
from events.stages import ladder_of
from portal import clock
from portal.corrections import get_public_or_tombstone
from portal.downloads import respond
from portal.paging import page_of
from portal.prepared import prepared
from portal.provenance import Bibliography


@require_safe
def agreement_list(request):
    register = Register(request.GET)
    agreements = page_of(request, register.in_pages, per_page=20, of=register)
    return render(request, "events/agreement_list.html", {"register": register, "agreements": agreements})


@require_safe
def agreement_download(request, file_format):
    register = Register(request.GET)
    rows = register.agreements.with_progress().latest_signed_first()
    return respond(request, agreement_table(rows, register.description, register.url), file_format)


@require_safe
def agreement_detail(request, slug):
    agreement = get_public_or_tombstone(_agreements, slug=slug)
    project = agreement.public_project
    milestones = prepared(_milestones, project) if project else []
    return render(
        request,
        "events/agreement_detail.html",
        {
            "agreement": agreement,
            "in_plain_words": in_plain_words(agreement),
            "signings": prepared(lambda agreement: agreement.signings.published().with_stage().in_order(), agreement),
            "sectors": prepared(lambda agreement: agreement.sectors.all(), agreement),
            "relations": prepared(lambda agreement: agreement.relations.published().select_related("to"), agreement),
            "relations_to": prepared(
                lambda agreement: agreement.relations_to.published().select_related("agreement"), agreement
            ),
            "ladder": project
            and ladder_of(milestones, signed_on=agreement.signed_on, route=project.route, today=clock.today()),
            "bibliography": Bibliography(agreement, *milestones),
        },
    )


def _agreements():
    agreements = Agreement.objects.published().with_progress().with_terms().with_citations().with_corrections()
    return agreements.with_public("place", "project")


def _milestones(project):
    return project.milestones.published().with_citations().with_evidence().in_order()


@require_safe
def project_list(request):
    board = ProjectList(request.GET)
    projects = page_of(request, board.in_pages, per_page=20, of=board)
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
def project_detail(request, slug):
    project = get_public_or_tombstone(_projects, slug=slug)
    milestones = project.milestones.all()
    return render(
        request,
        "events/project_detail.html",
        {
            "project": project,
            "organizations": prepared(lambda project: project.organizations.published(), project),
            "agreements": prepared(_agreements_of, project),
            "ladder": ladder_of(milestones, signed_on=project.signed_on, route=project.route, today=clock.today()),
            "bibliography": Bibliography(project, *milestones),
        },
    )


def _projects():
    projects = InvestmentProject.objects.published().with_progress().with_first_signing().with_corrections()
    return projects.with_citations().with_milestones().with_public("place")


def _agreements_of(project):
    return project.agreements.published().with_progress().with_terms().latest_signed_first()
