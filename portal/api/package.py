"""Everything at once: a Frictionless data package, as a zip file and table by table.

A dataset is one table, and so is every list inside its records (the parties of the agreements), tied to it by its key.
Texts stand in every language side by side. The same data always gives the same bytes: nothing in the package says when
it was made, and every table has its order.
"""

import hashlib
import json
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from shutil import copyfileobj
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.apps import apps
from django.conf import settings
from django.db.models import CharField, Max, Value
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _
from translated_fields import to_attribute

from portal import clock
from portal.addresses import absolute
from portal.api.fields import DATE, Field
from portal.api.resources import Resource, all_resources, resource_named
from portal.downloads import Column, Kind, Table, lazily
from portal.downloads.csv_file import head_of, line_writer
from portal.downloads.tables import cells_of
from portal.history.records import history_of
from portal.natural_keys import NaturalKey
from portal.publishing import publishable_models

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the date of every file in the zip


@dataclass(frozen=True)
class Part:
    """One table of the package: a dataset, or with `field` a list inside its records."""

    resource: Resource
    field: Field | None = None

    @property
    def name(self) -> str:
        return f"{self.resource.name}-{self.field.name}" if self.field else self.resource.name

    @property
    def file_name(self) -> str:
        return f"{self.name}.csv"

    @cached_property
    def fields(self) -> list[Field]:
        return list(self.field.parts) if self.field else [each for each in self.resource.fields if not each.is_list]

    @cached_property
    def key(self) -> list[Column]:
        """The columns that name the record: of a list, those of the record it belongs to."""
        columns = [_field(self.resource, name).columns[0] for name in self.resource.key]
        if not self.field:
            return columns
        names = self.resource.names_of_key
        return [
            replace(column, name=name, value=_of_record(column.value))
            for name, column in zip(names, columns, strict=True)
        ]

    @cached_property
    def columns(self) -> list[Column]:
        own = [column for each in self.fields for column in each.columns]
        if self.field:
            own = [*self.key, *(replace(each, value=_of_item(each.value)) for each in own)]
        return [each for column in own for each in _in_every_language(column)]

    def rows_of(self, record) -> list:
        return [(record, item) for item in self.field.rows(record)] if self.field else [record]

    def table(self, rows) -> Table:
        return Table(self.name, self.title, self.columns, rows, "/")

    def rows(self):
        """Every row of the table, pulled lazily."""
        return (row for record in _records(self.resource) for row in self.rows_of(record))

    @property
    def title(self) -> str:
        return f"{self.resource.title}: {self.field.heading}" if self.field else str(self.resource.title)

    @property
    def description(self) -> str:
        return self.field.explanation if self.field else str(self.resource.definition)

    @property
    def descriptor(self) -> dict:
        """The table as a Frictionless resource."""
        schema = {"fields": [_described(each) for each in self.columns], "missingValues": [""]}
        if not self.field:
            schema["primaryKey"] = [each.name for each in self.key]
        if keys := self._foreign_keys():
            schema["foreignKeys"] = keys
        return {
            "name": self.name,
            "profile": "tabular-data-resource",
            "title": self.title,
            "description": self.description,
            "path": self.file_name,
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "schema": schema,
        }

    def _foreign_keys(self) -> list[dict]:
        found = []
        if self.field:
            keys = [_field(self.resource, name).columns[0].name for name in self.resource.key]
            found.append(_foreign_key([each.name for each in self.key], self.resource.name, keys))
        for each in self.fields:
            if each.refers_to and not each.is_list:
                target = resource_named(each.refers_to)
                resource = "" if target is self.resource and not self.field else target.name
                found.append(_foreign_key([each.columns[0].name], resource, list(target.key)))
        return found


def _foreign_key(fields, resource, keys) -> dict:
    return {"fields": fields, "reference": {"resource": resource, "fields": keys}}


def _field(resource, name) -> Field:
    return next(each for each in resource.fields if each.name == name)


def _of_record(value) -> Callable:
    return lambda row: value(row[0])


def _of_item(value) -> Callable:
    return lambda row: value(row[1])


def _in_every_language(column) -> list[Column]:
    """What is in the language of the page, once for each language; any other column as it is."""
    if not column.is_spoken:
        return [column]
    return [
        replace(
            column,
            name=to_attribute(column.name, code),
            heading=f"{column.heading} ({language})",
            value=_spoken_in(code, column.value),
            part_of="",
            is_spoken=False,
        )
        for code, language in settings.LANGUAGES
    ]


def _spoken_in(code, value) -> Callable:
    def spoken(row):
        with translation.override(code):
            found = value(row)
            return [str(each) for each in found] if isinstance(found, list) else found and str(found)

    return spoken


def _records(resource):
    return lazily(resource.loaded(resource.records()).order_by(*resource.order))


def parts() -> list[Part]:
    """Every table of the package."""
    found = []
    for resource in all_resources():
        found += [Part(resource), *(Part(resource, each) for each in resource.fields if each.is_list)]
    return found


def part_of_file(name) -> Part | None:
    return next((each for each in parts() if each.file_name == name), None)


TYPES = {Kind.NUMBER: "number", Kind.BOOLEAN: "boolean"}


def _described(column) -> dict:
    """A column as a Frictionless field. Dates are text, because they can be a month or a year."""
    constraints = {}
    if column.kind == Kind.DATE:
        constraints["pattern"] = DATE["pattern"].strip("^$")
    if column.choices:
        constraints["enum"] = [str(each) for each in column.choices]
    described = {
        "name": column.name,
        "type": TYPES.get(column.kind, "string"),
        "title": column.heading,
        "description": column.explanation,
    }
    return described | ({"constraints": constraints} if constraints else {})


# --- The package ------------------------------------------------------------------------------------------------------


