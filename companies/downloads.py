"""The registers of the district as files: the company directory as it is filtered, and the values of one indicator."""

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from companies.models import Observation, Organization, Presence
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
from portal.prose import in_plain_words

# --- The company directory --------------------------------------------------------------------------------------------


def company_table(directory) -> Table:
    """The organizations that the company directory shows for the same filters, on all its pages."""
    presences = Presence.objects.published().select_related("place").with_citations()
    companies = directory.organizations.with_citations().prefetch_related("sectors", Prefetch("presences", presences))
    page = reverse("companies:companies")
    return Table(
        name="companies",
        title=_("Companies"),
        columns=_company_columns(),
        rows=lazily(companies),
        url=f"{page}?{directory.query}" if directory.query else page,
        filters=_filters(directory.active),
    )


def _filters(active) -> list[tuple[str, str]]:
    kind, sector, place = (active[name] for name in ("kind", "sector", "place"))
    return [
        *([(_("Kind"), capfirst(Organization.Kind(kind).label))] if kind else []),
        *([(_("Sector"), sector.name)] if sector else []),
        *([(_("Place"), place.name)] if place else []),
    ]


def _company_columns() -> tuple[Column, ...]:
    name, kind, where = _("Name"), _("Kind"), _("Present at")
    return (
        slug_column(),
        *translated_columns("name", name, _("The name people know. Empty where none is recorded in this language.")),
        Column("legal_name", _("Registered name"), _("As in the register."), lambda row: row.legal_name),
        *choice_columns("kind", kind, _("What the organization is."), Organization.Kind.choices),
        Column("country", _("Country"), _("Of its headquarters, two letters (ISO 3166)."), lambda row: row.country),
        *sector_columns(),
        *in_each_language("presences", where, _("The sites in the district, and what each is."), _presences_of),
        Column("founded_on", _("Founded"), _("As far as it is known."), lambda row: row.founded_on, Kind.DATE),
        Column("website", _("Website"), _("Its own."), lambda row: row.website, Kind.URL),
        Column(
            "last_confirmed_on",
            _("Last confirmed"),
            _("When somebody last checked that all this still holds."),
            lambda row: row.last_confirmed_on,
            Kind.DATE,
        ),
        *source_columns(_citations_of_company),
        page_column(),
    )


def _presences_of(company) -> list[str]:
    return [f"{each.place.name} ({each.get_kind_display()})" for each in company.presences.all()]


def _citations_of_company(company) -> list:
    return [each for cited in (company, *company.presences.all()) for each in cited.citations.all()]


# --- Columns of other registers too -----------------------------------------------------------------------------------


def slug_column() -> Column:
    return Column("slug", _("Identifier"), _("The end of its address here. It does not change."), lambda row: row.slug)


def sector_columns() -> tuple[Column, ...]:
    """The sectors of a row, out of those that are loaded: their slugs, and their names in each language."""

    def names_of(row):
        return [sector.name for sector in row.sectors.all()]

    return (
        Column(
            "sectors",
            _("Sectors: code"),
            _("Every sector it belongs to."),
            lambda row: [sector.slug for sector in row.sectors.all()],
        ),
        *in_each_language("sectors", _("Sectors"), _("Every sector it belongs to."), names_of),
    )


def place_columns(explanation) -> tuple[Column, ...]:
    """The place of a row, which is loaded only where it is public: its slug, and its name in each language."""
    columns = (
        Column("place", _("Place: code"), explanation, lambda place: place.slug),
        *translated_columns("name", _("Place"), explanation, name="place"),
    )
    return reached(lambda row: row.place, columns)


# --- The values of one indicator --------------------------------------------------------------------------------------


def observation_table(indicator) -> Table:
    """Every public value of `indicator`, oldest first, with targets and deprecated values as its page shows them."""
    about = [(_("Coverage: %s"), indicator.coverage), (_("Definition: %s"), in_plain_words(indicator, "definition"))]
    return Table(
        name=f"indicator-{indicator.slug}",
        title=str(indicator.name),
        columns=_observation_columns(),
        rows=lazily(indicator.observations.published().with_citations()),
        url=indicator.get_absolute_url(),
        filters=[(_("Indicator"), str(indicator.name))],
        notes=[words % text for words, text in about if text],
    )


def _observation_columns() -> tuple[Column, ...]:
    rank, note = _("Rank"), _("Note")
    return (
        Column("period", _("Period"), _("The year, month or day it describes."), lambda row: row.period, Kind.DATE),
        Column("period_until", _("Until"), _("The end of a span."), lambda row: row.period_until, Kind.DATE),
        Column(
            "is_target",
            _("Target"),
            _("A plan for the period, not a result."),
            lambda row: row.is_target,
            Kind.BOOLEAN,
        ),
        *choice_columns(
            "rank", rank, _("Where sources disagree, each is listed and one preferred."), Observation.Rank.choices
        ),
        *quantity_columns(
            "quantity",
            _("Value"),
            _("The value as it was published."),
            lambda row: row.quantity,
            lambda row: row.words,
            as_published=lambda row: row.quantity_words,
        ),
        *reached(lambda row: row.indicator, _unit_columns()),
        *translated_columns("note", note, _("Why values differ, and what else a reader must know.")),
        *source_columns(),
    )


def _unit_columns() -> tuple[Column, ...]:
    return (
        Column("measure", _("Measure"), _("What the number is: count, money, percent or area."), lambda of: of.measure),
        Column("currency", _("Currency"), _("ISO 4217, for money only."), lambda of: of.currency),
        *translated_columns("unit", _("Unit"), _("What is counted.")),
    )
