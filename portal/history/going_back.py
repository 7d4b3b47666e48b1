"""Going back to an earlier state of a record, and bringing a deleted one back.

Both are planned first, as the `Move`s it takes, so that the editor sees what would happen; `carry_out` does it in one
transaction or, with the reasons in a ValidationError, not at all. Publication is never brought back: what is there
keeps its own, and what was gone comes back as a draft.
"""

import copy
from dataclasses import dataclass, field
from datetime import timedelta

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.files.storage import default_storage
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.history.entries import BACK, RESTORED
from portal.history.facts import Change, Version, changes, facts_of
from portal.history.families import beneath
from portal.history.names import Names
from portal.history.records import history_of
from portal.history.timeline import ADDED, CHANGED, REMOVED, load_versions, names_in
from portal.publishing import Publishable
from portal.readiness import reasons_against
from portal.uploads import DocumentUpload, ImageUpload

WITH_IT = timedelta(seconds=5)  # what a command deleted within this before a record, and stood beneath it, went with it

MEASURED = ("_width", "_height", "_size")  # columns that belong to a file
OF_A_FILE = ("", *MEASURED, "_focus_x", "_focus_y")


@dataclass
class Move:
    """What becomes of one record: it comes back (ADDED), changes or goes (REMOVED)."""

    kind: str
    now: Version | None
    then: Version | None
    is_beneath: bool
    changes: list[Change] = field(default_factory=list)
    name: str = ""

    @property
    def model(self) -> type[models.Model]:
        return type((self.now or self.then).record)

    @property
    def kind_of_record(self) -> str:
        return self.model._meta.verbose_name


@dataclass
class Plan:
    """Everything that going back takes. `notes` say what cannot come back and stays as it is."""

    moves: list[Move]
    reason: str
    names: Names
    notes: list[str] = field(default_factory=list)

    @property
    def record(self) -> models.Model:
        """The record itself, as it will be."""
        return next(move.then.record for move in self.moves if not move.is_beneath)

    def __bool__(self):
        return any(move.kind != CHANGED or move.changes for move in self.moves)

    def carry_out(self):
        """Does it; ValidationError with all reasons when it cannot be done."""
        if refusals := [reason for move in self.moves if move.then for reason in self._missing(move)]:
            raise ValidationError(refusals)
        with transaction.atomic():
            lacked = _reasons(self.record)
            refusals = [reason for move in self._in_order() for reason in self._do(move)]
            refusals += [reason for reason in _reasons(self.record) if reason not in lacked]
            if refusals:
                raise ValidationError(refusals)

    def _in_order(self):
        """What goes makes room for what comes back, and what comes back needs what it stands under."""
        places = {REMOVED: 0, CHANGED: 1, ADDED: 2}
        return sorted(self.moves, key=lambda move: places[move.kind])

    def _do(self, move) -> list[str]:
        if move.kind == CHANGED and not move.changes:
            return []
        record = (move.then or move.now).record
        record._change_reason = self.reason
        try:
            with transaction.atomic():
                if move.kind == REMOVED:
                    record.delete()
                else:
                    record.full_clean()
                    record.save(force_insert=move.kind == ADDED)
                for name, keys in move.then.related.items() if move.then else ():
                    getattr(record, name).set(keys)
        except ValidationError as refusal:
            return list(_sentences(move, refusal))
        except ProtectedError:
            return [_("%s: others depend on it.") % move.name]
        except IntegrityError:
            return [_("%s contradicts another record that is here now.") % move.name]
        return []

    def _missing(self, move):
        """What the record would lead to, and is no longer there."""
        coming = {(each.model, each.then.record.pk) for each in self.moves if each.kind == ADDED}
        for each in facts_of(move.model):
            column = move.model._meta.get_field(each.name) if each.name in _names(move.model) else None
            if column is None or not (column.many_to_one or column.many_to_many):
                continue
            keys = move.then.related.get(each.name, ())
            if column.many_to_one and (key := getattr(move.then.record, column.attname)) is not None:
                keys = [key]
            for key in keys:
                model = column.related_model
                if not self.names.exists(model, key) and (model, key) not in coming:
                    words = {"record": move.name, "fact": each.label, "name": self.names.of(model, key)}
                    yield _("%(record)s, %(fact)s: %(name)s. Restore it first.") % words


def plan_going_back(timeline, save) -> Plan:
    """What it takes to bring the record of `timeline` back to how it stood at the end of `save`."""
    then = timeline.state_after(save)
    versions = timeline.versions(row for (kind, _key), row in then.items() if not _stands_alone(timeline, kind))
    then = {place: versions[row.kind, row.key] for place, row in then.items() if (row.kind, row.key) in versions}
    now = present_versions(timeline.model, timeline.key, timeline.rows)
    then = _under_present_keys(then, now)
    names = names_in([*then.values(), *now.values()])
    plan = Plan([], BACK % save.date.isoformat(), names)
    for place in sorted(then.keys() | now.keys()):
        was, is_now = then.get(place), now.get(place)
        target = _target(was, is_now, plan.notes) if was else None
        kind = CHANGED if was and is_now else ADDED if was else REMOVED
        move = Move(kind, is_now, target, is_beneath=place[0] > 0)
        move.name = names.name((target or is_now).record)
        move.changes = changes(is_now, target, names)
        if move.is_beneath and kind != CHANGED:
            above = timeline.rows[place[0] - 1].name
            move.changes = [change for change in move.changes if change.fact.name != above]
        plan.moves.append(move)
    return plan


def _under_present_keys(then, now) -> dict[tuple[int, int], Version]:
    """`then`, in which a row that went and was entered again is the one that is here now."""
    again = {(kind, _natural_key(now[kind, key].record)): (kind, key) for kind, key in now.keys() - then.keys()}
    return {
        place if place in now else again.get((place[0], _natural_key(version.record)), place): version
        for place, version in then.items()
    }


