"""Filters as links: each choice says how many rows are behind it, and leads back to where it is off once it is on.

A list that is narrowed by links is a `FilteredList`: what it knows as filters, how they narrow its rows, and how the
rows behind each choice are counted. Everything else about it is the same for every list and stands here: which of the
parameters mean something, the one order of its address, its words, and which of its pages search engines keep.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, F, Value
from django.urls import reverse

from portal.fields import columns, text_in_active_language

MOST_CHOICES = 50  # of one filter, the largest; a longer list is no help
MOST_INDEXED = 1  # filters on a page that search engines keep
MOST_FOLLOWED = 2  # filters behind a link that they may follow


@dataclass(frozen=True)
class Choice:
    label: str
    query: str
    count: int
    is_active: bool
    value: str = ""
    is_deep: bool = False  # whether more filters are on behind it than programs should follow


@dataclass(frozen=True)
class Facet:
    """One filter of a list with its choices."""

    label: str
    choices: list[Choice]
    name: str = ""

    @property
    def is_active(self) -> bool:
        return any(choice.is_active for choice in self.choices)

    @property
    def is_long(self) -> bool:
        """Whether its choices would fill the screen of a phone."""
        return len(self.choices) > 8


def facet(name, label, options, on, *, largest_first=True, names=(), kept=()) -> Facet:
    """The filter `name` with `options` (value, label, count). `on` holds every active filter as name: value, `names`
    the order of the address; `kept` are more parameters (name, value) that every link keeps."""
    if largest_first:
        options = sorted(options, key=lambda option: (-option[2], option[0]))
    shown = [option for number, option in enumerate(options) if number < MOST_CHOICES or on.get(name) == option[0]]
    choices = []
    for value, text, count in shown:
        is_active = on.get(name) == value
        behind = {each: on[each] for each in on if each != name} | ({} if is_active else {name: value})
        behind = {each: behind[each] for each in names or behind if each in behind}
        query = urlencode([*behind.items(), *kept])
        choices.append(Choice(text, query, count, is_active, value, len(behind) > MOST_FOLLOWED))
    return Facet(label, choices, name)


class FilteredList:
    """The rows that `parameters` ask for; what means nothing is ignored, and of what is said twice the last counts."""

    NAMES: ClassVar[tuple[str, ...]]  # of the filters, in the order of the address
    view: ClassVar[str]  # the name of its page
    kept: Iterable[tuple[str, str]] = ()  # what its links keep besides the filters

    def __init__(self, parameters, **slugs):
        self.slugs = slugs  # of the address of its page
        asked = {name: parameters.get(name, "") for name in self.NAMES}
        self.on = {name: value for name, value in asked.items() if value and self.knows(name, value)}

    # What a list says of itself

    def knows(self, name, value) -> bool:
        """Whether the filter `name` can have this value."""
        raise NotImplementedError

    def headings(self) -> Mapping[str, str]:
        """What each filter is called, in the order of the page."""
        raise NotImplementedError

    def label_of(self, name, value) -> str:
        """What a choice is called, unless its row says so."""
        raise NotImplementedError

    def options(self) -> Mapping[str, list[tuple[str, str, int]]]:
        """The choices of each filter as value, label and count, each filter counted under the others. Out of one query:
        `counts_of` of every filter."""
        options = {name: [] for name in self.NAMES}
        counts = [self.counts_of(name, self.without(name)) for name in self.NAMES]
        for name, value, *labels, count in counts[0].union(*counts[1:], all=True):
            options[name].append((value, text_in_active_language(labels) or self.label_of(name, value), count))
        return options

    def counts_of(self, name, rows):
        """`rows` counted by the choices of the filter `name`: a QuerySet made by `grouped` or `counted`."""
        raise NotImplementedError

    def matching(self, on):
        """The rows that match the filters `on`."""
        raise NotImplementedError

    # What follows from it

    @cached_property
    def rows(self):
        return self.matching(self.on)

    def without(self, name):
        """The rows as they are without the filter `name`, in no order."""
        return self.matching({each: value for each, value in self.on.items() if each != name}).order_by()

    @property
    def is_filtered(self) -> bool:
        return bool(self.on)

    @property
    def is_indexed(self) -> bool:
        """Whether search engines should keep its page: beyond one filter there would be more pages than rows."""
        return len(self.on) <= MOST_INDEXED

    @property
    def query(self) -> str:
        """The active filters as a query string."""
        return urlencode(self.on)

    @property
    def query_of_view(self) -> str:
        """The same with everything that its links keep."""
        return urlencode([*self.on.items(), *self.kept])

    @property
    def path_of_everything(self) -> str:
        """Where the list stands without any filter."""
        page = reverse(self.view, kwargs=self.slugs)
        return f"{page}?{urlencode([*self.kept])}" if self.kept else page

    @property
    def url(self) -> str:
        """The absolute address of the page that shows the same rows."""
        page = settings.SITE_URL + reverse(self.view, kwargs=self.slugs)
        return f"{page}?{self.query}" if self.on else page

    @cached_property
    def filters(self) -> list[Facet]:
        """Every filter with its choices and counts."""
        options = self.options()
        for name, value in self.on.items():  # what is on can be taken off and is named, even where it finds nothing
            if value not in [option[0] for option in options[name]]:
                options[name].append((value, self.label_of(name, value), 0))
        known = {"names": self.NAMES, "kept": self.kept}
        return [facet(name, label, options[name], self.on, **known) for name, label in self.headings().items()]

    @property
    def chosen(self) -> list[tuple[str, Choice]]:
        """The active filters: what each is called, and its choice, whose link takes it off."""
        if not self.on:  # spares counting
            return []
        return [(each.label, choice) for each in self.filters for choice in each.choices if choice.is_active]

    @property
    def words(self) -> str:
        """The active filters in a heading: “2024 · Framework agreement”."""
        return " · ".join(label for _heading, label in self.description)

    @property
    def description(self) -> list[tuple[str, str]]:
        """The active filters in words: what each is called, and its choice. Nothing is counted for it."""
        headings = self.headings().items()
        return [(heading, str(self.label_of(name, self.on[name]))) for name, heading in headings if name in self.on]


def is_year(text) -> bool:
    """Whether `text` is a year as dates have it."""
    return bool(re.fullmatch(r"[1-9][0-9]{3}", text))


# --- Counting ---------------------------------------------------------------------------------------------------------

_COLUMNS = ("facet", "value", "label_1", "label_2", "n")  # that all counts share, so that one query can hold them


def grouped(rows, name, value, labels=None, count="pk"):
    """`rows` counted by the expression `value`; `labels` are what it is called in each language."""
    label_1, label_2 = labels or (Value(""), Value(""))
    rows = rows.annotate(facet=Value(name), value=value, label_1=label_1, label_2=label_2)
    return rows.values(*_COLUMNS[:-1]).annotate(n=Count(count, distinct=True)).values_list(*_COLUMNS)


def counted(records, name, count):
    """`records` (with slug and name), each with the number that `count` finds for it, but for those of none."""
    names = [F(column) for column in columns("name")]
    found = records.order_by().annotate(facet=Value(name), value=F("slug"), label_1=names[0], label_2=names[1])
    found = found.annotate(n=count)
    return found.filter(n__gt=0).values_list(*_COLUMNS)
