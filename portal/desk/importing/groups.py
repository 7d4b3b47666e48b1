"""Columns that repeat: the parties of an agreement, the speakers of a session, as `party_1`, `party_2` and so on.

A repetition stands for the record beneath at that place. Where its cells are empty, that record stays as it is; where
the leading cell is cleared, it is removed; where it names another, that one takes its place. What stands beyond the
last repetition of a sheet stays as well.
"""

import copy
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.desk.importing.columns import Column, Filling, is_cleared
from portal.desk.importing.rules import changed_columns, errors_of, repeated_rule, rows_under
from portal.desk.importing.widgets import Text


@dataclass
class Plan:
    """What a row does to the records beneath its own."""

    created: list = field(default_factory=list)
    updated: list = field(default_factory=list)  # pairs of a record and the names of its changed columns
    deleted: list = field(default_factory=list)


@dataclass(frozen=True)
class Slot:
    """One repetition of the columns of a group, and what a row has in it."""

    items: list
    columns: list

    @classmethod
    def of(cls, items):
        return cls(items, [column for item in items for column in item.columns])

    def texts(self, texts) -> dict:
        return {column.column_name: texts[column.column_name] for column in self.columns if column.column_name in texts}

    def column_for(self, name):
        """The column for the attribute `name`; None for what concerns the whole."""
        return next((column for column in self.columns if column.is_about(name)), None)


