"""Numbers with their qualifiers as fields: a bound is never given as a bare number."""

from decimal import Decimal

from django.utils.translation import gettext as _

from portal.api.fields import BOOLEAN, NUMBER, STRING, TEXT, Field, in_words
from portal.downloads import quantity_columns
from portal.quantities import Comparator, Quantity

QUANTITY = {"$ref": "#/components/schemas/Quantity"}


def quantity(name, heading, explanation, find, words, *, as_published=None, applies=None, **known) -> Field:
    """A `Quantity` with its qualifier; "not disclosed" where `find` finds none, and nothing at all where the row cannot
    have one (`applies`). `words` says it in the active language."""

    def said_of(row):
        found = find(row)
        if found is None and applies is not None and not applies(row):
            return None
        original = as_published(row) if as_published else None
        return quantity_json(found, lambda: words(row), original)

    columns = quantity_columns(
        name, heading, explanation, find, words, as_published=as_published or (lambda row: None), applies=applies
    )
    example = quantity_json(Quantity(Decimal(70), ">"), lambda: Quantity(Decimal(70), ">").words(), "超过70")
    return Field(name, heading, explanation, said_of, QUANTITY, example, columns, **known)


def quantity_json(found, words, as_published=None) -> dict:
    """A quantity (or None, which reads "not disclosed") as an object, never as a bare number."""
    low, high = (found.low, found.high) if found else (None, None)
    return {
        "comparator": str(found.comparator) if found else None,
        "low": low.value if low else None,
        "high": high.value if high else None,
        "approximate": found.approximate if found else None,
        "words": in_words(words if found else lambda: _("not disclosed")),
        "as_published": as_published or None,
    }


def quantity_schema() -> dict:
    """The schema that all quantities share."""
    nothing = _("Null where the source sets none or nothing was disclosed: null is never zero.")
    return {
        "description": _("A number as it was published, with its qualifier. A bound is never given as a plain number."),
        "type": ["object", "null"],
        "properties": {
            "comparator": {
                "description": _("= exactly, < less than, <= up to, >= at least, > more than."),
                "enum": [*map(str, Comparator), None],
            },
            "low": {**NUMBER, "description": nothing},
            "high": {**NUMBER, "description": nothing},
            "approximate": {**BOOLEAN, "description": _("Whether the source says about, nearly or the like.")},
            "words": TEXT,
            "as_published": {**STRING, "description": _("The number in the words of the source.")},
        },
        "required": ["comparator", "low", "high", "approximate", "words", "as_published"],
        "additionalProperties": False,
    }
