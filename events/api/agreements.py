"""What was signed as data."""

from decimal import Decimal
from operator import attrgetter

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.api.organizations import sector_field
from companies.api.places import place_field
from companies.models import Place
from events.api.projects import FURTHER, bare, progress_fields
from events.api.sessions import stage_fields
from events.models import (
    Agreement,
    AgreementParty,
    AgreementRelation,
    Amount,
    InvestmentProject,
    Signing,
)
from events.ocds import OCDS
from events.register import Register
from events.stages import PROGRESS
from portal.api.fields import coded, plain, slug, texts
from portal.api.filters import Filter
from portal.api.quantity_fields import quantity
from portal.api.record_fields import many, pages, reference
from portal.api.resources import Resource
from portal.api.source_fields import sources
from portal.downloads import Column, Kind, in_each_language
from portal.publishing import public_relation


def agreement_fields():
    return (
        slug("biobay-north-shanghai"),
        texts("title", _("Title"), _("Empty where none is recorded in this language.")),
        coded("kind", _("Kind"), _("What kind of paper it is."), Agreement.Kind.choices),
        coded(
            "bindingness",
            _("Binding force"),
            _("Whether it binds, as far as the sources say."),
            Agreement.Bindingness.choices,
        ),
        *_batch_fields(),
        _party_field(),
        *_signing_fields(),
        place_field(_("Where the investment goes. Empty when it was not disclosed.")),
        sector_field(),
        *_relation_fields(),
        *progress_fields(),
        sources(),
        pages(),
        *_amount_fields(),
        texts("summary", _("Summary"), _("In plain words: who does what, where."), **FURTHER),
    )


def _batch_fields():
    explanation = _("Several papers that were announced as one: “26 projects signed”.")
    return (
        plain("is_batch", _("Batch"), explanation, kind=Kind.BOOLEAN, example=False),
        quantity(
            "batch_size",
            _("Projects in the batch"),
            _("Only for a batch."),
            attrgetter("batch_size"),
            lambda row: row.batch_size.words(),
            as_published=attrgetter("batch_size_words"),
            applies=attrgetter("is_batch"),
        ),
    )


def _party_field():
    share = _("Of a joint venture, in percent.")
    parts = (
        texts("name", _("Name"), _("The name of whoever signed."), through=lambda row: row.organization or row),
        reference(
            "organization",
            _("Organization"),
            _("Its page here, where it has one."),
            attrgetter("organization"),
            "companies",
        ),
        coded("role", _("Role"), _("As what it signed."), AgreementParty.Role.choices),
        plain("share", _("Share"), share, kind=Kind.NUMBER, example=Decimal("49.8")),
    )
    columns = in_each_language("parties", _("Parties"), _("Who signed, and as what."), _parties_of)
    return many("parties", _("Parties"), _("Who signed, and as what."), lambda row: row.parties.all(), parts, columns)


def _parties_of(agreement) -> list[str]:
    """ "DiaSorin (investor)", "SPH (party, 49.8%)"."""
    return [
        f"{party.title} ({', '.join(filter(None, [party.get_role_display(), party.share_words]))})"
        for party in agreement.parties.all()
    ]


def _signing_fields():
    parts = (
        plain("signed_on", _("Signed on"), _("As far as it is known."), kind=Kind.DATE, example="2024-11-15"),
        *stage_fields(),
        place_field(_("Where it was signed."), find=lambda row: public_relation(row, "place")),
        texts("note", _("Note"), _("What else a reader must know.")),
    )
    conferences = Column(
        "conferences",
        _("Conferences"),
        _("The identifiers of the conferences it was signed at, the first one first."),
        lambda row: list(dict.fromkeys(each.held_at.slug for each in row.signings.all() if each.held_at)),
    )
    return (
        plain(
            "signed_on",
            _("Signed on"),
            _("The first signing, the only one that counts. Empty when its date was not disclosed."),
            lambda row: next((signing.signed_on for signing in row.signings.all()), None),
            Kind.DATE,
            example="2024-11-15",
        ),
        many(
            "signings",
            _("Signings"),
            _("The stages on which it was signed, the first one first."),
            lambda row: row.signings.all(),
            parts,
            (conferences,),
        ),
        plain(
            "terminated_on",
            _("Terminated on"),
            _("When it was ended. It then counts in no total."),
            kind=Kind.DATE,
        ),
    )


