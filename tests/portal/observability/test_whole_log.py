"""A real server writes its log while somebody uses the portal: who it was and what they said is nowhere in it."""

import json
import socket
import time
from datetime import timedelta
from pathlib import Path

import pytest

from events.enquiry_form import EnquiryForm
from events.models import Enquiry
from portal import clock
from tests import factories
from tests.servers import servers
from tests.visitors import HOST, PATIENCE

pytestmark = pytest.mark.django_db

SENTINEL = "Zzentinel"  # in everything that is said here
ADDRESS = "203.0.113.77"
GIVEN = "name-given-by-the-proxy"
SAID = {"user_agent": SENTINEL, "referer": f"https://{SENTINEL}.example/", "x_forwarded_for": ADDRESS}


@pytest.fixture(scope="module")
def portal(django_db_setup, django_db_blocker, tmp_path_factory):
    """One server that logs everything, behind a proxy that it trusts."""
    folder = tmp_path_factory.mktemp("log")
    variables = {
        "ACCESS_LOG": str(folder / "access.log"),
        "CACHE_URL": "locmemcache://",
        "GUNICORN_LOG_LEVEL": "debug",
        "LOG_FORMAT": "json",
        "LOG_LEVEL": "INFO",
        "METRICS_TOKEN": "the-token-of-this-test",
        "SLOW_QUERY_MS": "0.001",
        "TMPDIR": str(folder),
        "TRUSTED_PROXIES": "1",
    }
    with servers(1, folder, django_db_blocker, **variables) as portal:
        yield portal


def log_of(portal) -> str:
    folder = Path(portal.environment["ACCESS_LOG"]).parent
    return (folder / "access.log").read_text() + (folder / "servers.log").read_text()


def lines_of(portal, answer, *loggers) -> dict:
    """What is logged of the request that was answered so, once these have written their line: after the answer."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        lines = [
            json.loads(line) for line in log_of(portal).splitlines() if line.startswith("{") and line.endswith("}")
        ]
        of_it = {line["logger"]: line for line in lines if line.get("request_id") == answer.headers["X-Request-ID"]}
        if of_it.keys() >= set(loggers):
            return of_it
        time.sleep(0.01)
    raise AssertionError(log_of(portal))


def refused_by_the_server_itself(port):
    """A request that is none, so that gunicorn complains of who sent it."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(f"{SENTINEL} /?q={SENTINEL} NOTHTTP\r\nHost: {HOST}\r\n\r\n".encode())
        connection.recv(1000)


def a_minute_ago() -> str:
    """What a form carries that was opened then: nobody fills it in at once."""
    with clock.set_to(clock.now() - timedelta(minutes=1)):
        return EnquiryForm().signed_moment


def walk(portal):
    """A visitor who searches, writes and errs, and an editor who mistypes, signs in, and saves."""
    server, visitor, editor = portal.first, portal.visitor(), portal.visitor()
    visitor.cookies["odd"] = SENTINEL
    for path in (f"/en/search/?q={SENTINEL}", f"/en/nope/?q={SENTINEL}", "/en/", "/en/", f"/preview/{SENTINEL}/"):
        visitor.get(server, path, **SAID)
    server.get("/en/", host=f"{SENTINEL}.example")
    refused_by_the_server_itself(server.port)
    form = visitor.form(server, "/en/enquiries/")
    said = {"name": f"{SENTINEL} Li", "email": f"li@{SENTINEL}.example", "message": f"{SENTINEL} and more of it"}
    form |= {**said, "topic": "invest", "consent": "on", "sending": a_minute_ago()}
    sent = visitor.post(server, "/en/enquiries/", form, **SAID)
    assert sent.status == 303, sent.complaints
    visitor.get(server, sent.location)
    editor.post(server, "/admin/login/", {"username": SENTINEL, "password": f"{SENTINEL} wrong"}, **SAID)
    editor.sign_in(server, username=SENTINEL)
    with portal.here():
        path = f"/admin/portal/source/{factories.source(slug='of-the-log').pk}/change/"
    saved = editor.post(server, path, {**editor.form(server, path), "note_en": SENTINEL}, **SAID)
    assert saved.status == 302, saved.complaints
    editor.get(server, f"/admin/portal/source/?q={SENTINEL}", **SAID)


def test_nobody_is_in_the_log(portal):
    walk(portal)
    lines_of(portal, portal.first.get("/en/"), "gunicorn.access")  # what came before is written

    text = log_of(portal)
    with portal.here():
        assert Enquiry.objects.filter(name__contains=SENTINEL).exists()  # it was said, and understood
    assert SENTINEL.lower() not in text.lower()
    assert ADDRESS not in text
    assert "A query took" in text  # the log of slow queries was on


def test_each_request_is_a_line_of_json_with_the_name_that_its_answer_has(portal):
    answer = portal.first.get("/en/", x_request_id=GIVEN)
    again = portal.first.get("/en/accessibility/")

    assert answer.headers["X-Request-ID"] == GIVEN
    assert lines_of(portal, answer, "gunicorn.access")["gunicorn.access"]["path"] == "/en/"
    assert lines_of(portal, again, "gunicorn.access")["gunicorn.access"]["status"] == 200


def test_what_is_logged_of_a_request_has_its_name(portal):
    answer = portal.first.get("/en/no-such-page/")

    assert lines_of(portal, answer, "gunicorn.access", "django.request")


def test_probes_answer_for_any_name_of_the_host(portal):
    health, ready = (portal.first.get(path, host="10.0.0.7:8000") for path in ("/healthz", "/readyz"))

    assert (health.status, health.text) == (200, "ok\n")
    assert ready.status == 200, ready.text
    assert [line.partition(":")[0] for line in ready.text.splitlines()] == [
        *("database", "migrations", "cache", "storage", "index")
    ]


def test_the_numbers_of_all_requests_are_one_answer(portal):
    portal.first.get("/en/data/")
    portal.first.get("/en/data/")

    numbers = portal.first.get("/metrics", authorization="Bearer the-token-of-this-test").text

    assert 'portal_requests_total{by="kept",kind="page",method="GET",status="200"}' in numbers
    assert "portal_enquiries_waiting" in numbers
