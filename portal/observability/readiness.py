"""What a server needs before visitors may come: each of `CHECKS` by itself, in a bounded time.

The answer names what was looked at, says "ok" or "failed" and how long it took. Why something failed is in the log:
an answer for everybody must not tell which version of what is down.
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass
from functools import cache as once
from secrets import token_hex
from threading import Lock
from time import monotonic

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from portal.search.models import Waiting

PATIENCE = 2  # seconds for each check
GOOD_FOR = 1  # second that a verdict is told again, so that nobody wears the server out by asking
MOST_WAITING = 5000  # changed rows that the next searches index without being noticed

logger = logging.getLogger(__name__)


class Failed(Exception):  # noqa: N818 (it is a verdict)
    """Something is not as it has to be."""


def database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def migrations():
    if left := unapplied():
        raise Failed(f"{len(left)} migrations are not applied, the first is {left[0]}")


def shared_cache():
    key, value = f"ready-{token_hex(8)}", token_hex(8)
    cache.set(key, value, 10)
    if cache.get(key) != value:  # a lost Redis is an empty cache (`portal.shared_cache`)
        raise Failed("the cache does not keep what it is given")
    cache.delete(key)


def storage():
    name = default_storage.save(f"ready/{token_hex(8)}.txt", ContentFile(b"ready"))
    default_storage.delete(name)


def index():
    if Waiting.objects.all()[:MOST_WAITING].count() >= MOST_WAITING:
        raise Failed(f"{MOST_WAITING} changed rows and more wait to be indexed")


CHECKS = {"database": database, "migrations": migrations, "cache": shared_cache, "storage": storage, "index": index}


def unapplied() -> list[str]:
    """The migrations of this code that the database has not seen; one query."""
    applied = set(MigrationRecorder.Migration.objects.values_list("app", "name"))
    return sorted(f"{app}.{name}" for app, name in of_this_code() - applied)


@once
def of_this_code() -> set[tuple[str, str]]:
    """Every migration that this code knows, as app and name."""
    return set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


@dataclass(frozen=True)
class Verdict:
    name: str
    is_ok: bool
    ms: int

    def __str__(self):
        return f"{self.name}: {'ok' if self.is_ok else 'failed'}, {self.ms} ms"


class Readiness:
    """The verdicts on all checks, found out at most once a second. A check that hangs is left alone, and counts as
    failed until it ends: however often somebody asks, each check runs once at a time."""

    def __init__(self, checks=CHECKS, patience=PATIENCE):
        self.checks: dict[str, Callable] = checks
        self.patience = patience
        self._lock = Lock()
        self._running = {}
        self._pool = None  # threads are started after the fork
        self._known: tuple[float, list[Verdict]] | None = None

    def verdicts(self) -> list[Verdict]:
        with self._lock:
            if self._known is None or monotonic() - self._known[0] > GOOD_FOR:
                self._known = monotonic(), self._ask()
            return self._known[1]

    def _ask(self) -> list[Verdict]:
        self._pool = self._pool or ThreadPoolExecutor(len(self.checks), thread_name_prefix="readiness")
        began = monotonic()
        for name, check in self.checks.items():
            if name not in self._running:
                self._running[name] = self._pool.submit(_timed, check)
        return [self._verdict(name, began) for name in self.checks]

    def _verdict(self, name, began) -> Verdict:
        try:
            seconds, problem = self._running[name].result(max(began + self.patience - monotonic(), 0))
        except TooLate:
            logger.error("Not ready: %s does not answer within %s seconds.", name, self.patience)
            return Verdict(name, False, round((monotonic() - began) * 1000))
        del self._running[name]
        if problem is not None:
            logger.error("Not ready: %s.", name, exc_info=problem)
        return Verdict(name, problem is None, round(seconds * 1000))


def _timed(check):
    """Runs in a thread of its own, with a connection of its own that is not kept."""
    began = monotonic()
    try:
        check()
        return monotonic() - began, None
    except Exception as problem:  # whatever it is, it is no reason for a 500
        return monotonic() - began, problem
    finally:
        connection.close()
