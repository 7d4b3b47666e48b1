"""What a table says, whatever file it becomes: its columns, its rows, and where it comes from."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils import translation
from django.utils.translation import get_language

from portal import clock

CHUNK = 500  # rows, and what is prefetched for them, that are in memory at a time


class Kind(StrEnum):
    """What the cells of a column hold; None in a cell of any kind says that nothing is recorded."""

    TEXT = "text"  # or a list of texts
    NUMBER = "number"  # Decimal or int
    DATE = "date"  # PartialDate or date
    URL = "url"  # or a list of addresses
    BOOLEAN = "boolean"


@dataclass(frozen=True)
class Column:
    """One column. `name` is for programs and the same in every language, `heading` and `explanation` are for people.

    `value` finds the cell in a row. Columns with the same `part_of` are one object in JSON: `amount_low`, part of
    `amount`, is `low` there. `choices` are the codes that its cells can hold. What `is_spoken` is in the language of
    the page; where all languages stand side by side, it is there once for each.
    """

    name: str
    heading: str
    explanation: str
    value: Callable[[Any], Any]
    kind: Kind = Kind.TEXT
    part_of: str = ""
    choices: Sequence[str] = ()
    is_spoken: bool = False

    @property
    def key(self) -> str:
        """Its name in JSON."""
        return self.name.removeprefix(f"{self.part_of}_") if self.part_of else self.name


@dataclass(frozen=True)
class Table:
    """A register as somebody downloads it.

    `name` begins the name of the file (`agreements`); `rows` is iterated once and may be lazy; `url` is the page that
    shows the same, with its filters; `filters` are pairs of label and value; `notes` say what a reader of the numbers
    must know.
    """

    name: str
    title: str
    columns: Sequence[Column]
    rows: Iterable[Any]
    url: str
    filters: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()
    licence: str = ""

    def records(self) -> Iterator[list]:
        """The cells of each row, pulled one row at a time. The language and the moment are those of this call: a
        response is written after the request that asked for it has been left."""
        return _records(self, get_language(), clock.now())


def _records(table, language, moment):
    for row in table.rows:
        with translation.override(language), clock.set_to(moment):
            cells = cells_of(table.columns, row)
        yield cells


def cells_of(columns, row) -> list:
    """What `columns` find in a row, in the active language."""
    return [_cell(column.value(row)) for column in columns]


def _cell(value):
    """The value, with empty text as None; False and a published zero are something."""
    if isinstance(value, (list, tuple)):
        return [str(each) for each in value if each]
    return None if value == "" else value


def lazily(queryset) -> Iterator:
    """The rows of `queryset` a chunk at a time, with what it prefetches."""
    return queryset.iterator(chunk_size=CHUNK)
