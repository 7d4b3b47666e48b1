"""A table as an Excel workbook: the rows with typed cells, and a second sheet that explains them."""

import re
import tempfile
from contextlib import contextmanager
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from portal import clock
from portal.addresses import absolute
from portal.downloads.csv_file import looks_like_formula
from portal.downloads.tables import Kind
from portal.partial_dates import PartialDate

WIDTHS = {Kind.TEXT: 28, Kind.NUMBER: 18, Kind.DATE: 12, Kind.URL: 44, Kind.BOOLEAN: 12}
LONGEST_TEXT = 32_767  # characters that Excel keeps in one cell
FIRST_YEAR = 1901  # Excel counts days from 1900, a leap year to it
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xlsx_file(table):
    """The workbook as an open temporary file. Rows go to disk as they are pulled."""
    workbook = Workbook(write_only=True)
    with _tidied(workbook):
        _write_rows(workbook.create_sheet(_("Data")), table)
        _write_explanation(workbook.create_sheet(_("Explanation")), table)
        file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
        workbook.save(file)
    file.seek(0)
    return file


@contextmanager
def _tidied(workbook):
    """A workbook that fails half-way leaves no temporary files behind."""
    try:
        yield
    except BaseException:
        for sheet in workbook.worksheets:
            if sheet._writer and not sheet.closed:
                sheet.close()
                sheet._writer.cleanup()
        raise


def _write_rows(sheet, table):
    sheet.freeze_panes = "A2"
    for number, column in enumerate(table.columns, 1):
        width = max(WIDTHS[column.kind], min(len(column.heading) + 2, 40))
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.append([text_cell(sheet, column.heading, bold=True) for column in table.columns])
    for cells in table.records():
        sheet.append([_typed(sheet, cell, column.kind) for cell, column in zip(cells, table.columns, strict=True)])


def _write_explanation(sheet, table):
    for letter, width in zip("ABCD", (28, 40, 90, 12), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append([text_cell(sheet, table.title, bold=True)])
    for line in _origin(table):
        sheet.append([text_cell(sheet, text) for text in line])
    sheet.append([])
    sheet.append([text_cell(sheet, text, bold=True) for text in (_("Name"), _("Column"), _("Explanation"), _("Type"))])
    for column in table.columns:
        sheet.append(
            [text_cell(sheet, text) for text in (column.name, column.heading, column.explanation, column.kind)]
        )


def _origin(table):
    """The page, the moment, the filters and the notes, as lines of label and text."""
    yield _("Page"), absolute(table.url)
    yield _("Downloaded at"), timezone.localtime(clock.now()).isoformat(sep=" ")
    if table.licence:
        yield _("Licence"), table.licence
    yield from [(_("Filter: %s") % label, value) for label, value in table.filters] or [(_("Filters"), _("none"))]
    yield from ((_("Note"), note) for note in table.notes)


def _typed(sheet, cell, kind):
    if cell is None or kind == Kind.BOOLEAN:
        return cell
    if kind == Kind.NUMBER:
        number = WriteOnlyCell(sheet, cell)
        number.number_format = "#,##0" if cell == int(cell) else "General"
        return number
    if kind == Kind.DATE and (day := _whole_day(cell)):
        return day
    text = "; ".join(cell) if isinstance(cell, list) else str(cell)
    return text_cell(sheet, text) if text else None


def _whole_day(cell) -> date | None:
    """The date, where it is known to the day and Excel has it in its calendar."""
    if isinstance(cell, PartialDate):
        cell = cell.earliest if cell.is_exact else None
    return cell if cell and cell.year >= FIRST_YEAR else None


def text_cell(sheet, text, *, bold=False):
    """A cell that is text for good: neither a formula nor an error, nor one after somebody edits it."""
    cell = WriteOnlyCell(sheet, NOT_IN_XML.sub("", str(text))[:LONGEST_TEXT])
    cell.data_type = "s"
    if looks_like_formula(cell.value):
        cell.quotePrefix = True
    if bold:
        cell.font = Font(bold=True)
    return cell
