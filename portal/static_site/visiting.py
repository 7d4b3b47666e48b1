"""Pages as an anonymous visitor gets them: through the whole application, in this process."""

import io
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.urls import get_resolver

from portal.page_cache import generation
from portal.page_cache.keeping import UNTIL


@dataclass(frozen=True)
class Answer:
    """What the application says to a visitor."""

    status: int
    headers: dict[str, str]
    body: bytes
    is_personal: bool  # it belongs to whoever asked: it sets a cookie, depends on one, or must not be stored

    @property
    def content_type(self) -> str:
        return self.headers.get("Content-Type", "")

    @property
    def varies_with(self) -> set[str]:
        return {each.strip().lower() for each in self.headers.get("Vary", "").split(",") if each.strip()}


class Visitor:
    """Somebody without cookies, at the address of the site, while the data is of one `generation`. `until` is the first
    moment at which a page that was asked for may look different by itself (`portal.page_cache.keeping`)."""

    def __init__(self, number):
        self._application = WSGIHandler()
        self.generation = number
        self.until = None

    def ask(self, address, **headers) -> Answer:
        """The answer to a GET of `address`; `headers` as WSGI names them (HTTP_ACCEPT)."""
        said, asked = {}, {**_environ(address), **headers}
        with generation.set_to(self.generation):
            pieces = self._application(asked, lambda status, lines, *_: said.update(status=status, lines=lines))
            try:
                body = b"".join(pieces)
            finally:
                pieces.close()
        self.until = min(filter(None, [self.until, asked.get(UNTIL)]), default=None)
        names = [name for name, _value in said["lines"]]
        headers = dict(said["lines"])
        answer = Answer(int(said["status"].split()[0]), headers, body, "Set-Cookie" in names)
        stored = headers.get("Cache-Control", "")
        if "cookie" in answer.varies_with or "no-store" in stored or "private" in stored:
            return Answer(answer.status, headers, body, True)
        return answer

    def sees_a_fault(self, address) -> bytes:
        """The page that says that something went wrong, in the language of `address`."""
        return get_resolver().resolve_error_handler(500)(WSGIRequest(_environ(address))).content


def _environ(address):
    site = urlsplit(settings.SITE_URL)
    path, _, query = address.partition("?")
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(path, "latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": site.hostname,
        "SERVER_PORT": str(site.port or (443 if site.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": site.netloc,
        "HTTP_X_FORWARDED_PROTO": site.scheme,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": site.scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
