"""Numbers for Prometheus, at /metrics (`probes`), where METRICS_TOKEN is set. Elsewhere nothing is counted, and the
package is not even loaded.

What happens is counted by each process in a file of its own (deploy/gunicorn.conf.py names the folder), and added up
when somebody asks. What stands (`@gauge`) is asked of the database at that moment; an app names its own in its
`metrics.py`.
"""

import os
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.utils.module_loading import autodiscover_modules

from portal.api.problems import OF_PROGRAMS
from portal.models import Run
from portal.search.models import Waiting

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # that the package reads
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
METHODS = ("GET", "HEAD", "POST")

_gauges: dict[str, tuple[str, Callable]] = {}
_counts = None


class Counts:
    def __init__(self):
        from prometheus_client import CollectorRegistry, Counter, Histogram

        self.registry = CollectorRegistry()
        own = {"namespace": "portal", "registry": self.registry}
        self.requests = Counter(
            "requests", "Answered requests; by: kept, django, probe, shed", ["kind", "method", "status", "by"], **own
        )
        self.seconds = Histogram("request_seconds", "Time to the answer", ["kind", "by"], buckets=SECONDS, **own)
        self.database_errors = Counter("database_errors", "Queries that the database refused or did not answer", **own)


def start():
    """Counts from now on, if the setting asks for it."""
    global _counts  # one for each process
    if settings.METRICS_TOKEN and _counts is None:
        _counts = Counts()
        autodiscover_modules("metrics")


def count_request(asked, seconds):
    """A request (`requests.Asked`) that took so many seconds."""
    if _counts is not None:
        kind, method = kind_of(asked.path), asked.method if asked.method in METHODS else "other"
        _counts.requests.labels(kind, method, asked.status, asked.by).inc()
        _counts.seconds.labels(kind, asked.by).observe(seconds)


def count_database_error():
    if _counts is not None:
        _counts.database_errors.inc()


def kind_of(path) -> str:
    """A few kinds, whatever anybody asks for."""
    for kind, beginnings in {
        "desk": f"/{settings.ADMIN_PATH}",
        "data": OF_PROGRAMS,
        "file": ("/static/", "/media/", "/covers/", "/icons/"),
        "probe": ("/healthz", "/readyz", "/metrics"),
    }.items():
        if path.startswith(beginnings):
            return kind
    if "/search/" in path:
        return "search"
    if path.endswith("/enquiries/"):
        return "enquiry"
    return "page" if path.endswith("/") else "download"


def gauge(name, words):
    """Registers a function that gives a number, or a dict of numbers by the value of the label `name`, when it is
    asked."""

    def register(function):
        _gauges[f"portal_{name}"] = (words, function)
        return function

    return register


@gauge("index_waiting", "Changed rows that the search has not indexed yet")
def _index_waiting():
    return Waiting.objects.count()


@gauge("command_succeeded_timestamp_seconds", "When a command last succeeded: time() - this is how long ago")
def _succeeded():
    return {run.command: run.succeeded_at.timestamp() for run in Run.objects.exclude(succeeded_at=None)}


@gauge("command_failed", "1 where the last run of a command failed")
def _failed():
    return {run.command: int(run.has_failed) for run in Run.objects.all()}


def exposition() -> bytes:
    """Everything in the text format of Prometheus."""
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    start()
    if FOLDER not in os.environ:  # one process, as in tests
        return generate_latest(_counts.registry) + generate_latest(_standing())
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return generate_latest(registry) + generate_latest(_standing())


class Standing:
    """What Prometheus calls a collector: the gauges, asked anew each time."""

    def collect(self):
        from prometheus_client.core import GaugeMetricFamily

        answers = GaugeMetricFamily("portal_database_up", "1 where the database answers", value=1)
        for name, (words, function) in _gauges.items():
            try:
                found = function()
            except DatabaseError:
                answers = GaugeMetricFamily("portal_database_up", "1 where the database answers", value=0)
                break
            if isinstance(found, dict):
                family = GaugeMetricFamily(name, words, labels=["name"])
                for label, number in found.items():
                    family.add_metric([label], number)
                yield family
            else:
                yield GaugeMetricFamily(name, words, value=found)
        yield answers


def _standing():
    from prometheus_client import CollectorRegistry

    registry = CollectorRegistry()
    registry.register(Standing())
    return registry
