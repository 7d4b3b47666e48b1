"""Answers that other programs fetch again and again: they say when they changed, so that asking costs next to nothing.

The ETag and the 304 are Django's (`ConditionalGetMiddleware`).
"""

from django.http import HttpResponse
from django.utils.http import http_date


def answer(content, content_type, changed_at) -> HttpResponse:
    """`content` as it was since `changed_at`."""
    response = HttpResponse(content, content_type=content_type)
    response["Last-Modified"] = http_date(changed_at.timestamp())
    return response
