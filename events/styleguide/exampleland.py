"""Exampleland: an invented region whose records have been through everything that can happen to a record.

They stand in `fixtures/exampleland.json` and are real records in a real database, but only for as long as a page of
them is being made: what is loaded is rolled back. All of it is published in the year 2100, so that even a copy that was
loaded by mistake would be seen by nobody.
"""

from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import serializers
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from portal import clock
from portal.covers import Composition, Frame
from portal.painting import painted
from portal.pictures import name_at, versions
from portal.uploads import ImageUpload

FIXTURE = settings.BASE_DIR / "fixtures" / "exampleland.json"
MOMENT = datetime(2100, 5, 14, 10, 20, tzinfo=ZoneInfo("Asia/Shanghai"))  # the first morning of its conference


@contextmanager
def exampleland():
    """Run the block on the first morning of the conference of Exampleland, in a portal that holds its records too.
    Nobody else ever sees them, and afterwards they were never there; what needs them must be made inside."""
    with transaction.atomic(), clock.set_to(MOMENT):
        try:
            for record in _load():
                _draw_pictures_of(record)
            yield
        finally:
            transaction.set_rollback(True)


def sample(records, name):
    """The one of `records` that is called `name` in Exampleland."""
    return records.get(slug=f"exampleland-{name}")


def samples(records):
    """Those of `records` that are of Exampleland."""
    return records.filter(slug__startswith="exampleland")


def _load():
    """The records of the fixture, saved. `loaddata` would also set the sequences of PostgreSQL, which no rollback takes
    back and which belong to those who save real records meanwhile."""
    with FIXTURE.open() as file:
        return list(_saved(serializers.deserialize("json", file)))


def _saved(deserialized):
    for each in deserialized:
        each.save()
        yield each.object


def _draw_pictures_of(record):
    """Stores what the fixture only names: pictures of the sizes that it says, drawn like covers, each once."""
    for field in record._meta.concrete_fields:
        picture = getattr(record, field.attname)
        if isinstance(field, ImageUpload) and picture and not default_storage.exists(picture.name):
            drawn = painted(Composition(picture.name, Frame(picture.width, picture.height, cell=50, moon=32)))
            for width, content in versions(drawn):
                name = picture.name if width == picture.width else name_at(picture.name, width)
                default_storage.save(name, ContentFile(content))
