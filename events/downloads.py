"""The registers of what was signed and built as files: agreements, a row per amount, and investment projects."""

from dataclasses import dataclass
from operator import attrgetter

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from companies.downloads import place_columns, sector_columns, slug_column
from companies.models import Organization, Place
from events.models import Agreement, AgreementParty, AgreementRelation, Amount, InvestmentProject, Signing
from events.stages import Rung, Stage
from portal.downloads import (
    Column,
    Kind,
    Table,
    choice_columns,
    in_each_language,
    lazily,
    page_column,
    quantity_columns,
    reached,
    source_columns,
    translated_columns,
)

# --- Agreements -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One amount of an agreement, or the agreement alone where it states none."""

    agreement: Agreement
    amount: Amount | None


def agreement_table(agreements, filters, url) -> Table:
    """The agreements of a QuerySet that is already filtered and public, in its order, a row per amount.

    `filters` are pairs of label and value, in words; `url` is the path of the page that shows the same. Where the
    QuerySet is `with_progress()`, the stage is a column.
    """
    return Table(
        name="agreements",
        title=_("Agreements"),
        columns=(*reached(lambda row: row.agreement, _agreement_columns(agreements)), *_amount_columns()),
        rows=_one_per_amount(_with_everything_public(agreements)),
        url=url,
        filters=filters,
        notes=[
            _("An agreement with several amounts has one row for each: count the identifiers, not the rows."),
            _("An agreement without an amount has one row that reads “not disclosed”. It is never counted as zero."),
            _("Amounts of different kinds, or in different currencies, must not be added up."),
            _("Amounts of a framework or a batch must not be added to those of its members; see “Part of”."),
        ],
    )


def _with_everything_public(agreements):
    public_relations = AgreementRelation.objects.published().select_related("agreement", "to")
    return (
        _bare(agreements)
        .with_citations()
        .prefetch_related(
            "amounts",
            "sectors",
            Prefetch("place", Place.objects.published()),
            Prefetch("project", InvestmentProject.objects.published()),
            Prefetch("parties", AgreementParty.objects.published().select_related("organization")),
            Prefetch("signings", Signing.objects.published().with_stage().in_order()),
            Prefetch("relations", public_relations),
            Prefetch("relations_to", public_relations),
        )
    )


def _bare(rows):
    """`rows` without what their view loaded with them, which need not be public."""
    return rows.select_related(None).prefetch_related(None)


def _one_per_amount(agreements):
    for agreement in lazily(agreements):
        for amount in list(agreement.amounts.all()) or [None]:
            yield Row(agreement, amount)


def _agreement_columns(agreements) -> tuple[Column, ...]:
    return (
        slug_column(),
        *translated_columns("title", _("Title"), _("Empty where none is recorded in this language.")),
        *choice_columns("kind", _("Kind"), _("What kind of paper it is."), Agreement.Kind.choices),
        *choice_columns(
            "bindingness",
            _("Binding force"),
            _("Whether it binds, as far as the sources say."),
            Agreement.Bindingness.choices,
        ),
        *_batch_columns(),
        *in_each_language("parties", _("Parties"), _("Who signed, and as what."), _parties_of),
        *_signing_columns(),
        *place_columns(_("Where the investment goes. Empty when it was not disclosed.")),
        *sector_columns(),
        *_relation_columns(),
        *_stage_columns(agreements),
        *source_columns(),
        page_column(),
    )


def _batch_columns() -> tuple[Column, ...]:
    explanation = _("Several papers that were announced as one: “26 projects signed”.")
    return (
        Column("is_batch", _("Batch"), explanation, lambda row: row.is_batch, Kind.BOOLEAN),
        *quantity_columns(
            "batch_size",
            _("Projects in the batch"),
            _("Only for a batch."),
            lambda row: row.batch_size,
            lambda row: row.batch_size.words(),
            as_published=lambda row: row.batch_size_words,
            applies=lambda row: row.is_batch,
        ),
    )


def _parties_of(agreement) -> list[str]:
    """ "DiaSorin (investor)", "SPH (party, 49.8%)"."""
    return [
        f"{party.title} ({', '.join(filter(None, [party.get_role_display(), party.share_words]))})"
        for party in agreement.parties.all()
    ]


def _signing_columns() -> tuple[Column, ...]:
    return (
        Column(
            "signed_on",
            _("Signed on"),
            _("The first signing, the only one that counts. Empty when its date was not disclosed."),
            lambda row: next((signing.signed_on for signing in row.signings.all()), None),
            Kind.DATE,
        ),
        Column(
            "conferences",
            _("Conferences"),
            _("The identifiers of the conferences it was signed at, the first one first."),
            lambda row: list(dict.fromkeys(each.held_at.slug for each in row.signings.all() if each.held_at)),
        ),
        Column(
            "terminated_on",
            _("Terminated on"),
            _("When it was ended. It then counts in no total."),
            lambda row: row.terminated_on,
            Kind.DATE,
        ),
    )


