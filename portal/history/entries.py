"""Entries that no `save()` writes: those of fixtures, imports and bulk changes.

    record_history(companies, IMPORTED % "companies.xlsx", user=request.user)

A reason is kept as it is given, in English and with at most 100 characters; `reason_in_words` says it in the language
of the page: one of `REASONS` with what follows it, or any text that the interface has a translation of.
"""

from collections import defaultdict
from itertools import chain

from django.db.models import Max
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_noop

from portal.history.records import current_user, history_of, history_of_relation, moment

LOADED = gettext_noop("Loaded from %s")
IMPORTED = gettext_noop("Import of %s")
COPIED = gettext_noop("Copied from %s")
BACK = gettext_noop("Back to the state of %s")
RESTORED = gettext_noop("Restored after it was deleted")
REASONS = (LOADED, IMPORTED, COPIED, BACK)

REASON_LENGTH = 100
BATCH = 500  # keys in one query: SQLite takes 999


def record_history(records, reason, *, user=None, type="~"):  # noqa: A002 (as simple-history names it)
    """Writes one historical row for each of `records`, of one model or several, in a few queries for each model.

    They are written as they now stand in the database (so `records` may be stale), many-to-many relations included;
    with `type` "-" as they are given, because they are gone. "+" says that they are new. Without `user` it is the one
    of the request, if there is one. Call it in the transaction of the change itself.
    """
    shared = _shared(reason, user)
    for model, changed in _by_model(records).items():
        present = changed if type == "-" else _in_batches(model._base_manager.all(), "pk", _keys(changed))
        related = {field: _related_keys(field, _keys(present)) for field in history_of(model)._history_m2m_fields}
        _write(model, [(record, type) for record in present], related, shared)


def record_differences(records, reason, *, user=None) -> int:
    """The same for those of `records` alone that are new or differ from their newest historical row; returns how many
    those are."""
    written, shared = 0, _shared(reason, user)
    for model, changed in _by_model(records).items():
        keys = _keys(changed)
        related = {field: _related_keys(field, keys) for field in history_of(model)._history_m2m_fields}
        newest = {getattr(row, model._meta.pk.attname): row for row in newest_rows(model, keys)}
        then = {field: related_keys_then(field, [row.pk for row in newest.values()]) for field in related}
        different = []
        for record in _in_batches(model._base_manager.all(), "pk", keys):
            row = newest.get(record.pk)
            if row is None or row.history_type == "-":
                different.append((record, "+"))
            elif _differs(record, row) or any(
                set(related[field].get(record.pk, ())) != then[field].get(row.pk, set()) for field in related
            ):
                different.append((record, "~"))
        _write(model, different, related, shared)
        written += len(different)
    return written


def newest_rows(model, keys) -> list:
    """The newest historical row of each record of `model` that has one of `keys`."""
    rows = history_of(model)._base_manager
    name = model._meta.pk.attname
    newest = _in_batches(rows.order_by().values(name).annotate(newest=Max("history_id")), name, keys)
    return _in_batches(rows.all(), "pk", [row["newest"] for row in newest])


def related_keys_then(field, row_keys) -> dict[int, set]:
    """The keys that the many-to-many relation `field` led to, by the historical rows with `row_keys`."""
    rows = history_of_relation(field)._base_manager.values_list("history_id", f"{field.m2m_reverse_field_name()}_id")
    keys = defaultdict(set)
    for row_key, key in _in_batches(rows, "history", row_keys):
        keys[row_key].add(key)
    return keys


def reason_in_words(reason) -> str:
    """`reason` in the language of the page; empty where there is none."""
    for known in REASONS:
        beginning = known.removesuffix("%s")
        if reason and reason.startswith(beginning):
            what = reason.removeprefix(beginning)
            if known == BACK and (date := parse_datetime(what)):
                what = date_format(localtime(date), "DATETIME_FORMAT")
            return gettext(known) % what
    return gettext(reason) if reason else ""


def _by_model(records) -> dict:
    by_model = defaultdict(list)
    for record in records:
        by_model[type(record)].append(record)
    return by_model


def _keys(records) -> list:
    return list(dict.fromkeys(record.pk for record in records))


def _in_batches(queryset, name, keys) -> list:
    """The rows of `queryset` whose `name` is one of `keys`."""
    batches = (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))
    return list(chain.from_iterable(queryset.filter(**{f"{name}__in": batch}) for batch in batches))


def _related_keys(field, keys) -> dict[int, dict]:
    """The keys that the many-to-many relation `field` leads to, and those of the rows between, by the records with
    `keys`."""
    here, there = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
    related = defaultdict(dict)
    rows = field.remote_field.through._base_manager.values_list(here, there, "pk")
    for key, related_key, row_key in _in_batches(rows, field.m2m_field_name(), keys):
        related[key][related_key] = row_key
    return related


def _differs(record, row) -> bool:
    """Whether an editor would see a difference; what the portal counts or measures by itself is none."""
    fields = [row._meta.get_field(field.attname) for field in record._meta.concrete_fields if field.editable]
    return any(
        field.get_prep_value(getattr(record, field.attname)) != field.get_prep_value(getattr(row, field.attname))
        for field in fields
    )


def _shared(reason, user) -> dict:
    """What all rows of one change have in common."""
    user = user or current_user()
    return {
        "history_date": moment(),
        "history_user_id": user and user.pk,
        "history_change_reason": str(reason)[:REASON_LENGTH],
    }


def _write(model, records, related, shared):
    """The historical rows of `records`, pairs of a record and its type, and of what they are `related` to."""
    history = history_of(model)
    names = [field.attname for field in history.tracked_fields]
    rows = history._base_manager.bulk_create(
        history(**{name: getattr(record, name) for name in names}, **shared, history_type=kind)
        for record, kind in records
    )
    for field, keys in related.items():
        relation = history_of_relation(field)
        here, there = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
        relation._base_manager.bulk_create(
            relation(history_id=row.pk, id=row_key, **{here: record.pk, there: related_key})
            for row, (record, _kind) in zip(rows, records, strict=True)
            for related_key, row_key in keys.get(record.pk, {}).items()
        )