def descriptor() -> dict:
    """`datapackage.json`, with its words in English, the language of the standard."""
    with translation.override("en"):
        package = {
            "name": slugify(settings.SITE_NAMES["en"]) or "portal",
            "title": settings.SITE_NAMES["en"],
            "description": _(
                "Everything that is public on the portal. Numbers keep their qualifiers; what was not disclosed is "
                "empty and never zero; every fact names its sources."
            ),
            "homepage": absolute("/en/data/"),
            "profile": "tabular-data-package",
            "licenses": _licences(),
            "sources": [{"title": _("Every source is a row of sources.csv."), "path": absolute("/en/sources/")}],
            "resources": [each.descriptor for each in parts()],
        }
        if publisher := settings.PUBLISHERS["en"]:
            package["contributors"] = [{"title": publisher, "role": "publisher"}]
        return {name: value for name, value in package.items() if value}


def _licences() -> list[dict]:
    if not settings.DATA_LICENCE:
        return []
    licence = {"name": settings.DATA_LICENCE.replace(" ", "-"), "title": settings.DATA_LICENCE}
    return [licence | ({"path": settings.DATA_LICENCE_URL} if settings.DATA_LICENCE_URL else {})]


def readme() -> str:
    """What a person reads first, in every language."""
    pages = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            tables = "\n".join(f"- `{each.file_name}`: {each.title}. {each.description}" for each in parts())
            pages.append(f"# {settings.SITE_NAMES[code]}\n\n{_readme_words(code)}\n\n{tables}\n")
    return "\n".join(pages)


def _readme_words(code) -> str:
    licence = " ".join(filter(None, [settings.DATA_LICENCE, settings.DATA_LICENCE_URL]))
    words = [
        _("Each table is a CSV file in UTF-8; `datapackage.json` says what its columns mean and how they are tied."),
        _("Columns that end in _en or _zh_hans say the same in each language. An empty cell is nothing, never zero."),
        _("Text that a spreadsheet would take for a formula stands behind an apostrophe."),
        _("Licence: %s") % licence if licence else "",
        absolute(f"/{code}/data/"),
    ]
    return "\n\n".join(filter(None, words))


def write_package(file) -> None:
    """Writes the zip into `file`, one table after the other; each dataset is read once, a chunk at a time."""
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        _put(archive, "datapackage.json", [json.dumps(descriptor(), ensure_ascii=False, indent=2) + "\n"])
        _put(archive, "README.md", [readme()])
        with translation.override("en"):
            for resource in all_resources():
                _put_dataset(archive, resource)


def _put_dataset(archive, resource) -> None:
    """The tables of one dataset: they are written side by side, because a zip holds one file after the other."""
    tables = [each for each in parts() if each.resource is resource]
    files = [tempfile.SpooledTemporaryFile(max_size=2**20) for _each in tables]  # noqa: SIM115 (closed below)
    try:
        writers = [line_writer(each.columns) for each in tables]
        for table, file in zip(tables, files, strict=True):
            file.write(head_of(table.columns).encode())
        for record in _records(resource):
            for table, file, line in zip(tables, files, writers, strict=True):
                file.writelines(line(cells_of(table.columns, row)).encode() for row in table.rows_of(record))
        for table, file in zip(tables, files, strict=True):
            file.seek(0)
            with archive.open(_entry(table.file_name), "w") as entry:
                copyfileobj(file, entry)
    finally:
        for file in files:
            file.close()


def _put(archive, name, lines) -> None:
    with archive.open(_entry(name), "w") as entry:
        for line in lines:
            entry.write(line.encode())


def _entry(name) -> ZipInfo:
    entry = ZipInfo(name, LONG_AGO)
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


# --- Kept until something changes -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Made:
    """A zip on disk, and what tells it from any other."""

    file: object  # a temporary one, which goes with this
    state: str
    etag: str

    def open(self):
        return Path(self.file.name).open("rb")


_lock = threading.Lock()
_made: list[Made] = []


def package() -> Made:
    """The zip as it is now. A process makes it again when something was saved or published since; two never do it at
    once."""
    with _lock:
        state = state_of_the_data()
        if not _made or _made[0].state != state:
            _made[:] = [_make(state)]
        return _made[0]


def _make(state) -> Made:
    file = tempfile.NamedTemporaryFile(prefix="portal-data-", suffix=".zip")  # noqa: SIM115 (kept as long as it holds)
    try:
        write_package(file)
    except BaseException:
        file.close()
        raise
    file.flush()
    file.seek(0)
    return Made(file, state, f'"{hashlib.file_digest(file, "sha256").hexdigest()}"')


def state_of_the_data() -> str:
    """Something else whenever the public data may be: the newest entry of every history, what was published by now,
    and the day, because silence counts days. One query."""
    now = clock.now()
    rows = [
        history_of(model)
        .objects.order_by()
        .annotate(table_name=Value(model._meta.label, CharField()))
        .values("table_name")
        .annotate(newest=Max("history_id"), moment=Max("history_date"))
        .values_list("table_name", "newest", "moment")
        for model in apps.get_models()
        if issubclass(model, NaturalKey)
    ]
    published = [
        model.objects.filter(published_at__lte=now)
        .order_by()
        .annotate(table_name=Value(f"{model._meta.label} published", CharField()))
        .values("table_name")
        .annotate(newest=Max("pk"), moment=Max("published_at"))
        .values_list("table_name", "newest", "moment")
        for model in publishable_models()
    ]
    found = sorted(map(str, rows[0].union(*rows[1:], *published, all=True)))
    return hashlib.sha256("\n".join([str(clock.today()), *found]).encode()).hexdigest()


def forget() -> None:
    """Lets go of the zip that was made."""
    with _lock:
        _made.clear()
