"""The sitemap: the pages that search engines should keep, in every language, with the pictures they show.

`/sitemap.xml` lists the files, one or more for each kind of page; a file holds few enough addresses to be written and
compared as a whole. An app adds its kinds in its `sitemaps.py`; every record with a page of its own takes part without
being asked (`portal.sharing.pages_of_records`).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from math import ceil
from xml.sax.saxutils import escape

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Count, QuerySet, Value
from django.http import Http404
from django.urls import reverse
from django.utils.module_loading import autodiscover_modules

from portal.api.resources import all_resources
from portal.history.changed import LONG_AGO, with_changed_at
from portal.history.families import beneath
from portal.languages import in_language, language_tag, without_language
from portal.models import Source
from portal.sharing import IMAGE, pages_of_records
from portal.uploads import ImageUpload

MOST_ADDRESSES = 5000  # in one file; the protocol allows 50,000
MOST_IMAGES = 1000  # of one page, as search engines take them
LANGUAGES = {code: language_tag(code) for code, _name in settings.LANGUAGES}
ROWS = MOST_ADDRESSES // len(LANGUAGES)  # pages in one file, each in every language


@dataclass(frozen=True)
class Pages:
    """Pages of one kind, one for each of `records`: the name of their view, where the slugs of their addresses are, and
    what they show (addresses of pictures, out of the columns of a row)."""

    view: str
    records: Callable[[], QuerySet]
    slugs: tuple[str, ...] = ("slug",)
    pictures: Callable[[dict], Iterable[str]] = lambda row: ()
    columns: tuple[str, ...] = ()  # that `pictures` needs
    is_dated: bool = False  # whether what is recorded of a record says when its page last changed
    has_sharing_image: bool = False

    @property
    def name(self) -> str:
        return self.view.partition(":")[2]


_lists = [
    *("portal:sources", "portal:corrections", "portal:accessibility", "portal:privacy"),
    *("portal:about_the_data", "portal:method", "portal:api_guide"),
]
_kinds: list[Pages] = []


def lists(*views):
    """Adds pages that stand for themselves."""
    _lists.extend(views)


def pages(view, records, **known):
    """Adds pages beneath those of records (`Pages`)."""
    _kinds.append(Pages(view, records, **known))


@cache
def kinds() -> dict[str, Pages]:
    """Every kind of page but the lists, by its name."""
    autodiscover_modules("sitemaps")
    of_records = [_of_model(view, model) for view, model in pages_of_records().items()]
    sources = Pages("portal:source", Source.objects.published)
    return {kind.name: kind for kind in [*of_records, *_kinds, sources]}


def _of_model(view, model) -> Pages:
    names = tuple(each.name for each in model._meta.concrete_fields if isinstance(each, ImageUpload))
    return Pages(
        view,
        lambda: model.objects.published().with_page(),
        slugs=model.cited_as.slugs,
        pictures=lambda row: [default_storage.url(row[name]) for name in names if row[name]],
        columns=names,
        is_dated=True,
        has_sharing_image=True,
    )


# --- The files --------------------------------------------------------------------------------------------------------

LISTS = "lists"
INDEX = "http://www.sitemaps.org/schemas/sitemap/0.9"
NAMESPACES = (
    f'xmlns="{INDEX}" xmlns:xhtml="http://www.w3.org/1999/xhtml" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)


def index() -> str:
    """The list of files; one query."""
    counts = [_counted(kind) for kind in kinds().values()]
    rows = {LISTS: 1, **dict(counts[0].union(*counts[1:], all=True))}
    files = [f"{name}-{number}" for name, n in sorted(rows.items()) for number in range(1, ceil(n / ROWS) + 1)]
    entries = (f"<sitemap><loc>{settings.SITE_URL}/sitemaps/{file}.xml</loc></sitemap>" for file in files)
    return _document(f'sitemapindex xmlns="{INDEX}"', entries)


def _counted(kind):
    rows = kind.records().order_by().annotate(page_kind=Value(kind.name)).values("page_kind")
    return rows.annotate(n=Count("pk")).values_list("page_kind", "n")


def file(name, number) -> str:
    """A file of the sitemap; one query. Http404 where there is none."""
    if name == LISTS and number == 1:
        kinds()
        guides = (_neutral("portal:dataset_guide", resource.name) for resource in all_resources())
        paths = [*map(_neutral, _lists), *guides]
        return _document(f"urlset {NAMESPACES}", (entry for path in paths for entry in _entries(path)))
    if (kind := kinds().get(name)) is None:
        raise Http404("no such kind of pages")
    entries = list(_entries_of(kind, number))
    if not entries:
        raise Http404("no such file")
    return _document(f"urlset {NAMESPACES}", entries)


def _document(root, entries) -> str:
    name = root.partition(" ")[0]
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', f"<{root}>", *entries, f"</{name}>", ""])


def _entries_of(kind, number) -> Iterator[str]:
    records = kind.records().order_by("pk").values(*kind.slugs, *kind.columns)
    if kind.is_dated:
        records = with_changed_at(records, *_what_stands_beneath(records.model))
    for row in records[(number - 1) * ROWS : number * ROWS]:
        path = _neutral(kind.view, *(row[slug] for slug in kind.slugs))
        changed_at = row.get("changed_at", LONG_AGO)
        yield from _entries(path, changed_at if changed_at > LONG_AGO else None, kind, list(kind.pictures(row)))


def _what_stands_beneath(model) -> list[str]:
    """The names under which `model` reaches what is part of its records and not published by itself."""
    parts = (each for each in beneath(model) if not each.stands_alone)
    return [each.model._meta.get_field(each.name).related_query_name() for each in parts]


def _neutral(view, *slugs):
    return without_language(reverse(view, args=slugs))


def _entries(path, changed_at=None, kind=None, pictures=()) -> Iterator[str]:
    """The page at `path` (without its language) in every language."""
    addresses = {code: escape(settings.SITE_URL + in_language(path, code)) for code in LANGUAGES}
    alternates = {tag: addresses[code] for code, tag in LANGUAGES.items()}
    alternates["x-default"] = addresses[settings.LANGUAGES[0][0]]
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{tag}" href="{address}"/>' for tag, address in alternates.items()
    )
    lastmod = f"<lastmod>{changed_at.isoformat(timespec='seconds')}</lastmod>" if changed_at else ""
    for address in addresses.values():
        own = [address + IMAGE] if kind and kind.has_sharing_image else []
        shown = [*(escape(settings.SITE_URL + each) for each in pictures[: MOST_IMAGES - 1]), *own]
        images = "".join(f"<image:image><image:loc>{each}</image:loc></image:image>" for each in shown)
        yield f"<url><loc>{address}</loc>{lastmod}{links}{images}</url>"


# --- For robots -------------------------------------------------------------------------------------------------------


def robots() -> str:
    """What programs are asked to leave alone. The desk is named only where everybody knows its address anyway."""
    search = (f"/{code}/search/?" for code in LANGUAGES)
    desk = ["/admin/"] if settings.ADMIN_PATH == "admin/" else []
    chosen = (f"/{code}/conferences/*/agenda" for code in LANGUAGES)
    apart = [*desk, "/preview/", *search, *chosen, "/*?*&*&"]  # the last: more than two filters at once
    rules = [f"Disallow: {path}" for path in apart]
    return "\n".join(["User-agent: *", *rules, "Allow: /", "", f"Sitemap: {settings.SITE_URL}/sitemap.xml", ""])