def _relation_columns() -> tuple[Column, ...]:
    part_of = (AgreementRelation.Kind.PART_OF_FRAMEWORK, AgreementRelation.Kind.BATCH_MEMBER)
    supersedes = AgreementRelation.Kind.SUPERSEDES
    return (
        Column(
            "superseded_by",
            _("Superseded by"),
            _("The identifiers of the agreements that took its place. It then counts in no total."),
            lambda row: [each.agreement.slug for each in row.relations_to.all() if each.kind == supersedes],
        ),
        Column(
            "part_of",
            _("Part of"),
            _("The identifiers of the framework or the batch that it belongs to."),
            lambda row: [each.to.slug for each in row.relations.all() if each.kind in part_of],
        ),
        Column(
            "project",
            _("Project"),
            _("The identifier of the investment project that became of it."),
            lambda row: row.project and row.project.slug,
        ),
    )


def _amount_columns() -> tuple[Column, ...]:
    kind = choice_columns(
        "amount_kind", _("Kind of amount"), _("What the money is for."), Amount.Kind.choices, attrgetter("kind")
    )
    currency = Column("amount_currency", _("Currency"), _("ISO 4217: CNY, USD, EUR."), attrgetter("currency"))
    return (
        *reached(lambda row: row.amount, (*kind, currency)),
        *quantity_columns(
            "amount",
            _("Amount"),
            _("In full figures of the currency."),
            lambda row: row.amount and row.amount.quantity,
            lambda row: row.amount.words,
            as_published=lambda row: row.amount and row.amount.quantity_words,
        ),
    )


# --- Investment projects ----------------------------------------------------------------------------------------------


def project_table(projects, filters, url) -> Table:
    """The investment projects of a QuerySet that is already filtered and public, in its order; see `agreement_table`
    for `filters` and `url`. Where the QuerySet is `with_progress()`, the stage is a column."""
    everything_public = (
        _bare(projects)
        .with_citations()
        .with_milestones()
        .prefetch_related(
            Prefetch("place", Place.objects.published()),
            Prefetch("organizations", Organization.objects.published()),
            Prefetch("agreements", Agreement.objects.published()),
        )
    )
    return Table(
        name="projects",
        title=_("Projects"),
        columns=_project_columns(projects),
        rows=lazily(everything_public),
        url=url,
        filters=filters,
        notes=[_("A milestone that was reported without sufficient evidence does not change the stage.")],
    )


def _project_columns(projects) -> tuple[Column, ...]:
    route = _("Decides which milestones apply: a tenant of an existing building is not late for construction.")
    return (
        slug_column(),
        *translated_columns("title", _("Title"), _("Empty where none is recorded in this language.")),
        *place_columns(_("Where it is. Empty when it was not disclosed.")),
        *choice_columns("route", _("Route"), route, InvestmentProject.Route.choices),
        *in_each_language(
            "organizations",
            _("Organizations"),
            _("Who builds or moves in."),
            lambda row: [each.name for each in row.organizations.all()],
        ),
        *_stage_columns(projects),
        *in_each_language("milestones", _("Milestones"), _("Each with its dates, in their order."), _milestones_of),
        Column(
            "agreements",
            _("Agreements"),
            _("The identifiers of the agreements it came from."),
            lambda row: [each.slug for each in row.agreements.all()],
        ),
        *source_columns(_citations_of_project),
        page_column(),
    )


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


def _citations_of_project(project) -> list:
    return [each for cited in (project, *project.milestones.all()) for each in cited.citations.all()]


def _stage_columns(rows) -> tuple[Column, ...]:
    """The derived state of a project, where the QuerySet has it."""
    if "evidence_on" not in rows.query.annotations:
        return ()
    explanation = _("The highest milestone with sufficient evidence. Derived, never typed.")
    silence = _("The stage, or what long silence means. Inferred.")
    return (
        *choice_columns("stage", _("Stage of the project"), explanation, Stage.choices),
        Column("progress", _("Progress: code"), silence, lambda row: row.progress),
        Column("progress_words", _("Progress"), silence, lambda row: row.progress_words),
        Column(
            "evidence_on",
            _("Newest evidence"),
            _("The date of the newest public evidence."),
            lambda row: row.evidence_on,
            Kind.DATE,
        ),
    )
