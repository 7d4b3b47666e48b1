"""Columns that come in groups: translated fields, choices, quantities, sources."""

from dataclasses import replace
from operator import attrgetter

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from translated_fields import to_attribute

from portal.addresses import absolute
from portal.downloads.tables import Column, Kind
from portal.provenance import Citation
from portal.quantities import Comparator


def reached(through, columns) -> tuple[Column, ...]:
    """`columns` of what `through` finds in a row (`lambda row: row.place`); empty where it finds None."""
    return tuple(replace(column, value=_read(through, column.value)) for column in columns)


def translated_columns(field, heading, explanation, name="") -> tuple[Column, ...]:
    """A translated field, once per language as it is stored: `title_en`, `title_zh_hans`. `name` stands for `field` in
    the names of the columns."""
    return tuple(
        Column(to_attribute(name or field, code), f"{heading} ({language})", explanation, _stored(field, code))
        for code, language in settings.LANGUAGES
    )


def _stored(field, code):
    return attrgetter(to_attribute(field, code))


def in_each_language(name, heading, explanation, value) -> tuple[Column, ...]:
    """What `value` makes of a row, once per language while that language is active."""

    def spoken(code):
        def in_language(row):
            with translation.override(code):
                found = value(row)
                return [str(each) for each in found] if isinstance(found, list) else found and str(found)

        return in_language

    return tuple(
        Column(to_attribute(name, code), f"{heading} ({language})", explanation, spoken(code))
        for code, language in settings.LANGUAGES
    )


def choice_columns(name, heading, explanation, choices, value=None) -> tuple[Column, Column]:
    """One of `choices` (pairs of code and label) as the code that programs compare, and as its words in the language of
    the page (`kind_words`)."""
    value, labels = value or attrgetter(name), dict(choices)

    def words(row):
        code = value(row)
        return str(labels.get(code, code)) if code else None

    return (
        Column(name, _part(heading, _("code")), explanation, value, choices=tuple(labels)),
        Column(f"{name}_words", heading, explanation, words, is_spoken=True),
    )


def quantity_columns(
    name, heading, explanation, quantity, words, *, as_published=None, applies=None
) -> tuple[Column, ...]:
    """A `Quantity` without loss: `<name>_comparator`, `_low`, `_high`, `_approximate`, `_words`; one object in JSON.

    `quantity` finds the Quantity or None in a row, `words` says it in the active language and is only asked where there
    is one. None reads "not disclosed", unless `applies` says that the row cannot have one. `as_published` finds the
    words of the source, for a sixth column.
    """

    def in_words(row):
        if quantity(row) is not None:
            return words(row)
        return _("not disclosed") if applies is None or applies(row) else None

    def column(part, suffix, how, value, kind=Kind.TEXT, **known):
        return Column(f"{name}_{part}", _part(heading, suffix), f"{explanation} {how}", value, kind, name, **known)

    absent = _("Empty where the source sets none or nothing was disclosed: an empty cell is never zero.")
    signs = _("= exactly, < less than, <= up to, >= at least, > more than; empty when nothing was disclosed.")
    about = _("Whether the source says about, nearly or the like.")
    quotable = _("The number as one may quote it, with its qualifier.")
    columns = (
        column("comparator", _("qualifier"), signs, _read(quantity, _comparator), choices=tuple(Comparator)),
        column("low", _("lowest"), absent, _read(quantity, _low), Kind.NUMBER),
        column("high", _("highest"), absent, _read(quantity, _high), Kind.NUMBER),
        column("approximate", _("approximate"), about, _read(quantity, attrgetter("approximate")), Kind.BOOLEAN),
        column("words", _("in words"), quotable, in_words, is_spoken=True),
    )
    if as_published is None:
        return columns
    return (
        *columns,
        column("as_published", _("as published"), _("The number in the words of the source."), as_published),
    )


def _part(heading, part) -> str:
    return _("%(heading)s: %(part)s") % {"heading": heading, "part": part}


def _read(find, read):
    """What `read` makes of what `find` finds in a row; None where it finds None."""

    def cell(row):
        found = find(row)
        return None if found is None else read(found)

    return cell


def _comparator(quantity):
    return str(quantity.comparator)


def _low(quantity):
    return quantity.low.value if quantity.low else None


def _high(quantity):
    return quantity.high.value if quantity.high else None


def source_columns(citations=lambda row: row.citations.all()) -> tuple[Column, Column]:
    """The sources of a row by their titles and, in the same order, by their addresses. `citations` finds those that are
    loaded with their sources (`with_citations()`)."""

    def cited(row):
        found = {}
        for each in citations(row):
            if each.source_id not in found or each.stance == Citation.Stance.CONTRADICTS:
                found[each.source_id] = each
        return found.values()

    return (
        Column(
            "sources",
            _("Sources"),
            _("Publisher and title of each source; one that contradicts the record says so."),
            lambda row: [_source_title(each) for each in cited(row)],
            is_spoken=True,
        ),
        Column(
            "source_urls",
            _("Addresses of the sources"),
            _("In the same order; where a source may not be linked, its page here."),
            lambda row: [each.source.url or absolute(each.source.get_absolute_url()) for each in cited(row)],
            Kind.URL,
            is_spoken=True,
        ),
    )


def _source_title(citation) -> str:
    if citation.stance != Citation.Stance.CONTRADICTS:
        return str(citation.source)
    return f"{citation.source} ({citation.get_stance_display()})"


def page_column() -> Column:
    """The page of a record on the portal, in the language of the download."""
    return Column(
        "page_url",
        _("Page"),
        _("The page of this record, with its sources."),
        lambda row: absolute(row.get_absolute_url()),
        Kind.URL,
        is_spoken=True,
    )
