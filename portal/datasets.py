"""What can be had of the data: the datasets with their size and freshness, and the files that hold all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, Count, DateField, DateTimeField, IntegerField, Max, Q, Value
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response

from portal.api import package
from portal.api.answers import as_json, open_data
from portal.api.catalogue import catalogue_of
from portal.api.problems import Problem
from portal.api.requests import parameters_of
from portal.api.resources import Resource, all_resources
from portal.downloads.csv_file import csv_lines
from portal.downloads.responses import CONTENT_TYPES, sent_together
from portal.page_cache.kept import kept


@dataclass(frozen=True)
class Dataset:
    """A dataset as it is now: how many records it has, and the newest day on which one of them was published or
    corrected, or one of their sources was read."""

    resource: Resource
    count: int
    newest: date | None


def datasets() -> list[Dataset]:
    """Every dataset; one query, asked once for each content generation."""
    counted = {each.name: [0, []] for each in all_resources()}
    for name, count, moment, day in kept("portal.datasets", lambda: list(_rows())):
        known = counted[name]
        known[0] += count
        known[1] += [timezone.localdate(moment)] if moment else []
        known[1] += [day] if day else []
    return [Dataset(each, counted[each.name][0], max(counted[each.name][1], default=None)) for each in all_resources()]


def _rows():
    """Rows of (dataset, number of records, newest publication, newest other day)."""
    parts = [part for each in all_resources() for part in _parts(each)]
    return parts[0].union(*parts[1:], all=True)


NO_MOMENT, NO_DAY = Value(None, DateTimeField()), Value(None, DateField())


def _parts(resource):
    """The rows of one dataset: its records, its corrections, and the readings of its sources."""
    records = resource.records().order_by()
    model = records.model
    names = {field.name for field in model._meta.get_fields()}
    published = Max("published_at") if "published_at" in names else NO_MOMENT
    read = Max("accessed_on") if "accessed_on" in names else NO_DAY
    yield _row(records, resource.name, Count("pk"), published, read)
    if "citations" in names:
        citations = model._meta.get_field("citations").related_model.objects.filter(record__in=records.values("pk"))
        read = Max("source__accessed_on", filter=Q(source__rejected_reason=""))
        yield _row(citations.order_by(), resource.name, NOTHING, NO_MOMENT, read)
    if "corrections" in names:
        corrections = model._meta.get_field("corrections").related_model.objects.filter(record__in=records.values("pk"))
        yield _row(corrections.order_by(), resource.name, NOTHING, NO_MOMENT, Max("made_on"))


NOTHING = Value(0, IntegerField())


def _row(rows, name, count, moment, day):
    named = rows.annotate(dataset=Value(name, CharField())).values("dataset")
    return named.annotate(n=count, moment=moment, day=day).values_list("dataset", "n", "moment", "day")


def resource_of_file(name) -> Resource | None:
    """The dataset whose files begin with `name`."""
    return next((each for each in all_resources() if name == (each.file_name or each.name)), None)


# --- Files that hold more than one dataset ----------------------------------------------------------------------------
_documents: dict[str, tuple[str, Callable[[], dict]]] = {}


def register_document(name, content_type, make) -> None:
    """Adds the JSON document `/data/<name>`, which `make()` writes."""
    _documents[name] = (content_type, make)


@open_data
def data_file(request, name):
    """A file with more than one dataset in it, or one table of the data package."""
    all_resources()  # the apps add their documents with their datasets
    parameters_of(request, ())
    if name == "portal.zip":
        return _everything(request)
    if name in _documents:
        content_type, make = _documents[name]
        return as_json(None if request.method == "HEAD" else make(), content_type)
    if part := package.part_of_file(name):
        return _table(request, part)
    raise Problem(404)


def _everything(request):
    if request.method == "HEAD":
        return HttpResponse(content_type="application/zip")
    made = package.package()
    response = get_conditional_response(request, etag=made.etag)
    if response is None:
        response = FileResponse(made.open(), as_attachment=True, filename="portal.zip", content_type="application/zip")
    response["ETag"] = made.etag
    return response


def _table(request, part):
    with translation.override("en"):
        lines = () if request.method == "HEAD" else sent_together(csv_lines(part.table(part.rows())))
    return StreamingHttpResponse(lines, content_type=CONTENT_TYPES["csv"])


register_document("datapackage.json", "application/json; charset=utf-8", package.descriptor)
register_document("catalog.jsonld", "application/ld+json; charset=utf-8", lambda: catalogue_of(datasets()))
