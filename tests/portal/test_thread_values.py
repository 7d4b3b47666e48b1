"""What Django remembers for each thread: as Python keeps it, still for each thread apart."""

from concurrent.futures import ThreadPoolExecutor
from threading import local
from types import SimpleNamespace

import pytest
from django.utils import timezone, translation
from django.utils.translation import trans_real

from portal import thread_values


@pytest.fixture
def elsewhere():
    with ThreadPoolExecutor(1) as pool:
        yield lambda ask: pool.submit(ask).result()


def test_everything_is_kept_plainly_once_the_portal_is_ready():
    assert [type(getattr(module, name)) for module, name in thread_values.VALUES] == [local] * 4


def test_a_language_and_a_time_zone_are_those_of_their_thread(elsewhere, settings):
    with translation.override("zh-hans"), timezone.override("Asia/Shanghai"):
        assert elsewhere(translation.get_language) == settings.LANGUAGE_CODE
        assert elsewhere(timezone.get_current_timezone_name) == settings.TIME_ZONE
        assert translation.get_language() == "zh-hans"


def test_what_was_set_before_stays_set(monkeypatch):
    monkeypatch.setattr(trans_real, "_active", SimpleNamespace(value="what was active"))

    thread_values.keep_plainly()

    assert (type(trans_real._active), trans_real._active.value) == (local, "what was active")


def test_a_django_that_keeps_them_elsewhere_is_told_at_once(monkeypatch):
    monkeypatch.setattr(thread_values, "VALUES", [(SimpleNamespace(), "_moved")])

    with pytest.raises(AttributeError, match="_moved"):
        thread_values.keep_plainly()
