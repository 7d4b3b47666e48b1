import json
import logging
from datetime import timedelta
from types import SimpleNamespace

import pytest
from gunicorn.config import Config

from portal.observability import own_environment
from portal.observability.access_log import AccessLog
from portal.observability.requests import KEY, Asked

RESPONSE = SimpleNamespace(status="404 Not Found", sent=512, headers=[])
ENVIRON = {
    "REQUEST_METHOD": "GET",
    "RAW_URI": "/en/search/?q=sentinel",
    "QUERY_STRING": "q=sentinel",
    "REMOTE_ADDR": "203.0.113.77",
    "HTTP_USER_AGENT": "sentinel",
}


@pytest.fixture
def written(monkeypatch, tmp_path):
    """What is in the log after a request to which the server has answered RESPONSE."""
    monkeypatch.setenv("LOG_FORMAT", "json")
    config = Config()
    config.set("accesslog", str(tmp_path / "access.log"))
    log = AccessLog(config)
    yield lambda **known: (
        log.access(RESPONSE, None, ENVIRON | known, timedelta(milliseconds=12)),
        (tmp_path / "access.log").read_text(),
    )[1]
    for handler in list(logging.getLogger("gunicorn.access").handlers):
        handler.close()
        logging.getLogger("gunicorn.access").removeHandler(handler)


def test_an_answered_request_is_a_line_without_who_asked(written):
    facts = json.loads(written(**{KEY: Asked("0123456789abcdef", "GET", "/en/search/", by="django")}))

    del facts["time"]
    assert facts == {
        "level": "INFO",
        "logger": "gunicorn.access",
        "message": "GET /en/search/",
        "request_id": "0123456789abcdef",
        "method": "GET",
        "path": "/en/search/",
        "status": 404,
        "ms": 12.0,
        "bytes": 512,
        "by": "django",
    }


def test_a_request_that_the_server_itself_refused_is_a_line_too(written):
    text = written()

    assert json.loads(text)["by"] == "gunicorn"
    assert "sentinel" not in text
    assert "203.0.113" not in text


def test_what_the_server_could_not_read_is_not_repeated(written, caplog):
    log = logging.getLogger("gunicorn.error")
    log.addHandler(caplog.handler)

    AccessLog(Config()).warning("Invalid request from ip=203.0.113.77: Invalid method 'sentinel\n'")

    log.removeHandler(caplog.handler)
    assert caplog.messages == ["Invalid request"]


def test_the_format_is_read_from_the_environment_and_else_from_the_file(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("LOG_FORMAT=json\n")
    monkeypatch.setattr(own_environment, "DOTENV", tmp_path / ".env")
    monkeypatch.delenv("LOG_FORMAT", raising=False)

    assert own_environment.variable("LOG_FORMAT") == "json"
    monkeypatch.setenv("LOG_FORMAT", "line")
    assert own_environment.variable("LOG_FORMAT") == "line"
    assert own_environment.variable("METRICS_TOKEN") == ""
