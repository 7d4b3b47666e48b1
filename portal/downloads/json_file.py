"""A table as JSON: where it comes from and what its fields mean, then its rows. Null is nothing, never zero."""

import json
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import get_language

from portal import clock
from portal.addresses import absolute
from portal.languages import language_tag
from portal.quantities import plain


def json_lines(table):
    """The lines of the file, a row each, in the language of this call; the count at its end says that it is whole."""
    head = written(_about(table)).removesuffix("}")
    return _lines(f'{head}, "rows": [', table.columns, table.records())


def _lines(head, columns, records):
    yield head
    count = 0
    for cells in records:
        yield ("," if count else "") + "\n" + written(_nested(columns, cells))
        count += 1
    yield f'\n], "count": {count}}}\n'


def _about(table) -> dict:
    return {
        "register": table.name,
        "title": table.title,
        "url": absolute(table.url),
        "language": language_tag(get_language()),
        "as_of": timezone.localtime(clock.now()).isoformat(),
        "licence": table.licence or None,
        "filters": [{"label": label, "value": value} for label, value in table.filters],
        "notes": list(table.notes),
        "fields": [_field(column) for column in table.columns],
    }


def _field(column) -> dict:
    path = f"{column.part_of}.{column.key}" if column.part_of else column.key
    return {"name": path, "kind": column.kind, "heading": column.heading, "explanation": column.explanation}


def _nested(columns, cells) -> dict:
    record = {}
    for column, cell in zip(columns, cells, strict=True):
        place = record.setdefault(column.part_of, {}) if column.part_of else record
        place[column.key] = cell
    return record


def written(value) -> str:
    """JSON in which a Decimal is a number with all its figures."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written(key)}: {written(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(written(each) for each in value) + "]"
    if isinstance(value, Decimal):
        return plain(value)
    if value is None or isinstance(value, (bool, int)):
        return json.dumps(value)
    return json.dumps(str(value), ensure_ascii=False)
