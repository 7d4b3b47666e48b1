"""The datasets: which records each holds, what it says of them, and how its list can be narrowed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import get_language

from portal.addresses import absolute
from portal.api.fields import Field, columns_of, object_schema
from portal.api.filters import Filter
from portal.api.record_fields import ROOT, address_of
from portal.downloads import Table, lazily


@dataclass(frozen=True)
class Representation:
    """Another form in which a page of a dataset can be had, at `/api/v1/<dataset>/<name>`."""

    name: str
    title: Promise
    explanation: Promise
    loaded: Callable[[QuerySet], QuerySet]
    package: Callable[[Sequence, Mapping[str, str | None]], dict]  # of records and the links of the page


@dataclass(frozen=True)
class Resource:
    """One dataset.

    `records` are its public records, `loaded` loads what its fields need, `describe` makes those fields in the active
    language. `position` is its place in the list of datasets. `order` are paths that together are unique; `key` names
    the fields that address a record, `singular` those keys in the tables of others. `find` narrows by parameters where
    a page already knows how, and says which of them it understood; otherwise each of the `filters` narrows by itself.
    """

    name: str
    singular: str
    position: int
    title: Promise
    definition: Promise
    records: Callable[[], QuerySet]
    loaded: Callable[[QuerySet], QuerySet]
    describe: Callable[[], tuple[Field, ...]]
    filters: Sequence[Filter] = ()
    find: Callable[[Mapping[str, str]], tuple[QuerySet, Iterable[str]]] | None = None
    order: tuple[str, ...] = ("slug",)
    key: tuple[str, ...] = ("slug",)
    key_columns: tuple[str, ...] = ()  # how the tables of what belongs to a record name its key
    lookup: Callable[..., dict | None] = lambda slug: {"slug": slug}
    page: str = ""  # the view with the list for people
    file_name: str = ""  # the beginning of the addresses of its files
    also: Sequence[Representation] = ()

    @cached_property
    def has_corrections(self) -> bool:
        """Whether its records can be corrected and withdrawn."""
        return hasattr(self.records().model, "corrections")

    @property
    def fields(self) -> tuple[Field, ...]:
        """Its fields, with their words in the active language."""
        return _described(self.describe, get_language())

    @property
    def names_of_key(self) -> tuple[str, ...]:
        return self.key_columns or (self.singular,)

    @property
    def schema(self) -> dict:
        return object_schema(self.fields, is_list=True)["items"]

    @property
    def path(self) -> str:
        return ROOT + self.name

    @property
    def url(self) -> str:
        return address_of(self.name)

    @property
    def page_url(self) -> str:
        """Where people read it, in the active language."""
        return reverse(self.page) if self.page else f"{reverse('portal:about_the_data')}#{self.name}"

    @property
    def files(self) -> str:
        """The address of its files, without the ending."""
        return f"/{get_language()}/{self.file_name or self.name}"

    def narrowed(self, parameters) -> tuple[QuerySet, set[str]]:
        """The records that `parameters` ask for, and the names of those that mean something."""
        if self.find:
            rows, understood = self.find(parameters)
            return rows, set(understood)
        rows, understood = self.records(), set()
        for each in self.filters:
            value = parameters.get(each.name)
            narrowed = each.narrowed(rows, value) if value else None
            if narrowed is not None:
                rows = narrowed
                understood.add(each.name)
        return rows, understood

    def table(self, rows=None, parameters=()) -> Table:
        """The records (of `rows`) as a file to download; `parameters` are those that narrowed them."""
        rows = self.records() if rows is None else rows
        labels = {each.name: str(each.heading) for each in self.filters}
        return Table(
            name=self.file_name or self.name,
            title=str(self.title),
            columns=columns_of(self.fields),
            rows=lazily(self.loaded(rows).order_by(*self.order)),
            url=self.page_url,
            filters=[(labels[name], value) for name, value in dict(parameters).items()],
            notes=[str(self.definition)],
            licence=settings.DATA_LICENCE,
        )

    def key_of(self, record) -> tuple[str, ...]:
        """What addresses `record`."""
        by_name = {each.name: each for each in self.fields}
        return tuple(str(by_name[name].columns[0].value(record)) for name in self.key)

    def address_of(self, record) -> str:
        return absolute("/".join([self.url, *self.key_of(record)]))


@cache
def _described(describe, language):
    return describe()


_resources: dict[str, Resource] = {}


def register(*resources) -> None:
    """Adds datasets."""
    _resources.update({each.name: each for each in resources})


@cache
def _discovered() -> dict[str, Resource]:
    from portal.api import source_records  # noqa: F401 (registers itself, and needs the models)

    autodiscover_modules("api")
    return {each.name: each for each in sorted(_resources.values(), key=lambda each: each.position)}


def all_resources() -> list[Resource]:
    return list(_discovered().values())


def resource_named(name) -> Resource | None:
    return _discovered().get(name)
