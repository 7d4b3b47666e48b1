"""Requests that no browser sends, refused in one place before any view sees them."""

from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http.request import parse_header_parameters

MAX_QUERY_LENGTH = 8192


class Request(WSGIRequest):
    """A request that is read as UTF-8 whatever it says. Django would take up the charset that it names while it is
    being made, where nothing turns a failure into an answer: some codecs of Python are none for text."""

    def _set_content_type_params(self, meta):
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))


class Handler(WSGIHandler):
    request_class = Request


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
