"""What a record says, described once: its columns, its JSON, the schema of that JSON and the words that explain it.

The functions below make the usual fields. Headings and explanations are in the language that is active when they are
called; what a field says of a record is in every language at once (`Said`), so that it can be asked for in one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from translated_fields import to_attribute

from portal.downloads import Column, Kind, choice_columns, translated_columns
from portal.languages import language_tag
from portal.prose import in_plain_words

TEXT = {"$ref": "#/components/schemas/Text"}
STRING, NUMBER, BOOLEAN = ({"type": [name, "null"]} for name in ("string", "number", "boolean"))
DATE = {"type": ["string", "null"], "pattern": r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"}
SHAPES = {Kind.TEXT: STRING, Kind.NUMBER: NUMBER, Kind.DATE: DATE, Kind.URL: STRING, Kind.BOOLEAN: BOOLEAN}


class Said(dict):
    """A text in each language, by language tag; None where it is not recorded in one."""


def said(text_in) -> Said | None:
    """What `text_in` finds for each language code; None where it finds nothing in any."""
    texts = Said({language_tag(code): str(text_in(code) or "") or None for code, _name in settings.LANGUAGES})
    return texts if any(texts.values()) else None


def in_words(words) -> Said | None:
    """What `words()` says while each language is active."""

    def text_in(code):
        with translation.override(code):
            return str(words())

    return said(text_in)


@dataclass(frozen=True)
class Field:
    """One thing that the records of a dataset say.

    `value` finds it in a record; `shape` is the JSON schema of what it finds, unless it has `parts`: then it is an
    object of them, or a list of such objects, one for each that `rows` finds. `columns` say the same in tables; the
    files of a register leave out what is not `is_in_register`. `refers_to` is the dataset to which its first column is
    a key.
    """

    name: str
    heading: str
    explanation: str
    value: Callable[[Any], Any]
    shape: dict = field(default_factory=dict)
    example: Any = None
    columns: Sequence[Column] = ()
    parts: Sequence["Field"] = ()
    rows: Callable[[Any], Any] | None = None
    is_in_register: bool = True
    refers_to: str = ""

    @property
    def is_list(self) -> bool:
        return self.rows is not None

    @property
    def schema(self) -> dict:
        """The JSON schema of its value, with its words."""
        words = {"title": self.heading, "description": self.explanation}
        return {**(object_schema(self.parts, self.is_list) if self.parts else self.shape), **words}

    @property
    def sample(self) -> Any:
        """An example of its value."""
        if not self.parts:
            return self.example
        one = {part.name: part.sample for part in self.parts}
        return [one] if self.is_list else one


def object_schema(fields, is_list=False) -> dict:
    """The schema of an object of `fields`, all of them always there; or of a list of such objects."""
    shape = {
        "type": "object" if is_list else ["object", "null"],
        "properties": {each.name: each.schema for each in fields},
        "required": [each.name for each in fields],
        "additionalProperties": False,
    }
    return {"type": "array", "items": shape} if is_list else shape


def json_of(fields, record) -> dict:
    """What `fields` say of `record`, with `Said` for texts."""
    return {each.name: each.value(record) for each in fields}


def columns_of(fields, *, of_register=False) -> tuple[Column, ...]:
    """The columns of a table of what `fields` say; of what a register says in its files, with `of_register`."""
    return tuple(column for each in fields if each.is_in_register or not of_register for column in each.columns)


# --- Single values ----------------------------------------------------------------------------------------------------


def plain(
    name, heading, explanation, value=None, kind=Kind.TEXT, *, example=None, shape=None, column="", **known
) -> Field:
    """A text in no particular language, a number, a date, an address, or yes or no; or a list of texts."""
    find = value or attrgetter(name)
    column = Column(column or name, heading, explanation, find, kind)
    shape = shape or SHAPES[kind]
    return Field(name, heading, explanation, lambda row: tidied(find(row)), shape, example, (column,), **known)


def slug(example) -> Field:
    return plain(
        "slug",
        _("Identifier"),
        _("The end of its address here. It does not change."),
        shape={"type": "string"},
        example=example,
    )


def tidied(value):
    """A value of a record as JSON has it: a date as text, None for empty text."""
    if value is None or isinstance(value, (bool, int, Decimal, Said)):
        return value
    if isinstance(value, (list, tuple)):
        return [tidied(each) for each in value]
    return str(value) or None


def texts(name, heading, explanation, *, stored_as="", through=None, example=("…", "…"), **known) -> Field:
    """A translated text as it is recorded in each language, without markup: of a row, or of what `through` finds in
    it."""
    stored, of = stored_as or name, through or (lambda row: row)

    def find(row):
        record = of(row)
        return said(lambda code: in_plain_words(record, to_attribute(stored, code)))

    def column(each, code):
        return replace(each, value=lambda row: in_plain_words(of(row), to_attribute(stored, code)))

    stand = translated_columns(stored, heading, explanation, name=name)
    columns = tuple(column(each, code) for each, (code, _name) in zip(stand, settings.LANGUAGES, strict=True))
    return Field(name, heading, explanation, find, TEXT, _both(*example), columns, **known)


def _both(*texts) -> Said:
    return Said(zip((language_tag(code) for code, _name in settings.LANGUAGES), texts, strict=True))


def spoken(name, heading, explanation, words, *, example=("…", "…"), **known) -> Field:
    """What `words` says of a row in the active language."""

    def find(row):
        return in_words(lambda: words(row) or "")

    column = Column(name, heading, explanation, lambda row: words(row) or None, is_spoken=True)
    return Field(name, heading, explanation, find, TEXT, _both(*example), (column,), **known)


def coded(name, heading, explanation, choices, value=None, *, column="", columns=(), **known) -> Field:
    """One of `choices`: its code, which programs compare, and its words."""
    labels = dict(choices)
    find = value or attrgetter(name)
    words = {code: in_words(lambda label=label: label) for code, label in labels.items()}

    def code_and_words(row):
        code = find(row)
        return {"code": str(code), "words": words[code]} if code else None

    shape = {
        "type": ["object", "null"],
        "properties": {"code": {"type": "string", "enum": [str(code) for code in labels]}, "words": TEXT},
        "required": ["code", "words"],
        "additionalProperties": False,
    }
    first = next(iter(labels))
    example = {"code": str(first), "words": words[first]}
    columns = columns or choice_columns(column or name, heading, explanation, labels.items(), find)
    return Field(name, heading, explanation, code_and_words, shape, example, columns, **known)
