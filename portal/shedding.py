"""More requests at once than can be answered: a few wait their turn, the rest are told at once to come back later.

Stands right around Django. Kept pages, probes and refusals need no turn, so they stay quick however much waits; that is
why gunicorn has more threads than requests may be at work (`THREADS` in deploy/gunicorn.conf.py). Without a limit every
thread would be busy with a page, everybody would wait for everybody else, and answers would come after those who asked
for them have left.
"""

import logging
from collections import deque
from io import BytesIO
from threading import Event, Lock
from time import monotonic

from django.conf import settings
from django.utils import translation

from portal.api.problems import is_for_programs
from portal.error_pages import come_back_later
from portal.hostile_requests import Request
from portal.observability.requests import KEY
from portal.response_headers import with_headers

BUSY = "503 Service Unavailable"
RETRY_AFTER = 5  # seconds
EVERY = 10  # seconds between two lines of the log about it

logger = logging.getLogger(__name__)


class Turns:
    """At most `at_once` are at work; at most `waiting` wait, each at most `seconds`, the first come first."""

    def __init__(self, at_once, waiting, seconds):
        self.free, self.room, self.seconds = at_once, waiting, seconds
        self._lock = Lock()
        self._queue: deque[Event] = deque()

    def take(self) -> bool:
        """Waits for a turn, which `give_back` ends; False where there is none to be had."""
        with self._lock:
            if self.free:
                self.free -= 1
                return True
            if len(self._queue) >= self.room:
                return False
            turn = Event()
            self._queue.append(turn)
        return turn.wait(self.seconds) or not self._left(turn)

    def _left(self, turn) -> bool:
        """Whether `turn` was still waited for, until now; else it came at the last moment."""
        with self._lock:
            if turn.is_set():
                return False
            self._queue.remove(turn)
            return True

    def give_back(self):
        """Straight to whoever waits first: to wake all of them would cost each a change of threads."""
        with self._lock:
            if self._queue:
                self._queue.popleft().set()
            else:
                self.free += 1


class Shedding:
    """The WSGI application around Django's."""

    def __init__(self, application, turns=None):
        self.application = application
        self.turns = turns or Turns(
            settings.REQUESTS_AT_ONCE, settings.REQUESTS_WAITING, settings.REQUESTS_WAIT_SECONDS
        )
        self._refusals: dict[str, tuple[list, bytes]] = {}
        self._shed, self._told_at = 0, float("-inf")

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"].startswith("/static/"):  # files from the disk, which a page needs to be read at all
            return self.application(environ, start_response)
        if not self.turns.take():
            return self._refuse(environ, start_response)
        is_being_made = False
        try:
            answer = self.application(environ, start_response)
            is_being_made = getattr(answer, "streaming", False)
            return InTurn(answer, self.turns) if is_being_made else answer
        finally:
            if not is_being_made:
                self.turns.give_back()

    def _refuse(self, environ, start_response):
        if KEY in environ:
            environ[KEY].by = "shed"
        self._tell()
        headers, body = self._refusal(environ)
        start_response(BUSY, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _refusal(self, environ):
        """Written once for each language and for programs: whoever has no time must not spend it on this."""
        request = Request(environ)
        code = translation.get_language_from_request(request, check_path=True)
        path = "/api/v1/" if is_for_programs(request) else f"/{code}/"
        if path not in self._refusals:
            plain = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "wsgi.input": BytesIO()}
            plain = Request(plain)
            response = with_headers(plain, come_back_later(plain, 503, RETRY_AFTER))
            response["Content-Length"] = str(len(response.content))
            self._refusals[path] = list(response.items()), response.content
        return self._refusals[path]

    def _tell(self):
        self._shed += 1
        if monotonic() - self._told_at > EVERY:
            self._told_at = monotonic()
            logger.warning("Too many requests at once: %d were told to come back since this process began.", self._shed)


class InTurn:
    """An answer that is still being made while it is sent; its turn ends with it."""

    streaming = True

    def __init__(self, answer, turns):
        self.answer, self.turns = answer, turns

    def __iter__(self):
        return iter(self.answer)

    def close(self):
        turns, self.turns = self.turns, None
        try:
            self.answer.close()
        finally:
            if turns:
                turns.give_back()
