"""Stored files that no row knows, and rows whose files are missing."""

import io
import os
import time
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.management import call_command

from portal import media_sweep
from portal.desk.importing import kept
from portal.media_in_use import drawn_pictures, files_in, upload_fields
from portal.media_storage import PRIVATE
from portal.sharing import card_of, png_of
from tests import factories

pytestmark = pytest.mark.django_db

ORPHAN = f"photo/{'0' * 32}.webp"


def stored(name=ORPHAN, days=2, storage=default_storage, content=b"left"):
    """A file that was stored `days` ago."""
    storage.save(name, ContentFile(content))
    moment = time.time() - timedelta(days=days).total_seconds()
    os.utime(storage.path(name), (moment, moment))
    return name


def everything_is_old():
    for storage in (default_storage, storages[PRIVATE]):
        for name in files_in(storage):
            moment = time.time() - timedelta(days=2).total_seconds()
            os.utime(storage.path(name), (moment, moment))


def sweep(*flags) -> tuple[int, str]:
    """The exit code and what was said."""
    said = io.StringIO()
    try:
        call_command("sweep_media", *flags, stdout=said, stderr=said)
    except SystemExit as end:
        return end.code, said.getvalue()
    return 0, said.getvalue()


def test_every_column_of_an_upload_is_known():
    assert [f"{model.__name__}.{field.name}" for model, field in upload_fields()] == [
        "Conference.hero_image",
        "Document.file",
        "Photo.image",
        "Speaker.portrait",
        "Organization.logo",
    ]


def test_what_rows_name_stays_with_its_narrower_versions_and_what_none_names_goes():
    photo = factories.photo(image=factories.picture(size=(1400, 700)))
    factories.document()
    factories.organization(logo=factories.picture(size=(400, 400)))
    needed = set(files_in(default_storage))
    stored()
    stored(ORPHAN.replace(".webp", "-320.webp"))
    everything_is_old()

    code, said = sweep("--delete")

    assert len(needed) == 8  # a photograph in five widths, a document, a logo in two
    assert set(files_in(default_storage)) == needed
    assert photo.image.name in needed
    assert (code, "2 without a row" in said, "2 removed" in said) == (0, True, True)


def test_it_only_says_what_it_finds_unless_it_is_told_to_delete():
    stored()

    code, said = sweep()

    assert (code, f"without a row: {ORPHAN}" in said, default_storage.exists(ORPHAN)) == (0, True, True)


def test_what_is_younger_than_a_day_may_still_get_its_row():
    stored(days=0.9)

    sweep("--delete")

    assert default_storage.exists(ORPHAN)


def test_a_picture_that_a_history_can_bring_back_stays():
    organization = factories.organization(logo=factories.picture())
    former = organization.logo.name
    organization.logo = None
    organization.save()
    everything_is_old()

    sweep("--delete")

    assert default_storage.exists(former)


def test_a_sharing_image_stays_as_long_as_a_page_asks_for_it():
    record = factories.agreement()
    png_of(card_of(type(record).objects.introduced().get()))
    wanted = set(files_in(default_storage))
    type(record).objects.filter(pk=record.pk).update(title_en="Renamed")
    png_of(card_of(type(record).objects.introduced().get()))
    everything_is_old()
    assert len(set(files_in(default_storage))) == 2

    sweep("--delete")

    left = set(files_in(default_storage))
    assert (len(left), left & wanted) == (1, set())
    assert left <= set(drawn_pictures())


def test_a_sheet_that_nobody_imported_goes():
    token = kept.new_token()
    kept.keep(b"sheet", token)
    everything_is_old()

    _code, said = sweep("--delete")

    assert ("1 sheets of imports" in said, storages[PRIVATE].exists(token)) == (True, False)


def test_a_file_with_a_name_that_is_not_ours_is_named_and_left_alone():
    name = stored("robots/notes from the operator.txt")

    _code, said = sweep("--delete")

    assert (f"left alone: {name}" in said, default_storage.exists(name)) == (True, True)


@pytest.mark.parametrize("part", ["master", "narrower version"])
def test_a_row_that_points_at_a_missing_file_ends_with_1(part):
    photo = factories.photo(image=factories.picture(size=(700, 350)))
    name = photo.image.name if part == "master" else photo.image.name.replace(".webp", "-640.webp")
    assert sweep()[0] == 0
    default_storage.delete(name)

    code, said = sweep()

    assert (code, f"MISSING: {name} of photo {photo.pk}" in said) == (1, True)


def test_a_missing_file_that_only_a_history_names_is_no_alarm():
    organization = factories.organization(logo=factories.picture())
    default_storage.delete(organization.logo.name)
    organization.logo = None
    organization.save()

    assert media_sweep.look().missing == []
