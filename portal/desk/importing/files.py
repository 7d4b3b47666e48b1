"""Sheets that go out: exports, and templates to fill in. Both have the columns of an import, so that what was exported
can be changed and imported again; in both no cell is ever a formula. The workbooks are in `workbooks_out.py`."""

import csv
import io
import re

from django.db.models import Count, Max
from django.utils.translation import gettext as _

from portal.desk.importing.resources import BATCH
from portal.desk.importing.sheets import MAX_CHARACTERS, MAX_COLUMNS, MAX_ROWS
from portal.downloads.csv_file import BOM, harmless

NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]+)?")


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
        writer.writerow([text if NUMBER.fullmatch(text) else harmless(text) for text in row])
    return (BOM + file.getvalue()).encode()


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
