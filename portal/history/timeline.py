"""The history of one record: its own historical rows and those of the rows beneath it, as the saves they came from."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from operator import attrgetter

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import F, Value
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from portal.history.entries import reason_in_words, related_keys_then
from portal.history.facts import Change, Version, changes
from portal.history.families import Beneath, beneath
from portal.history.names import Names, name_of
from portal.history.records import history_of

AT_ONCE = timedelta(seconds=1)  # what nobody signed in wrote within this is one save; a request has one date

ADDED, CHANGED, REMOVED, FIRST = "added", "changed", "removed", "first"


@dataclass(frozen=True)
class Row:
    """A historical row, as far as it takes to find its place."""

    kind: int  # 0 for the record itself, else the place of its relation in `beneath` plus one
    key: int  # of the historical row
    record: int  # the key of the record
    date: datetime
    user: int | None
    reason: str
    type: str
    above: int | None  # the key of what it stands beneath; of the record itself, its own


@dataclass
class Step:
    """What one save did to one record: the row before it, and the last row it wrote."""

    before: Row | None
    after: Row


@dataclass(frozen=True)
class Told:
    """A `Step`, ready to be read: what became of which record, and its facts."""

    kind: str  # ADDED, CHANGED, REMOVED, or FIRST where nothing is known of what was before
    model: type[models.Model]
    record: int
    name: str
    changes: list[Change]
    is_beneath: bool
    stands_alone: bool  # it has a history of its own

    @property
    def kind_of_record(self) -> str:
        return self.model._meta.verbose_name

    @property
    def address(self) -> str:
        return address_of(self.model, self.record) if self.stands_alone else ""


def address_of(model, key) -> str:
    """Where the history of a record is; empty for a kind of record that has none of its own."""
    try:
        return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_history", args=[key])
    except NoReverseMatch:
        return ""


@dataclass
class Save:
    """What one person did to a record and the rows beneath it at one moment."""

    user_key: int | None
    date: datetime
    steps: dict[tuple[int, int], Step] = field(default_factory=dict)
    reason: str = ""
    number: int = 0  # 1 for the first
    by: str = ""
    told: list[Told] = field(default_factory=list)

    @property
    def cut(self) -> int:
        """What names this moment in an address: microseconds since 1970."""
        return cut_of(self.date)

    @property
    def why(self) -> str:
        return reason_in_words(self.reason)


def cut_of(date) -> int:
    return round(date.timestamp() * 1_000_000)


class Timeline:
    """The saves of the record of `model` with this key, newest first. `rows` are the relations to what stands beneath
    it; by default what is deleted together with it."""

    def __init__(self, model, key, rows=None):
        self.model, self.key = model, key
        self.rows: tuple[Beneath, ...] = beneath(model) if rows is None else tuple(rows)

    def model_of(self, kind) -> type[models.Model]:
        return self.rows[kind - 1].model if kind else self.model

    @cached_property
    def spine(self) -> list[Row]:
        """Every row, oldest first; one query however many kinds there are."""
        own = history_of(self.model)._base_manager.filter(**{self.model._meta.pk.attname: self.key})
        kinds = [_light(own, 0, self.model._meta.pk.attname)]
        for kind, relation in enumerate(self.rows, start=1):
            history = history_of(relation.model)._base_manager
            ever_here = history.filter(**{relation.column: self.key}).values("id")
            kinds.append(_light(history.filter(id__in=ever_here), kind, relation.column))
        rows = kinds[0].union(*kinds[1:], all=True) if self.rows else kinds[0]
        return sorted((Row(*row) for row in rows), key=attrgetter("date", "kind", "key"))

    @cached_property
    def saves(self) -> list[Save]:
        """All saves, newest first, as yet without words."""
        saves, last = [], {}
        for row in self.spine:
            place = (row.kind, row.record)
            before = last.get(place)
            last[place] = row
            if self.key not in (row.above, before and before.above):
                continue  # it stood beneath another record then
            if not saves or not _is_of(saves[-1], row):
                saves.append(Save(row.user, row.date, number=len(saves) + 1))
            save = saves[-1]
            save.date = row.date
            save.reason = save.reason or row.reason or ""
            step = save.steps.setdefault(place, Step(before, row))
            step.after = row
        return saves[::-1]

    @property
    def has_own_rows(self) -> bool:
        return any(row.kind == 0 for row in self.spine)

    @property
    def last_name(self) -> str:
        """What the record was called last, for one that is gone."""
        last = [row for row in self.spine if row.kind == 0][-1]
        version = self.versions([last])[last.kind, last.key]
        return names_in([version]).name(version.record)

    def had_record(self, save) -> bool:
        """Whether the record itself was there at the end of `save`."""
        return (0, self.key) in self.state_after(save)

    def state_after(self, save) -> dict[tuple[int, int], Row]:
        """The last row of each record at the end of `save`, of those that were there then."""
        last = {(row.kind, row.record): row for row in self.spine if row.date <= save.date}
        return {place: row for place, row in last.items() if row.type != "-" and row.above == self.key}

    def tell(self, saves):
        """Puts `saves` into words; a constant number of queries for any number of saves."""
        steps = [(place, step) for save in saves for place, step in save.steps.items()]
        versions = self.versions(row for _place, step in steps for row in (step.before, step.after) if row)
        names = names_in(versions.values())
        people = names_of_people(save.user_key for save in saves)
        for save in saves:
            save.by = people.get(save.user_key, "")
            told = (self._told(place, step, versions, names) for place, step in save.steps.items())
            save.told = [each for each in told if each]
        return saves

    def versions(self, rows) -> dict[tuple[int, int], Version]:
        """The full rows, by their kind and key."""
        by_kind, found = {}, {}
        for row in rows:
            by_kind.setdefault(row.kind, set()).add(row.key)
        for kind, keys in by_kind.items():
            found |= {(kind, key): version for key, version in load_versions(self.model_of(kind), keys).items()}
        return found

    def _told(self, place, step, versions, names):
        was, is_now = self._here(step.before, versions), self._here(step.after, versions)
        if not was and not is_now:
            return None  # it came and went
        if is_now and not was:
            is_first = step.before is None and step.after.type == "~"
            kind = FIRST if is_first else ADDED
        else:
            kind = CHANGED if is_now else REMOVED
        relation = self.rows[place[0] - 1] if place[0] else None
        stands_alone = bool(relation and relation.stands_alone)
        differing = [] if stands_alone else changes(was, is_now, names)
        if relation and not (was and is_now):
            differing = [change for change in differing if change.fact.name != relation.name]
        if kind == CHANGED and relation and not stands_alone and not differing:
            return None
        record = (is_now or was).record
        return Told(kind, type(record), record.pk, name_of(record), differing, bool(relation), stands_alone)

    def _here(self, row, versions) -> Version | None:
        if row is None or row.type == "-" or row.above != self.key:
            return None
        return versions[row.kind, row.key]


def load_versions(model, keys) -> dict[int, Version]:
    """The historical rows of `model` with `keys`, by key; one query, and one for each many-to-many relation."""
    rows = list(history_of(model)._base_manager.filter(pk__in=keys))
    related = {each.name: related_keys_then(each, list(keys)) for each in history_of(model)._history_m2m_fields}
    return {
        row.pk: Version(row.instance, {name: frozenset(then.get(row.pk, ())) for name, then in related.items()})
        for row in rows
    }


def names_in(versions) -> Names:
    """The names of everything that `versions` refer to."""
    versions = list(versions)
    also = [
        (type(version.record)._meta.get_field(name).related_model, keys)
        for version in versions
        for name, keys in version.related.items()
    ]
    return Names([version.record for version in versions], also)


def names_of_people(keys) -> dict[int, str]:
    people = get_user_model()._base_manager.in_bulk([key for key in set(keys) if key])
    return {key: person.get_full_name() or person.get_username() for key, person in people.items()}


def who(name, reason) -> str:
    """Who made a save, for a sentence; without a person, where it came from."""
    return name or reason_in_words(reason) or _("a command, or an account that was deleted")


def _is_of(save, row) -> bool:
    if save.user_key != row.user:
        return False
    return save.date == row.date or (
        row.user is None and save.reason == (row.reason or "") and row.date - save.date <= AT_ONCE
    )


def _light(rows, kind, above):
    return rows.order_by().values_list(
        Value(kind),
        "history_id",
        "id",
        "history_date",
        "history_user_id",
        "history_change_reason",
        "history_type",
        F(above),
    )
