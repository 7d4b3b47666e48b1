"""A kind of record as a sheet: its columns, which record a row is about, and what the row would do to it.

An app describes one in `importing.py`: the model, `kind` (its name in addresses and commands), `items` (its columns)
and `groups` (columns that repeat), on top of one of the two ways to find the record of a row (`matching.py`).
Everything is worked out in memory, on records that are loaded some hundreds at a time, and nothing is written: the
`Outcome` is the dry run, and `writing.py` carries it out. The order of the work is django-import-export's.
"""

from functools import cache
from operator import itemgetter

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from import_export import resources

from portal.desk.importing.columns import Filling
from portal.desk.importing.known import Known
from portal.desk.importing.layout import Headings
from portal.desk.importing.results import Entry, Outcome
from portal.desk.importing.rules import errors_of, key_of, relations_of, unique_rules, values_of
from portal.desk.roles import END_OF_TIME, may_publish

KINDS = {}
BATCH = 500  # records that are loaded together

IS_PUBLIC = _("This record is public, or will be without anybody's doing. Ask a publisher to change it.")


class Rows:
    """The rows of a sheet as django-import-export goes through them; `texts` holds what each has in which column."""

    def __init__(self, names, sheet):
        self.headers = names
        self.numbers = [number for number, _cells in sheet.rows]
        self.texts = [
            {name: cell for name, cell in zip(names, cells, strict=True) if cell and name} for _n, cells in sheet.rows
        ]

    def __len__(self):
        return len(self.texts)

    def __iter__(self):
        return iter([()] * len(self.texts))


