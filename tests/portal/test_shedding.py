"""What happens when more is asked at once than can be answered."""

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from portal.shedding import Shedding, Turns
from tests.portal.observability.wsgi import asked

pytestmark = pytest.mark.django_db  # the page that says so has a date at its foot

PATIENCE = 30  # seconds, of a test on a busy machine


class Slow:
    """An application that answers when it is let go, and counts how many are in it."""

    def __init__(self):
        self.go, self.entered, self.inside, self.most = Event(), 0, 0, 0

    def __call__(self, environ, start_response):
        self.entered += 1
        self.inside += 1
        self.most = max(self.most, self.inside)
        self.go.wait(PATIENCE)
        self.inside -= 1
        start_response("200 OK", [])
        return [b"done"]


def busy(turns):
    """The state that others wait for: so many free, so many waiting."""
    return turns.free, len(turns._queue)


def until(condition):
    pause = Event()
    for _ in range(PATIENCE * 200):
        if condition():
            return True
        pause.wait(0.005)
    return False


@contextmanager
def full(at_once=2, waiting=1, seconds=PATIENCE):
    """An application whose turns are all taken and whose queue is full."""
    slow, turns = Slow(), Turns(at_once, waiting, seconds)
    shedding = Shedding(slow, turns)
    with ThreadPoolExecutor(at_once + waiting) as pool:
        visitors = [pool.submit(asked, shedding) for _ in range(at_once + waiting)]
        try:
            assert until(lambda: busy(turns) == (0, waiting))
            yield shedding, slow, visitors
        finally:
            slow.go.set()


def test_no_more_than_so_many_are_at_work_and_all_who_wait_are_answered():
    with full(at_once=2, waiting=5) as (shedding, slow, visitors):
        slow.go.set()
        answers = [each.result(PATIENCE)[0] for each in visitors]

    assert answers == [200] * 7
    assert slow.most == 2
    assert busy(shedding.turns) == (2, 0)


@pytest.mark.parametrize(("path", "words"), [("/en/", "Please try again in a few seconds"), ("/zh-hans/", "zh-Hans")])
def test_one_more_is_told_at_once_to_come_back(path, words):
    with full() as (shedding, slow, _visitors):
        status, headers, body = asked(shedding, path)

    assert (status, headers["Retry-After"], headers["Cache-Control"]) == (503, "5", "no-store")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert words in body.decode()
    assert slow.entered == 3


def test_a_program_is_told_in_its_own_form():
    with full() as (shedding, _slow, _visitors):
        status, headers, body = asked(shedding, "/api/v1/agreements")

    assert (status, headers["Content-Type"], headers["Retry-After"]) == (503, "application/problem+json", "5")
    assert json.loads(body)["status"] == 503


def test_whoever_waited_too_long_is_told_the_same():
    with full(at_once=1, waiting=0) as (shedding, slow, _visitors):
        shedding.turns.room, shedding.turns.seconds = 1, 0.01
        status, _headers, _body = asked(shedding)

    assert status == 503
    assert slow.entered == 1
    assert busy(shedding.turns) == (1, 0)


def test_static_files_take_no_turn():
    with full() as (shedding, slow, _visitors):
        slow.go.set()
        assert asked(shedding, "/static/css/site.css")[0] == 200


def test_a_turn_is_given_back_when_the_application_fails():
    def failing(environ, start_response):
        raise RuntimeError("no")

    shedding = Shedding(failing, Turns(1, 0, 1))

    for _ in range(3):
        with pytest.raises(RuntimeError):
            asked(shedding)
    assert busy(shedding.turns) == (1, 0)


def test_an_answer_that_is_made_while_it_is_sent_keeps_its_turn_until_it_is_closed():
    def application(environ, start_response):
        start_response("200 OK", [])
        return StreamingHttpResponse([b"piece"])

    shedding = Shedding(application, Turns(1, 0, 1))
    answer = shedding(RequestFactory().get("/en/agreements.csv").environ, lambda *_: None)

    assert busy(shedding.turns) == (0, 0)
    assert b"".join(answer) == b"piece"
    answer.close()
    answer.close()
    assert busy(shedding.turns) == (1, 0)


def test_a_finished_answer_is_sent_without_a_turn():
    def application(environ, start_response):
        start_response("200 OK", [])
        return HttpResponse(b"page")

    shedding = Shedding(application, Turns(1, 0, 1))
    shedding(RequestFactory().get("/en/").environ, lambda *_: None)

    assert busy(shedding.turns) == (1, 0)


def test_the_log_says_so_now_and_then(caplog):
    with caplog.at_level(logging.WARNING), full() as (shedding, _slow, _visitors):
        for _ in range(50):
            asked(shedding)

    assert [each.getMessage() for each in caplog.records] == [
        "Too many requests at once: 1 were told to come back since this process began."
    ]
