"""A few seconds of `make drill-load`: more than a server can answer, and what the drill says of one that fails."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from deploy.drill_load import Load, Tally, outcome_of
from tests.servers import servers

SECONDS = 4


@pytest.fixture(scope="module")
def busy_server(django_db_setup, django_db_blocker, tmp_path_factory):
    """A server that works on one request at a time and lets two wait."""
    few = {"REQUESTS_AT_ONCE": "1", "REQUESTS_WAITING": "2", "REQUESTS_WAIT_SECONDS": "1", "THREADS": "6"}
    with servers(1, tmp_path_factory.mktemp("load"), django_db_blocker, CACHE_URL="locmemcache://", **few) as portal:
        yield portal


@pytest.mark.django_db
def test_beyond_what_it_can_answer_a_server_says_come_back_and_nothing_else_goes_wrong(busy_server):
    load = Load(busy_server.first.port)

    load.open(SECONDS, rate=300, clients=40)

    assert load.tally.wrong == {}
    assert load.tally.number("shed") > 0
    assert load.tally.number("right") > 0
    assert busy_server.first.get("/en/").status == 200  # and it is there afterwards


@pytest.fixture
def failing_server():
    """Answers a third of all requests, fails another, and drops the rest."""
    numbers = iter(range(10**6))

    class Failing(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            number = next(numbers) % 3
            if number == 2:
                self.close_connection = True
                return
            self.send_response((200, 503)[number])
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Failing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()


def test_the_drill_notices_a_server_that_fails(failing_server):
    load = Load(failing_server)

    load.open(0.5, rate=120, clients=4)

    assert load.tally.number("right") == 20
    assert load.tally.number("wrong") == 40
    assert any("WRONG" in line for line in load.tally.lines())


@pytest.mark.parametrize(
    ("status", "headers", "outcome"),
    [
        (200, {}, "right"),
        (302, {}, "right"),
        (503, {"Retry-After": "5"}, "shed"),
        (429, {"Retry-After": "60"}, "shed"),
        (503, {}, "wrong"),
        (500, {"Retry-After": "5"}, "wrong"),
        (404, {}, "wrong"),
    ],
)
def test_a_refusal_says_when_to_come_back_or_is_an_error(status, headers, outcome):
    assert outcome_of(status, headers) == outcome


def test_the_table_has_the_times_of_each_kind():
    tally = Tally()
    for number in range(100):
        tally.note("page", "right", number / 1000)
    tally.note("page", "shed", 0.001)

    [_names, page] = tally.lines()

    assert page.split() == ["page", "101", "100", "1", "0", "50", "99", "1"]
