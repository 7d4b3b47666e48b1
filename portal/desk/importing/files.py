"""Sheets that go out: exports, and templates to fill in. Both have the columns of an import, so that what was exported
can be changed and imported again; in both no cell is ever a formula."""

import csv
import io
import re
import tempfile
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db.models import Count, Max
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from portal.desk.importing.resources import BATCH
from portal.desk.importing.sheets import MAX_CHARACTERS, MAX_COLUMNS, MAX_ROWS
from portal.desk.importing.widgets import Choice, Day, PartialDay, YesNo
from portal.downloads.csv_file import BOM, harmless
from portal.downloads.xlsx_file import FIRST_YEAR, text_cell
from portal.fields import LANGUAGE_NAMES

_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


# --- What is exported -------------------------------------------------------------------------------------------------


class Export:
    """`records` (a QuerySet of the model of `resource`) as headings and rows of text."""

    def __init__(self, resource, records):
        self.resource, self.records = resource, records
        self.slots = {group: group.slots(count) for group, count in self._repetitions().items()}
        own = [column for item in resource.items for column in item.columns]
        self.columns = own + [column for slots in self.slots.values() for slot in slots for column in slot.columns]

    def _repetitions(self) -> dict:
        """As many repetitions of each group as the records have, and never fewer than the template; but no more columns
        than an import takes. What is then left out stays as it is when the sheet comes back."""
        counts = {}
        room = MAX_COLUMNS - len(self.resource.columns())
        for group in self.resource.groups:
            counted = self.resource.model().objects.filter(pk__in=self.records.order_by().values("pk"))
            most = counted.annotate(n=Count(group.relation)).aggregate(most=Max("n"))["most"] or 0
            more = min(max(most - group.count, 0), room // len(group.columns))
            room -= more * len(group.columns)
            counts[group] = group.count + more
        return counts

    def rows(self):
        keys = list(self.records.values_list("pk", flat=True)[:MAX_ROWS])
        for start in range(0, len(keys), BATCH):
            batch = keys[start : start + BATCH]
            found = {record.pk: record for record in self.resource.load(batch)}
            for key in batch:
                texts = self.resource.cells(found[key], self.slots)
                yield [_keepable(texts.get(column.column_name, "")) for column in self.columns]


def _keepable(text) -> str:
    """The text; nothing where a cell cannot hold it whole, because an empty one changes nothing on its way back."""
    return text if len(text) <= MAX_CHARACTERS else ""


# --- CSV --------------------------------------------------------------------------------------------------------------


def csv_of(columns, rows) -> bytes:
    """A file that Excel opens with every character right."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([column.heading for column in columns])
    for row in rows:
        writer.writerow([text if _NUMBER.fullmatch(text) else harmless(text) for text in row])
    return (BOM + file.getvalue()).encode()


# --- XLSX -------------------------------------------------------------------------------------------------------------


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
    if column.holds_numbers and _NUMBER.fullmatch(text):
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


def rules_of(resource) -> list[str]:
    """What somebody must know to fill in a sheet, a sentence or two each."""
    return [
        str(resource.matching),
        _("An empty cell leaves what is recorded as it is. A cell with nothing but “-” empties it."),
        _("New records are drafts: somebody publishes them afterwards. Nothing is public without a source."),
        _(
            "Columns that you do not need can be deleted, and their order does not matter. Headings can be in English "
            "or Chinese. A column whose heading begins with # is left out."
        ),
        _("Several values in one cell have semicolons between them."),
        _("Nothing is written before you have seen what would change, and everything is written or nothing."),
    ]


def _other_language() -> str:
    return next(code for code, _name in settings.LANGUAGES if code != get_language())


def _in_other_language() -> str:
    return LANGUAGE_NAMES[_other_language()]


def _heading_elsewhere(column) -> str:
    with translation.override(_other_language()):
        return column.heading
