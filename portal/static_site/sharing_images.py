"""Which sharing images nobody has asked for yet: each is drawn at its first request (`portal.sharing`)."""

from collections.abc import Iterator
from operator import attrgetter

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import translation

from portal.addresses import path_of
from portal.media_in_use import files_in
from portal.sharing import FOLDER, IMAGE, card_of, card_of_site, kept_as, pages_of_records

TOGETHER = 500  # records read at a time


def not_drawn() -> Iterator[str]:
    """The addresses of the sharing images that would have to be drawn. Records and stored files are listed, because
    asking for them one by one takes longer than rendering their pages."""
    drawn = set(files_in(default_storage, FOLDER))
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            for page, card in _cards():
                if kept_as(card) not in drawn:
                    yield page + IMAGE


def _cards() -> Iterator[tuple]:
    """Every page with a sharing image of its own, in the active language, and what the image says."""
    yield path_of("events:home"), card_of_site()
    for model in pages_of_records().values():
        for record in model.objects.published().introduced().iterator(chunk_size=TOGETHER):
            yield _page_of(record), card_of(record)


def _page_of(record) -> str:
    slugs = (attrgetter(path.replace("__", "."))(record) for path in record.cited_as.slugs)
    return path_of(record.cited_as.view, *slugs)
