"""Sheets that go out as workbooks: the rows of `files.py`, what can be chosen in their columns, and a second sheet that
explains them. Imported where a workbook is asked for, because openpyxl takes a moment to load, and 6 MB."""

import re
import tempfile
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from portal.desk.importing.files import NUMBER, rules_of
from portal.desk.importing.sheets import MAX_ROWS
from portal.desk.importing.widgets import Choice, Day, PartialDay, YesNo
from portal.downloads.xlsx_file import FIRST_YEAR, text_cell
from portal.fields import LANGUAGE_NAMES

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def workbook_of(resource, columns, rows):
    """The workbook as an open temporary file: the rows, what the columns mean, and what can be chosen in them."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(capfirst(str(resource.model()._meta.verbose_name_plural))[:31])
    explanation = workbook.create_sheet(_("Explanation"))
    lists = workbook.create_sheet("lists")
    lists.sheet_state = "hidden"
    _write_lists(lists, sheet, columns)
    _write_rows(sheet, columns, rows)
    _write_explanation(explanation, resource, columns)
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    workbook.save(file)
    file.seek(0)
    return file


def _write_lists(lists, sheet, columns):
    """Offers the names of choices in the cells below a heading, and takes anything else as well: a code, or a name in
    another language."""
    offered = [(n, column, _choices(column)) for n, column in enumerate(columns, 1) if _choices(column)]
    for n, (number, _column, choices) in enumerate(offered, 1):
        letter, own = get_column_letter(n), get_column_letter(number)
        rule = DataValidation("list", formula1=f"lists!${letter}$1:${letter}${len(choices)}", allow_blank=True)
        rule.showErrorMessage = False
        rule.add(f"{own}2:{own}{MAX_ROWS}")
        sheet.data_validations.append(rule)
    longest = max((len(choices) for _n, _c, choices in offered), default=0)
    for n in range(longest):
        lists.append([text_cell(lists, choices[n]) if n < len(choices) else None for _n, _c, choices in offered])


def _choices(column) -> list[str]:
    if isinstance(column.widget, Choice):
        return [column.write(code) for code in column.widget.choices]
    return [column.write(True), column.write(False)] if isinstance(column.widget, YesNo) else []


def _write_rows(sheet, columns, rows):
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns, 1):
        width = min(max(len(column.heading) + 4, 14), 36)
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.append([text_cell(sheet, column.heading, bold=True) for column in columns])
    for row in rows:
        sheet.append([_typed(sheet, column, text) for column, text in zip(columns, row, strict=True)])


def _typed(sheet, column, text):
    """A number or a day where the column holds such, and else text."""
    if not text:
        return None
    if column.holds_numbers and NUMBER.fullmatch(text):
        return WriteOnlyCell(sheet, Decimal(text))
    if isinstance(column.widget, (Day, PartialDay)) and _DAY.fullmatch(text) and int(text[:4]) >= FIRST_YEAR:
        return date.fromisoformat(text)
    return text_cell(sheet, text)


def _write_explanation(sheet, resource, columns):
    for letter, width in zip("ABCDEF", (30, 30, 26, 80, 34, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append([text_cell(sheet, capfirst(str(resource.model()._meta.verbose_name_plural)), bold=True)])
    for line in rules_of(resource):
        sheet.append([text_cell(sheet, line)])
    sheet.append([])
    heads = (_("Column"), _in_other_language(), _("Name"), _("Explanation"), _("Example"), _("What can be chosen"))
    sheet.append([text_cell(sheet, text, bold=True) for text in heads])
    for column in columns:
        choices = "; ".join(_choices(column))
        texts = (
            column.heading,
            _heading_elsewhere(column),
            column.column_name,
            column.explanation,
            column.example,
            choices,
        )
        sheet.append([text_cell(sheet, text) for text in texts])


def _other_language() -> str:
    return next(code for code, _name in settings.LANGUAGES if code != get_language())


def _in_other_language() -> str:
    return LANGUAGE_NAMES[_other_language()]


def _heading_elsewhere(column) -> str:
    with translation.override(_other_language()):
        return column.heading
