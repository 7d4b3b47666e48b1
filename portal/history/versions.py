"""Which version of a record somebody is looking at, so that a later save can tell what came in between."""

from collections import defaultdict

from django.db.models import F, Max, Value

from portal.history.families import beneath
from portal.history.records import history_of


def versions_of(records, rows=None) -> dict[int, str]:
    """The present version of each of `records`, all of one model, by its key: it differs after every save of the record
    or of what is in `rows` beneath it (default: what is deleted with it). One query for any number of records."""
    records = list(records)
    if not records:
        return {}
    model = type(records[0])
    rows = beneath(model) if rows is None else tuple(rows)
    keys = [record.pk for record in records]
    kinds = [_newest(model, model._meta.pk.attname, 0, keys)]
    kinds += [_newest(each.model, each.column, kind, keys) for kind, each in enumerate(rows, start=1)]
    newest = defaultdict(dict)
    for kind, key, number in kinds[0].union(*kinds[1:], all=True) if rows else kinds[0]:
        newest[key][kind] = number
    return {key: "-".join(str(newest[key].get(kind, 0)) for kind in range(len(kinds))) for key in keys}


def parts_of(version, number) -> list[int] | None:
    """The newest historical rows that make up `version`, by kind; None where it is no version of `number` kinds."""
    parts = version.split("-")
    if len(parts) != number or not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
        return None
    return [int(part) for part in parts]


def _newest(model, column, kind, keys):
    rows = history_of(model)._base_manager.order_by().filter(**{f"{column}__in": keys})
    return rows.values(column).annotate(newest=Max("history_id")).values_list(Value(kind), F(column), "newest")
