"""Uploads in object storage, held against a server that speaks S3 on this machine (moto)."""

import io
import logging
from datetime import timedelta

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.urls import reverse
from moto.server import ThreadedMotoServer
from PIL import Image

from events.models import Photo
from portal import media_sweep
from portal.backup import making
from portal.backup.sealing import Seal
from portal.desk.importing import kept
from portal.media_in_use import versions_of
from portal.media_storage import storages_at
from portal.sharing import Card, png_of
from tests import factories
from tests.desk import form_of
from tests.portal.desk.importing.test_views import confirm
from tests.portal.desk.importing.test_views import upload as upload_sheet

BUCKET = "uploads"


@pytest.fixture(scope="module")
def server():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(server, settings):
    """The bucket, empty, as the storage of this test."""
    bucket = boto3.resource(
        "s3", endpoint_url=server, region_name="us-east-1", aws_access_key_id="k", aws_secret_access_key="s"
    ).Bucket(BUCKET)
    bucket.create()
    settings.STORAGES = {**settings.STORAGES, **storages_at(f"s3://k:s@{BUCKET}/portal?endpoint={server}")}
    yield bucket
    bucket.objects.all().delete()


def names_in(bucket):
    return sorted(each.key for each in bucket.objects.all())


@pytest.mark.django_db
def test_a_photograph_from_the_form_to_the_page(bucket, admin_client, client, settings):
    conference = factories.conference()
    add = reverse("admin:events_photo_add")
    form = form_of(admin_client.get(add)) | {
        "conference": conference.pk,
        "image": factories.picture(size=(1000, 500)),
        "alt_en": "Two people sign a paper on a stage",
        "alt_zh_hans": "两人在台上签署文件",
        "credit": "Shanghai Daily",
        "_publish": "",
    }

    response = admin_client.post(add, form)
    assert response.status_code == 302, response.context["errors"]
    image = Photo.objects.get().image

    master = f"portal/media/{image.name}"
    stem = master.removesuffix(".webp")
    assert names_in(bucket) == sorted([master, *(f"{stem}-{width}.webp" for width in (320, 640, 960))])
    assert not settings.MEDIA_ROOT.exists()
    page = client.get(conference.get_absolute_url())
    assert image.url == f"/media/{image.name}"
    assert image.url in page.text

    shown = client.get(image.url)
    assert Image.open(io.BytesIO(shown.getvalue())).size == (1000, 500)
    assert shown["Content-Type"] == "image/webp"
    assert shown["Content-Length"] == str(bucket.Object(master).content_length)
    assert shown["Cache-Control"] == "public, max-age=31536000, s-maxage=3600, immutable"
    assert shown["Content-Security-Policy"] == "default-src 'none'; sandbox"

    default_storage.delete(image.name)
    assert client.get(image.url).status_code == 404


@pytest.mark.django_db
def test_the_bucket_gives_no_file_to_everybody(bucket):
    document = factories.document()

    grants = bucket.Object(f"portal/media/{document.file.name}").Acl().grants

    assert [grant["Grantee"]["Type"] for grant in grants] == ["CanonicalUser"]  # its owner
    assert document.file.url == f"/media/{document.file.name}"  # neither the bucket's address nor a signature


@pytest.mark.django_db
def test_a_document_is_only_ever_downloaded(bucket, client):
    document = factories.document()

    response = client.get(document.file.url)

    assert response.getvalue() == factories.pdf().read()
    assert response["Content-Disposition"] == "attachment"


@pytest.mark.django_db
def test_a_sheet_waits_in_the_bucket_for_whichever_server_imports_it(bucket, admin_client):
    preview = upload_sheet(admin_client, ["name_en", "name_zh_hans", "country"], ["Acme", "", "CN"])
    [waiting] = names_in(bucket)
    assert waiting.startswith("portal/imports/")

    confirm(admin_client, preview)

    assert names_in(bucket) == []


@pytest.mark.django_db
def test_a_sheet_is_under_no_address(bucket, client):
    kept.keep(b"names", token := kept.new_token())

    assert storages["private"].exists(token)
    assert client.get(f"/media/imports/{token}").status_code == 404
    assert client.get(f"/media/../imports/{token}").status_code == 404


def test_a_sharing_image_is_drawn_once_and_kept(bucket):
    card = Card(site_name="Portal", title="A conference", slug="a-conference")

    first = png_of(card)

    assert names_in(bucket) == [f"portal/media/sharing/{card.digest}.png"]
    default_storage.save(f"sharing/{card.digest}.png", ContentFile(other := first + first))
    assert png_of(card) == other


@pytest.mark.django_db
def test_a_storage_that_does_not_answer_is_like_a_broken_disk(settings, client, caplog):
    nowhere = "s3://k:s@uploads?endpoint=http://127.0.0.1:9"
    settings.STORAGES = {**settings.STORAGES, **storages_at(nowhere)}

    assert client.get(f"/media/photo/{'0' * 32}.webp").status_code == 404
    with pytest.raises(OSError, match="Could not connect"):
        default_storage.save("photo/a.webp", ContentFile(b"a"))
    assert png_of(Card(site_name="Portal", title="A", slug="a")).startswith(b"\x89PNG")
    assert "The object storage did not do its work" in caplog.text


def test_a_wrong_key_is_an_error_of_the_storage_and_no_missing_file(server, settings):
    settings.STORAGES = {**settings.STORAGES, **storages_at(f"s3://k:s@nobodys-bucket?endpoint={server}")}

    with pytest.raises(OSError, match="bucket"):
        default_storage.save("photo/a.webp", ContentFile(b"a"))


@pytest.mark.django_db
def test_the_sweep_and_a_backup_reach_what_lies_in_the_bucket(bucket, tmp_path, monkeypatch):
    photo = factories.photo(image=factories.picture(size=(700, 350)))
    orphan = default_storage.save(f"photo/{'0' * 32}.webp", ContentFile(b"left"))

    found = media_sweep.look()
    is_too_young = media_sweep.remove(found) == 0
    monkeypatch.setattr(media_sweep, "DAY", timedelta(0))
    media_sweep.remove(found)
    copied = making._Maker(tmp_path, Seal(), None).uploads(lambda done, total: None)

    assert (found.orphans, found.missing, is_too_young, default_storage.exists(orphan)) == ([orphan], [], True, False)
    assert {each.name for each in copied} == set(versions_of(photo.image.name, 700))
    assert (tmp_path / "media" / photo.image.name).read_bytes() == default_storage.open(photo.image.name).read()