def _natural_key(record) -> tuple:
    """What its natural key rests on, by its own columns."""
    fields = [record._meta.get_field(path.partition("__")[0]) for path in type(record).key_paths()]
    return tuple(field.get_prep_value(getattr(record, field.attname)) for field in fields)


def plan_restoring(model, key) -> Plan | None:
    """What it takes to bring a deleted record back, with all that was deleted with it; None if there is no such."""
    row = history_of(model)._base_manager.filter(**{model._meta.pk.attname: key}).order_by("history_id").last()
    if row is None or row.history_type != "-" or model._base_manager.filter(pk=key).exists():
        return None
    gone = [(False, model, row), *_gone_with(model, row)]
    versions = [(is_beneath, _version_before(each, row_of)) for is_beneath, each, row_of in gone]
    plan = Plan([], RESTORED, names_in(version for _is_beneath, version in versions))
    for is_beneath, version in versions:
        move = Move(ADDED, None, _target(version, None, plan.notes), is_beneath)
        move.name = plan.names.name(move.then.record)
        move.changes = [] if is_beneath else changes(None, move.then, plan.names)
        plan.moves.append(move)
    return plan


def present_versions(model, key, rows, *, also_alone=False) -> dict[tuple[int, int], Version]:
    """The record of `model` with this key and those in `rows` beneath it, as stored now; by the kind (as in `timeline`)
    and their keys. Those that stand alone are left out, unless `also_alone` is given."""
    found = {(0, record.pk): _version_of(record) for record in model._base_manager.filter(pk=key)}
    for kind, relation in enumerate(rows, start=1):
        if also_alone or not relation.stands_alone:
            below = relation.model._base_manager.filter(**{relation.column: key})
            found |= {(kind, record.pk): _version_of(record) for record in below}
    return found


def _version_of(record) -> Version:
    related = {
        each.name: frozenset(getattr(record, each.name).values_list("pk", flat=True))
        for each in history_of(type(record))._history_m2m_fields
    }
    return Version(record, related)


def _version_before(model, row) -> Version:
    """The record as it stood before the row of its deletion: that one no longer knows its many-to-many relations."""
    version = next(iter(load_versions(model, [row.pk]).values()))
    if version.related:
        before = history_of(model)._base_manager.filter(**{model._meta.pk.attname: version.record.pk})
        if last := before.filter(history_id__lt=row.pk).order_by("history_id").last():
            return Version(version.record, load_versions(model, [last.pk])[last.pk].related)
    return version


def _gone_with(model, row):
    """What stood beneath a deleted record and was deleted with it, from above to below."""
    for relation in beneath(model):
        rows = history_of(relation.model)._base_manager.filter(
            **{relation.column: getattr(row, model._meta.pk.attname)},
            history_type="-",
            history_user_id=row.history_user_id,
            history_date__range=(row.history_date - WITH_IT, row.history_date),
        )
        there = relation.model._base_manager.values("pk")
        for each in rows.exclude(id__in=there).order_by("history_id"):
            yield True, relation.model, each
            yield from _gone_with(relation.model, each)


def _target(was, now, notes) -> Version:
    """The record as it will be: what an editor fills in, as it was; the rest as it is."""
    record = copy.copy(now.record) if now else copy.copy(was.record)
    record._state = copy.copy(record._state)
    record._state.adding = now is None
    record._state.fields_cache = {}
    kept = {"published_at"} | _of_lost_files(was.record, now, notes)
    if now:
        for column in _filled_in(type(record)):
            if column.name not in kept:
                value = getattr(was.record, column.attname)
                setattr(
                    record, column.attname, value.name if isinstance(value, models.fields.files.FieldFile) else value
                )
    elif isinstance(record, Publishable):
        record.published_at = None
    return Version(record, was.related)


def _filled_in(model) -> list[models.Field]:
    columns = [each for each in model._meta.concrete_fields if not each.primary_key]
    files = [each.name for each in columns if isinstance(each, (ImageUpload, DocumentUpload))]
    measured = {name + part for name in files for part in MEASURED}
    return [each for each in columns if each.editable or each.name in measured]


def _of_lost_files(record, now, notes) -> set[str]:
    """The columns of files that are no longer there."""
    lost = set()
    for column in record._meta.concrete_fields:
        if isinstance(column, (ImageUpload, DocumentUpload)):
            name = str(getattr(record, column.attname) or "")
            is_same = now and str(getattr(now.record, column.attname) or "") == name
            if name and not is_same and not default_storage.exists(name):
                notes.append(_("%s: its file no longer exists. The present one stays.") % capfirst(column.verbose_name))
                lost |= {column.name + part for part in OF_A_FILE}
    return lost


def _names(model) -> set[str]:
    return {each.name for each in [*model._meta.concrete_fields, *model._meta.many_to_many]}


def _reasons(record) -> list[str]:
    """Why `record`, if it is published or scheduled, should not be."""
    if not isinstance(record, Publishable):
        return []
    stored = type(record).objects.exclude(published_at=None).filter(pk=record.pk)
    return reasons_against(stored).get(record.pk, [])


def _sentences(move, refusal):
    """The errors of one record, each with what it is about."""
    labels = {column: each.label for each in facts_of(move.model) for column in (each.name, *each.columns)}
    for name, errors in refusal.message_dict.items():
        of_what = move.name if name == NON_FIELD_ERRORS else f"{move.name}, {labels.get(name, name)}"
        for error in errors:
            yield f"{of_what}: {error}"


def _stands_alone(timeline, kind) -> bool:
    return bool(kind) and timeline.rows[kind - 1].stands_alone