class RecordResource(resources.ModelResource):
    """Base of the resources. `user` is who imports; None is an operator, who may do everything. `report` is told how
    many rows of how many are done."""

    kind = ""
    matching = ""  # how a row finds its record, for people
    items = ()
    groups = ()
    beneath = ("citations",)  # the related names that all this is in

    class Meta:
        fields = ()
        skip_diff = True

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if cls.kind:
            KINDS[cls.kind] = cls

    def __init__(self, user=None, report=lambda done, total: None):
        super().__init__()
        self.user, self.report, self.known = user, report, Known()

    @classmethod
    def model(cls):
        return cls._meta.model

    # --- Columns ---

    @classmethod
    @cache
    def headings(cls) -> Headings:
        return Headings(cls.items, cls.groups)

    @classmethod
    def columns(cls) -> list:
        """All columns as the template has them."""
        repeated = [column for group in cls.groups for slot in group.slots(group.count) for column in slot.columns]
        return [column for item in cls.items for column in item.columns] + repeated

    def column_for(self, name):
        """The column for the attribute `name` of the record; None for what concerns the whole."""
        return next((column for item in self.items for column in item.columns if column.is_about(name)), None)

    # --- Rights ---

    @classmethod
    def rights(cls) -> list[str]:
        """What somebody needs to import: to add and change the records, all that is written with them, and nothing
        less."""
        return [f"{each._meta.app_label}.{verb}_{each._meta.model_name}" for each in cls.written() for verb in _VERBS]

    @classmethod
    def written(cls) -> list:
        """The models whose rows an import writes."""
        return [
            cls.model(),
            *(group.model for group in cls.groups),
            cls.model()._meta.get_field("citations").related_model,
        ]

    def may_remove(self, model) -> bool:
        right = f"{model._meta.app_label}.delete_{model._meta.model_name}"
        return self.user is None or self.user.has_perm(right)

    # --- A dry run ---

    def check(self, sheet) -> Outcome:
        """What `sheet` would do. Raises `Refused` where its headings cannot be understood."""
        names, repetitions = self.headings().lay_out(sheet.headings)
        self.slots = {group: group.slots(count) for group, count in repetitions.items()}
        self.rows = Rows(names, sheet)
        return self.import_data_inner(self.rows, True, False, False, False)

    @classmethod
    def get_result_class(cls):
        return Outcome

    @classmethod
    def get_row_result_class(cls):
        return Entry

    def handle_import_error(self, result, error, raise_errors=False):
        raise error  # what goes wrong here is a fault of ours, not of the sheet

    def before_import(self, dataset, **kwargs):
        self.mismatches = {}
        self.found = [self._find(number, texts) for number, texts in zip(dataset.numbers, dataset.texts, strict=True)]
        self.records, self.snapshots, self.released = {}, {}, set()
        keys = [key for key in self.found if key is not None]
        for start in range(0, len(keys), BATCH):
            self._load(keys[start : start + BATCH])
        self.unique_keys = [(rule, self._stored_keys(rule)) for rule in unique_rules(self.model())]

    def _load(self, keys):
        for record in self.load(keys):
            self.records[record.pk] = record
            self.snapshots[record.pk] = snapshot(record)
        released = self.model().objects.published(at=END_OF_TIME).filter(pk__in=keys)
        self.released.update(released.values_list("pk", flat=True))

    def load(self, keys) -> list:
        """The records with these keys and all that a sheet shows of them. What they refer to is taken from what is
        known, so that a place that ten thousand rows name is one object."""
        records = list(self.with_all_beneath().filter(pk__in=keys))
        for record in records:
            self._tie(record)
            for rows in record._prefetched_objects_cache.values():
                for row in rows:
                    self._tie(row)
        return records

    def _tie(self, row):
        for relation in relations_of(type(row)):
            key = row.__dict__[relation.attname]
            if key is not None and not relation.is_cached(row):
                known = self.known.of(relation.related_model).by_key.get(key)
                if known is not None:
                    relation.set_cached_value(row, known)

    def with_all_beneath(self):
        """The records with the rows of other tables that a sheet shows of them."""
        return self.model().objects.prefetch_related(*self.beneath)

    def _stored_keys(self, rule) -> dict:
        """The record (its key) that has each key of a unique constraint."""
        bound = self.model().objects.filter(rule.condition or Q())
        return {values_of(rule, record): record.pk for record in bound.only("pk", *rule.fields)}

    # --- A row ---

    def import_row(self, row, instance_loader, *, row_number, **kwargs):
        self.at = row_number - 1
        self.texts, self.notices, self.plans = self.rows.texts[self.at], [], []
        entry = super().import_row(row, instance_loader, row_number=row_number, **kwargs)
        if entry.errors:
            raise entry.errors[0].error
        entry.number, entry.record = self.rows.numbers[self.at], self.filling.record
        entry.problems, entry.changes = self.filling.problems, self.filling.changes
        entry.values, entry.plans, entry.notices = self.filling.values, self.plans, self.notices
        entry.snapshot = self.snapshots.get(entry.record.pk)
        if row_number % 50 == 0 or row_number == len(self.rows):
            self.report(row_number, len(self.rows))
        return entry

    def get_or_init_instance(self, instance_loader, row):
        record = self.records.get(self.found[self.at])
        return (self.model()(), True) if record is None else (record, False)

    def import_instance(self, instance, row, **kwargs):
        self.filling = Filling(instance, self.known, frozenset(self.texts))
        self.keys_before = [key_of(rule, instance) if instance.pk else None for rule, _records in self.unique_keys]
        if mismatch := self.mismatches.get(self.rows.numbers[self.at]):
            self.filling.fail(*mismatch)
        for item in self.items:
            item.fill(self.filling, self.texts)
        for group, slots in self.slots.items():
            if plan := group.fill(self.filling, self.texts, slots):
                self.plans.append(plan)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        return instance.pk is not None and not self.filling.changes and not self.filling.problems

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        if not self.filling.problems:
            self._check_rules(instance)
        self._check_rights(instance)
        if problems := self.filling.problems:
            messages = [
                (each.column.column_name if each.column else NON_FIELD_ERRORS, each.message) for each in problems
            ]
            raise ValidationError({name: [text for each, text in messages if each == name] for name, _text in messages})

    def _check_rules(self, record):
        if record.pk is None:
            self.name_new(record)
        for name, messages in errors_of(record).items():
            for message in messages:
                column = self.column_for(name)
                self.filling.fail(column, self.texts.get(column.column_name, "") if column else "", message)
        for (rule, records), before in zip(self.unique_keys, self.keys_before, strict=True):
            key, mine = key_of(rule, record), record.pk or ("new", self.at)
            if key != before:
                records.pop(before, None)  # free for a row further down
            if key is not None and records.setdefault(key, mine) != mine:
                self.filling.fail(None, "", rule.get_violation_error_message())

    def name_new(self, record):
        """Gives a new record the slug that its row leaves out."""

    def _check_rights(self, record):
        if self.user is None:
            return
        if self.is_public(record) and not may_publish(self.user):
            self.filling.fail(None, "", IS_PUBLIC)
        for child in (child for plan in self.plans for child in plan.deleted):
            if not self.may_remove(type(child)):
                self.filling.fail(None, "", _("You may not remove “%s”. Ask somebody who may.") % child)

    def is_public(self, record) -> bool:
        """Whether visitors see it, or will without anybody's doing."""
        return record.pk in self.released or getattr(record, "published_at", None) is not None

    def save_instance(self, instance, is_create, row, **kwargs):
        """Nothing yet: everything is written together, or nothing is."""

    def save_m2m(self, instance, row, **kwargs):
        pass

    # --- Export ---

    def cells(self, record, slots) -> dict:
        """The cells of `record` by the names of their columns; `slots` are those of each group."""
        texts = {}
        for item in self.items:
            texts |= item.cells(record)
        for group, of_group in slots.items():
            texts |= group.cells(record, of_group)
        return texts


_VERBS = ("add", "change")


def snapshot(record) -> tuple:
    """The columns of a record, and a number for everything beneath it that was loaded: to tell later whether somebody
    has changed any of it meanwhile."""
    beneath = record.__dict__.get("_prefetched_objects_cache", {})
    rows = tuple((name, tuple(sorted(map(_values, rows), key=_key))) for name, rows in beneath.items())
    return _values(record), hash(rows)


def _values(record) -> tuple:
    return _columns_of(type(record))(record.__dict__)


@cache
def _columns_of(model):
    return itemgetter(*(each.attname for each in model._meta.concrete_fields))


_key = itemgetter(0)
