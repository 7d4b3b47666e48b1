"""What an import would do, or did: row by row, in the words of the sheet."""

from hashlib import sha256

from django.utils.functional import cached_property
from import_export.results import Result, RowResult


class Entry(RowResult):
    """A row of the sheet: its number there, its record, and what becomes of it."""

    number = 0
    record = None
    snapshot = None  # what the record and all beneath it were when they were read
    problems = ()
    changes = ()
    notices = ()
    values = {}
    plans = ()

    def add_instance_info(self, instance):
        """Nothing: the words of ten thousand records would be made for none to read."""

    @property
    def is_changed(self) -> bool:
        return self.is_new() or self.is_update()


class Outcome(Result):
    """All rows of a sheet. It is carried out as a whole, and only if nothing is wrong with any of them."""

    @property
    def new(self) -> int:
        return self.totals[RowResult.IMPORT_TYPE_NEW]

    @property
    def changed(self) -> int:
        return self.totals[RowResult.IMPORT_TYPE_UPDATE]

    @property
    def unchanged(self) -> int:
        return self.totals[RowResult.IMPORT_TYPE_SKIP]

    @property
    def wrong(self) -> int:
        return self.totals[RowResult.IMPORT_TYPE_INVALID]

    @property
    def to_write(self) -> int:
        return self.new + self.changed

    @property
    def can_be_written(self) -> bool:
        return self.to_write > 0 and not self.wrong

    @cached_property
    def wrong_rows(self) -> list[Entry]:
        return [entry for entry in self.rows if entry.problems]

    @cached_property
    def changed_rows(self) -> list[Entry]:
        return [entry for entry in self.rows if entry.is_changed]

    @cached_property
    def noticed_rows(self) -> list[Entry]:
        return [entry for entry in self.rows if entry.notices]

    @property
    def fingerprint(self) -> str:
        """The same for two outcomes that would do the same."""
        told = [
            (entry.number, entry.import_type, *(change.mark for change in entry.changes)) for entry in self.changed_rows
        ]
        return sha256(repr((told, self.wrong)).encode()).hexdigest()
