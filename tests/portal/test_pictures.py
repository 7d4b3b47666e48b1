import io

import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from portal.pictures import LONGEST_SIDE, name_at, narrower_than, normalized, versions

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
ORIENTATION, GPS, MAKER, DESCRIPTION = 0x0112, 0x8825, 0x010F, 0x010E


def opened(image, image_format="PNG", **options):
    """`image` as a picture that was opened and not yet decoded."""
    file = io.BytesIO()
    image.save(file, image_format, **options)
    return Image.open(file)


def corners(image):
    """The colours of its corners, clockwise from the upper left."""
    right, bottom = image.width - 1, image.height - 1
    return [image.getpixel(corner) for corner in ((0, 0), (right, 0), (right, bottom), (0, bottom))]


def flag():
    """A picture of six by two pixels with a colour of its own in each corner."""
    image = Image.new("RGB", (6, 2), "black")
    for corner, colour in zip(((0, 0), (5, 0), (5, 1), (0, 1)), (RED, GREEN, BLUE, WHITE), strict=True):
        image.putpixel(corner, colour)
    return image


# --- Size -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((6000, 4000), (2560, 1707)),
        ((4000, 6000), (1707, 2560)),
        ((2560, 2560), (2560, 2560)),
        ((640, 480), (640, 480)),
        ((1, 1), (1, 1)),
        ((9000, 1), (2560, 1)),
    ],
)
@pytest.mark.parametrize("image_format", ["JPEG", "PNG"])
def test_the_master_is_at_most_2560_pixels_long(image_format, size, expected):
    master = normalized(opened(Image.new("RGB", size), image_format))

    assert master.size == expected


def test_a_huge_photograph_is_not_decoded_at_its_full_size():
    picture = opened(Image.new("RGB", (6000, 4000)), "JPEG")

    normalized(picture)

    assert picture.size == (3000, 2000)


