"""Organizations as data, with the sectors that other records have too."""

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.api.places import place_field, place_named
from companies.models import Organization, OrganizationIdentifier, Presence, Sector
from portal.api.fields import coded, plain, slug, texts
from portal.api.filters import YES_NO, Filter, by_record, chosen
from portal.api.record_fields import many, pages, reference
from portal.api.resources import Resource
from portal.api.source_fields import sources, sources_beneath
from portal.downloads import Column, Kind, in_each_language, source_columns


def sector_field():
    """The sectors of a record, out of those that are loaded."""
    explanation = _("Every sector it belongs to.")
    columns = (
        Column("sectors", _("Sectors: code"), explanation, lambda row: [each.slug for each in row.sectors.all()]),
        *in_each_language("sectors", _("Sectors"), explanation, lambda row: [each.name for each in row.sectors.all()]),
    )
    parts = (
        plain("slug", _("Identifier"), _("The code of the sector."), column="sector", example="vaccines"),
        texts("name", _("Name"), _("Its name or title."), example=("Vaccines", "疫苗")),
    )
    return many("sectors", _("Sectors"), explanation, lambda row: row.sectors.all(), parts, columns)


def sector_named(slug):
    return Sector.objects.filter(slug=slug).first()


def company_fields():
    more = {"is_in_register": False}
    return (
        slug("diasorin"),
        texts("name", _("Name"), _("The name people know. Empty where none is recorded in this language.")),
        plain("legal_name", _("Registered name"), _("As in the register.")),
        coded("kind", _("Kind"), _("What the organization is."), Organization.Kind.choices),
        plain("country", _("Country"), _("Of its headquarters, two letters (ISO 3166)."), example="IT"),
        sector_field(),
        _presence_field(),
        plain("founded_on", _("Founded"), _("As far as it is known."), kind=Kind.DATE, example="2020-09"),
        plain("website", _("Website"), _("Its own."), kind=Kind.URL, example="https://www.example.org/"),
        plain(
            "last_confirmed_on",
            _("Last confirmed"),
            _("When somebody last checked that all this still holds."),
            kind=Kind.DATE,
            example="2024-11-01",
        ),
        plain(
            "in_district",
            _("In the district"),
            _("Whether it has a site in the district, other than a planned one: then the company directory lists it."),
            lambda row: any(each.kind != Presence.Kind.PLANNED for each in row.presences.all()),
            Kind.BOOLEAN,
            example=True,
            **more,
        ),
        texts("short_name", _("Short name"), _("For tight places."), **more),
        reference(
            "parent",
            _("Parent"),
            _("The organization it belongs to."),
            lambda row: row.parent if row.parent_id and row.parent_is_public else None,
            "companies",
            **more,
        ),
        _identifier_field(**more),
        texts("summary", _("Summary"), _("One sentence for lists."), **more),
        texts("description", _("Description"), _("What its page says of it, without markup."), **more),
        sources(source_columns(_citations_of_company)),
        pages(),
    )


def _presence_field():
    parts = (
        place_field(_("The place in the district.")),
        coded("kind", _("Kind"), _("What the site is."), Presence.Kind.choices),
        plain("since", _("Since"), _("As far as it is known."), kind=Kind.DATE, example="2021-05"),
        plain("until", _("Until"), _("Empty while it is there."), kind=Kind.DATE),
        texts("note", _("Note"), _("What else a reader must know.")),
        sources_beneath(),
    )
    heading, explanation = _("Present at"), _("The sites in the district, and what each is.")
    columns = in_each_language("presences", heading, explanation, _presences_of)
    return many("presences", heading, explanation, lambda row: row.presences.all(), parts, columns)


def _presences_of(company) -> list[str]:
    return [f"{each.place.name} ({each.get_kind_display()})" for each in company.presences.all()]


def _citations_of_company(company) -> list:
    return [each for cited in (company, *company.presences.all()) for each in cited.citations.all()]


def _identifier_field(**known):
    parts = (
        coded("scheme", _("Register"), _("Which register gave the number."), OrganizationIdentifier.Scheme.choices),
        plain("value", _("Number"), _("As the register writes it."), example="HKEX 2591"),
    )
    heading, explanation = _("Numbers in registers"), _("Its numbers in public registers.")
    column = Column("identifiers", heading, explanation, lambda row: [str(each) for each in row.identifiers.all()])
    known["columns"] = (column,)
    return many("identifiers", heading, explanation, lambda row: row.identifiers.all(), parts, **known)


def with_sites(companies):
    """Loads what the register says of a company."""
    presences = Presence.objects.published().select_related("place").with_citations()
    return companies.with_citations().prefetch_related("sectors", Prefetch("presences", presences))


def _in_district(rows, value):
    if value not in YES_NO:
        return None
    there = Organization.objects.in_district()
    return rows.in_district() if value == "yes" else rows.exclude(pk__in=there.values("pk"))


COMPANIES = Resource(
    name="companies",
    singular="company",
    position=6,
    title=gettext_lazy("Companies and other organizations"),
    definition=gettext_lazy(
        "Every organization with a page here: those with a site in the district (“in_district”), and those that only "
        "signed, organized or spoke."
    ),
    records=Organization.objects.published,
    loaded=lambda companies: with_sites(companies).with_public("parent").prefetch_related("identifiers"),
    describe=company_fields,
    filters=(
        chosen("kind", gettext_lazy("Kind"), gettext_lazy("What the organization is."), Organization.Kind.choices),
        by_record(
            "sector",
            gettext_lazy("Sector"),
            gettext_lazy("The code of a sector; its branches are included."),
            "vaccines",
            sector_named,
            lambda rows, sector: rows.in_sector(sector),
        ),
        by_record(
            "place",
            gettext_lazy("Place"),
            gettext_lazy("The identifier of a place; what lies inside it is included."),
            "baoshan",
            place_named,
            lambda rows, place: rows.at_place(place),
        ),
        Filter(
            "in_district",
            gettext_lazy("In the district"),
            gettext_lazy("Only organizations with a site in the district, or only the others."),
            YES_NO,
            narrowed=_in_district,
        ),
    ),
    page="companies:companies",
    file_name="organizations",
)
