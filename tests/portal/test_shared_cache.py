"""The cache in Redis, with Redis and without."""

import logging
import socket
import time

import pytest
from django.core.cache import caches
from django.urls import reverse
from environ import Env

from portal import shared_cache
from portal.allowances import is_allowed
from tests.servers import REDIS

NOBODY_LISTENS = "redis://portal:sesame@127.0.0.1:9/1"


def cache_at(url, settings):
    settings.CACHES = {"default": shared_cache.settled(Env.cache_url_config(url))}
    return caches["default"]


@pytest.fixture(autouse=True)
def nothing_is_silent():
    yield
    shared_cache._not_before.clear()


@pytest.fixture
def lost(settings):
    return cache_at(NOBODY_LISTENS, settings)


def test_a_cache_of_one_process_stays_as_it_is():
    assert shared_cache.settled({"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}) == {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache"
    }


def test_the_address_may_name_a_prefix_and_other_limits():
    cache = shared_cache.settled(Env.cache_url_config("redis://127.0.0.1:6379/1?key_prefix=fair&socket_timeout=3"))

    assert cache["KEY_PREFIX"] == "fair"
    assert cache["OPTIONS"]["socket_timeout"] == 3
    assert cache["OPTIONS"]["socket_connect_timeout"] == 0.5


def test_with_redis_it_is_a_cache(settings, redis_answers):
    cache = cache_at(f"{REDIS}?key_prefix=test-shared-cache", settings)
    cache.delete("visits")

    assert cache.get("visits", "none") == "none"
    assert cache.add("visits", 1)
    assert not cache.add("visits", 5)
    assert cache.incr("visits") == 2
    assert cache.get_many(["visits", "others"]) == {"visits": 2}
    assert cache.delete("visits")


def test_without_redis_it_is_empty(lost):
    lost.set("a", 1)

    assert lost.get("a", "nothing") == "nothing"
    assert lost.get_many(["a"]) == {}
    assert lost.set_many({"a": 1}) == ["a"]
    assert lost.add("a", 1) is True
    assert "a" not in lost
    assert lost.delete("a") is False
    assert lost.get_or_set("a", lambda: 5) == 5
    with pytest.raises(ValueError, match="does not answer"):
        lost.incr("a")


def test_a_lost_redis_is_named_once_without_its_password_and_left_alone_for_a_while(lost, caplog):
    for _ in range(20):
        lost.get("a")

    assert len(caplog.messages) == 1
    assert "The cache at 127.0.0.1:9/1 is treated as empty" in caplog.text
    assert "sesame" not in caplog.text
    assert lost.is_silent()


def test_a_redis_that_is_back_is_used_again(settings, caplog, redis_answers):
    cache = cache_at(REDIS, settings)
    shared_cache._not_before[cache._server] = time.monotonic() - 1

    cache.set("a", 1, timeout=1)

    assert cache.get("a") == 1
    assert "answers again" in caplog.text


def test_a_redis_that_hangs_costs_a_request_a_moment_once(settings):
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        cache = cache_at(f"redis://127.0.0.1:{mute.getsockname()[1]}/1?socket_timeout=0.1", settings)
        began = time.monotonic()

        assert [cache.get("a") for _ in range(50)] == [None] * 50

    assert time.monotonic() - began < 2


def test_a_full_redis_is_asked_again_at_once(settings, monkeypatch, redis_answers):
    cache = cache_at(REDIS, settings)

    def refuse(*args):
        raise cache._cache._lib.ResponseError("OOM command not allowed when used memory > 'maxmemory'.")

    monkeypatch.setattr(cache._cache, "set", refuse)

    cache.set("a", 1)

    assert not cache.is_silent()


def test_nobody_is_kept_from_anything_by_a_lost_redis(lost):
    assert all(is_allowed("letter", "10.0.0.1", at_most=1) for _ in range(3))


@pytest.mark.django_db
def test_pages_and_letters_go_on_without_redis(lost, client, settings, admin_user):
    logging.getLogger("portal.shared_cache").propagate = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    assert client.get("/en/").status_code == 200
    assert client.post(reverse("admin_password_reset"), {"email": admin_user.email}).status_code == 302
