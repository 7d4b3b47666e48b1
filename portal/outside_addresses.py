"""Every address outside the portal that its public pages link to: of records, and in their texts."""

import re
from collections.abc import Iterator
from html import unescape

from django.apps import apps
from django.db.models import Q, URLField
from django.utils.html import escape

from portal.natural_keys import NaturalKey
from portal.prose import ProseField

_LINK = re.compile(r'href="(https?://[^"]+)"')
LONGEST = 500  # that `OutsideLink` can hold; longer ones are not checked


def outside_addresses() -> set[str]:
    """The addresses on the pages of the portal as visitors see it now."""
    return {
        address
        for model in linking_models()
        for record in model.objects.published().order_by().iterator(chunk_size=500)
        for address in addresses_in(record)
        if len(address) <= LONGEST
    }


def records_linking_to(address) -> list[NaturalKey]:
    """The public records that link to `address`."""
    found = []
    for model in linking_models():
        mentions = Q(*((f"{column}__contains", escape(address)) for column in _prose_columns(model)), _connector=Q.OR)
        links = Q(*((column, address) for column in _url_columns(model)), _connector=Q.OR)
        rows = model.objects.published().filter(mentions | links if mentions and links else mentions or links)
        found += [record for record in rows if address in addresses_in(record)]
    return found


def linking_models() -> list[type[NaturalKey]]:
    """The kinds of records that can link to the outside and are published."""
    kinds = (model for model in apps.get_models() if issubclass(model, NaturalKey))
    return [
        each for each in kinds if hasattr(each.objects, "published") and (_url_columns(each) or _prose_columns(each))
    ]


def addresses_in(record) -> Iterator[str]:
    for column in _url_columns(type(record)):
        if (address := getattr(record, column)).startswith(("http://", "https://")):
            yield address
    for column in _prose_columns(type(record)):
        yield from map(unescape, _LINK.findall(getattr(record, column)))


def _url_columns(model) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if isinstance(field, URLField)]


def _prose_columns(model) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if isinstance(field, ProseField)]
