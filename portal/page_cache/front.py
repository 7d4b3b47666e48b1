"""The door of the portal: what is kept is served here, before Django hears of the request.

It is a small cache in front of an application, as others run as a program of its own, with one difference: before it
serves anything it reads the generation of the data. Only requests whose answer cannot depend on who asks are looked at:
GET and HEAD without a session or a preview, for a host that is ours. Of their headers none but `Accept-Encoding` (gzip
or not), the `Accept` of feeds (a browser or not) and the two conditions count, and an answer that says it varies by
anything else is not kept.
"""

import gzip
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils.http import parse_etags, parse_http_date_safe

from portal.api.problems import OF_PROGRAMS
from portal.canonical import what_is_read
from portal.desk.previews import COOKIE as PREVIEW_COOKIE
from portal.page_cache import generation
from portal.page_cache.keeping import UNTIL
from portal.page_cache.kept_over import kept_over
from portal.page_cache.store import Entry, pages
from portal.response_headers import HEADERS

OF_NOT_MODIFIED = {"cache-control", "content-location", "etag", "expires", "last-modified", "vary"}
OF_NOT_MODIFIED |= {"content-security-policy", "strict-transport-security", *map(str.lower, HEADERS)}
FEED = ".atom"  # browsers get it as a type that they show


@dataclass(frozen=True)
class Page:
    """An answer as it goes out."""

    headers: list[tuple[str, str]]
    body: bytes
    etag: str = ""
    changed_at: int | None = None  # in seconds, where the answer says it
    is_packed: bool = False

    @classmethod
    def of(cls, headers, body):
        named = {name.lower(): value for name, value in headers}
        return cls(
            headers=headers,
            body=body,
            etag=named.get("etag", "").removeprefix("W/"),
            changed_at=parse_http_date_safe(named.get("last-modified", "")),
            is_packed=named.get("content-encoding") == "gzip",
        )

    def answer(self, environ, start_response):
        """The page; 304 for whoever has it already."""
        if self.is_known_to(environ):
            headers = [each for each in self.headers if each[0].lower() in OF_NOT_MODIFIED]
            start_response("304 Not Modified", headers)
            return []
        start_response("200 OK", self.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [self.body]

    def is_known_to(self, environ) -> bool:
        if tags := environ.get("HTTP_IF_NONE_MATCH"):
            known = {tag.removeprefix("W/") for tag in parse_etags(tags)}
            return bool(self.etag) and (self.etag in known or "*" in known)
        since = environ.get("HTTP_IF_MODIFIED_SINCE")
        return bool(since and self.changed_at and self.changed_at <= (parse_http_date_safe(since) or 0))

    def unpacked(self):
        """The same for whoever does not read gzip."""
        body = gzip.decompress(self.body)
        headers = [each for each in self.headers if each[0].lower() not in ("content-encoding", "content-length")]
        return Page.of([*headers, ("Content-Length", str(len(body)))], body)

    @property
    def size(self) -> int:
        return len(self.body) + sum(len(name) + len(value) for name, value in self.headers)


class Front:
    """The WSGI application around Django's."""

    def __init__(self, application):
        self.application = application
        self.not_pages = tuple(f"/{path}" for path in (settings.ADMIN_PATH, "static/", "media/"))
        self.cookies = (f"{settings.SESSION_COOKIE_NAME}=", f"{PREVIEW_COOKIE}=")

    def __call__(self, environ, start_response):
        if not self._is_for_everybody(environ):
            return self.application(environ, start_response)
        # Programs are told what they should not have asked; people get the page.
        if environ.get("QUERY_STRING") and not environ["PATH_INFO"].startswith(OF_PROGRAMS):
            environ["QUERY_STRING"] = what_is_read(environ["QUERY_STRING"])
        number = generation.read()
        if number is None:
            return self._without_database(environ, start_response)
        key = self._key(environ)
        entry = pages.get(key, number)
        if entry is not None:
            return entry.value.answer(environ, start_response)
        with generation.set_to(number):
            return self._fetched_or_made(environ, start_response, key, number)

    def _is_for_everybody(self, environ) -> bool:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or environ["PATH_INFO"].startswith(self.not_pages):
            return False
        if "HTTP_AUTHORIZATION" in environ or not is_ours(environ.get("HTTP_HOST", "")):
            return False
        if settings.SECURE_SSL_REDIRECT and not _is_secure(environ):
            return False
        given = environ.get("HTTP_COOKIE")
        return not given or not any(cookie in given for cookie in self.cookies)

    def _key(self, environ, *, is_packed=None) -> str:
        if is_packed is None:
            is_packed = "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "")
        path = environ["PATH_INFO"]
        for_browser = path.endswith(FEED) and "text/html" in environ.get("HTTP_ACCEPT", "")
        return f"{is_packed:d}{for_browser:d} {path}?{environ.get('QUERY_STRING', '')}"

    def _without_database(self, environ, start_response):
        """What was kept last, with a note that says so; what was not kept is left to Django."""
        if generation.is_lost():
            for is_packed in (False, True):
                entry = pages.last(self._key(environ, is_packed=is_packed), generation.last_known())
                if entry is not None:
                    return kept_over(environ, start_response, entry)
        return self.application(environ, start_response)

    def _fetched_or_made(self, environ, start_response, key, number):
        entry = pages.fetch(key, number) or self._unpacked(environ, key, number)
        if entry is None and environ["REQUEST_METHOD"] == "GET":
            with pages.making(key, number) as is_maker:
                entry = pages.fetch(key, number)
                if entry is None and is_maker:
                    return self._make(environ, start_response, key, number)
        if entry is None:
            return self.application(environ, start_response)
        return entry.value.answer(environ, start_response)

    def _unpacked(self, environ, key, number) -> Entry | None:
        packed_key = self._key(environ, is_packed=True)
        packed = pages.fetch(packed_key, number) if packed_key != key else None
        if packed is None or not packed.value.is_packed:
            return None
        page = packed.value.unpacked()
        entry = Entry(number, packed.until, page, page.size)
        pages.put(key, entry)
        return entry

    def _make(self, environ, start_response, key, number):
        """The answer of Django, kept if it may be. Whoever asks has no part in it: their conditions are looked at
        afterwards."""
        asked = {name: value for name, value in environ.items() if not name.startswith("HTTP_IF_")}
        said = []
        answer = self.application(asked, lambda status, headers, exc_info=None: said.extend([status, headers]))
        status, headers = said
        if UNTIL in asked and _is_in_the_key(headers, environ["PATH_INFO"]):
            page = Page.of(headers, b"".join(answer))
            pages.put(key, Entry(number, asked[UNTIL], page, page.size))
        elif status.startswith("200 ") and Page.of(headers, b"").is_known_to(environ):
            page = Page.of(headers, b"")
        else:
            start_response(status, headers)
            return answer
        answer.close()
        return page.answer(environ, start_response)


def _is_in_the_key(headers, path) -> bool:
    """Whether the answer depends on nothing but what its key says."""
    known = {"accept-encoding", "accept"} if path.endswith(FEED) else {"accept-encoding"}
    varies_by = {each.strip().lower() for name, value in headers if name == "Vary" for each in value.split(",")}
    return varies_by <= known and not any(name == "Set-Cookie" for name, _value in headers)


def _is_secure(environ) -> bool:
    header, value = settings.SECURE_PROXY_SSL_HEADER
    if header in environ:
        return environ[header].partition(",")[0].strip() == value
    return environ["wsgi.url_scheme"] == "https"


@lru_cache(maxsize=128)
def is_ours(host) -> bool:
    """Whether Django would accept this Host header."""
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)
