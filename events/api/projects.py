"""Investment projects as data."""

from operator import attrgetter

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.api.places import place_field
from companies.models import Organization, Place
from events.models import (
    Agreement,
    InvestmentProject,
    Milestone,
)
from events.register import ProjectList
from events.stages import PROGRESS, Rung, Stage
from portal.api.fields import coded, plain, slug, spoken, texts
from portal.api.filters import Filter
from portal.api.record_fields import many, naming, pages
from portal.api.resources import Resource
from portal.api.source_fields import sources, sources_beneath
from portal.downloads import Column, Kind, in_each_language, source_columns

FURTHER = {"is_in_register": False}  # what the files of the registers leave out


def progress_fields():
    """How far a project has come: derived, and loaded `with_progress()`."""
    silence = _("The stage, or what long silence means. Inferred.")
    return (
        coded(
            "stage",
            _("Stage of the project"),
            _("The highest milestone with sufficient evidence. Derived, never typed."),
            Stage.choices,
        ),
        coded(
            "progress",
            _("Progress: code"),
            silence,
            PROGRESS,
            columns=(
                Column("progress", _("Progress: code"), silence, attrgetter("progress"), choices=tuple(PROGRESS)),
            ),
        ),
        spoken("progress_words", _("Progress"), silence, attrgetter("progress_words")),
        plain(
            "evidence_on",
            _("Newest evidence"),
            _("The date of the newest public evidence."),
            kind=Kind.DATE,
            example="2024-11-15",
        ),
    )


PROGRESS_FIELDS = ("stage", "progress", "progress_words", "evidence_on")


def bare(rows):
    """`rows` without what their view loaded with them, which need not be public."""
    return rows.select_related(None).prefetch_related(None)


def project_fields():
    route = _("Decides which milestones apply: a tenant of an existing building is not late for construction.")
    return (
        slug("sph-cansino-vaccine-plant"),
        texts("title", _("Title"), _("Empty where none is recorded in this language.")),
        place_field(_("Where it is. Empty when it was not disclosed.")),
        coded("route", _("Route"), route, InvestmentProject.Route.choices),
        _organization_field(),
        *progress_fields(),
        _milestone_field(),
        _agreement_field(),
        texts("summary", _("Summary"), _("In plain words: who does what, where."), **FURTHER),
        sources(source_columns(_citations_of_project)),
        pages(),
    )


def _organization_field():
    heading, explanation = _("Organizations"), _("Who builds or moves in.")
    columns = in_each_language(
        "organizations", heading, explanation, lambda row: [each.name for each in row.organizations.all()]
    )
    return many(
        "organizations",
        heading,
        explanation,
        lambda row: row.organizations.all(),
        naming("companies", column="organization"),
        columns,
    )


def _milestone_field():
    sufficient = _("Whether its sources are good enough for the step to count; empty where none says that it was met.")
    parts = (
        coded("kind", _("Kind"), _("Which step it is."), Milestone.Kind.choices),
        plain("due_on", _("Due on"), _("The date that was promised."), kind=Kind.DATE, example="2020-12"),
        plain("met_on", _("Met on"), _("The date that a source reports."), kind=Kind.DATE, example="2021-05"),
        plain(
            "is_sufficient",
            _("Sufficient evidence"),
            sufficient,
            lambda row: row.is_sufficient if row.met_on else None,
            Kind.BOOLEAN,
            example=True,
        ),
        texts("note", _("Note"), _("What else a reader must know.")),
        sources_beneath(),
    )
    heading, explanation = _("Milestones"), _("Each with its dates, in their order.")
    columns = in_each_language("milestones", heading, explanation, _milestones_of)
    return many("milestones", heading, explanation, lambda row: row.milestones.all(), parts, columns)


def _milestones_of(project) -> list[str]:
    """ "construction started: 2021-05, promised for 2020-12"."""
    return [f"{each.get_kind_display()}: {', '.join(_dates_of(each))}" for each in project.milestones.all()]


def _dates_of(milestone):
    if milestone.met_on:
        yield str(milestone.met_on)
    if milestone.due_on:
        yield _("promised for") + f" {milestone.due_on}"
    if milestone.met_on and milestone.kind in Stage.values and not milestone.is_sufficient:
        yield str(Rung.REPORTED.label)


def _agreement_field():
    heading, explanation = _("Agreements"), _("The identifiers of the agreements it came from.")
    column = Column("agreements", heading, explanation, lambda row: [each.slug for each in row.agreements.all()])
    parts = naming("agreements", "title", column="agreement")
    return many("agreements", heading, explanation, lambda row: row.agreements.all(), parts, (column,))


def _citations_of_project(project) -> list:
    return [each for cited in (project, *project.milestones.all()) for each in cited.citations.all()]


def with_project_details(projects):
    """Loads what the fields of a project say, and nothing that is not public."""
    return (
        bare(projects)
        .with_citations()
        .with_milestones()
        .prefetch_related(
            Prefetch("place", Place.objects.published()),
            Prefetch("organizations", Organization.objects.published()),
            Prefetch("agreements", Agreement.objects.published()),
        )
    )


def _in_project_list(parameters):
    board = ProjectList(parameters)
    return board.projects, board.on


PROJECTS = Resource(
    name="projects",
    singular="project",
    position=5,
    title=gettext_lazy("Investment projects"),
    definition=gettext_lazy(
        "What is built or moved into, with its milestones, their evidence and the stage that follows from them."
    ),
    records=lambda: InvestmentProject.objects.published().with_progress(),
    loaded=with_project_details,
    describe=project_fields,
    find=_in_project_list,
    filters=(
        Filter(
            "stage",
            gettext_lazy("What became of it"),
            gettext_lazy("How far its project has come, or what long silence means."),
            PROGRESS,
        ),
    ),
    page="events:projects",
)