class Group:
    """The records that the related name `relation` of a model leads to, `count` of them in the template.

    `identity` names the attributes that tell them apart. `lead` names the column that removes one when it is cleared.
    The cells of a repetition are laid over the record at its place, unless what they say is another one of them.
    """

    def __init__(self, model, relation, items, *, count, identity, lead=""):
        self.relation, self.items, self.count = relation, tuple(items), count
        self.identity, self.lead = identity, lead
        self.link = model._meta.get_field(relation).field
        self.model = self.link.model
        self.is_ordered = any(each.name == "position" for each in self.model._meta.concrete_fields)

    @property
    def columns(self):
        return [column for item in self.items for column in item.columns]

    def slots(self, count) -> list[Slot]:
        """The first `count` repetitions. Where there is usually one only, its headings have no number."""
        return [
            Slot.of([item.numbered(number, self.count > 1 or number > 1) for item in self.items])
            for number in range(1, count + 1)
        ]

    def beneath(self, record) -> list:
        """The records under `record`, which are loaded, in their order."""
        if record.pk is None:
            return []
        position = (lambda each: each.position) if self.is_ordered else (lambda each: 0)
        return sorted(rows_under(record, self.relation), key=lambda each: (position(each), each.pk))

    def cells(self, record, slots) -> dict:
        texts = {}
        for slot, child in zip(slots, self.beneath(record), strict=False):
            for item in slot.items:
                texts |= item.cells(child)
        return texts

    # --- Reading ---

    def fill(self, filling, texts, slots) -> Plan | None:
        """Fills the cells of all repetitions into the records beneath; returns what is to be written."""
        rows = [slot.texts(texts) for slot in slots]
        if not any(rows):
            return None
        before = self.beneath(filling.record)
        originals = {child.pk: dict(child.__dict__) for child in before}
        kept = self._filled(filling, slots, rows, before) + before[len(slots) :]
        removed = [child for child in before if child not in kept]
        for child in removed:
            self._remove(filling, slots[before.index(child)].columns[0], child)
        self._put_in_order(kept)
        self._tell_new_order(filling, before, kept)
        if not filling.problems and (message := repeated_rule(self.model, kept, self.link.name)):
            filling.fail(slots[0].columns[0], "", message)
        changed = [(child, changed_columns(child, originals[child.pk])) for child in kept if child.pk]
        return Plan([child for child in kept if not child.pk], [pair for pair in changed if pair[1]], removed)

    def _filled(self, filling, slots, rows, before) -> list:
        """The records that stay or come, in the order of the repetitions."""
        here = [*before, *[None] * len(rows)][: len(rows)]
        meant = {n: self._meant(filling, slots[n], row, here[n]) for n, row in enumerate(rows) if row}
        found = {n: child for n, child in enumerate(here) if child is not None and not rows[n]}
        for is_same in self._ways_to_be_same():
            for n in (n for n, trial in meant.items() if trial and n not in found):
                choices = [child for child in (here[n], *before) if child is not None and child not in found.values()]
                same = [child for child in choices if is_same(meant[n], child, here[n])]
                if same:
                    found[n] = same[0]
        for n, trial in meant.items():
            if trial and n in found:
                trial = self._trial(filling, slots[n], rows[n], found[n])
            if trial:
                found.setdefault(n, trial.record)
                self._take(filling, slots[n], rows[n], trial)
        return [found[n] for n in sorted(found)]

    def _meant(self, filling, slot, row, here) -> Filling | None:
        """What the cells make of the record at their place, tried on a copy; None where they remove it."""
        if is_cleared(row.get(self._lead_of(slot), "")):
            return None
        return self._trial(filling, slot, row, self._new(filling) if here is None else copy.copy(here))

    def _lead_of(self, slot) -> str:
        return next((column.column_name for column in slot.columns if column.name == self.lead), "")

    def _ways_to_be_same(self):
        """The same by its identity, else by its place."""
        yield lambda trial, child, here: self._identity(trial.record) == self._identity(child)
        yield lambda trial, child, here: child is here

    def _identity(self, child):
        return tuple(getattr(child, name) for name in self.identity)

    def _new(self, filling):
        return self.model(**{self.link.name: filling.record})

    def _trial(self, filling, slot, row, child) -> Filling:
        trial = Filling(child, filling.known, frozenset(row))
        for item in slot.items:
            item.fill(trial, row)
        return trial

    def _take(self, filling, slot, texts, trial):
        """Adds what came of one repetition to the row, and what its model says of it."""
        filling.changes += trial.changes
        filling.problems += trial.problems
        if trial.problems or not (trial.changes or trial.record.pk is None):
            return
        for name, messages in errors_of(trial.record).items():
            column = slot.column_for(name) or slot.columns[0]
            for message in messages:
                filling.fail(column, texts.get(column.column_name, ""), message)

    def _remove(self, filling, column, child):
        if hasattr(child, "citations") and rows_under(child, "citations"):
            message = _("“%s” has sources or statements of its own. Remove it on its own page.") % child
            filling.fail(column, "", message)
        else:
            filling.change(column, column.value_of(child), None)

    def _put_in_order(self, kept):
        """Numbers the records anew where they stand otherwise in the sheet; new ones at the end only follow."""
        if not self.is_ordered:
            return
        old = [child for child in kept if child.pk]
        if kept[: len(old)] == old == sorted(old, key=lambda child: (child.position, child.pk)):
            first = old[-1].position + 1 if old else 1
            for position, child in enumerate(kept[len(old) :], first):
                child.position = position
        else:
            for position, child in enumerate(kept, 1):
                child.position = position

    def _tell_new_order(self, filling, before, kept):
        """A change of its own, where nothing else has changed than the order."""
        old, new = [each for each in before if each in kept], [each for each in kept if each.pk]
        if old != new:
            names = [", ".join(map(str, each)) for each in (old, new)]
            filling.change(ORDER, *names)


ORDER = Column("order", Text(), gettext_lazy("order"))


class NamedGroup(Group):
    """Records beneath that are somebody: the column `lead` says who. Another name is another record, and the other
    cells are laid over the one that is named."""

    def _meant(self, filling, slot, row, here):
        lead = self._lead_of(slot)
        if lead in row:
            return super()._meant(filling, slot, row, None)
        if here is None:
            first = slot.columns[0]
            filling.fail(first, "", _("Fill in “%s” too, or empty the cells that belong to it.") % first.heading)
            return None
        return super()._meant(filling, slot, row, here)

    def _ways_to_be_same(self):
        """The same one in the same role, else in whichever."""
        lead = next(column for column in self.columns if column.name == self.lead)
        yield lambda trial, child, here: self._identity(trial.record) == self._identity(child)
        yield lambda trial, child, here: lead.value_of(trial.record) == lead.value_of(child)
