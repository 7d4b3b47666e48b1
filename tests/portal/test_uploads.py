import contextlib
import io
import re
import struct
import warnings
import zlib

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from events.models import Document, Photo, Speaker
from portal.uploads import DOCUMENT_MAX_BYTES, IMAGE_MAX_BYTES, check_document, check_image, open_upload, random_name
from tests import factories

NOT_A_PICTURE = "This is not a JPEG, PNG or WebP picture. Export it as one of these and try again."
TOO_MANY_PIXELS = "The picture has more than 40 megapixels. Scale it down and try again."
TOO_LARGE = "The picture is larger than 15 MB. Save it smaller and try again."
NOT_A_DOCUMENT = "Upload a PDF, DOCX, XLSX or PPTX file."

EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\n(w) print\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
ZIP = b"PK\x03\x04" + bytes(26)


def upload(name, content):
    return SimpleUploadedFile(name, content)


def bytes_of(image_format, size=(4, 3)):
    return factories.picture(image_format=image_format, size=size).read()


WHOLE = {image_format: bytes_of(image_format) for image_format in ("JPEG", "PNG", "WEBP")}


def png_that_claims(width, height):
    """A tiny PNG whose header promises more pixels than it has."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def refusal_of(check, file):
    with pytest.raises(ValidationError) as refusal:
        check(file)
    return refusal.value.messages


# --- pictures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_accepted_and_left_at_its_beginning(image_format):
    picture = upload("stage.jpg", bytes_of(image_format))

    check_image(picture)

    assert picture.tell() == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("logo.eps", EPS),
        ("logo.jpg", EPS),
        ("logo.svg", SVG),
        ("logo.png", SVG),
        ("page.jpg", HTML),
        ("animation.gif", bytes_of("GIF")),
        ("scan.tiff", bytes_of("TIFF")),
        ("drawing.bmp", bytes_of("BMP")),
        ("cut.jpg", bytes_of("JPEG")[:20]),
        ("cut.png", bytes_of("PNG")[:20]),
        ("cut.webp", bytes_of("WEBP")[:20]),
        ("magic-alone.jpg", b"\xff\xd8\xff"),
        ("wrong-magic.jpg", b"\x00" + bytes_of("JPEG")[1:]),
        ("wrong-magic.png", b"\x00" + bytes_of("PNG")[1:]),
        ("document.pdf", b"%PDF-1.7\n"),
        ("empty.jpg", b""),
    ],
)
def test_what_is_not_a_picture_is_refused_whatever_it_is_called(name, content):
    assert refusal_of(check_image, upload(name, content)) == [NOT_A_PICTURE]


@pytest.mark.parametrize("size", [(12_000, 12_000), (6325, 6325), (40_000_001, 1)])
def test_a_small_file_with_too_many_pixels_is_refused(size):
    bomb = upload("bomb.png", png_that_claims(*size))

    assert bomb.size < 100
    assert refusal_of(check_image, bomb) == [TOO_MANY_PIXELS]


def test_a_file_with_so_many_pixels_that_the_decoder_gives_up_is_refused():
    bomb = upload("bomb.png", png_that_claims(65_000, 65_000))

    assert refusal_of(check_image, bomb) == [NOT_A_PICTURE]


def test_forty_megapixels_are_accepted():
    picture = upload("stage.png", png_that_claims(8000, 5000))

    check_image(picture)

    assert picture.tell() == 0


@pytest.mark.parametrize(("size", "messages"), [(IMAGE_MAX_BYTES, []), (IMAGE_MAX_BYTES + 1, [TOO_LARGE])])
def test_a_picture_of_fifteen_megabytes_is_the_largest(size, messages):
    content = bytes_of("PNG")
    picture = upload("stage.png", content + bytes(size - len(content)))

    refused = refusal_of(check_image, picture) if messages else check_image(picture) or []

    assert refused == messages


@given(
    st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x20\x00\x00\x00WEBPVP8 ", b""]),
    st.binary(max_size=200),
)
def test_no_content_whatsoever_gets_more_than_a_refusal(magic, rest):
    file = upload("any.jpg", magic + rest)

    with contextlib.suppress(ValidationError):
        check_image(file)

    assert file.tell() == 0


@given(st.sampled_from(list(WHOLE)), st.data())
def test_no_damage_to_a_picture_gets_more_than_a_refusal(image_format, data):
    content = bytearray(WHOLE[image_format])
    for position in data.draw(st.lists(st.integers(0, min(60, len(content) - 1)), max_size=8)):
        content[position] = data.draw(st.integers(0, 255))
    file = upload("any.jpg", bytes(content))

    with contextlib.suppress(ValidationError):
        check_image(file)

    assert file.tell() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "messages"),
    [
        (png_that_claims(12_000, 12_000), [TOO_MANY_PIXELS]),
        (png_that_claims(65_000, 65_000), [NOT_A_PICTURE]),
        (EPS, [NOT_A_PICTURE]),
        (HTML, [NOT_A_PICTURE]),
    ],
    ids=["144 megapixels", "4225 megapixels", "EPS", "HTML"],
)
@pytest.mark.parametrize(
    ("model", "field", "make"),
    [(Photo, "image", factories.photo), (Speaker, "portrait", factories.speaker)],
    ids=["measured", "not measured"],
)
def test_a_form_answers_a_hostile_picture_with_our_message(model, field, make, content, messages):
    form_class = forms.modelform_factory(model, fields=[field])

    form = form_class({}, {field: upload("stage.jpg", content)}, instance=make())

    assert form.errors == {field: messages}


@pytest.mark.django_db
def test_a_form_accepts_a_picture_and_measures_it():
    form_class = forms.modelform_factory(Photo, fields=["image"])

    form = form_class({}, {"image": factories.picture(size=(7, 5))}, instance=factories.photo())
    photo = form.save()

    photo.refresh_from_db()
    assert (form.errors, photo.width, photo.height) == ({}, 7, 5)


@pytest.mark.django_db
def test_a_stored_picture_is_not_checked_again():
    photo = factories.photo()
    photo.image.storage.delete(photo.image.name)

    photo.full_clean()

    assert Photo.objects.get().image.name == photo.image.name


def test_checking_a_picture_warns_nobody():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        refusal_of(check_image, upload("bomb.png", png_that_claims(12_000, 12_000)))

    assert caught == []


def test_the_limits_lie_below_those_of_the_decoder():
    assert Image.MAX_IMAGE_PIXELS > 40_000_000


# --- documents --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("programme.pdf", b"%PDF-1.7\n%%EOF\n"),
        ("PROGRAMME.PDF", b"%PDF-1.7\n%%EOF\n"),
        ("programme.docx", ZIP),
        ("figures.xlsx", ZIP),
        ("slides.pptx", ZIP),
    ],
)
def test_a_document_is_accepted_and_left_at_its_beginning(name, content):
    document = upload(name, content)

    check_document(document)

    assert document.tell() == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("programme.pdf", HTML),
        ("programme.pdf", ZIP),
        ("programme.pdf", b" %PDF-1.7"),
        ("programme.pdf", b"%PDF"),
        ("programme.pdf", b""),
        ("programme.docx", b"%PDF-1.7"),
        ("programme.doc", b"\xd0\xcf\x11\xe0"),
        ("programme.docm", ZIP),
        ("archive.zip", ZIP),
        ("page.html", b"%PDF-1.7"),
        ("program.exe", b"MZ"),
        ("programme", b"%PDF-1.7"),
        ("programme.pdf.html", b"%PDF-1.7"),
    ],
)
def test_what_is_not_a_document_is_refused(name, content):
    assert refusal_of(check_document, upload(name, content)) == [NOT_A_DOCUMENT]


@pytest.mark.parametrize(
    ("size", "messages"),
    [(DOCUMENT_MAX_BYTES, []), (DOCUMENT_MAX_BYTES + 1, ["The document is larger than 50 MB."])],
)
def test_a_document_of_fifty_megabytes_is_the_largest(size, messages):
    document = upload("programme.pdf", b"%PDF-1.7")
    document.size = size

    refused = refusal_of(check_document, document) if messages else check_document(document) or []

    assert refused == messages


@pytest.mark.django_db
def test_a_form_answers_a_hostile_document_with_our_message():
    form_class = forms.modelform_factory(Document, fields=["file"])

    form = form_class({}, {"file": upload("programme.pdf", HTML)}, instance=factories.document())

    assert form.errors == {"file": [NOT_A_DOCUMENT]}


# --- stored names -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_name", "ending"),
    [
        ("stage.jpg", ".jpg"),
        ("STAGE.JPEG", ".jpeg"),
        ("stage.png", ".png"),
        ("stage.webp", ".webp"),
        ("programme.pdf", ".pdf"),
        ("figures.xlsx", ".xlsx"),
        ("page.html", ".bin"),
        ("logo.svg", ".bin"),
        ("stage.jpg.php", ".bin"),
        ("../../etc/passwd", ".bin"),
        ("stage", ".bin"),
        ("", ".bin"),
    ],
)
def test_the_stored_name_keeps_nothing_of_the_given_one_but_a_known_ending(given_name, ending):
    name = random_name(Photo(), given_name)

    assert re.fullmatch(r"photo/[0-9a-f]{32}" + re.escape(ending), name)


def test_the_stored_name_cannot_be_guessed():
    names = {random_name(Photo(), "stage.jpg") for _ in range(100)}

    assert len(names) == 100


@pytest.mark.django_db
def test_uploads_are_stored_under_random_names():
    photo = factories.photo(image=factories.picture("Zhai Jinguo signs.png"))
    document = factories.document(file=factories.pdf("internal draft.pdf"))

    names = [photo.image.name, document.file.name]

    assert re.fullmatch(r"photo/[0-9a-f]{32}\.png document/[0-9a-f]{32}\.pdf", " ".join(names))


# --- sending ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_stored_upload_can_be_opened_by_its_name():
    photo, document = factories.photo(), factories.document()

    with open_upload(photo.image.name).file as picture, open_upload(document.file.name).file as paper:
        contents = picture.read(), paper.read()

    assert [Image.open(io.BytesIO(contents[0])).size, contents[1]] == [(4, 3), b"%PDF-1.7\n%%EOF\n"]
    assert [open_upload(name).is_image for name in (photo.image.name, document.file.name)] == [True, False]


@pytest.mark.parametrize(
    "name",
    [
        "../settings.py",
        "photo/../../settings.py",
        "/etc/passwd",
        "photo/stage.jpg",
        "photo/" + "0" * 31 + ".jpg",
        "photo/" + "0" * 32 + ".jpg/",
        "photo/" + "0" * 32 + ".jpg\n",
        "photo/" + "0" * 32 + "\x00.jpg",
        "photo/" + "0" * 300 + ".jpg",
        "",
    ],
)
def test_no_name_but_that_of_an_upload_is_looked_up(name):
    with pytest.raises(ValueError, match=r"^not a name of an upload$"):
        open_upload(name)


def test_a_missing_upload_is_an_error_of_the_file_system():
    with pytest.raises(FileNotFoundError):
        open_upload(f"photo/{'0' * 32}.jpg")
