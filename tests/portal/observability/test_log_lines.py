"""The form of the log, and that nothing of anybody is in it."""

import json
import logging

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from portal.observability.log_lines import JsonFormatter, LineFormatter
from portal.observability.requests import Asked

PLAIN = logging.Formatter()
SECRETS = {"name": "Anna Sentinella", "email": "anna@sentinel.example", "message": "sentinelwords of mine"}


def failing(request):
    logging.getLogger("portal.enquiries").warning("Taking in %s", dict(request.POST))
    raise ValueError(f"cannot take in {request.POST['message']} of {request.POST['name']}, {request.POST['email']}")


urlpatterns = [path("fails/", failing), path("works/", lambda request: HttpResponse())]


def record(message="Something", *arguments, level=logging.WARNING, **more):
    made = logging.LogRecord("portal.x", level, __file__, 1, message, arguments, None)
    made.__dict__.update(more)
    return made


def test_a_line_of_json_has_these_fields():
    asked = Asked("0123456789abcdef", "GET", "/en/")

    line = JsonFormatter().format(record("GET %s", "/en/", asked=asked, status=200, ms=1.5, bytes=23, by="kept"))

    facts = json.loads(line)
    assert "\n" not in line
    assert facts.pop("time").endswith("Z")
    assert facts == {
        "level": "WARNING",
        "logger": "portal.x",
        "message": "GET /en/",
        "request_id": "0123456789abcdef",
        "method": "GET",
        "path": "/en/",
        "status": 200,
        "ms": 1.5,
        "bytes": 23,
        "by": "kept",
    }


def test_a_line_without_a_request_has_none_of_its_fields():
    assert set(json.loads(JsonFormatter().format(record()))) == {"time", "level", "logger", "message"}


def test_a_line_for_people_is_one_line_whatever_somebody_sent():
    line = LineFormatter().format(record("a\nb\x1b[31m号", asked=Asked("0123456789abcdef", "GET", "/"), status=200))

    assert line.partition(" ")[2] == "WARNING portal.x [0123456789abcdef]: a\\x0ab\\x1b[31m号 status=200"


class Kept(logging.Handler):
    """What each of the formatters would write."""

    def __init__(self):
        super().__init__()
        self.written = {each: [] for each in (JsonFormatter, LineFormatter, logging.Formatter)}

    def emit(self, record):
        for formatter, lines in self.written.items():
            lines.append(formatter().format(record))


@pytest.fixture
def log():
    handler, root = Kept(), logging.getLogger()
    root.addHandler(handler)
    yield handler.written
    root.removeHandler(handler)


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("formatter", [JsonFormatter, LineFormatter])
def test_a_fault_says_where_it_is_and_not_what_was_sent(log, formatter):
    Client(raise_request_exception=False).post("/fails/?q=sentinelquery", SECRETS)

    text, control = "\n".join(log[formatter]), "\n".join(log[logging.Formatter])
    assert "ValueError: cannot take in … of …, …" in text
    assert "test_log_lines.py" in text
    assert "sentinel" not in text.lower()
    assert "sentinel" in control.lower()  # it was there to be seen
    assert all(value in control for value in SECRETS.values())
