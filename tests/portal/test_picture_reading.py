"""The battery of files that are no pictures, or none that the portal keeps; each with the sentence its editor reads."""

import contextlib
import io
import struct
import warnings
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from portal.picture_reading import IMAGE_MAX_BYTES, read_image

NOT_A_PICTURE = "This is not a JPEG, PNG or WebP picture. Export it as one of these and try again."
IS_ANOTHER_KIND = "This file is {}, not JPEG, PNG or WebP. Export the picture as one of these and try again."
TOO_MANY_PIXELS = "The picture has more than 40 megapixels. Scale it down and try again."
TOO_LARGE = "The picture is larger than 15 MB. Save it smaller and try again."
MOVES = "This picture moves. Export one frame of it as a still picture and try again."
DAMAGED = "The picture is cut off or damaged. Export or download it again and upload the new file."

EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\n(w) print\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
ENDINGS = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}


def upload(name, content, content_type=""):
    return SimpleUploadedFile(name, content, content_type)


def encoded(image_format, image=None, **options):
    """`image` as the content of a file; without one, colourful noise that no encoder makes short."""
    file = io.BytesIO()
    (image or Image.effect_noise((64, 48), 90).convert("RGB")).save(file, image_format, **options)
    return file.getvalue()


WHOLE = {image_format: encoded(image_format) for image_format in ENDINGS}
FRAMES = {"save_all": True, "append_images": [Image.new("RGB", (8, 8), colour) for colour in ("teal", "pink")]}


