"""The parameters that narrow the list of a dataset."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

YES_NO = {"yes": gettext_lazy("yes"), "no": gettext_lazy("no")}


@dataclass(frozen=True)
class Filter:
    """A parameter that narrows the list of a dataset. `choices` are its values with their words, where they are known
    beforehand; otherwise it is a slug or a year, like `example`."""

    name: str
    heading: Promise
    explanation: Promise
    choices: Mapping[str, Any] = field(default_factory=dict)
    example: str = ""
    narrowed: Callable[[QuerySet, str], QuerySet | None] | None = None  # None for a value that means nothing


def chosen(name, heading, explanation, choices) -> Filter:
    """Narrows to the rows whose column `name` holds one of `choices`."""
    known = dict(choices)

    def narrowed(rows, value):
        return rows.filter(**{name: value}) if value in known else None

    return Filter(name, heading, explanation, known, narrowed=narrowed)


def by_record(name, heading, explanation, example, find, narrow) -> Filter:
    """Narrows by the record that `find` finds for a slug; the slug means nothing where it finds none."""

    def narrowed(rows, slug):
        record = find(slug)
        return None if record is None else narrow(rows, record)

    return Filter(name, heading, explanation, example=example, narrowed=narrowed)
