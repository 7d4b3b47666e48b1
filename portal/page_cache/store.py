"""What is kept: in the memory of the process, up to a number of bytes, and in the cache that all processes share where
there is one (`CACHE_URL`). An entry is good for one generation and until one moment."""

import pickle
from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Event, Lock
from time import monotonic, sleep
from typing import Any

from django.conf import settings
from django.core.cache import cache

from portal import clock
from portal.page_cache.build import build

OVERHEAD = 1000  # bytes that Python needs for an entry besides what it holds
PATIENCE = 10  # seconds that one waits for another who is making the same entry
GLANCE = 0.02  # seconds between two looks at the shared cache
OLD = timedelta(hours=1)  # after which a page from before the last known change is not shown any more, come what may


@dataclass(frozen=True)
class Entry:
    generation: int
    until: datetime
    value: Any
    size: int  # bytes
    made_at: datetime = field(default_factory=lambda: clock.now())


class Store:
    """Entries by keys of text. The oldest unused ones go when there is no room; one larger than a tenth of the room is
    never kept."""

    def __init__(self, room):
        self.room = room  # bytes
        self.size = 0
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self._lock = Lock()
        self._making: dict[str, Event] = {}

    def get(self, key, generation) -> Entry | None:
        """The entry, if it is of this generation and its moment has not come."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None:
                if _is_good(entry, generation):
                    self._entries.move_to_end(key)
                    return entry
                self._remove(key)
        return None

    def fetch(self, key, generation) -> Entry | None:
        """The same, from the shared cache if it is not in memory."""
        entry = self.get(key, generation)
        if entry is None and is_shared():
            entry = cache.get(_shared_key(key))
            if entry is not None and not _is_good(entry, generation):
                entry = None
            if entry is not None:
                self._keep(key, entry)
        return entry

    def last(self, key, generation) -> Entry | None:
        """For when nobody knows the present generation: the entry of the last known one, however old; else one that was
        made within the last hour, so that what was withdrawn since does not stand there for longer."""
        with self._lock:
            entry = self._entries.get(key)
        if entry is None and is_shared():
            entry = cache.get(_shared_key(key))
        if entry is None or (entry.generation != generation and entry.made_at < clock.now() - OLD):
            return None
        return entry

    def put(self, key, entry):
        """Keeps an entry, for all processes."""
        seconds = int((entry.until - clock.now()).total_seconds())
        if seconds > 0 and entry.size * 10 <= self.room:
            self._keep(key, entry)
            if is_shared():
                cache.set(_shared_key(key), entry, seconds)

    def _keep(self, key, entry):
        with self._lock:
            self._remove(key)
            self._entries[key] = entry
            self.size += entry.size + OVERHEAD
            while self.size > self.room:
                self._remove(next(iter(self._entries)))

    def _remove(self, key):
        entry = self._entries.pop(key, None)
        if entry is not None:
            self.size -= entry.size + OVERHEAD

    def clear(self):
        with self._lock:
            self._entries.clear()
            self.size = 0

    @contextmanager
    def making(self, key, generation):
        """While one makes an entry, others who want the same wait for it, in this process and in others. Says whether
        it is oneself who makes it; who has waited looks again, and what is not there then was not kept."""
        with self._lock:
            event = self._making.get(key)
            mine = self._making[key] = event or Event()
        if event is not None:
            event.wait(PATIENCE)
            yield False
            return
        is_first = False
        try:
            is_first = self._is_first_of_all(key, generation)
            yield is_first
        finally:
            with self._lock:
                del self._making[key]
            mine.set()
            if is_first and is_shared():  # the sign of another process is not ours to take down
                cache.delete(_shared_key(key, "making"))

    def _is_first_of_all(self, key, generation) -> bool:
        if not is_shared():
            return True
        sign, end = _shared_key(key, "making"), monotonic() + PATIENCE
        while not cache.add(sign, generation, PATIENCE):
            sleep(GLANCE)
            if self.fetch(key, generation) is not None or monotonic() > end:
                return False
        return True


def _is_good(entry, generation) -> bool:
    return entry.generation == generation and clock.now() < entry.until


def is_shared() -> bool:
    """Whether there is a cache that other processes see as well."""
    return not settings.CACHES["default"]["BACKEND"].endswith(("LocMemCache", "DummyCache"))


def _shared_key(key, purpose="kept") -> str:
    return f"{purpose}:{build()}:{sha256(key.encode()).hexdigest()}"


def size_of(value) -> int:
    """About how many bytes a value that can be pickled takes."""
    return len(pickle.dumps(value))


MEGABYTE = 1_000_000

pages = Store(settings.PAGE_CACHE_MB * MEGABYTE)
values = Store(16 * MEGABYTE)  # what pages are rendered from (`portal.page_cache.kept`)
