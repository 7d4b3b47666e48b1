"""The emblem of the site as browsers and devices want it: in tabs, on home screens, in the manifest."""

import io
from functools import lru_cache

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

from portal import palette
from portal.languages import language_tag
from portal.painting import emblem, square_emblem

FAVICON_SIZES = (16, 32, 48)
APPLE_SIZE = 180
ICONS = {  # what is drawn under each name, and in which size
    "192": (emblem, 192),
    "512": (emblem, 512),
    "maskable-512": (square_emblem, 512),
}


@lru_cache
def favicon() -> bytes:
    """All sizes of the icon of a tab in one ICO file."""
    *smaller, largest = (emblem(size) for size in FAVICON_SIZES)
    file = io.BytesIO()
    largest.save(file, "ICO", sizes=[(size, size) for size in FAVICON_SIZES], append_images=smaller)
    return file.getvalue()


@lru_cache
def apple_touch_icon() -> bytes:
    """For home screens that round the corners themselves and show what is transparent as black."""
    return _png(square_emblem(APPLE_SIZE))


@lru_cache
def icon(name) -> bytes:
    """One of `ICONS`; KeyError for any other name."""
    draw, size = ICONS[name]
    return _png(draw(size))


def manifest() -> dict:
    """The web app manifest in the active language."""
    site_name = settings.SITE_NAMES[get_language()]
    return {
        "name": site_name,
        "short_name": site_name,
        "lang": language_tag(get_language()),
        "start_url": reverse("events:home"),
        "scope": "/",
        "display": "minimal-ui",
        "background_color": palette.PAPER,
        "theme_color": palette.LAKE_950,
        "icons": [
            {
                "src": reverse("icon", args=[name]),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": "any" if draw == emblem else "maskable",
            }
            for name, (draw, size) in ICONS.items()
        ],
    }


def _png(picture) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()
