"""Every address that visitors can ask for, with every record of the database filled in, public or not.

A new route joins by itself; one with a parameter that nobody has thought of raises StopIteration.
"""

from collections.abc import Iterator
from itertools import product

from django.conf import settings

from events.enquiries import Receipt
from portal import feeds, icons, sitemaps
from portal.api import package
from portal.api.resources import all_resources
from portal.downloads import responses
from portal.media_in_use import upload_fields, versions_of
from portal.models import Source
from portal.sharing import pages_of_records
from tests.url_conf import Route, routes

LANGUAGES = [code for code, _name in settings.LANGUAGES]
DATA_FILES = ("portal.zip", "datapackage.json", "catalog.jsonld", "events.jsonld", "ocds/extension.json")
QUERIES = {"events:search": "?q={}", "events:search_suggestions": "?q={}"}


def public_routes() -> list[Route]:
    return [route for route in routes() if not route.is_for_staff]


def public_addresses(slugs_with="", searching="") -> list[str]:
    """Each of them once, pages in every language: those about the records whose slug has `slugs_with` in it, and those
    about none. Those that search do so for `searching`."""
    found = {}
    for route in public_routes():
        for address in _addresses_of(route, slugs_with):
            query = QUERIES.get(route.name, "").format(searching)
            for code in LANGUAGES if address.startswith("/en/") else LANGUAGES[:1]:
                found[address.replace("/en/", f"/{code}/", 1) + query] = None
    return list(found)


def _addresses_of(route, slugs_with) -> Iterator[str]:
    if route.name in OTHERWISE:
        yield from OTHERWISE[route.name](slugs_with)
        return
    model = _model_of(route)
    for record in model._base_manager.filter(slug__contains=slugs_with) if model else [None]:
        choices = [_choices(route, name, record) for name in route.parameters]
        for values in product(*choices):
            yield route.at(**dict(zip(route.parameters, values, strict=True)))


def _model_of(route):
    """The model whose records the slugs of `route` name: the one whose page it is or belongs to."""
    pages = {_core(found.path): model for found in routes() if (model := _models().get(found.name))}
    within = [core for core in pages if core in route.path]
    return pages[max(within, key=len)] if within else None


def _core(path):
    return path.removeprefix("en/").rstrip("/")


def _models():
    return {**pages_of_records(), "portal:source": Source}


def _choices(route, name, record) -> list:
    """What a parameter of `route` can be, about `record`."""
    if record is not None and name in SLUGS:
        return [SLUGS[name](record)]
    keys = [(route.name, name), route.converters[name], name]
    return next(CHOICES[key]() for key in keys if key in CHOICES)


SLUGS = {"slug": lambda record: record.slug, "conference_slug": lambda record: record.conference.slug}


def _resources():
    return [resource.name for resource in all_resources()]


def _in_the_data(slugs_with):
    """The records in the data interface, hidden ones too."""
    for resource in all_resources():
        rows = resource.records().model._base_manager.all()
        for record in rows.filter(slug__contains=slugs_with) if hasattr(rows.model, "slug") else rows:
            yield resource.address_of(record).removeprefix(settings.SITE_URL)


def _uploads():
    for model, field in upload_fields():
        for record in model._base_manager.exclude(**{field.name: ""}):
            file = getattr(record, field.name)
            yield from versions_of(file.name, getattr(record, f"{field.name}_width", None))


CHOICES = {
    "feed_format": lambda: sorted(feeds.CONTENT_TYPES),
    "file_format": lambda: sorted(responses.CONTENT_TYPES),
    "kind": _resources,
    "day": lambda: ["2024-11-15"],
    "token": lambda: [Receipt.for_nothing().token],
    "path": lambda: ["nothing"],
    ("icon", "name"): lambda: sorted(icons.ICONS),
    ("upload", "name"): lambda: sorted(_uploads()),
    ("data_file", "name"): lambda: [*DATA_FILES, *(part.file_name for part in package.parts())],
    ("cover", "slug"): lambda: ["any"],
    ("card_cover", "slug"): lambda: ["any"],
    ("portal:dataset_download", "name"): lambda: [each.file_name or each.name for each in all_resources()],
}
OTHERWISE = {  # addresses as a whole, by the name of their route
    "sitemap": lambda _slugs: [f"/sitemaps/{kind}-1.xml" for kind in [*sitemaps.kinds(), sitemaps.LISTS]],
    "api_record": _in_the_data,
    "portal:sharing_image": lambda slugs: [f"{page}sharing.png" for page in ["/en/", *_pages_of_records(slugs)]],
}


def _pages_of_records(slugs_with):
    pages = [route for route in public_routes() if route.name in pages_of_records()]
    return [address for route in pages for address in _addresses_of(route, slugs_with)]
