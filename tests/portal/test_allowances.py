from django.core.cache import cache

from portal.allowances import is_allowed


def test_so_many_are_allowed_to_each_and_of_each_kind():
    mine = [is_allowed("letter", "10.0.0.1", at_most=2) for _number in range(3)]

    assert mine == [True, True, False]
    assert is_allowed("letter", "10.0.0.2", at_most=2)
    assert is_allowed("call", "10.0.0.1", at_most=2)


def test_the_cache_knows_nobody_and_forgets_after_an_hour(monkeypatch):
    added = []
    monkeypatch.setattr(cache, "add", lambda *added_now: added.append(added_now))

    is_allowed("letter", "bo@example.com", at_most=1)

    ((key, *rest),) = added
    assert "bo@" not in key
    assert rest == [0, 3600]


def test_a_cache_that_is_down_keeps_nobody_from_anything(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

    assert all(is_allowed("letter", "10.0.0.1", at_most=1) for _number in range(2))
