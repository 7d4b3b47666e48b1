"""Queries whose SQL is written once.

Django builds and writes a query anew for every page, and the rules of publishing make that cost more than all the rest
of the page: ten milliseconds for a query that the database answers in a tenth of one. `prepared` keeps what was
written (SQL, no rows) and each time fills in its arguments and the present moment.
"""

from collections.abc import Sequence
from copy import copy
from datetime import datetime, time
from functools import cached_property, partial

from django.core.exceptions import EmptyResultSet
from django.core.signals import setting_changed
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import F, Model, Prefetch
from django.utils import timezone
from django.utils.translation import get_language

from portal import clock, previews


def prepared(build, *arguments, **lookup):
    """The rows of the QuerySet that `build(*arguments)` returns, or those of them that `lookup` names; loaded with its
    prefetches when they are first asked for.

    `build` runs once a day (and language), with stand-ins for its arguments: for each record one that knows nothing
    but its key, for lists of records and for texts likewise. It may do with them what ends in a parameter of the query,
    and besides them it may rest on `clock.now()` as it is, on `clock.today()` and on settings; what else it rests on is
    given to it by `functools.partial`, and has a statement of its own. A preview asks anew.
    """
    if previews.current() is not None:
        rows = build(*arguments)
        return rows.filter(**_compared_with(lookup, lookup.values())) if lookup else rows
    function, constants = (build.func, build.args) if isinstance(build, partial) else (build, ())
    if function.__closure__ or function.__defaults__ or hasattr(function, "__self__"):
        raise ValueError("what a prepared query rests on must be among its arguments")
    given = [_Given.of(argument) for argument in (*arguments, *lookup.values())]
    written = _written_on(clock.today())
    key = (function.__code__, constants, get_language(), *lookup, *(each.shape for each in given))
    if (statement := written.get(key)) is None:
        statement = written[key] = _write(build, given, list(lookup))
    return Rows(statement, given)


class Rows(Sequence):
    """The rows of a prepared query, fetched when they are first asked for."""

    def __init__(self, statement, given):
        self.model = statement.model
        self._statement, self._given = statement, given

    @cached_property
    def _fetched(self) -> list:
        return self._statement.fetch(self._given)

    def __getitem__(self, index):
        return self._fetched[index]

    def __len__(self):
        return len(self._fetched)

    def __iter__(self):
        return iter(self._fetched)


# --- What was written -------------------------------------------------------------------------------------------------

_of_today: tuple = (None, {})


def _written_on(day) -> dict:
    """The statements of `day`, which is part of many; those of the day before are forgotten."""
    global _of_today
    if _of_today[0] != day:
        _of_today = (day, {})
    return _of_today[1]


def _forget(**_kwargs):
    global _of_today
    _of_today = (None, {})


setting_changed.connect(_forget)  # only tests change them


def _write(build, given, names):
    """The statement of `build` for such arguments; the last of them belong to the lookup of these `names`."""
    with clock.set_to(_stand_in_moment()):
        taken = _Numbers()
        stand_ins = [each.stand_in(taken) for each in given]
        arguments, values = stand_ins[: len(given) - len(names)], stand_ins[len(given) - len(names) :]
        rows = build(*arguments)
        return Statement(rows.filter(**_compared_with(names, values)) if names else rows, taken)


def _compared_with(names, values) -> dict:
    """A lookup: of records in a list (`pk__in`) their keys."""
    values = [value if isinstance(value, str | Model) else [record.pk for record in value] for value in values]
    return dict(zip(names, values, strict=True))


def _stand_in_moment() -> datetime:
    """The last second of the day: what stands for the present while a query is written."""
    return timezone.make_aware(datetime.combine(clock.today(), time(23, 59, 59)))


class _Numbers:
    """Hands out the values of the stand-ins: keys and texts that no record has, one after the other."""

    FIRST_KEY = 7 << 60

    def __init__(self):
        self.places: dict = {}  # value of the stand-in: its place among the values of all arguments

    def key(self) -> int:
        return self._next(self.FIRST_KEY + len(self.places))

    def text(self) -> str:
        return self._next(f"\x01{len(self.places)}\x01")

    def _next(self, value):
        self.places[value] = len(self.places)
        return value


class _Given:
    """An argument: its `shape`, on which the SQL depends, its `values`, on which it does not, and its stand-in."""

    def __init__(self, shape, values, stand_in, records=()):
        self.shape, self.values, self.stand_in, self.records = shape, values, stand_in, records

    @classmethod
    def of(cls, argument):
        if argument is None:
            return cls(None, [], lambda _taken: None)
        if isinstance(argument, str):
            return cls(str, [argument], lambda taken: taken.text())
        if isinstance(argument, Model):
            return cls(type(argument), [argument.pk], lambda taken: by_key(type(argument), taken.key()), [argument])
        return cls._of_records(list(argument))

    @classmethod
    def _of_records(cls, records):
        """Lists of different lengths share a statement: the last record stands in it until a power of two is full."""
        room = 1 << (len(records) - 1).bit_length() if records else 0
        filled = [*records, *records[-1:] * (room - len(records))]
        return cls(
            (tuple(dict.fromkeys(map(type, records))), room),
            [record.pk for record in filled],
            lambda taken: [by_key(type(record), taken.key()) for record in filled],
            filled,
        )


def by_key(model, key):
    """The record of `model` that has this key, of which nothing else is known: an argument for `prepared`. It is there
    in a seventh of the time of `model(pk=key)`, which works out what every other field begins with."""
    return model.from_db(DEFAULT_DB_ALIAS, [model._meta.pk.attname], [key])


