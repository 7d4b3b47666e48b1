"""A kept page while the database is lost: as it was, with a line that says of when.

The line goes before the main part of a page, where base.html has its other lines for everybody; feeds, calendars and
files go out as they are, and say so in their headers alone. No cache on the way and no browser keeps such an answer.
"""

import re
from datetime import timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from portal import clock

MAIN = re.compile(rb"<main[ >]")
NOT_SENT = {"age", "cache-control", "content-encoding", "content-length", "etag", "expires", "last-modified"}


def kept_over(environ, start_response, entry):
    """Answers a request with `entry` of the page cache, whose generation nobody can compare."""
    page = entry.value.unpacked() if entry.value.is_packed else entry.value
    headers = [each for each in page.headers if each[0].lower() not in NOT_SENT]
    is_html = any(name.lower() == "content-type" and value.startswith("text/html") for name, value in headers)
    body = _with_note(page.body, environ["PATH_INFO"], entry.made_at) if is_html else page.body
    age = max((clock.now() - entry.made_at) // timedelta(seconds=1), 0)
    said = {
        "Age": str(age),
        "Cache-Control": "no-store",
        "Content-Length": str(len(body)),
        "Warning": '110 - "Response is Stale"',
    }
    start_response("200 OK", [*headers, *said.items()])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _with_note(body, path, made_at) -> bytes:
    with translation.override(translation.get_language_from_path(path) or settings.LANGUAGE_CODE):
        note = render_to_string("components/outage_note.html", {"made_at": made_at}).strip()
    return MAIN.sub(lambda main: note.encode() + main[0], body, count=1)
