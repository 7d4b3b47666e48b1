"""The emblem of the site in tabs, on home screens and in the manifest."""

import io
import re

import pytest
from django.utils import translation
from PIL import Image

from portal import icons, palette

pytestmark = pytest.mark.django_db


def picture(response):
    return Image.open(io.BytesIO(response.content))


def test_a_tab_gets_the_emblem_in_three_sizes(client):
    response = client.get("/favicon.ico")

    assert response["Content-Type"] == "image/x-icon"
    assert picture(response).info["sizes"] == {(16, 16), (32, 32), (48, 48)}


@pytest.mark.parametrize(
    ("address", "size", "corner"),
    [
        ("/apple-touch-icon.png", 180, palette.LAKE_700),
        ("/icons/192.png", 192, "transparent"),
        ("/icons/512.png", 512, "transparent"),
        ("/icons/maskable-512.png", 512, palette.LAKE_700),
    ],
)
def test_a_device_gets_an_icon_in_its_size_transparent_only_where_it_cuts_no_shape(client, address, size, corner):
    response = client.get(address)

    icon = picture(response)
    red, green, blue, opacity = icon.convert("RGBA").getpixel((0, 0))
    assert (response["Content-Type"], icon.size) == ("image/png", (size, size))
    assert (f"#{red:02x}{green:02x}{blue:02x}" if opacity else "transparent") == corner


def test_the_moon_of_a_maskable_icon_lies_in_the_middle_four_fifths():
    icon = Image.open(io.BytesIO(icons.icon("maskable-512"))).convert("RGB")

    pink = tuple(bytes.fromhex(palette.MAGNOLIA_200[1:]))
    moon = [(x, y) for x in range(512) for y in range(300) if icon.getpixel((x, y)) == pink]

    assert len(moon) > 10_000
    assert max((x - 256) ** 2 + (y - 256) ** 2 for x, y in moon) < (512 * 0.4) ** 2


@pytest.mark.parametrize("name", ["193", "0", "maskable-192", "99999999"])
def test_no_other_size_is_drawn(client, name):
    assert client.get(f"/icons/{name}.png").status_code == 404


@pytest.mark.parametrize("address", ["/favicon.ico", "/apple-touch-icon.png", "/icons/192.png"])
def test_an_icon_is_kept_for_a_week_and_then_asked_for_by_its_tag(client, address):
    first = client.get(address)

    second = client.get(address, headers={"if-none-match": first["ETag"]})

    assert first["Cache-Control"] == "public, max-age=604800"
    assert second.status_code == 304


def test_the_same_icon_is_the_same_file():
    kept = [icons.favicon(), icons.apple_touch_icon(), icons.icon("512")]
    for function in (icons.favicon, icons.apple_touch_icon, icons.icon):
        function.cache_clear()

    assert [icons.favicon(), icons.apple_touch_icon(), icons.icon("512")] == kept


@pytest.mark.parametrize(
    ("code", "tag", "name"), [("en", "en", "Exampleland Invest"), ("zh-hans", "zh-Hans", "投资示例地区")]
)
def test_the_manifest_speaks_the_language_of_the_page(client, settings, code, tag, name):
    settings.SITE_NAMES = {"en": "Exampleland Invest", "zh-hans": "投资示例地区"}

    response = client.get(f"/{code}/site.webmanifest")

    manifest = response.json()
    assert response["Content-Type"] == "application/manifest+json"
    assert [manifest[key] for key in ("name", "short_name", "lang", "start_url")] == [name, name, tag, f"/{code}/"]
    assert (manifest["theme_color"], manifest["background_color"]) == (palette.LAKE_950, palette.PAPER)


def test_every_icon_of_the_manifest_is_there_in_the_size_it_claims(client):
    with translation.override("en"):
        claimed = icons.manifest()["icons"]

    sizes = ["{}x{}".format(*picture(client.get(icon["src"])).size) for icon in claimed]

    assert sizes == [icon["sizes"] for icon in claimed]
    assert [icon["purpose"] for icon in claimed] == ["any", "any", "maskable"]


def test_every_page_names_its_icons_and_the_manifest_of_its_language(client):
    html = client.get("/zh-hans/data/").content.decode()

    links = dict(re.findall(r'<link rel="(icon|apple-touch-icon|manifest)" href="([^"]+)"', html))

    assert links == {
        "icon": "/static/icon.svg",
        "apple-touch-icon": "/apple-touch-icon.png",
        "manifest": "/zh-hans/site.webmanifest",
    }
    assert f'<meta name="theme-color" content="{palette.LAKE_950}">' in html
