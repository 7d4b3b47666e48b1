"""Every address that the portal answers, found by walking its URL configuration, with arguments that lead somewhere.

for address in every_address(): ...        after `tests.test_guards_pages.build_site`
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.urls import URLPattern, get_resolver

from events.enquiries import Receipt
from tests.test_guards_pages import DAY, QUERIES

ARGUMENTS = {  # of addresses without a language, by the name of the address, then by the name of the argument
    "api_list": {"kind": "agreements"},
    "api_record": {"kind": "agreements", "key": "agreement"},
    "data_file": {"name": "agreements.csv"},
    "icon": {"name": "192"},
    "portal:dataset_download": {"name": "conferences"},
    "portal:dataset_guide": {"kind": "agreements"},
    "events:enquiry_receipt": {"token": "a-token"},
    "*": {
        "file_format": "csv",
        "feed_format": "atom",
        "slug": "main",
        "name": f"photo/{'0' * 32}.webp",
        "path": "v0/nothing",
        "token": "a-token",
        "label": "events.conference",
        "pk": "1",
        "id": "1",
        "object_id": "1",
        "cut": "1",
        "content_type_id": "1",
        "url": "no/such/page",
        "app_label": "events",
        "number": "1",
        "kind": "agreements",
        "uidb64": "MQ",
    },
}
BY_REGEX = {
    "sitemap": "sitemaps/lists-1.xml",
    "portal:sharing_image": "conferences/main/sharing.png",
    "admin:app_list": "events/",
    "": "no/such/page",  # the admin's own page for what is not there
}


@dataclass(frozen=True)
class Address:
    name: str
    """As `reverse` knows it; "" where it has none."""
    path: str
    is_of_desk: bool


def every_address() -> Iterator[Address]:
    """One for each pattern, in English where it has a language."""
    for name, route, is_of_desk in _routes(get_resolver()):
        yield Address(name, "/" + _filled(name, route), is_of_desk)


def _routes(resolver, prefix="", namespace="", is_of_desk=False) -> Iterator[tuple[str, str, bool]]:
    for each in resolver.url_patterns:
        own = getattr(each.pattern, "_route", None)
        if own is None:
            own = str(each.pattern) if not each.pattern.regex.groups else None
            own = None if own and own.startswith("^") else own
        if isinstance(each, URLPattern):
            name = f"{namespace}{each.name or ''}"
            own = BY_REGEX[name.rpartition(":")[2] and name] if own is None else own
            yield name, prefix + own, is_of_desk or prefix.startswith("admin/")
        else:
            inner = f"{each.namespace}:" if each.namespace else namespace
            yield from _routes(each, prefix + own, inner, is_of_desk or each.namespace == "admin")


def _filled(name, route) -> str:
    known = dict(ARGUMENTS["*"]) | ARGUMENTS.get(name, {})
    names = re.findall(r"<(?:\w+:)?(\w+)>", route)
    if names and name in QUERIES:
        known |= dict(zip(names, map(_said, QUERIES[name][0]), strict=True))
    if "object_id" in route:
        known["object_id"] = _key_of_first(name)
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: known[match[1]], route)


def _said(argument) -> str:
    return DAY.isoformat() if argument == DAY else str(argument)


def _key_of_first(name) -> str:
    """The key of a record of the model that a page of the desk is about."""
    _admin, _, page = name.partition(":")
    app, _, rest = page.partition("_")
    model = apps.get_model(app, rest.partition("_")[0]) if app else None
    first = model and model._base_manager.first()
    return str(first.pk) if first else "1"


def a_receipt() -> str:
    return Receipt.for_nothing().get_absolute_url()
