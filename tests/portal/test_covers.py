"""Covers drawn from a slug, as SVG and painted, in the palette of the site."""

import re
from xml.etree import ElementTree

import pytest
from django.conf import settings

from portal import palette
from portal.covers import CARD, SHARED, WIDE, Composition, cover
from portal.painting import emblem, painted, square_emblem, veiled

pytestmark = pytest.mark.django_db

SLUGS = [f"conference-{number}" for number in range(20)]


def brightness(picture, box):
    return sum(picture.crop(box).convert("L").resize((1, 1)).get_flattened_data())


# --- As SVG -----------------------------------------------------------------------------------------------------------


def test_a_slug_always_has_the_same_cover_and_no_other_slug_has_it():
    covers = {slug: cover(slug) for slug in SLUGS}

    assert {slug: cover(slug) for slug in SLUGS} == covers
    assert len(set(covers.values())) == len(SLUGS)


@pytest.mark.parametrize(
    ("frame", "size", "heaviest"), [(WIDE, ("1600", "720"), 12_000), (CARD, ("640", "360"), 8_000)]
)
def test_a_cover_is_a_valid_picture_of_its_size_and_light(frame, size, heaviest):
    covers = [cover(slug, frame) for slug in SLUGS]

    roots = [ElementTree.fromstring(svg) for svg in covers]  # noqa: S314 (our own)

    assert {(root.get("width"), root.get("height")) for root in roots} == {size}
    assert max(map(len, covers)) < heaviest


def test_a_cover_on_a_card_has_the_same_sky_with_fewer_and_larger_things():
    wide, card = Composition("lake", WIDE), Composition("lake", CARD)

    assert card.hue == wide.hue
    assert [round(part, 6) for part in (card.moon[0] / 640, card.moon[1] / 360)] == [
        round(part, 6) for part in (wide.moon[0] / 1600, wide.moon[1] / 720)
    ]
    assert len(card.nodes) < len(wide.nodes)
    assert CARD.moon / CARD.width > WIDE.moon / WIDE.width


@pytest.mark.parametrize("slug", SLUGS)
def test_no_atom_lies_on_the_moon_or_under_water(slug):
    composition = Composition(slug, WIDE)

    x, y = composition.moon
    on_the_moon = [node for node in composition.nodes if (node.x - x) ** 2 + (node.y - y) ** 2 < WIDE.moon**2]

    assert on_the_moon == []
    assert max(node.y for node in composition.nodes) < WIDE.height * 0.62


@pytest.mark.parametrize(("address", "width"), [("/covers/lake.svg", "1600"), ("/covers/card/lake.svg", "640")])
def test_a_cover_is_served_as_a_picture_for_a_week(client, address, width):
    response = client.get(address)

    assert (response.status_code, response["Content-Type"]) == (200, "image/svg+xml")
    assert response["Cache-Control"] == "public, max-age=604800"
    assert f'width="{width}"' in response.content.decode()


@pytest.mark.parametrize("address", ["/covers/a%3Cscript%3E.svg", "/covers/card/.svg", "/covers/card/a/b.svg"])
def test_what_is_no_slug_has_no_cover(client, address):
    assert client.get(address).status_code == 404


# --- Painted ----------------------------------------------------------------------------------------------------------


def test_a_painted_cover_shows_what_the_svg_shows():
    composition = Composition("lake", SHARED)

    picture = painted(composition)

    moon = tuple(round(part) for part in composition.moon)
    sky, water = picture.getpixel((5, 5)), picture.getpixel((5, 625))
    assert picture.size == (1200, 630)
    assert "#{:02x}{:02x}{:02x}".format(*picture.getpixel(moon)) == palette.MOON
    assert sum(sky) < sum(water)
    assert picture.tobytes() == painted(Composition("lake", SHARED)).tobytes()


def test_a_veil_darkens_the_side_of_the_words_and_lets_the_moon_shine_through():
    composition = Composition("lake", SHARED)
    picture = painted(composition)

    behind_the_veil = veiled(picture, composition)

    moon = tuple(round(part) for part in composition.moon)
    left, right = (0, 400, 600, 630), (1150, 400, 1200, 630)
    assert brightness(behind_the_veil, left) < brightness(picture, left) / 2
    assert brightness(behind_the_veil, right) > brightness(picture, right) - 3
    assert sum(picture.getpixel(moon)) - sum(behind_the_veil.getpixel(moon)) < 30


@pytest.mark.parametrize("size", [16, 48, 180])
def test_the_emblem_is_a_disc_and_fills_a_square_where_a_device_cuts_its_own_shape(size):
    disc, square = emblem(size), square_emblem(size)

    assert (disc.size, square.size) == ((size, size), (size, size))
    assert disc.getpixel((0, 0))[3] == 0
    assert disc.getpixel((size // 2, size - 2))[:3] == square.getpixel((0, size - 1))
    assert square.mode == "RGB"


# --- The palette ------------------------------------------------------------------------------------------------------


def test_pictures_have_the_colours_of_the_style_sheet_and_of_the_emblem():
    css = (settings.BASE_DIR / "portal/static/css/tokens.css").read_text()
    tokens = dict(re.findall(r"--([a-z]+(?:-\d+)?): (#[0-9a-f]{6});", css))
    svg = (settings.BASE_DIR / "portal/static/icon.svg").read_text()

    shared = ["lake-950", "lake-700", "lake-300", "magnolia-200", "paper"]

    assert {name: getattr(palette, name.upper().replace("-", "_")) for name in shared} == {
        name: tokens[name] for name in shared
    }
    assert re.findall(r'fill="(#\w+)"', svg) == [palette.LAKE_700, palette.MAGNOLIA_200, palette.LAKE_300]
