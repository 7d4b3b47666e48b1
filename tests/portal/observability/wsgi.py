"""Asking a WSGI application as a server does."""

from django.test import RequestFactory


def asked(application, path="/en/", method="GET", **environ):
    """The status, the headers and the body that `application` answers."""
    said = {}

    def start(status, headers, exc_info=None):
        said.update(status=int(status[:3]), headers=dict(headers))

    answer = application({**RequestFactory().generic(method, path).environ, **environ}, start)
    try:
        body = b"".join(answer)
    finally:
        getattr(answer, "close", lambda: None)()
    return said["status"], said["headers"], body


def hello(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"hello"]
