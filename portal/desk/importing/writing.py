"""Writes what a dry run has found: everything in one transaction, or nothing.

Rows are written in bulk, which no `save()` and no signal sees: the histories and the log of the desk are written here.
"""

from collections import defaultdict

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.db import IntegrityError, transaction

from portal.desk.importing.resources import BATCH, snapshot
from portal.desk.importing.rules import changed_columns
from portal.history.entries import IMPORTED, record_history
from portal.natural_keys import NaturalKey

TOGETHER = 500  # rows in one statement


class ChangedMeanwhile(Exception):  # noqa: N818
    """Somebody has changed a record since it was read, or added what a row would add. Nothing was written."""


def write(resource, outcome, file_name):
    """Carries out `outcome`, which `resource` has just found. Raises `ChangedMeanwhile`, and then has done nothing."""
    entries = outcome.changed_rows
    reason = IMPORTED % file_name
    try:
        with transaction.atomic():
            _check_unchanged(resource, entries)
            _Writing(resource, reason).carry_out(entries)
    except IntegrityError:
        raise ChangedMeanwhile from None


def _check_unchanged(resource, entries):
    """Reads the records again, now that no one else can change them, and compares."""
    before = {entry.record.pk: entry.snapshot for entry in entries if entry.snapshot}
    keys = list(before)
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        rows = resource.with_all_beneath().select_for_update(of=("self",)).filter(pk__in=batch)
        now = {record.pk: snapshot(record) for record in rows}
        if any(now.get(key) != before[key] for key in batch):
            raise ChangedMeanwhile


class _Writing:
    def __init__(self, resource, reason):
        self.resource, self.reason = resource, reason
        self.created, self.updated, self.deleted = defaultdict(list), defaultdict(list), defaultdict(list)

    def carry_out(self, entries):
        self._collect(entries)
        new = [entry.record for entry in entries if entry.is_new()]
        changed = [entry.record for entry in entries if not entry.is_new()]
        for model, rows in self.deleted.items():
            self._delete(model, rows)
        for model, rows in self.updated.items():
            self._update(model, rows)
        for model, rows in self.created.items():
            model._base_manager.bulk_create(rows, batch_size=TOGETHER)
        self._leave_traces(new, changed)

    def _collect(self, entries):
        """Sorts all rows by what is done to them: new records before those that refer to them."""
        for model, introduced in self.resource.known.introduced():
            self.created[model] += introduced
        model = self.resource.model()
        self.created[model] += [entry.record for entry in entries if entry.is_new()]
        for entry in entries:
            if not entry.is_new() and (columns := _changed(entry)):
                self.updated[model].append((entry.record, columns))
            for plan in entry.plans:
                self._collect_rows(plan.created, plan.updated, plan.deleted)
            for column, (before, after) in entry.values.items():
                gone = [value for value in before if value not in after]
                rows = column.rows_for(entry.record, [value for value in after if value not in before])
                self._collect_rows(rows, [], column.rows_of(entry.record, gone) if gone else [])

    def _collect_rows(self, created, updated, deleted):
        for row in created:
            self.created[type(row)].append(row)
        for row, columns in updated:
            self.updated[type(row)].append((row, columns))
        for row in deleted:
            self.deleted[type(row)].append(row)

    def _delete(self, model, rows):
        """With their histories, which Django's own deletion lets them write."""
        keys = [row.pk for row in rows]
        for start in range(0, len(keys), TOGETHER):
            model._base_manager.filter(pk__in=keys[start : start + TOGETHER]).delete()

    def _update(self, model, rows):
        """Each row by itself and only what has changed in it: quicker than Django's `bulk_update`, whose statement
        grows with rows times columns. A column that the database counts by itself counts here too."""
        counted = [each for each in model._meta.concrete_fields if hasattr(each, "watched")]
        for row, columns in rows:
            values = {name: getattr(row, name) for name in columns}
            for each in counted:
                if not set(columns).isdisjoint(each.watched):
                    values[each.name] = each.pre_save(row, add=False)
            model._base_manager.filter(pk=row.pk).update(**values)

    def _leave_traces(self, new, changed):
        user = self.resource.user
        tracked = [row for model, rows in self.created.items() if issubclass(model, NaturalKey) for row in rows]
        record_history(tracked, self.reason, user=user, type="+")
        updated = [row for rows in self.updated.values() for row, _columns in rows]
        record_history(dict.fromkeys([*changed, *updated]), self.reason, user=user)
        if user is not None:
            LogEntry.objects.log_actions(user.pk, new, ADDITION, self.reason)
            LogEntry.objects.log_actions(user.pk, changed, CHANGE, self.reason)


def _changed(entry) -> list[str]:
    values, _beneath = entry.snapshot
    fields = entry.record._meta.concrete_fields
    return changed_columns(entry.record, {each.attname: value for each, value in zip(fields, values, strict=True)})
