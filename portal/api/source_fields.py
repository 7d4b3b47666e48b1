"""The sources of a record, and of what stands inside it, as fields."""

from operator import attrgetter

from django.utils.translation import gettext as _

from portal.api.fields import Field, coded, plain, texts
from portal.api.record_fields import many
from portal.downloads import Column, Kind
from portal.downloads.columns import source_columns
from portal.provenance import Citation


def sources(columns=None) -> Field:
    """The citations of a record, which are loaded (`with_citations()`). `columns` say them in its row."""
    return many(
        "sources",
        _("Sources"),
        _("Who published what is said here: one entry for each fact and source."),
        lambda row: row.citations.all(),
        _citation_fields(),
        source_columns() if columns is None else columns,
    )


def sources_beneath() -> Field:
    """The citations of something that stands inside a record; in tables the identifiers of the sources."""
    slugs = Column(
        "sources",
        _("Sources"),
        _("The identifiers of its sources."),
        lambda row: list(dict.fromkeys(each.source.slug for each in row.citations.all())),
    )
    return sources((slugs,))


def _citation_fields() -> tuple[Field, ...]:
    source, stance = attrgetter("source"), _("Whether the source states the fact, implies it or contradicts it.")
    return (
        plain(
            "slug",
            _("Identifier"),
            _("The identifier of the source."),
            attrgetter("source.slug"),
            column="source",
            refers_to="sources",
            shape={"type": "string"},
            example="shanghai-daily-2024-11-16",
        ),
        texts("publisher", _("Publisher"), _("Who published it first."), through=source),
        texts("title", _("Title"), _("The title of the source."), through=source),
        plain(
            "url",
            _("Web address"),
            _("Empty where the page may not be linked."),
            attrgetter("source.url"),
            Kind.URL,
            example="https://www.example.org/",
        ),
        coded("stance", _("Stance"), stance, Citation.Stance.choices),
        plain("fact", _("Fact"), _("The fact that it supports; empty for the record as a whole."), example="signed_on"),
        plain("quote", _("Quote"), _("A few words of the source in its own language."), example="…"),
        plain("locator", _("Place in the source"), _("Where in the source it says so."), example="page 12"),
    )
