"""How often somebody may do something, counted in the cache. Where each process has a cache of its own
(`locmemcache://`), each process counts for itself."""

import logging

from django.core.cache import cache
from django.utils.crypto import salted_hmac

HOUR = 3600  # seconds

log = logging.getLogger(__name__)


def is_allowed(what, who, at_most, seconds=HOUR) -> bool:
    """Counts that `who` does `what` once more, and says whether that is at most the `at_most`th time since the first
    time, for as many seconds as are given. The cache holds no name and no address, only a digest of it."""
    digest = salted_hmac("portal.allowances", f"{what}: {who}", algorithm="sha256").hexdigest()
    key = f"allowance-{digest[:32]}"
    try:
        cache.add(key, 0, seconds)
        return cache.incr(key) <= at_most
    except Exception:  # whatever a cache that is down says, nobody loses for it what they wrote
        log.warning("Nothing could be counted in the cache, so “%s” is allowed.", what, exc_info=True)
        return True
