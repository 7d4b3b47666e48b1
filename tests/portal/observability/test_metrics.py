import pytest
from django.db import DatabaseError

from portal.models import Run
from portal.observability import metrics
from portal.observability.requests import Asked
from portal.search.models import Waiting
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def counting(settings, monkeypatch):
    """Counting begins, for this test alone."""
    monkeypatch.setattr(metrics, "_counts", None)
    settings.METRICS_TOKEN = "a-token-of-this-test"
    metrics.start()


def numbers():
    lines = (line for line in metrics.exposition().decode().splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_requests_are_counted_by_kind_status_and_who_answered(counting):
    metrics.count_request(Asked("x", "GET", "/en/", by="kept", status=200), 0.002)
    metrics.count_request(Asked("x", "GET", "/en/", by="kept", status=200), 0.02)
    metrics.count_request(Asked("x", "BREW", "/en/search/", by="shed", status=503), 0.001)

    found = numbers()
    assert found['portal_requests_total{by="kept",kind="page",method="GET",status="200"}'] == 2
    assert found['portal_requests_total{by="shed",kind="search",method="other",status="503"}'] == 1
    assert found['portal_request_seconds_bucket{by="kept",kind="page",le="0.005"}'] == 1
    assert found['portal_request_seconds_bucket{by="kept",kind="page",le="+Inf"}'] == 2


def test_errors_of_the_database_are_counted(counting):
    metrics.count_database_error()

    assert numbers()["portal_database_errors_total"] == 1


def test_what_stands_is_asked_when_somebody_asks(counting, now):
    factories.enquiry()
    Waiting.objects.create(source="events_conference", key=1)
    Run.objects.create(command="backup", began_at=now, ended_at=now, succeeded_at=now)
    Run.objects.create(command="check_links", began_at=now, ended_at=now, problem="OSError")

    found = numbers()
    assert found["portal_enquiries_waiting"] == 1
    assert found['portal_command_succeeded_timestamp_seconds{name="backup"}'] == now.timestamp()
    assert found['portal_command_failed{name="backup"}'] == 0
    assert found['portal_command_failed{name="check_links"}'] == 1
    assert found["portal_index_waiting"] >= 1
    assert found["portal_database_up"] == 1


def test_a_lost_database_is_a_number_too(counting, monkeypatch):
    def lost():
        raise DatabaseError("gone")

    monkeypatch.setattr(metrics, "_gauges", {"portal_enquiries_waiting": ("x", lost)})

    found = numbers()
    assert found["portal_database_up"] == 0
    assert "portal_enquiries_waiting" not in found


def test_nothing_is_counted_unless_it_is_asked_for(monkeypatch, settings):
    monkeypatch.setattr(metrics, "_counts", None)
    settings.METRICS_TOKEN = ""

    metrics.start()
    metrics.count_request(Asked("x", "GET", "/en/", status=200), 1)
    metrics.count_database_error()

    assert metrics._counts is None


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/admin/login/", "desk"),
        ("/api/v1/agreements", "data"),
        ("/media/photo/x.webp", "file"),
        ("/healthz", "probe"),
        ("/zh-hans/search/", "search"),
        ("/en/enquiries/", "enquiry"),
        ("/en/agreements.csv", "download"),
        ("/en/conferences/x/", "page"),
        ("/any/thing/else", "download"),
    ],
)
def test_there_are_few_kinds_whatever_anybody_asks_for(path, kind):
    assert metrics.kind_of(path) == kind
