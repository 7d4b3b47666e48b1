"""Which stored files the portal needs, read from its rows, and which files the storage holds.

A row names a document, or the master of a picture; the narrower versions follow from the width beside it
(`portal.pictures`). Histories name files too: an editor may go back to them, so they stay.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import translation

from portal.history.records import history_of
from portal.pictures import name_at, narrower_than
from portal.sharing import FOLDER, card_of_site, kept_as, pages_of_records
from portal.sharing import card_of as card_of_record
from portal.uploads import DocumentUpload, ImageUpload, is_stored_name

DRAWN_NAME = re.compile(rf"{FOLDER}/[0-9a-f]{{64}}\.png")
TOGETHER = 2000  # rows read at a time


@dataclass(frozen=True)
class Needed:
    """A file, and whose it is."""

    name: str
    model: type[models.Model]
    key: int
    is_history: bool

    def __str__(self):
        return f"{self.model._meta.verbose_name} {self.key}"


def needed_by_rows() -> Iterator[Needed]:
    """Every file that a record shows, or that a history can bring back."""
    for model, field in upload_fields():
        histories = [(history_of(model), "id", True)] if hasattr(model, "history") else []
        for table, key, is_history in [(model, "pk", False), *histories]:
            for pk, name, width in _named(table, key, field):
                for each in versions_of(name, width):
                    yield Needed(each, model, pk, is_history)


def upload_fields() -> list[tuple[type[models.Model], models.Field]]:
    """Each column that names an upload, with its model."""
    return [
        (model, field)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, (ImageUpload, DocumentUpload)) and not model.__name__.startswith("Historical")
    ]


def _named(table, key, field):
    columns = [field.name, f"{field.name}_width"] if isinstance(field, ImageUpload) else [field.name]
    rows = table._base_manager.exclude(**{field.name: ""}).exclude(**{field.name: None}).order_by()
    for pk, name, *width in rows.values_list(key, *columns).distinct().iterator(TOGETHER):
        yield pk, str(name), width[0] if width else None


def versions_of(name, width=None) -> list[str]:
    """The stored files of an upload: itself, and of a picture `width` pixels wide its narrower versions."""
    return [name, *(name_at(name, each) for each in narrower_than(width or 0))]


def drawn_pictures() -> Iterator[str]:
    """The sharing images that pages ask for now; each is drawn when it is first asked for."""
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            yield kept_as(card_of_site())
            for model in pages_of_records().values():
                for record in model.objects.published().introduced().iterator(TOGETHER):
                    yield kept_as(card_of_record(record))


def is_ours(name) -> bool:
    """Whether the portal can have given this name to a file; nobody else's file is touched."""
    return is_stored_name(name) or is_drawn_name(name)


def is_drawn_name(name) -> bool:
    return DRAWN_NAME.fullmatch(name) is not None


def files_in(storage, folder="") -> Iterator[str]:
    """The names of all files of a storage."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever stored
        return
    prefix = f"{folder}/" if folder else ""
    yield from (prefix + name for name in sorted(files) if name)
    for each in sorted(filter(None, folders)):
        yield from files_in(storage, prefix + each)