@pytest.mark.parametrize(
    ("width", "narrower"),
    [
        (2560, [320, 640, 960, 1280, 1920]),
        (1920, [320, 640, 960, 1280]),
        (641, [320, 640]),
        (320, []),
        (4, []),
    ],
)
def test_a_picture_is_kept_in_every_width_that_is_narrower(width, narrower):
    stored = dict(versions(Image.new("RGB", (width, width // 4))))

    assert list(stored) == [width, *reversed(narrower)]
    assert narrower_than(width) == narrower
    assert [Image.open(io.BytesIO(file)).size for file in stored.values()] == [
        (each, round(each * (width // 4) / width)) for each in stored
    ]


def test_a_very_long_picture_keeps_a_height():
    heights = [Image.open(io.BytesIO(file)).height for _width, file in versions(Image.new("RGB", (2560, 1)))]

    assert heights == [1, 1, 1, 1, 1, 1]


def test_a_narrower_version_is_named_after_the_master():
    assert name_at("photo/3f9a.webp", 640) == "photo/3f9a-640.webp"


# --- Upright ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("orientation", "size", "expected"),
    [
        (1, (6, 2), [RED, GREEN, BLUE, WHITE]),
        (2, (6, 2), [GREEN, RED, WHITE, BLUE]),
        (3, (6, 2), [BLUE, WHITE, RED, GREEN]),
        (4, (6, 2), [WHITE, BLUE, GREEN, RED]),
        (5, (2, 6), [RED, WHITE, BLUE, GREEN]),
        (6, (2, 6), [WHITE, RED, GREEN, BLUE]),
        (7, (2, 6), [BLUE, GREEN, RED, WHITE]),
        (8, (2, 6), [GREEN, BLUE, WHITE, RED]),
        (0, (6, 2), [RED, GREEN, BLUE, WHITE]),
        (99, (6, 2), [RED, GREEN, BLUE, WHITE]),
    ],
)
def test_a_picture_is_turned_upright(orientation, size, expected):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation

    master = normalized(opened(flag(), exif=exif))

    assert (master.size, corners(master)) == (size, expected)


def test_a_picture_whose_metadata_are_broken_is_shown_as_it_is():
    master = normalized(opened(flag(), exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xff"))

    assert corners(master) == [RED, GREEN, BLUE, WHITE]


# --- Colour -----------------------------------------------------------------------------------------------------------


def profile(name):
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(name)).tobytes()


def gamma_one():
    """The profile of a picture in linear light, made out of that of sRGB: each curve becomes a straight line."""
    data = bytearray(profile("sRGB"))
    for entry in range(int.from_bytes(data[128:132], "big")):
        at = 132 + 12 * entry
        if data[at : at + 4] in (b"rTRC", b"gTRC", b"bTRC"):
            curve = int.from_bytes(data[at + 4 : at + 8], "big")
            data[curve : curve + 12] = b"curv" + bytes(8)
    return bytes(data)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_the_colours_are_brought_to_those_of_the_web(mode):
    grey = Image.new(mode, (2, 2), (55, 55, 55, 128)[: len(mode)])

    master = normalized(opened(grey, icc_profile=gamma_one()))

    assert master.getpixel((0, 0)) == (128, 128, 128, 128)[: len(mode)]


@pytest.mark.parametrize("broken", [b"no profile", profile("LAB"), profile("sRGB")[:200]])
def test_a_profile_that_makes_no_sense_is_left_aside(broken):
    master = normalized(opened(Image.new("RGB", (2, 2), (200, 10, 10)), icc_profile=broken))

    assert master.getpixel((0, 0)) == (200, 10, 10)


@pytest.mark.parametrize(
    ("image", "image_format", "options", "expected"),
    [
        (Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG", {}, (255, 0, 0)),
        (Image.new("L", (8, 8), 90), "JPEG", {}, (90, 90, 90)),
        (Image.new("I;16", (8, 8), 90 * 256), "PNG", {}, (90, 90, 90)),
        (Image.new("1", (8, 8), 1), "PNG", {}, (255, 255, 255)),
        (Image.new("LA", (8, 8), (90, 50)), "PNG", {}, (90, 90, 90, 50)),
        (Image.new("L", (8, 8), 90), "PNG", {"transparency": 90}, (90, 90, 90, 0)),
        (Image.new("RGB", (8, 8), (1, 2, 3)), "PNG", {"transparency": (1, 2, 3)}, (1, 2, 3, 0)),
    ],
    ids=["CMYK", "grey", "16-bit grey", "bitmap", "grey with alpha", "one grey is clear", "one colour is clear"],
)
def test_a_picture_of_any_kind_becomes_red_green_and_blue(image, image_format, options, expected):
    master = normalized(opened(image, image_format, **options))

    assert master.getpixel((0, 0)) == expected


@pytest.mark.parametrize(("options", "expected"), [({}, (200, 10, 10)), ({"transparency": 1}, (200, 10, 10, 0))])
def test_a_palette_becomes_its_colours(options, expected):
    image = Image.new("P", (8, 8), 1)
    image.putpalette([0, 0, 0, 200, 10, 10])

    master = normalized(opened(image, **options))

    assert master.getpixel((0, 0)) == expected


# --- Nothing but pixels -----------------------------------------------------------------------------------------------


def tell_tale(image_format):
    """A picture that says where, by whom and with what it was taken."""
    exif = Image.Exif()
    exif[MAKER] = "Tell-tale camera"
    exif[DESCRIPTION] = "Tell-tale words"
    exif.get_ifd(GPS).update({1: "N", 2: (31.0, 24.0, 0.0), 3: "E", 4: (121.0, 29.0, 0.0)})
    options = {"exif": exif, "icc_profile": profile("sRGB")}
    if image_format == "PNG":
        options["pnginfo"] = PngInfo()
        options["pnginfo"].add_text("Author", "Tell-tale author")
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>Tell-tale</x:xmpmeta>")
    else:
        options["xmp"] = b"<x:xmpmeta>Tell-tale</x:xmpmeta>"
    if image_format == "JPEG":
        options["comment"] = b"Tell-tale comment"
    return opened(Image.new("RGB", (700, 10), "teal"), image_format, **options)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
def test_nothing_is_kept_but_the_pixels(image_format):
    picture = tell_tale(image_format)
    assert picture.getexif().get_ifd(GPS)[4] == (121.0, 29.0, 0.0)
    assert "icc_profile" in picture.info

    stored = [file for _width, file in versions(normalized(picture))]

    assert [set(Image.open(io.BytesIO(file)).info) for file in stored] == [{"loop", "background"}] * 3
    assert [dict(Image.open(io.BytesIO(file)).getexif()) for file in stored] == [{}, {}, {}]
    assert [chunk for file in stored for chunk in (b"EXIF", b"XMP ", b"ICCP", b"Tell-tale") if chunk in file] == []


def test_the_master_fits_what_a_webp_can_hold():
    assert LONGEST_SIDE < 16_383