def png_that_claims(width, height, body=b""):
    """A tiny PNG whose header promises more pixels than it has."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")


def refusal_of(file):
    with pytest.raises(ValidationError) as refusal:
        read_image(file)
    return refusal.value.messages


# --- Accepted ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content_type", "image_format"),
    [
        ("stage.jpg", "image/jpeg", "JPEG"),
        ("STAGE.JPEG", "image/pjpeg", "JPEG"),
        ("stage.jfif", "application/octet-stream", "JPEG"),
        ("stage", "", "JPEG"),
        ("stage.png", "image/png", "PNG"),
        ("stage.png", "image/x-png", "PNG"),
        ("stage.webp", "image/webp", "WEBP"),
        ("stage.webp", "application/octet-stream", "WEBP"),
        ("stage.webp", None, "WEBP"),
    ],
)
def test_a_picture_that_is_called_what_it_is_is_read_and_left_at_its_beginning(name, content_type, image_format):
    picture = upload(name, WHOLE[image_format], content_type)

    master = read_image(picture)

    assert (master.size, picture.tell()) == ((64, 48), 0)


@pytest.mark.parametrize(
    ("image_format", "image"),
    [
        ("JPEG", Image.new("L", (8, 6), 90)),
        ("JPEG", Image.new("CMYK", (8, 6), (0, 90, 90, 0))),
        ("PNG", Image.new("1", (8, 6), 1)),
        ("PNG", Image.new("I;16", (8, 6), 30_000)),
        ("PNG", Image.new("P", (8, 6), 1)),
        ("PNG", Image.new("LA", (8, 6), (9, 90))),
        ("PNG", Image.new("RGBA", (8, 6), (9, 9, 9, 90))),
        ("WEBP", Image.new("RGBA", (8, 6), (9, 9, 9, 90))),
    ],
    ids=lambda value: getattr(value, "mode", value),
)
def test_a_picture_of_any_mode_is_read(image_format, image):
    master = read_image(upload("stage" + ENDINGS[image_format], encoded(image_format, image)))

    assert (master.mode, master.size) == ("RGBA" if image.mode in ("LA", "RGBA") else "RGB", (8, 6))


def test_a_photograph_of_a_camera_that_adds_a_second_one_is_read():
    several = encoded("MPO", Image.new("RGB", (8, 6), "teal"), **FRAMES)

    master = read_image(upload("DSC_0001.JPG", several, "image/jpeg"))

    assert master.size == (8, 6)


def test_forty_megapixels_are_accepted():
    rows = (b"\0" + bytes(1000)) * 5000

    master = read_image(upload("stage.png", png_that_claims(8000, 5000, rows)))

    assert master.size == (2560, 1600)


@pytest.mark.parametrize(("size", "messages"), [(IMAGE_MAX_BYTES, []), (IMAGE_MAX_BYTES + 1, [TOO_LARGE])])
def test_a_picture_of_fifteen_megabytes_is_the_largest(size, messages):
    picture = upload("stage.png", WHOLE["PNG"] + bytes(size - len(WHOLE["PNG"])))

    refused = refusal_of(picture) if messages else (read_image(picture) and [])

    assert refused == messages


# --- Refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("logo.eps", EPS, "EPS"),
        ("logo.jpg", EPS, "EPS"),
        ("logo.eps", b"\xc5\xd0\xd3\xc6" + bytes(26), "EPS"),
        ("logo.svg", SVG, "SVG"),
        ("logo.png", b'<?xml version="1.0"?>\n<!-- drawn -->\n' + SVG, "SVG"),
        ("page.jpg", HTML, "HTML"),
        ("page.jpg", b"\n <HTML><body>", "HTML"),
        ("animation.gif", encoded("GIF"), "GIF"),
        ("scan.tiff", encoded("TIFF"), "TIFF"),
        ("drawing.bmp", encoded("BMP"), "BMP"),
        ("IMG_0001.jpg", b"\0\0\0\x24ftypheic" + bytes(24), "HEIC"),
        ("stage.avif", encoded("AVIF"), "AVIF"),
        ("programme.jpg", b"%PDF-1.7\n", "PDF"),
    ],
)
def test_another_kind_of_file_is_called_by_its_name(name, content, kind):
    assert refusal_of(upload(name, content)) == [IS_ANOTHER_KIND.format(kind)]


@pytest.mark.parametrize("content", [b"", b"Dear all,", b"MZ\x90\0", b"\0" + WHOLE["JPEG"][1:], b"<p>Hello"])
def test_what_is_no_picture_at_all_is_refused(content):
    assert refusal_of(upload("stage.jpg", content)) == [NOT_A_PICTURE]


@pytest.mark.parametrize("image_format", ENDINGS)
@pytest.mark.parametrize("part", [0.01, 0.1, 0.5, 0.9])
def test_a_picture_that_is_cut_off_is_refused(image_format, part):
    cut = WHOLE[image_format][: max(12, int(len(WHOLE[image_format]) * part))]

    assert refusal_of(upload("stage" + ENDINGS[image_format], cut)) == [DAMAGED]


def test_a_large_photograph_that_is_cut_off_is_refused_although_it_is_decoded_at_half_its_size():
    content = encoded("JPEG", Image.effect_noise((640, 480), 90).resize((5200, 3900)))

    assert refusal_of(upload("stage.jpg", content[:-2000])) == [DAMAGED]


def test_a_picture_with_broken_data_is_refused():
    content = bytearray(WHOLE["PNG"])
    content[200:240] = bytes(40)

    assert refusal_of(upload("stage.png", bytes(content))) == [DAMAGED]


@pytest.mark.parametrize("size", [(12_000, 12_000), (6325, 6325), (40_000_001, 1), (65_000, 65_000)])
def test_a_small_file_with_too_many_pixels_is_refused_before_any_is_decoded(size):
    bomb = upload("bomb.png", png_that_claims(*size))

    assert bomb.size < 100
    assert refusal_of(bomb) == [TOO_MANY_PIXELS]


def test_a_whole_picture_of_144_megapixels_in_17_kilobytes_is_refused():
    content = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(content, "PNG", optimize=True)

    assert content.tell() < 20_000
    assert refusal_of(upload("bomb.png", content.getvalue())) == [TOO_MANY_PIXELS]


def test_a_webp_that_claims_268_megapixels_is_refused():
    canvas = struct.pack("<I", 0x10)[:4] + struct.pack("<I", 16_382)[:3] * 2
    content = b"RIFF" + struct.pack("<I", 22) + b"WEBPVP8X" + struct.pack("<I", 10) + canvas

    assert refusal_of(upload("bomb.webp", content)) == [TOO_MANY_PIXELS]


@pytest.mark.parametrize(("name", "image_format"), [("party.webp", "WEBP"), ("party.png", "PNG")])
def test_a_picture_that_moves_is_refused(name, image_format):
    moving = encoded(image_format, Image.new("RGB", (8, 8), "white"), **FRAMES)

    assert refusal_of(upload(name, moving)) == [MOVES]


@pytest.mark.parametrize(
    ("name", "image_format", "message"),
    [
        (
            "stage.jpg",
            "PNG",
            "This is a PNG picture, but its name ends in “.jpg”. Let it end in “.png” and try again.",
        ),
        (
            "stage.png",
            "JPEG",
            "This is a JPEG picture, but its name ends in “.png”. Let it end in “.jpg” and try again.",
        ),
        (
            "stage.jpg.html",
            "WEBP",
            "This is a WebP picture, but its name ends in “.html”. Let it end in “.webp” and try again.",
        ),
    ],
)
def test_a_picture_whose_name_says_something_else_is_refused(name, image_format, message):
    assert refusal_of(upload(name, WHOLE[image_format])) == [message]


@pytest.mark.parametrize("content_type", ["text/html", "image/svg+xml", "image/png"])
def test_a_picture_that_was_sent_as_something_else_is_refused(content_type):
    picture = upload("stage.jpg", WHOLE["JPEG"], content_type)

    assert refusal_of(picture) == [
        f"This is a JPEG picture, but it was sent as “{content_type}”. Export it again and upload the new file."
    ]


# --- Whatever comes ---------------------------------------------------------------------------------------------------


@given(
    st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x20\x00\x00\x00WEBPVP8 ", b""]),
    st.binary(max_size=200),
)
def test_no_content_whatsoever_gets_more_than_a_refusal(magic, rest):
    file = upload("any.jpg", magic + rest)

    with contextlib.suppress(ValidationError):
        read_image(file)

    assert file.tell() == 0


@given(st.sampled_from(list(WHOLE)), st.data())
def test_no_damage_to_a_picture_gets_more_than_a_refusal(image_format, data):
    content = bytearray(WHOLE[image_format])
    for position in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=8)):
        content[position] = data.draw(st.integers(0, 255))
    file = upload("any", bytes(content))

    with contextlib.suppress(ValidationError):
        read_image(file)

    assert file.tell() == 0


def test_reading_a_picture_warns_nobody():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        refusal_of(upload("bomb.png", png_that_claims(12_000, 12_000)))

    assert caught == []


def test_the_limits_lie_below_those_of_the_decoder():
    assert Image.MAX_IMAGE_PIXELS > 40_000_000