def _relation_fields():
    part_of = (AgreementRelation.Kind.PART_OF_FRAMEWORK, AgreementRelation.Kind.BATCH_MEMBER)
    supersedes = AgreementRelation.Kind.SUPERSEDES
    parts = (
        coded("kind", _("Relation"), _("How it stands to the other agreement."), AgreementRelation.Kind.choices),
        reference("to", _("To agreement"), _("The other agreement."), attrgetter("to"), "agreements", label="title"),
    )
    slugs = {"type": "array", "items": {"type": "string"}}
    belongs_to = Column(
        "part_of",
        _("Part of"),
        _("The identifiers of the framework or the batch that it belongs to."),
        lambda row: [each.to.slug for each in row.relations.all() if each.kind in part_of],
    )
    project = _("The identifier of the investment project that became of it.")
    return (
        plain(
            "superseded_by",
            _("Superseded by"),
            _("The identifiers of the agreements that took its place. It then counts in no total."),
            lambda row: [each.agreement.slug for each in row.relations_to.all() if each.kind == supersedes],
            shape=slugs,
            example=[],
        ),
        many(
            "relations",
            _("Relations"),
            _("How it stands to other agreements: upgrades, successors, frameworks, batches."),
            lambda row: row.relations.all(),
            parts,
            (belongs_to,),
        ),
        reference(
            "project",
            _("Project"),
            _("The investment project that became of it."),
            attrgetter("project"),
            "projects",
            label="title",
            columns=(Column("project", _("Project"), project, lambda row: row.project and row.project.slug),),
        ),
    )


DISCLOSED = {"yes": gettext_lazy("disclosed"), "no": gettext_lazy("not disclosed")}


def amount_parts():
    return (
        coded(
            "kind",
            _("Kind of amount"),
            _("What the money is for."),
            Amount.Kind.choices,
            column="amount_kind",
        ),
        plain("currency", _("Currency"), _("ISO 4217: CNY, USD, EUR."), column="amount_currency", example="CNY"),
        quantity(
            "amount",
            _("Amount"),
            _("In full figures of the currency."),
            attrgetter("quantity"),
            attrgetter("words"),
            as_published=attrgetter("quantity_words"),
        ),
    )


def _amount_fields():
    in_rows_of_its_own = _(
        "Each with its kind and currency. Amounts of different kinds or currencies are not added up."
    )
    return (
        coded(
            "disclosed",
            _("Amount disclosed"),
            _("Whether any amount is stated. What was not disclosed is never zero."),
            DISCLOSED,
            lambda row: "yes" if row.amounts.all() else "no",
            **FURTHER,
        ),
        many(
            "amounts",
            _("Amounts"),
            in_rows_of_its_own,
            lambda row: row.amounts.all(),
            amount_parts(),
            (Column("amounts", _("Amounts"), in_rows_of_its_own, _amounts_in_words, is_spoken=True),),
            **FURTHER,
        ),
    )


def _amounts_in_words(agreement) -> list[str]:
    return [f"{each.get_kind_display()}: {each.words}" for each in agreement.amounts.all()]


def with_agreement_details(agreements):
    """Loads what the fields of an agreement say, and nothing that is not public."""
    public_relations = AgreementRelation.objects.published().select_related("agreement", "to")
    return (
        bare(agreements)
        .with_citations()
        .prefetch_related(
            "amounts",
            "sectors",
            Prefetch("place", Place.objects.published()),
            Prefetch("project", InvestmentProject.objects.published()),
            Prefetch("parties", AgreementParty.objects.published().select_related("organization")),
            Prefetch("signings", Signing.objects.published().with_stage().with_public("place").in_order()),
            Prefetch("relations", public_relations),
            Prefetch("relations_to", public_relations),
        )
    )


def _in_register(parameters):
    register = Register(parameters)
    return register.agreements, register.on


AGREEMENTS = Resource(
    name="agreements",
    singular="agreement",
    position=4,
    title=gettext_lazy("Agreements"),
    definition=gettext_lazy(
        "Signed papers, and batches of papers that were announced as one, with parties, amounts, signings and what "
        "became of them. In the files to download an agreement has a row for each amount."
    ),
    records=Agreement.objects.published,
    loaded=lambda agreements: with_agreement_details(agreements.with_progress()),
    describe=agreement_fields,
    find=_in_register,
    filters=(
        Filter(
            "conference",
            gettext_lazy("Conference"),
            gettext_lazy("The identifier of a conference at which it was signed."),
            example="meilan-lake-2024",
        ),
        Filter("year", gettext_lazy("Year of signing"), gettext_lazy("The year of the first signing."), example="2024"),
        Filter(
            "kind",
            gettext_lazy("Kind of paper"),
            gettext_lazy("What kind of paper it is."),
            dict(Agreement.Kind.choices),
        ),
        Filter(
            "sector",
            gettext_lazy("Sector"),
            gettext_lazy("The code of a sector; its branches are included."),
            example="vaccines",
        ),
        Filter(
            "place",
            gettext_lazy("Place"),
            gettext_lazy("The identifier of a place; what lies inside it is included."),
            example="baoshan",
        ),
        Filter(
            "stage",
            gettext_lazy("What became of it"),
            gettext_lazy("How far its project has come, or what long silence means."),
            PROGRESS,
        ),
        Filter("disclosed", gettext_lazy("Amount"), gettext_lazy("Whether any amount is stated."), DISCLOSED),
    ),
    page="events:agreements",
    also=(OCDS,),
)
