from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import OperationalError, connection

from portal import clock
from portal.freshness import data_as_of
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_data_is_as_fresh_as_its_newest_publication(now):
    factories.conference(published_at=now - timedelta(days=9))
    factories.organization(published_at=now - timedelta(days=3))
    factories.place(published_at=now + timedelta(days=3))
    factories.agreement(published_at=None)

    assert data_as_of() == date(2024, 11, 12)


def test_reading_a_source_again_freshens_the_data(now):
    factories.conference(published_at=now - timedelta(days=9))
    factories.source(accessed_on=date(2024, 11, 14))

    assert data_as_of() == date(2024, 11, 14)


def test_an_empty_portal_has_no_day(now):
    assert data_as_of() is None


def test_a_publication_after_midnight_in_shanghai_is_of_that_day():
    factories.conference(published_at=datetime(2024, 11, 14, 17, 0, tzinfo=UTC))

    with clock.set_to(datetime(2024, 11, 15, 3, 0, tzinfo=UTC)):
        assert data_as_of() == date(2024, 11, 15)


def test_it_is_asked_once_for_a_generation_of_the_data(now, one_generation, django_assert_num_queries):
    factories.conference()
    data_as_of()

    with django_assert_num_queries(0):
        assert data_as_of() == date(2020, 1, 1)


def test_the_foot_of_a_page_says_it_in_both_languages(client, now):
    factories.conference(published_at=now)

    pages = [client.get(f"/{language}/accessibility/").content.decode() for language in ("en", "zh-hans")]

    assert '<time datetime="2024-11-15">15 November 2024</time>' in pages[0]
    assert '<time datetime="2024-11-15">2024年11月15日</time>' in pages[1]


def test_without_a_database_there_is_no_day_and_no_fault(monkeypatch):
    def lost(*args):
        raise OperationalError("lost")

    monkeypatch.setattr(connection, "cursor", lost)

    assert data_as_of() is None
