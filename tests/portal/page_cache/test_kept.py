"""What is found out once for each generation, and when it is found out anew."""

from datetime import UTC, datetime, timedelta
from threading import Thread
from time import sleep

import pytest
from django.core.cache import cache
from django.db import transaction

from portal import clock, previews
from portal.page_cache import generation
from portal.page_cache.kept import kept
from portal.page_cache.store import values
from portal.previews import Preview
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


class Counting:
    """Counts how often it is asked, and says it."""

    def __init__(self):
        self.asked = 0

    def __call__(self):
        self.asked += 1
        return self.asked


def test_it_is_found_out_once():
    count = Counting()

    assert [kept("a", count), kept("a", count), kept("b", count)] == [1, 1, 2]


def test_many_who_want_it_at_once_wait_for_one():
    from django.db import connection

    count, found = Counting(), []

    def slowly():
        sleep(0.2)
        return count()

    def want():
        found.append(kept("slow", slowly))
        connection.close()

    wanting = [Thread(target=want) for _ in range(6)]
    for each in wanting:
        each.start()
    for each in wanting:
        each.join()

    assert found == [1] * 6


def test_it_is_found_out_anew_after_a_change():
    count = Counting()
    kept("a", count)
    factories.source()

    assert [kept("a", count), kept("a", count)] == [2, 2]


def test_it_is_found_out_anew_when_something_is_published():
    count, now = Counting(), datetime(2030, 5, 20, 10, 1, tzinfo=UTC)
    factories.organization(published_at=now + timedelta(seconds=30))
    for seconds in (0, 29, 30, 31):
        with clock.set_to(now + timedelta(seconds=seconds)):
            kept("a", count)

    assert count.asked == 2


def test_whoever_sees_something_else_finds_it_out_for_themselves():
    count = Counting()
    kept("a", count)
    with previews.showing(Preview(drafts=True)):
        kept("a", count)
    with transaction.atomic():
        kept("a", count)

    assert (count.asked, kept("a", count)) == (3, 1)


def test_without_a_database_it_is_found_out_each_time(monkeypatch):
    monkeypatch.setattr(generation, "read", lambda: None)
    count = Counting()

    assert [kept("a", count), kept("a", count)] == [1, 2]


def test_it_is_shared_by_processes_that_share_a_cache(monkeypatch):
    monkeypatch.setattr("portal.page_cache.store.is_shared", lambda: True)
    count = Counting()
    kept("a", count)
    values.clear()  # as in another process

    assert kept("a", count) == 1
    cache.clear()
    values.clear()
    assert kept("a", count) == 2
