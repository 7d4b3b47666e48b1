"""Requests that no browser sends, refused in one place before any view sees them."""

from django.core.exceptions import BadRequest

MAX_QUERY_LENGTH = 8192


class RefuseMalformedRequests:
    """Answers 400 to a NUL byte in the address or the query, a query over 8 kB, and a form in a charset but UTF-8.

    PostgreSQL refuses NUL in text, and Django decodes a form in whatever charset the client names: both would be a 500.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        query = request.META.get("QUERY_STRING", "")
        if len(query) > MAX_QUERY_LENGTH:
            raise BadRequest("the query is too long")
        if "\x00" in request.path or "%00" in query or "\x00" in query:
            raise BadRequest("a NUL byte")
        if request.content_params.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
            raise BadRequest("forms are read as UTF-8 only")
