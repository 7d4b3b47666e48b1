"""The name of each request, in every line of the log and in its answer (`X-Request-ID`), so that what a visitor
reports, what the proxy noted and what happened here can be put together."""

import re
import secrets
import weakref
from contextvars import ContextVar
from dataclasses import dataclass
from time import perf_counter

from django.conf import settings

KEY = "portal.request"  # in the WSGI environment
SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{7,63}")

# A path that lets its reader in, or says who somebody is: /preview/<token>/, /enquiries/<token>/, password-reset/…
SECRET_PATHS = re.compile(r"(/(?:preview|enquiries|password-reset)/)[^/\s]+(?:/[^/\s]+)*/?")

_current: ContextVar["Asked | None"] = ContextVar("asked", default=None)


@dataclass
class Asked:
    """A request, as far as the log may know it. `by` says who answered: "kept" pages, "django", a "probe", or nobody
    because there was no room ("shed")."""

    id: str
    method: str
    path: str
    by: str = "kept"
    status: int = 0
    request: weakref.ref | None = None  # of Django, for what the log must leave out

    @classmethod
    def of(cls, environ):
        method, path = environ["REQUEST_METHOD"], without_secrets(environ.get("PATH_INFO", ""))
        return cls(_id_of(environ), method[:10], path[:200])


def current() -> Asked | None:
    """The request that is being answered."""
    return _current.get()


def without_secrets(path) -> str:
    return SECRET_PATHS.sub(r"\1…", path)


def _id_of(environ) -> str:
    """What a proxy that we trust calls the request; else a new name."""
    given = environ.get("HTTP_X_REQUEST_ID", "")
    if settings.TRUSTED_PROXIES and SANE.fullmatch(given):
        return given
    return secrets.token_hex(8)


class Named:
    """The WSGI application around everything else: names the request, and tells the name to whoever asked.
    `finished(asked, seconds)` is called for each."""

    def __init__(self, application, finished=None):
        self.application, self.finished = application, finished

    def __call__(self, environ, start_response):
        asked = environ[KEY] = Asked.of(environ)
        began, token = perf_counter(), _current.set(asked)

        def start(status, headers, exc_info=None):
            asked.status = int(status[:3])
            return start_response(status, [*headers, ("X-Request-ID", asked.id)], exc_info)

        try:
            answer = self.application(environ, start)
        finally:
            _current.reset(token)
        if self.finished:
            self.finished(asked, perf_counter() - began)
        return Streamed(answer, asked) if getattr(answer, "streaming", False) else answer


class Streamed:
    """An answer that is still being made while it is sent: what is logged meanwhile belongs to its request."""

    def __init__(self, answer, asked):
        self.answer, self.asked = answer, asked
        self.close = answer.close

    def __iter__(self):
        pieces = iter(self.answer)
        while True:
            token = _current.set(self.asked)
            try:
                piece = next(pieces)
            except StopIteration:
                return
            finally:
                _current.reset(token)
            yield piece


class RememberRequest:
    """The outermost middleware: what Django knows of the request, so that the log can leave it out."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        asked = current() or Asked.of(request.META)
        asked.by, asked.request = "django", weakref.ref(request)
        token = _current.set(asked)
        try:
            return self.get_response(request)
        finally:
            _current.reset(token)
