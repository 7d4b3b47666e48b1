"""The cache that several processes share, in Redis. Nothing in it is needed: where Redis is lost, slow or full, the
portal goes on as if the cache were empty, and says so in the log.

    CACHE_URL=redis://127.0.0.1:6379/1?key_prefix=portal        several portals in one Redis
    CACHE_URL=redis://…/1?socket_timeout=0.2                    any option of redis-py, in place of those below
"""

import functools
import logging
import time

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache

SECONDS_OF_SILENCE = 5  # in which a Redis that did not answer is not asked again

log = logging.getLogger(__name__)
_not_before: dict[str, float] = {}  # the end of that silence, by server; one for all threads of the process


def settled(cache) -> dict:
    """The entry of CACHES that `cache`, what was read from CACHE_URL, stands for."""
    if not cache["BACKEND"].endswith(".RedisCache"):
        return cache
    from redis import ConnectionError  # noqa: A004 (here, because a portal without Redis need not hold it in memory)
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    again = Retry(NoBackoff(), 1, supported_errors=(ConnectionError,))  # Redis may have closed what was kept open
    options = {"socket_connect_timeout": 0.5, "socket_timeout": 1, "retry": again}
    named = {name: cache.pop(name.lower()) for name in ("KEY_PREFIX", "TIMEOUT", "VERSION") if name.lower() in cache}
    return cache | named | {"BACKEND": "portal.shared_cache.SharedCache", "OPTIONS": options | cache.get("OPTIONS", {})}


def _or_else(answer):
    """A method of the cache whose answer is `answer` where Redis gives none; an exception is raised instead."""

    def replaced(method):
        @functools.wraps(method)
        def forgiving(self, *args, **kwargs):
            if not self.is_silent():
                try:
                    found = method(self, *args, **kwargs)
                    self._is_back()
                    return found
                except (self._cache._lib.RedisError, OSError) as problem:
                    self._is_lost(problem)
            if isinstance(answer, type):
                raise answer("the cache does not answer")
            return answer

        return forgiving

    return replaced


class SharedCache(RedisCache):
    """Django's cache in Redis, with the answers of an empty cache where there is no Redis."""

    add = _or_else(True)(RedisCache.add)  # as Django's DummyCache says
    set = _or_else(None)(RedisCache.set)
    touch = _or_else(False)(RedisCache.touch)
    delete = _or_else(False)(RedisCache.delete)
    has_key = _or_else(False)(RedisCache.has_key)
    incr = _or_else(ValueError)(RedisCache.incr)  # as of a key that is not there
    delete_many = _or_else(None)(RedisCache.delete_many)
    clear = _or_else(False)(RedisCache.clear)

    def get(self, key, default=None, version=None):
        return _or_else(default)(RedisCache.get)(self, key, default, version)

    def get_many(self, keys, version=None):
        return _or_else({})(RedisCache.get_many)(self, keys, version)

    def set_many(self, data, timeout=DEFAULT_TIMEOUT, version=None):
        """The keys that could not be kept."""
        return _or_else(list(data))(RedisCache.set_many)(self, data, timeout, version)

    # --- Lost and found -----------------------------------------------------------------------------------------------

    def is_silent(self) -> bool:
        """Whether Redis did not answer a moment ago and is left alone for now."""
        return time.monotonic() < _not_before.get(self._server, 0)

    @property
    def _server(self):
        return self._servers[0].rpartition("@")[2]  # without its password, because it is logged

    def _is_lost(self, problem):
        redis = self._cache._lib
        if isinstance(problem, (redis.ConnectionError, redis.TimeoutError, OSError)):
            _not_before[self._server] = time.monotonic() + SECONDS_OF_SILENCE
        log.warning("The cache at %s is treated as empty: %s", self._server, problem)

    def _is_back(self):
        if _not_before.pop(self._server, None):
            log.warning("The cache at %s answers again.", self._server)
