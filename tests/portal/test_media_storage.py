"""Where uploads lie, read from MEDIA_STORAGE."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from portal.media_storage import PRIVATE, storages_at


def test_without_object_storage_uploads_lie_in_a_folder():
    assert storages_at("")["default"] == {"BACKEND": "django.core.files.storage.FileSystemStorage"}


def test_an_address_says_all_of_it():
    found = storages_at("s3://KEY:a%2Fb@uploads/portal?endpoint=http://127.0.0.1:9000&region=here&style=virtual")

    assert found["default"]["OPTIONS"] == {
        "bucket_name": "uploads",
        "location": "portal/media",
        "access_key": "KEY",
        "secret_key": "a/b",
        "endpoint_url": "http://127.0.0.1:9000",
        "region_name": "here",
        "addressing_style": "virtual",
    }
    assert found[PRIVATE]["OPTIONS"]["location"] == "portal/imports"


def test_a_bucket_is_enough():
    assert storages_at("s3://uploads")["default"]["OPTIONS"] == {"bucket_name": "uploads", "location": "media"}


@pytest.mark.parametrize(
    ("address", "complaint"),
    [
        ("uploads", "it begins with s3:// and a bucket, or is empty"),
        ("https://storage.example/uploads", "it begins with s3:// and a bucket, or is empty"),
        ("s3://", "it begins with s3:// and a bucket, or is empty"),
        ("s3://uploads?endpoint=storage.example", "endpoint begins with https:// (or http://)"),
        ("s3://uploads?public=yes", "public is none of endpoint, region, style"),
        ("s3://uploads?style=odd", "style is path or virtual"),
        ("s3://KEY@uploads", "it names a key without its secret, or a secret without its key"),
        ("s3://[uploads", "it is no address (Invalid IPv6 URL)"),
    ],
)
def test_an_address_that_is_none_is_refused_in_a_sentence(address, complaint):
    with pytest.raises(ImproperlyConfigured) as refusal:
        storages_at(address)

    assert str(refusal.value) == complaint


def test_without_the_packages_the_sentence_names_them(monkeypatch):
    monkeypatch.setattr("portal.media_storage.find_spec", lambda name: None)

    with pytest.raises(ImproperlyConfigured, match=r"requirements-s3\.txt"):
        storages_at("s3://uploads")


def test_private_files_lie_beside_the_uploads_for_the_portal_alone(settings):
    storages[PRIVATE].save("sheet", ContentFile(b"names"))

    kept = settings.MEDIA_ROOT.parent / "imports" / "sheet"
    assert kept.read_bytes() == b"names"
    assert kept.stat().st_mode & 0o077 == 0
    assert kept.parent.stat().st_mode & 0o077 == 0
