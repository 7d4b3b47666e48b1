"""Which rows of the database a document depends on, read off what its model declares: `searched_in`, and
`published_with` of all that its texts come from."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from django.db import models

from portal.search.kinds import registered


@dataclass(frozen=True)
class Watched:
    """A table whose changes are noted: for each changed row, which keys of which tables are out of date. `notes` are
    pairs of a table and the column that holds the key."""

    table: str
    notes: tuple[tuple[str, str], ...]


class _Dependencies:
    """Of one kind: the paths from its model to each model that its documents depend on ("" is its own), and the tables
    to watch."""

    def __init__(self, kind):
        self.model = kind.model
        self.paths = defaultdict(set)
        self.notes = defaultdict(set)
        self._add(kind.model, "")
        searched = kind.searched_in
        for path in (
            *searched.rests_on,
            *(path for paths in searched.weights.values() for path in paths),
            searched.dated,
        ):
            self._walk(path)

    def _walk(self, path):
        """Adds every model on the way to the text at `path`."""
        model, done = self.model, ""
        for step in path.split("__"):
            relation = _relation(model, step)
            if relation is None:
                return
            model, done = self._follow(model, relation, step), joined(done, step)
            self._add(model, done, came_by=relation)

    def _follow(self, model, relation, step):
        """The model behind `relation`; what tells that it now leads elsewhere is noted."""
        related = relation.related_model
        if relation.many_to_many:
            field = relation if isinstance(relation, models.Field) else relation.field
            through = field.remote_field.through
            back = next(each for each in through._meta.fields if each.related_model is model)
            self._note(through, model, back)
        elif relation.one_to_many or (relation.one_to_one and not relation.concrete):
            self._note(related, model, relation.field)
        return related

    def _note(self, model, above, foreign_key):
        self.notes[model._meta.db_table].add((above._meta.db_table, foreign_key.column))

    def _add(self, model, path, came_by=None):
        """`model`, at the end of `path`, and what decides whether visitors see it."""
        if path in self.paths[model]:
            return
        self.paths[model].add(path)
        self.notes[model._meta.db_table].add((model._meta.db_table, model._meta.pk.column))
        back = came_by.field.name if came_by is not None and came_by.one_to_many else None
        for name in getattr(model, "published_with", ()):
            if name != back:
                self._add(model._meta.get_field(name).related_model, joined(path, name))
        corrections = _relation(model, "corrections")
        if corrections is not None:
            self._add_corrections(model, corrections, joined(path, "corrections"))

    def _add_corrections(self, model, relation, path):
        self._follow(model, relation, "corrections")
        table = relation.related_model._meta
        self.paths[relation.related_model].add(path)
        self.notes[table.db_table].add((table.db_table, table.pk.column))


def joined(*steps) -> str:
    return "__".join(filter(None, steps))


def _relation(model, name):
    """The relation of `model` that a lookup calls `name`; None for a plain column or a translated text."""
    for field in model._meta.get_fields():
        if field.is_relation and field.related_model and _lookup_name(field) == name:
            return field
    return None


def _lookup_name(field):
    """The name that a query uses, and here also the one that Python uses: they are the same for the portal's models."""
    return field.name if field.concrete else field.get_accessor_name()


@cache
def _of_all():
    return [(kind, _Dependencies(kind)) for kind in registered()]


def watched() -> list[Watched]:
    """Every table whose changes can touch a document."""
    notes = defaultdict(set)
    for _kind, dependencies in _of_all():
        for table, found in dependencies.notes.items():
            notes[table] |= found
    return [Watched(table, tuple(sorted(found))) for table, found in sorted(notes.items())]


@cache
def ways_to(table):
    """The kinds whose documents depend on rows of `table`, each with the paths that lead to those rows."""
    found = []
    for kind, dependencies in _of_all():
        for model, paths in dependencies.paths.items():
            if model._meta.db_table == table:
                found.append((kind, tuple(sorted(paths))))
    return found
