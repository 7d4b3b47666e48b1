"""The answer to a request for a file, and the ends of addresses that ask for one (`companies.csv`)."""

from itertools import islice

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.urls import register_converter
from django.utils.http import content_disposition_header

from portal import clock
from portal.downloads.csv_file import csv_lines
from portal.downloads.json_file import json_lines

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json; charset=utf-8",
}
LINES = 100  # that are sent together


class DownloadFormat:
    """`path("companies.<download_format:file_format>", ...)`: any other format is no such page."""

    regex = "|".join(CONTENT_TYPES)

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(DownloadFormat, "download_format")


def respond(request, table, file_format):
    """`table` as a file to keep: "csv" (with a byte order mark for `?bom=1`), "xlsx" or "json"; else 404."""
    if file_format not in CONTENT_TYPES:
        raise Http404("no such format")
    response = _response(request, table, file_format)
    name = f"{table.name}-{clock.today()}.{file_format}"
    response["Content-Type"] = CONTENT_TYPES[file_format]
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _response(request, table, file_format):
    if request.method == "HEAD":
        return HttpResponse()  # nothing is read from the database for an answer without a body
    if file_format == "xlsx":
        from portal.downloads.xlsx_file import xlsx_file  # openpyxl takes a moment to load, and 6 MB

        return FileResponse(xlsx_file(table))
    if file_format == "json":
        return StreamingHttpResponse(sent_together(json_lines(table)))
    return StreamingHttpResponse(sent_together(csv_lines(table, bom=request.GET.get("bom") == "1")))


def sent_together(lines):
    """The lines in pieces worth sending."""
    while piece := "".join(islice(lines, LINES)):
        yield piece.encode()
