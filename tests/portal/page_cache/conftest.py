"""The portal as an application server sees it, with the page cache in front and the pages counted that Django made."""

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory

from portal.page_cache.front import Front


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = int(status.partition(" ")[0]), dict(headers), body

    @property
    def text(self):
        return self.body.decode()


class Site:
    """`get` asks, `made` is the number of answers that Django was needed for."""

    def __init__(self):
        self.made = 0
        self.django = WSGIHandler()
        self.front = Front(self._django)

    def _django(self, environ, start_response):
        self.made += 1
        return self.django(environ, start_response)

    def get(self, address, method="GET", **headers) -> Answer:
        environ = RequestFactory().generic(method, address, headers={"host": "testserver", **headers}).environ
        said = []
        answer = self.front(environ, lambda *of: said.extend(of))
        body = b"".join(answer)
        getattr(answer, "close", lambda: None)()
        return Answer(*said[:2], body)


@pytest.fixture
def site(db, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    return Site()
