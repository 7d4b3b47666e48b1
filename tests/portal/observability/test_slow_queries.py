import logging

import pytest
from django.db import DatabaseError, connection

from events.models import Enquiry
from portal.observability import metrics, slow_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch):
    """Every query takes this many seconds."""
    taken, now = [0.0], [0.0]

    def tick():
        now[0] += taken[0] / 2
        return now[0]

    monkeypatch.setattr(slow_queries, "perf_counter", tick)
    return taken


def ask():
    with connection.execute_wrapper(slow_queries.watched):
        list(Enquiry.objects.filter(name="sentinel"))


def test_a_slow_query_is_logged_as_it_was_written_without_its_values(settings, clock, caplog):
    settings.SLOW_QUERY_MS, clock[0] = 500, 2.0

    with caplog.at_level(logging.WARNING):
        ask()

    assert "A query took 1000 ms: SELECT" in caplog.text
    assert "sentinel" not in caplog.text


def test_a_quick_query_is_not(settings, clock, caplog):
    settings.SLOW_QUERY_MS, clock[0] = 500, 0.9

    ask()

    assert caplog.text == ""


def test_nothing_watches_the_queries_unless_it_is_asked_for():
    assert slow_queries.watched not in connection.execute_wrappers


def test_queries_that_fail_are_counted(monkeypatch):
    counted = []
    monkeypatch.setattr(metrics, "count_database_error", lambda: counted.append(1))

    def refused(*arguments):
        raise DatabaseError("no")

    with pytest.raises(DatabaseError):
        slow_queries.watched(refused, "SELECT 1", [], False, {})

    assert counted == [1]
