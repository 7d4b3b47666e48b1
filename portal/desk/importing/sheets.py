"""A CSV or XLSX file as headings and rows of plain text. Every quirk and every limit of a spreadsheet ends here.

`read_sheet` takes what Excel, WPS, LibreOffice and a text editor save: with and without byte order mark, UTF-8, GB
18030 or UTF-16, commas, semicolons or tabs, titles above the headings, empty rows and columns around the table.
Whatever it cannot take whole it refuses with a sentence for the editor.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePath

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.downloads.csv_file import looks_like_formula

MAX_BYTES = 10 * 2**20
MAX_ROWS = 20_000
MAX_COLUMNS = 100
MAX_CHARACTERS = 32_767  # as many as Excel keeps in one cell
TITLE_ROWS = 10  # that may stand above the headings

OLE_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")  # old Excel files, and new ones behind a password
ZIP_SIGNATURE = b"PK\x03\x04"


TOO_WIDE = gettext_lazy("This file has more than 100 columns. Delete those that are not in the template.")


class Refused(ValueError):  # noqa: N818 (reads as a sentence where it is raised)
    """The file cannot be read as a sheet; the message is for the person who chose it."""


class Faulty(str):
    """The text of a cell that a spreadsheet has spoilt; `fault` is a sentence for the editor."""

    fault: str

    @classmethod
    def because(cls, text, fault):
        cell = cls(text)
        cell.fault = fault
        return cell


@dataclass(frozen=True)
class Sheet:
    """The headings, and the rows that hold anything, each with its number in the file."""

    headings: list[str]
    rows: list[tuple[int, list[str]]]

    def __len__(self):
        return len(self.rows)


def read_sheet(content: bytes, name: str, knows: Callable[[str], bool]) -> Sheet:
    """The sheet in the file `name`. `knows` says whether a text is the heading of a column, which tells the headings
    from a title above them. Raises `Refused`, and nothing else."""
    if not content:
        raise Refused(_("This file is empty."))
    if len(content) > MAX_BYTES:
        raise Refused(_("This file is larger than 10 MB. Split it into several."))
    return _arranged(_READERS[_format_of(content, name)](content), knows)


def _format_of(content, name) -> str:
    """ "csv" or "xlsx", by the content; the name must agree, so that nobody is surprised by what was read."""
    ending = PurePath(name).suffix.lower()
    if content.startswith(OLE_SIGNATURE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Refused(_("This workbook is protected by a password. Save it without one."))
        raise Refused(_("This is an old Excel file (.xls). Open it and save it as .xlsx."))
    if ending in (".xlsm", ".xlsb", ".xltm", ".xls", ".xlt", ".ods", ".et", ".numbers"):
        raise Refused(_("Files of the kind %s cannot be imported. Save the sheet as .xlsx or .csv.") % ending)
    if ending not in (".csv", ".xlsx"):
        raise Refused(_("Choose a file that ends in .xlsx or .csv."))
    if content.startswith(ZIP_SIGNATURE) != (ending == ".xlsx"):
        raise Refused(_("The name of this file ends in %s, but its content is of another kind.") % ending)
    return ending.removeprefix(".")


# --- Text files -------------------------------------------------------------------------------------------------------


def _csv_rows(content) -> Iterable[list[str]]:
    text = _decoded(content)
    lines = text.split("\n", 1)
    if hint := re.fullmatch(r"sep=(.)\r?", lines[0]):  # Excel's own way to name the delimiter
        text = "\n" + (lines[1] if len(lines) > 1 else "")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=hint[1] if hint else _delimiter(text), strict=True)
    try:
        yield from rows
    except csv.Error:
        advice = _("The file cannot be read from line %d on: a quotation mark is missing, or a cell is far too long.")
        raise Refused(advice % max(rows.line_num, 1)) from None


def _decoded(content) -> str:
    text = next(filter(None, (_read_as(encoding, content) for encoding in _encodings(content))), None)
    if text is None or _CONTROL.search(text):
        raise Refused(_("This is not a text file, or an unknown encoding. Save it as “CSV UTF-8” or as .xlsx."))
    return text


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _encodings(content):
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ["utf-16"]
    return ["utf-8-sig", "gb18030"]


def _read_as(encoding, content):
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _delimiter(text) -> str:
    """The one that splits the first line that holds anything into the most cells."""
    first = next((line for line in text.splitlines() if line.strip()), "")[:MAX_CHARACTERS]
    return max(",;\t", key=lambda delimiter: len(next(csv.reader([first], delimiter=delimiter), [])))


def _xlsx_rows(content) -> Iterable[list[str]]:
    from portal.desk.importing.workbooks import workbook_rows  # openpyxl takes a moment to load

    return workbook_rows(content)


_READERS = {"csv": _csv_rows, "xlsx": _xlsx_rows}


# --- The table in the rows --------------------------------------------------------------------------------------------


def _arranged(lines, knows) -> Sheet:
    rows = []
    for number, line in enumerate(lines, 1):
        cells = _trimmed(line, number)
        if not cells:
            continue
        rows.append((number, cells))
        if len(rows) > MAX_ROWS + TITLE_ROWS:
            break
    if not rows:
        raise Refused(_("This file is empty."))
    at = _headings_at(rows, knows)
    headings, rows = rows[at][1], rows[at + 1 :]
    if not rows:
        raise Refused(_("There are headings in this file, but no rows under them."))
    if len(rows) > MAX_ROWS:
        raise Refused(_("This file has more than 20,000 rows. Split it into several."))
    _check_headings(headings, rows)
    return Sheet(headings, [(number, _padded(cells, len(headings))) for number, cells in rows])


def _trimmed(line, number) -> list[str]:
    """The cells of a row without the empty ones at its end."""
    cells = [tidied(cell) for cell in line[: MAX_COLUMNS + 1]]
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > MAX_COLUMNS or any(map(str.strip, line[MAX_COLUMNS + 1 :])):
        raise Refused(TOO_WIDE)
    if cells and max(map(len, cells)) > MAX_CHARACTERS:
        raise Refused(_("A cell in row %d is longer than 32,767 characters.") % number)
    return cells


_AROUND = " \t\r\n\f\v\xa0\u3000\u200b\u200e\u200f\ufeff"  # spaces of every kind, and marks that nobody sees


def tidied(text: str) -> str:
    """`text` without what surrounds it, with plain line breaks, and without the apostrophe that our own exports put
    before what would be a formula."""
    if isinstance(text, Faulty):
        return text
    text = text.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").strip(_AROUND)
    return text[1:] if text.startswith("'") and looks_like_formula(text[1:]) else text


def _headings_at(rows, knows) -> int:
    """The row of the headings: the first of the topmost rows that holds mostly such. In a table of something else, the
    first row."""
    for at, (_number, cells) in enumerate(rows[:TITLE_ROWS]):
        filled = [cell for cell in cells if cell]
        if sum(map(knows, filled)) * 2 > len(filled):
            return at
    return 0


def _check_headings(headings, rows):
    width = max(len(cells) for _number, cells in rows)
    headings += [""] * (width - len(headings))
    for column in (n for n, heading in enumerate(headings) if not heading):
        number = next((number for number, cells in rows if column < len(cells) and cells[column]), None)
        if number is not None:
            advice = _("Column %(column)s has no heading, but row %(row)d has something in it. Undo merged cells.")
            raise Refused(advice % {"column": column_letters(column), "row": number})


def column_letters(column: int) -> str:
    """The letters by which a spreadsheet names its column number `column`, counted from 0: A, B, ... Z, AA."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def _padded(cells, width):
    return cells + [""] * (width - len(cells))
