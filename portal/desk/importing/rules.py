"""The constraints of a model held against records in memory, so that ten thousand rows need no query each.

Django checks a `CheckConstraint` with one query for each record. Here its condition becomes a function, with the three
values of SQL: what is unknown because of a NULL breaks no rule. A condition that uses anything this module does not
know is asked of the database after all.
"""

import operator
import re
from decimal import Decimal
from functools import cache

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import CheckConstraint, F, Q, UniqueConstraint, Value
from django.db.models.functions import Left, Length
from django.utils.translation import gettext as _


def errors_of(record) -> dict[str, list[str]]:
    """What is wrong with `record`, by the name of the field; what concerns the whole under `NON_FIELD_ERRORS`. Asks
    neither for what it refers to nor for other records."""
    relations, needed = _relations(type(record))
    errors = {each.name: [_("This cannot be empty.")] for each in needed if _stored(each, record) is None}
    try:
        record.clean_fields(exclude=relations)
    except ValidationError as error:
        errors |= error.message_dict
    if not errors and (broken := broken_rules(record)):
        errors[NON_FIELD_ERRORS] = broken
    return errors


@cache
def relations_of(model) -> list:
    """The foreign keys of `model`."""
    return [each for each in model._meta.concrete_fields if each.is_relation]


@cache
def _relations(model):
    """The names of the foreign keys of `model`, and those of them that cannot be empty."""
    relations = relations_of(model)
    return {each.name for each in relations}, [each for each in relations if not each.null]


def rows_under(record, relation) -> list:
    """The rows that the related name `relation` leads to, without the copy of a query that `.all()` makes of what is
    loaded already."""
    loaded = record.__dict__.get("_prefetched_objects_cache", {})
    return list(loaded[relation] if relation in loaded else getattr(record, relation).all())


def changed_columns(record, original) -> list[str]:
    """The names of the columns in which `record` differs from `original`, a copy of its `__dict__`."""
    values = record.__dict__
    return [
        each.name
        for each in record._meta.concrete_fields
        if each.attname in original and values[each.attname] != original[each.attname]
    ]


def broken_rules(record) -> list[str]:
    """The sentences of the check constraints that `record` breaks."""
    return [str(rule.get_violation_error_message()) for rule, truth in _checks(type(record)) if truth(record) is False]


@cache
def _checks(model):
    rules = [rule for rule in model._meta.constraints if isinstance(rule, CheckConstraint)]
    return [(rule, as_function(rule.condition, model)) for rule in rules]


# --- Conditions -------------------------------------------------------------------------------------------------------


class _Unknown(Exception):  # noqa: N818
    """The condition uses something that this module cannot work out."""


def as_function(condition, model):
    """A function of a record of `model` that says whether `condition` is true: True, False, or None where SQL would
    not know."""
    try:
        return _truth(condition, model)
    except _Unknown:
        return lambda record: condition.check(
            {each.name: Value(getattr(record, each.attname), each) for each in _fields(model)}
        )


def _fields(model):
    return model._meta.concrete_fields


def _truth(condition, model):
    if not isinstance(condition, Q) or condition.connector not in _JOINED:
        raise _Unknown
    parts = [_truth(each, model) if isinstance(each, Q) else _comparison(*each, model) for each in condition.children]
    join = _JOINED[condition.connector]
    if not condition.negated:
        return parts[0] if len(parts) == 1 else lambda record: join(parts, record)
    return lambda record: None if (truth := join(parts, record)) is None else not truth


def _all(parts, record):
    truth = True
    for part in parts:
        found = part(record)
        if found is False:
            return False
        truth = None if found is None else truth
    return truth


def _any(parts, record):
    truth = False
    for part in parts:
        found = part(record)
        if found is True:
            return True
        truth = None if found is None else truth
    return truth


_JOINED = {Q.AND: _all, Q.OR: _any}
_LOOKUPS = {
    "exact": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "in": lambda value, options: value in options,
    "range": lambda value, ends: ends[0] <= value <= ends[1],
    "regex": lambda value, pattern: re.search(pattern, value) is not None,
}


def _comparison(lookup, right, model):
    name, _separator, kind = lookup.partition("__")
    left = _value_of(F(name), model)
    kind = kind or "exact"
    if kind == "isnull" or (kind == "exact" and right is None):
        wanted = right is None or right
        return lambda record: (left(record) is None) is wanted
    if kind not in _LOOKUPS:
        raise _Unknown
    compare, right = _LOOKUPS[kind], _value_of(right, model)

    def truth(record):
        here, there = left(record), right(record)
        return None if here is None or there is None else compare(here, there)

    return truth


def _value_of(expression, model):
    """A function of a record that works out an expression; a plain value is itself."""
    if isinstance(expression, F):
        field = _field(model, expression.name)
        return lambda record: _stored(field, record)
    if isinstance(expression, (Left, Length)):
        parts = [_value_of(each, model) for each in expression.get_source_expressions()]
        work_out = _left if isinstance(expression, Left) else len

        def value(record):
            values = [part(record) for part in parts]
            return None if None in values else work_out(*values)

        return value
    if isinstance(expression, Value):
        expression = expression.value
    if hasattr(expression, "resolve_expression"):
        raise _Unknown
    return lambda record: expression


def _left(text, length):
    return text[:length]


@cache
def _field(model, name):
    return next(each for each in _fields(model) if name in (each.name, each.attname))


def _stored(field, record):
    """The value of a column as the database compares it: a partial date is text there. What is not saved yet has no
    number; something else stands in for it."""
    value = getattr(record, field.attname)
    if value is None and field.is_relation:
        related = record._state.fields_cache.get(field.name)
        return None if related is None else ("new", id(related))
    return value if isinstance(value, str | int | Decimal) else field.get_prep_value(value)


# --- Unique -----------------------------------------------------------------------------------------------------------


@cache
def unique_rules(model) -> list[UniqueConstraint]:
    return [rule for rule in model._meta.constraints if isinstance(rule, UniqueConstraint) and rule.fields]


def key_of(rule, record):
    """What the unique constraint `rule` compares; None where it does not bind `record`, as where a column is NULL."""
    return values_of(rule, record) if _binds(type(record), rule.name)(record) else None


@cache
def _binds(model, name):
    condition = next(rule.condition for rule in unique_rules(model) if rule.name == name)
    return as_function(condition, model) if condition is not None else lambda record: True


def values_of(rule, record):
    """The same for a record that the condition of the constraint, if it has any, applies to."""
    values = [_stored(_field(type(record), name), record) for name in rule.fields]
    return None if None in values else tuple(values)


def repeated_rule(model, records, link) -> str:
    """The sentence of the unique constraint that two of `records` break, all of them under one record by `link`."""
    if len(records) < 2:
        return ""
    for rule in unique_rules(model):
        if link in rule.fields:
            keys = [key for record in records if (key := key_of(rule, record)) is not None]
            if len(set(keys)) < len(keys):
                return str(rule.get_violation_error_message())
    return ""
