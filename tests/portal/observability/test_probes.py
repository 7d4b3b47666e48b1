import pytest

from portal.observability import metrics
from portal.observability.probes import Probes
from portal.observability.readiness import Failed, Readiness
from tests.portal.observability.wsgi import asked, hello


def fine():
    return None


def broken():
    raise Failed("sesame")


def probes(**checks):
    return Probes(hello, Readiness(checks or {"database": fine}))


def test_a_process_that_answers_is_healthy_whatever_else_is_broken():
    status, headers, body = asked(probes(database=broken), "/healthz")

    assert (status, body) == (200, b"ok\n")
    assert headers["Content-Type"] == "text/plain; charset=utf-8"


def test_a_server_is_ready_when_all_it_needs_is_there():
    status, _headers, body = asked(probes(database=fine, cache=fine), "/readyz")

    assert status == 200
    assert [line.partition(",")[0] for line in body.decode().splitlines()] == ["database: ok", "cache: ok"]


def test_one_thing_missing_is_503_with_its_name_and_nothing_else():
    status, headers, body = asked(probes(database=fine, cache=broken), "/readyz")

    assert status == 503
    assert headers["Retry-After"] == "5"
    assert [line.partition(",")[0] for line in body.decode().splitlines()] == ["database: ok", "cache: failed"]
    assert b"sesame" not in body


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_are_for_any_host_and_for_no_cache(path):
    status, headers, _body = asked(probes(), path, HTTP_HOST="10.0.0.7:8000")

    assert status == 200
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Robots-Tag"] == "noindex"
    assert asked(probes(), path, "HEAD")[2] == b""
    assert asked(probes(), path, "POST")[0] == 405


def test_everything_else_goes_on():
    assert asked(probes(), "/en/")[2] == asked(probes(), "/healthz/")[2] == b"hello"


@pytest.mark.django_db
def test_probes_are_no_pages(client):
    sitemap = client.get("/sitemap.xml").text + client.get("/sitemaps/lists-1.xml").text

    assert "healthz" not in sitemap + client.get("/robots.txt").text


def test_without_a_token_nobody_knows_of_numbers():
    assert asked(probes(), "/metrics")[2] == b"hello"


@pytest.mark.django_db
def test_numbers_are_for_whoever_has_the_token(settings, monkeypatch):
    monkeypatch.setattr(metrics, "_counts", None)
    settings.METRICS_TOKEN = "the-token-of-prometheus"

    refused, headers, nothing = asked(probes(), "/metrics", HTTP_AUTHORIZATION="Bearer another")
    status, _headers, body = asked(probes(), "/metrics", HTTP_AUTHORIZATION="Bearer the-token-of-prometheus")

    assert (refused, headers["WWW-Authenticate"], nothing) == (401, "Bearer", b"")
    assert asked(probes(), "/metrics")[0] == 401
    assert status == 200
    assert b"portal_database_up 1.0" in body
