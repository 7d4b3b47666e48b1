"""What people see of a page where somebody shares its link: a picture of 1200 by 630 pixels, drawn from its facts.

The picture of a record lies under its page (`/en/agreements/<slug>/sharing.png`), that of the site under the home page.
Pages of neither kind show the one nearest above them. Any model with a page takes part by `cited_as`, which names the
page, and `Introduced`, which says what the picture says.
"""

import hashlib
import io
import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache, partial

from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import Http404
from django.urls import Resolver404, resolve
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from PIL import Image

from portal import palette
from portal.addresses import path_of
from portal.corrections import title_of
from portal.covers import SHARED, Composition
from portal.lettering import fitted, fitted_facts
from portal.painting import emblem, painted, veiled
from portal.prepared import prepared

IMAGE = "sharing.png"  # its name under the address of a page
FOLDER = "sharing"  # of the uploads, where drawn pictures are kept; all of it can be drawn again
DRAWING = 1  # raise it with every change to how pictures look, so that the kept ones are drawn again
MARGIN = 72
TOP, BOTTOM = 164, SHARED.height - 66  # between the name of the site and the lower edge
SPACE = 42  # from words to words
WORDS_WIDTH = 760  # to the right of them stands the moon
NO_LOWEST_BIT = [level & ~1 for level in range(256)] * 3  # nobody sees it, and it makes a fifth of the file
END_OF_PNG = b"IEND\xaeB`\x82"


@dataclass(frozen=True)
class Card:
    """The words on a sharing image, and the slug that its cover is drawn from."""

    site_name: str
    title: str
    slug: str
    kicker: str = ""
    key_figure: str = ""
    key_line: str = ""

    @property
    def digest(self) -> str:
        """The same for the same picture, and only for it."""
        content = json.dumps([DRAWING, asdict(self)], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()


# --- Which page, which picture ----------------------------------------------------------------------------------------


@lru_cache
def pages_of_records() -> dict:
    """The models whose records have a page of their own, by the name of its view."""
    models = (model for model in apps.get_models() if hasattr(model, "cited_as"))
    return {model.cited_as.view: model for model in models if model.cited_as.slugs[-1:] == ("slug",)}


@dataclass(frozen=True)
class SharingImage:
    """The sharing image that a page names."""

    page: str  # under which it lies
    is_of_site: bool

    @property
    def url(self) -> str:
        return f"{settings.SITE_URL}{self.page}{IMAGE}"


def sharing_image_of(page, view=None) -> SharingImage:
    """That of the page at the path `page`, which `view` shows: its own, or the nearest one above it."""
    home = path_of("events:home")
    while page.startswith(home) and page != home:
        if (view or _view_name(page)) in pages_of_records():
            return SharingImage(page, is_of_site=False)
        page, view = page.rstrip("/").rpartition("/")[0] + "/", None
    return SharingImage(home, is_of_site=True)


def card_at(page) -> Card:
    """What the sharing image of the page at `page` says; 404 where that is not public or has no image of its own."""
    if page == path_of("events:home"):
        return card_of_site()
    match = resolve(page)
    model = pages_of_records().get(match.view_name)
    if model is None:
        raise Http404("this page has no sharing image of its own")
    slugs = dict(zip(model.cited_as.slugs, match.kwargs.values(), strict=True))
    found = prepared(partial(_introduced, model), **slugs)
    if not found:
        raise Http404(f"there is no such public {model._meta.model_name}")
    return card_of(found[0])


def _introduced(model):
    return model.objects.published().introduced()


def card_of(record) -> Card:
    """What the sharing image of `record` says in the active language."""
    return Card(
        site_name=_site_name(),
        title=str(title_of(record)),
        slug=record.slug,
        kicker=str(record.kicker),
        key_figure=str(record.key_figure),
        key_line=str(record.key_line),
    )


def card_of_site() -> Card:
    what = _("Conferences of the district, what was signed at them, and what became of it.")
    return Card(site_name="", title=_site_name(), slug=settings.DISTRICT, key_line=what)


def _site_name():
    return settings.SITE_NAMES[get_language()]


def _view_name(page):
    try:
        return resolve(page).view_name
    except Resolver404:
        return None


# --- The picture ------------------------------------------------------------------------------------------------------


def png_of(card: Card) -> bytes:
    """The picture of `card`, drawn once and then kept; one that is kept only half is drawn again."""
    name = kept_as(card)
    with suppress(OSError), default_storage.open(name) as kept:
        if (png := kept.read()).endswith(END_OF_PNG):
            return png
    file = io.BytesIO()
    drawn(card).save(file, "PNG")
    with suppress(OSError):  # a full disk shows pictures too
        default_storage.delete(name)
        default_storage.save(name, ContentFile(file.getvalue()))
    return file.getvalue()


def kept_as(card) -> str:
    """The name of the stored file of the picture of `card`."""
    return f"{FOLDER}/{card.digest}.png"


@lru_cache(maxsize=2)  # the languages of one record follow one another where many are drawn
def _background(slug) -> Image.Image:
    composition = Composition(slug, SHARED)
    return veiled(painted(composition), composition)


def drawn(card: Card) -> Image.Image:
    """The picture of `card`: its cover, and over it the words, from the bottom up."""
    picture = _background(card.slug).copy()
    _draw_name(picture, card.site_name)
    kicker = fitted(card.kicker, (30, 27, 24), WORDS_WIDTH, height=28)
    figure = fitted(card.key_figure, (150, 128, 108, 92, 78, 66, 56), WORDS_WIDTH, height=112)
    key_line = fitted_facts(card.key_line, (34, 31, 28), WORDS_WIDTH, height=74)
    room = BOTTOM - TOP - sum(block.height + SPACE for block in (kicker, figure, key_line) if block.lines)
    sizes = (52, 46, 40) if figure.lines else (84, 76, 68, 60, 54, 48, 42)
    title = fitted(card.title, sizes, WORDS_WIDTH, room)
    bottom = BOTTOM
    for block in filter(lambda block: block.lines, (key_line, title, figure, kicker)):
        colour = palette.MAGNOLIA_200 if block is kicker else palette.PAPER
        block.draw(picture, MARGIN, bottom - block.height, colour)
        bottom -= block.height + SPACE
    return picture.point(NO_LOWEST_BIT)


def _draw_name(picture, site_name):
    """The emblem and the name of the site in the upper corner; where the name is the title, the emblem alone."""
    size = 56 if site_name else 112
    sign = emblem(size)
    picture.paste(sign, (MARGIN, 64), sign)
    if site_name:
        name = fitted(site_name, (32,), WORDS_WIDTH, 32)
        name.draw(picture, MARGIN + size + 18, 64 + (size - name.height) / 2, palette.PAPER)
