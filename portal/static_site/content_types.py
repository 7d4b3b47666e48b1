"""Content types by the ending of a file, which is how nginx tells them."""

import re
from pathlib import PurePosixPath

ENDINGS = {
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
    "pdf": "application/pdf",
    "ics": "text/calendar; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "xml": "application/xml",
    "jsonld": "application/ld+json; charset=utf-8",
    "webmanifest": "application/manifest+json",
    "txt": "text/plain; charset=utf-8",
    "css": 'text/css; charset="utf-8"',
    "js": 'text/javascript; charset="utf-8"',
    "woff2": "font/woff2",
    "svg": "image/svg+xml",
    "png": "image/png",
    "webp": "image/webp",
    "ico": "image/x-icon",
}
_BY_TYPE = {content_type: ending for ending, content_type in ENDINGS.items()}


def ending_of(name) -> str:
    return PurePosixPath(name).suffix.removeprefix(".").lower()


def ending_for(content_type) -> str:
    """The ending that means `content_type`; one made from its name, where none is usual."""
    return _BY_TYPE.get(content_type) or re.sub(r"[^a-z0-9]+", "-", content_type.lower()).strip("-")
