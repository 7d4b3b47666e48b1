"""Filters as links: each choice says how many rows are behind it, and leads back to where it is off once it is on.

A list that is narrowed by links is a `FilteredList`: what it knows as filters, how they narrow its rows, and how the
rows behind each choice are counted. Everything else about it is the same for every list and stands here: which of the
parameters mean something, the one order of its address, its words, and which of its pages search engines keep.

Which rows match, in which order, and how many are behind each choice is said by a table of all its rows, which is found
out once for each content generation (`portal.filter_table`). A page then loads its few rows by their keys.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.formats import localize
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal import clock
from portal.fields import text_in_active_language
from portal.filter_table import FilterTable, Rows
from portal.markup import filled
from portal.page_cache.kept import kept
from portal.prepared import by_key
from portal.templatetags.portal import marked

MOST_CHOICES = 50  # of one filter, the largest; a longer list is no help
MOST_INDEXED = 1  # filters on a page that search engines keep
MOST_KEPT = 2  # filters under which what is found out of a list is kept: of three and more there would be too many
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
    def entries(self) -> list[dict]:
        """What a list of its choices shows, for `each`."""
        removes = filled(' <span aria-hidden="true">×</span><span class="visually-hidden">{}</span>', _("(remove)"))
        current, nofollow = SafeString(' aria-current="true"'), SafeString(' rel="nofollow"')
        return [
            {
                "query": choice.query,
                "said": current if choice.is_active else nofollow if choice.is_deep else "",
                "label": marked(choice.label),
                "removes": removes if choice.is_active else "",
                "count": localize(choice.count),
            }
            for choice in self.choices
        ]

    @property
    def is_long(self) -> bool:
        """Whether its choices would fill the screen of a phone."""
        return len(self.choices) > 8


def facet(name, label, options, on, *, largest_first=True, names=(), kept=()) -> Facet:
    """The filter `name` with `options` (value, label, count). `on` holds every active filter as name: value, `names`
    the order of the address; `kept` are more parameters (name, value) that every link keeps."""
    if largest_first:
        options = sorted(options, key=_largest)
    shown = [option for number, option in enumerate(options) if number < MOST_CHOICES or on.get(name) == option[0]]
    others = {each: on[each] for each in names or on if each in on and each != name}
    at = list(names).index(name) if names else len(others)
    before = urlencode({each: others[each] for each in others if not names or names.index(each) < at})
    after = urlencode([*((each, others[each]) for each in others if names and names.index(each) > at), *kept])
    choices = []
    for value, text, count in shown:
        is_active = on.get(name) == value
        parts = [before, "" if is_active else urlencode({name: value}), after]
        is_deep = len(others) + (not is_active) > MOST_FOLLOWED
        choices.append(Choice(text, "&".join(filter(None, parts)), count, is_active, value, is_deep))
    return Facet(label, choices, name)


def _largest(option):
    """Sorts options (value, …, count): the largest first."""
    return -option[-1], option[0]


class FilteredList:
    """The rows that `parameters` ask for; what means nothing is ignored, and of what is said twice the last counts."""

    NAMES: ClassVar[tuple[str, ...]]  # of the filters, in the order of the address
    view: ClassVar[str]  # the name of its page
    model: ClassVar[type]  # of its rows
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

    def matching(self, on):
        """The rows that match the filters `on`."""
        raise NotImplementedError

    def find(self) -> tuple[Sequence, ...]:
        """The keys of all rows, whatever is on, in the order of the page, and what else is to be remembered of them."""
        raise NotImplementedError

    def filterable(self, keys, *remembered) -> FilterTable:
        """What those rows can be filtered by."""
        raise NotImplementedError

    def load(self, records, *remembered):
        """`records`, of which only the keys are known, as a page shows them, in any order; with what else `find`
        remembered of them."""
        raise NotImplementedError

    # What follows from it

    @cached_property
    def rows(self):
        return self.matching(self.on)

    @cached_property
    def everything(self) -> tuple[Sequence, ...]:
        """What `find` finds."""
        return kept(self._key("rows"), self.find)

    @cached_property
    def table(self) -> FilterTable:
        return kept(self._key("table"), lambda: self.filterable(*self.everything))

    def _key(self, *what) -> str:
        return "|".join([self.view, *self.slugs.values(), str(clock.today()), *what])

    def once(self, what, compute):
        """What `compute` finds out, once for these filters, if each stands at a choice that the whole list offers:
        visitors cannot invent more of them."""
        if len(self.on) > MOST_KEPT or not all(self.table.has(name, value) for name, value in self.on.items()):
            return compute()
        return kept(self._key(what, self.query), compute)

    @property
    def counted(self) -> Mapping[str, list[tuple]]:
        """The choices of each filter as value, what it is called in each language, and count, each filter counted under
        the others."""
        return self.once("counts", lambda: self.table.counts(self.on)) if self.on else self.table.offered

    @cached_property
    def found(self) -> Rows:
        """The matching rows in the order of the page."""
        return Rows(self.everything, self.marks)

    @property
    def marks(self) -> bytes | None:
        """Which rows match; None where all do."""
        return self.table.marks(self.on) if self.on else None

    @property
    def in_pages(self) -> "Matching":
        """The matching rows for a paginator."""
        return Matching(self)

    def options(self) -> Mapping[str, list[tuple[str, str, int]]]:
        """The choices of each filter as value, label and count."""
        return {
            name: [
                (value, text_in_active_language(labels) or self.label_of(name, value), count)
                for value, *labels, count in found
            ]
            for name, found in self.counted.items()
        }

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


class Matching:
    """The rows of a filtered list as a sequence that loads those of a slice."""

    def __init__(self, listed):
        self._listed = listed

    def __len__(self):
        return len(self._listed.found)

    def __getitem__(self, part):
        keys, *remembered = self._listed.found.part(part.start, part.stop)
        known = [by_key(self._listed.model, key) for key in keys]
        records = {record.pk: record for record in self._listed.load(known, *remembered)} if known else {}
        return [records[key] for key in keys if key in records]


def is_year(text) -> bool:
    """Whether `text` is a year as dates have it."""
    return bool(re.fullmatch(r"[1-9][0-9]{3}", text))