class Statement:
    """The SQL of a QuerySet that was built with stand-ins, and the statements of what it prefetches."""

    def __init__(self, queryset, taken):
        self.queryset, self.model = queryset, queryset.model
        self.compiler = queryset.query.get_compiler(queryset.db)
        try:
            self.sql, self.params = self.compiler.as_sql()
        except EmptyResultSet:
            self.sql, self.params = None, ()
        self.converters = None if self.sql is None else self.compiler.get_converters(self._columns())
        self.places = taken.places
        self.moment = self._adapted(clock.now())
        if self.sql and not set(self.places) <= {each for each in self.params if isinstance(each, int | str)}:
            raise ValueError(f"an argument is no parameter of the prepared query of {self.model.__name__}")
        self.prefetches = [_Prefetched(self.model, each) for each in queryset._prefetch_related_lookups]

    def _columns(self):
        """What is selected, in the order of the columns."""
        return [expression for expression, _sql, _alias in self.compiler.select[: self.compiler.col_count]]

    def _adapted(self, moment):
        return connections[self.queryset.db].ops.adapt_datetimefield_value(moment)

    def fetch(self, given) -> list:
        """The rows, with the arguments and the present moment in place."""
        if self.sql is None:
            return []
        rows = list(self.queryset._iterable_class(self._bound(given)))
        for prefetched in self.prefetches:
            prefetched.load(rows)
        return rows

    def _bound(self, given):
        """The QuerySet with its arguments: all that Django's own iterables ask of one."""
        params = self._filled_in([value for each in given for value in each.values])
        compiler = copy(self.compiler)
        compiler.connection = connections[self.queryset.db]  # that of this thread
        compiler.as_sql = lambda *_args, **_kwargs: (self.sql, params)
        compiler.get_converters = lambda _columns: self.converters
        bound = type(self.queryset)(self.model, _Written(self.queryset.query, compiler), self.queryset._db)
        bound._fields = self.queryset._fields
        bound._known_related_objects = self._known_records(given)
        return bound

    def _filled_in(self, values) -> tuple:
        moment = self._adapted(clock.now())

        def filled(param):
            if param == self.moment:
                return moment
            place = self.places.get(param) if isinstance(param, int | str) else None
            return param if place is None else values[place]

        return tuple(map(filled, self.params))

    def _known_records(self, given) -> dict:
        """The records that the rows of their related managers need not load."""
        records = [record for each in given for record in each.records]
        return {
            field: {record.pk: record for record in records if isinstance(record, field.related_model)}
            for field in self.queryset._known_related_objects
        }


class _Written:
    """A query with the compiler that wrote it."""

    def __init__(self, query, compiler):
        self._query, self._compiler = query, compiler

    def get_compiler(self, *_args, **_kwargs):
        return self._compiler

    def __getattr__(self, name):
        return getattr(self._query, name)


class _Prefetched:
    """What a statement prefetches under the name of one relation, each for as many rows as there may be."""

    def __init__(self, model, lookup):
        lookup = lookup if isinstance(lookup, Prefetch) else Prefetch(lookup)
        self.name = lookup.prefetch_to
        self.relation = model._meta.get_field(self.name)
        rows = lookup.queryset
        self.rows = self.relation.related_model._default_manager.all() if rows is None else rows
        self.statements: dict[int, Statement] = {}

    def load(self, records):
        """Puts what belongs to each of `records` where Django looks for what was prefetched."""
        if self.relation.many_to_one:
            self._load_what_they_belong_to(records)
            return
        found = {record.pk: [] for record in records}
        for row in self._rows_of(records):
            found[self._owner_of(row)].append(row)
        for record in records:
            self._keep(record, found[record.pk])

    def _load_what_they_belong_to(self, records):
        keys = dict.fromkeys(getattr(record, self.relation.attname) for record in records)
        owners = [by_key(self.rows.model, key) for key in keys if key is not None]
        found = {owner.pk: owner for owner in self._rows_of(owners)}
        for record in records:
            self.relation.set_cached_value(record, found.get(getattr(record, self.relation.attname)))

    def _rows_of(self, records) -> list:
        if not records:
            return []
        given = _Given._of_records(records)
        room = len(given.values)
        if room not in self.statements:
            self.statements[room] = self._write(given)
        return self.statements[room].fetch([given])

    def _write(self, given):
        with clock.set_to(_stand_in_moment()):
            taken = _Numbers()
            rows = self.rows.filter(**_compared_with([f"{self._way_back}__in"], [given.stand_in(taken)]))
            if self.relation.many_to_many:
                rows = rows.annotate(prefetched_for=F(self._way_back))
            return Statement(rows, taken)

    @property
    def _way_back(self) -> str:
        if self.relation.many_to_one:
            return "pk"
        return self.relation.field.name if self.relation.one_to_many else self.relation.remote_field.name

    def _owner_of(self, row):
        return row.prefetched_for if self.relation.many_to_many else getattr(row, self.relation.field.attname)

    def _keep(self, record, rows):
        if self.relation.one_to_many:
            for row in rows:
                self.relation.field.set_cached_value(row, record)
        kept = type(self.rows)(self.rows.model, _Settled())
        kept._result_cache, kept._prefetch_done = rows, True
        record._prefetched_objects_cache = {**getattr(record, "_prefetched_objects_cache", {}), self.name: kept}


class _Settled:
    """Stands where prefetched rows have their query: there is no other one to make of it."""

    def chain(self):
        raise TypeError("what was prefetched is a list as it stands: ask its manager for other rows")
