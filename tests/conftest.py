"""What every test stands on: plain static files, a media folder of its own, an empty cache, a moment to stand in."""

import gc
import re
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import gettempdir
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import translation

from portal import clock
from portal.api import package
from portal.page_cache import generation, moments
from portal.page_cache.store import pages, values
from tests.door import door  # noqa: F401
from tests.servers import redis_answers, two_servers  # noqa: F401

hypothesis.configuration.set_hypothesis_home_dir(Path(gettempdir()) / "hypothesis")
hypothesis.settings.register_profile("portal", deadline=None, derandomize=True)  # the same examples in every run
hypothesis.settings.load_profile("portal")


LEFT_OUT = "test_styleguide|static_site|tests.deploy|page_cache.test_front|response_headers|test_datasets|ocds"


def pytest_collection_finish():
    """What was collected stays: looking through it for garbage again and again takes a tenth of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_collection_modifyitems(config, items):
    """PostgreSQL runs once more what may differ there: every test that asks the database or the cache, of those of many
    examples the last one. Left out are the component page and the published files, whose slow tests look at templates
    and at files, the examples for nginx and others, how kept pages are served, headers, and forms of the data."""
    if connection.vendor == "sqlite":
        return
    asking = [item for item in items if _asks_the_database(item) or hasattr(item.module, "cache")]
    asking = [item for item in asking if not re.search(LEFT_OUT, item.module.__name__)]
    examples = defaultdict(list)
    for item in asking:
        examples[item.module, item.originalname].append(item)
    chosen = {of_one[-1] for of_one in examples.values()}
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = [item for item in items if item in chosen]


def _asks_the_database(item) -> bool:
    return bool(item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(item.fixturenames))


@pytest.fixture(autouse=True)
def plain_static_files(settings):
    """Static files by their own names: a test run has no manifest."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def own_media_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Hashing a password is meant to be slow; a test that makes three users should not be."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture(autouse=True)
def nothing_remembered_of_other_data():
    pages.clear()
    values.clear()
    package.forget()


@pytest.fixture
def one_generation(monkeypatch):
    """Nothing changes any more: what is kept for a generation of the data (`portal.page_cache`) is found out once."""
    monkeypatch.setattr(moments, "next_moment", lambda _generation: clock.now() + timedelta(hours=1))
    with generation.set_to(1):
        yield


@pytest.fixture(autouse=True)
def english():
    """Each test begins in English; a page in Chinese leaves its language active."""
    with translation.override("en"):
        yield


@pytest.fixture
def now():
    """A fixed moment that the portal takes for the present: noon in Shanghai on 15 November 2024."""
    moment = datetime(2024, 11, 15, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    with clock.set_to(moment):
        yield moment
