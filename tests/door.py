"""The door of the portal, as application servers use it: `portal.wsgi.application`, with the page cache in front of
Django. What is asked need not be anything that a browser would send.

    def test_something(door):
        answer = door.ask("/en/search/?q=%FF", method="GET", cookie="a=b")
        assert answer.status == 200, answer.text
"""

import io
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter, thread_time
from urllib.parse import unquote_to_bytes

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection

OURS = "testserver"


@dataclass
class Answer:
    asked: str
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    lines: list[tuple[str, str]] = field(default_factory=list)  # the same, where one may come twice
    body: bytes = b""
    seconds: float = 0  # of this process and of the database; not what else a busy machine does meanwhile

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def content_type(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0]


class Door:
    """`ask` sends one request to `application`. `target` is what stands between the method and HTTP/1.1, and headers
    are named as keywords: `if_none_match="*"`; either may hold anything that Latin-1 can."""

    def __init__(self, application, **headers):
        self.application, self.headers = application, headers

    def with_headers(self, **headers) -> "Door":
        return Door(self.application, **{**self.headers, **headers})

    def ask(self, target, method="GET", body=b"", **headers) -> Answer:
        answer = Answer(f"{method} {target[:200]} {dict(headers)!r:.200} {body[:200]!r}")
        environ = self._environ(target, method, body, {**self.headers, **headers})
        began, database = thread_time(), _Stopwatch()
        with connections_kept(), connection.execute_wrapper(database):
            pieces = self.application(environ, lambda *said: self._begin(answer, *said))
            try:
                answer.body = b"".join(pieces)
            finally:
                getattr(pieces, "close", lambda: None)()
        answer.seconds = thread_time() - began + database.seconds
        return answer

    @staticmethod
    def _begin(answer, status, lines, _exc_info=None):
        answer.status, answer.lines, answer.headers = int(status[:3]), lines, dict(lines)

    @staticmethod
    def _environ(target, method, body, headers):
        path, _, query = target.encode("utf-8", "surrogateescape").decode("latin-1").partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path.encode("latin-1")).decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": OURS,
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "192.0.2.7",
            "HTTP_HOST": OURS,
            "CONTENT_LENGTH": str(len(body)) if body else "",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        for name, value in headers.items():
            key = name.upper()
            environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH", "REMOTE_ADDR") else f"HTTP_{key}"] = value
        return environ


class _Stopwatch:
    """How long the database takes."""

    seconds = 0

    def __call__(self, execute, *query):
        began = perf_counter()
        try:
            return execute(*query)
        finally:
            self.seconds += perf_counter() - began


@contextmanager
def connections_kept():
    """The connection of the test, in whose transaction everything happens, outlives the requests."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@pytest.fixture
def door(db, settings):
    settings.ALLOWED_HOSTS = [OURS]
    from portal.wsgi import application

    return Door(application)
