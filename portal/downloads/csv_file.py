"""A table as CSV (RFC 4180, UTF-8): the names of the columns, then the rows. No cell is ever a formula."""

import csv
import unicodedata
from itertools import chain

from portal.downloads.tables import Kind
from portal.quantities import plain

BOM = "\ufeff"  # without it, older versions of Excel take UTF-8 for the local code page


def csv_lines(table, *, bom=False):
    """The lines of the file, one at a time, in the language of this call."""
    head = (BOM if bom else "") + head_of(table.columns)
    return chain([head], map(line_writer(table.columns), table.records()))


def head_of(columns) -> str:
    """The first line of the file."""
    return csv.writer(_Echo()).writerow([column.name for column in columns])


def line_writer(columns):
    """The function that writes the cells of a row as a line."""
    line, kinds = csv.writer(_Echo()).writerow, [column.kind for column in columns]
    return lambda cells: line(map(_written, cells, kinds))


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text):
        return text


def _written(cell, kind) -> str:
    if cell is None:
        return ""
    if kind == Kind.NUMBER:
        return plain(cell)  # fails on text: only a number goes unescaped
    if kind == Kind.BOOLEAN:
        return "true" if cell else "false"
    return harmless("; ".join(cell) if isinstance(cell, list) else str(cell))


def harmless(text: str) -> str:
    """Text that a spreadsheet would take for a formula, behind an apostrophe. A lone "=", our own sign for "exactly",
    is none."""
    return f"'{text}" if text != "=" and looks_like_formula(text) else text


def looks_like_formula(text: str) -> bool:
    """Whether the first visible character is = + - @ in any width, or the text begins with a tab or a line break."""
    if text.startswith(("\t", "\r", "\n")):
        return True
    first = next((each for each in text if unicodedata.category(each)[0] not in "CZ"), "")
    return unicodedata.normalize("NFKC", first)[:1] in {"=", "+", "-", "@"}
