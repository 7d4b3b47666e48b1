"""How much is kept, and for how long."""

from datetime import timedelta
from threading import Thread

import pytest

from portal import clock
from portal.page_cache import build
from portal.page_cache.store import OVERHEAD, Entry, Store

ROOM = 20_000


@pytest.fixture
def store():
    return Store(ROOM)


def entry(size=1000, generation=1, seconds=60):
    return Entry(generation, clock.now() + timedelta(seconds=seconds), "value", size)


def test_the_room_is_never_exceeded_and_the_oldest_unused_goes_first(store):
    most = ROOM // (1000 + OVERHEAD)
    for number in range(most):
        store.put(f"{number}", entry())
    store.get("0", 1)
    store.put("one more", entry())

    assert store.size <= ROOM
    assert [bool(store.get(key, 1)) for key in ("0", "1", "2", "one more")] == [True, False, True, True]


def test_what_is_replaced_or_removed_takes_no_room(store):
    for _ in range(100):
        store.put("a", entry())
    taken = store.size
    store.get("a", 2)

    assert (taken, store.size) == (1000 + OVERHEAD, 0)


@pytest.mark.parametrize("odd", [entry(size=ROOM), entry(seconds=0), entry(seconds=-5)], ids=["large", "now", "past"])
def test_what_is_too_large_or_already_old_is_not_kept(store, odd):
    store.put("a", odd)

    assert store.size == 0


def test_an_entry_is_good_for_its_generation_until_its_moment(store):
    store.put("a", entry())
    with clock.set_to(clock.now() + timedelta(seconds=59)):
        before = store.get("a", 1)
    with clock.set_to(clock.now() + timedelta(seconds=60)):
        at = store.get("a", 1)

    assert (bool(before), at) == (True, None)


def test_one_makes_and_the_others_wait(store):
    made = []

    def want():
        with store.making("a", 1) as is_maker:
            if is_maker and not made:
                made.append(1)
                store.put("a", entry())

    wanting = [Thread(target=want) for _ in range(10)]
    for each in wanting:
        each.start()
    for each in wanting:
        each.join()

    assert (made, bool(store.get("a", 1)), store._making) == ([1], True, {})


def test_another_process_that_makes_it_is_waited_for(store, monkeypatch):
    from django.core.cache import cache

    from portal.page_cache.store import _shared_key

    monkeypatch.setattr("portal.page_cache.store.is_shared", lambda: True)
    monkeypatch.setattr("portal.page_cache.store.PATIENCE", 0.1)
    cache.set(_shared_key("a", "making"), 1, 60)  # another process has begun, and never ends
    with store.making("a", 1) as gave_up:
        pass
    assert cache.get(_shared_key("a", "making")) == 1  # whoever gave up leaves the sign of the other
    cache.delete(_shared_key("a", "making"))
    with store.making("a", 1) as is_maker:
        during = cache.get(_shared_key("a", "making"))

    assert (gave_up, is_maker, during, cache.get(_shared_key("a", "making"))) == (False, True, 1, None)


def test_another_build_or_other_settings_do_not_share_pages(settings):
    build.build.cache_clear()
    before = build.build()
    again = build.build()
    build.build.cache_clear()
    settings.ENVIRONMENT = {"SITE_URL": "https://other.example"}

    assert (before == again, before == build.build(), len(before)) == (True, False, 16)
    build.build.cache_clear()
