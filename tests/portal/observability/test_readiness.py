import logging
from threading import Event

import pytest
from django.db.migrations.recorder import MigrationRecorder

from portal.observability import readiness
from portal.observability.readiness import CHECKS, Failed, Readiness
from portal.search.models import Waiting


def broken():
    raise Failed("the password sesame was refused by db.internal")


@pytest.mark.django_db
@pytest.mark.parametrize("name", CHECKS)
def test_each_check_holds_for_a_portal_in_order(name):
    assert CHECKS[name]() is None


@pytest.mark.django_db
def test_a_migration_that_is_not_applied_is_noticed():
    newest = MigrationRecorder.Migration.objects.filter(app="portal").latest("name")
    newest.delete()

    assert readiness.unapplied() == [f"portal.{newest.name}"]
    with pytest.raises(Failed, match=newest.name):
        readiness.migrations()


@pytest.mark.django_db
def test_a_cache_that_forgets_is_noticed(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

    with pytest.raises(Failed):
        readiness.shared_cache()


def test_uploads_that_cannot_be_written_are_noticed(settings, tmp_path):
    (tmp_path / "file").write_text("no folder")
    settings.MEDIA_ROOT = tmp_path / "file"

    with pytest.raises(OSError, match="file"):
        readiness.storage()


def test_what_the_check_of_uploads_wrote_is_gone(settings):
    readiness.storage()

    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


@pytest.mark.django_db
def test_an_index_that_does_not_follow_is_noticed(monkeypatch):
    monkeypatch.setattr(readiness, "MOST_WAITING", 3)
    Waiting.objects.all().delete()
    Waiting.objects.bulk_create([Waiting(source="x", key=key) for key in range(2)])

    readiness.index()
    Waiting.objects.create(source="x", key=3)
    with pytest.raises(Failed):
        readiness.index()


def test_the_verdicts_name_what_failed_and_only_the_log_says_why(caplog):
    with caplog.at_level(logging.ERROR):
        verdicts = Readiness({"database": broken, "cache": lambda: None}).verdicts()

    assert [(each.name, each.is_ok) for each in verdicts] == [("database", False), ("cache", True)]
    assert "sesame" not in "".join(map(str, verdicts))
    assert "sesame" in caplog.text


def test_a_check_that_hangs_counts_as_failed_and_is_asked_once():
    hold, calls = Event(), []

    def hanging():
        calls.append(1)
        hold.wait(30)

    ready = Readiness({"database": hanging, "cache": lambda: None}, patience=0.05)
    first = ready.verdicts()
    ready._known = None  # a second later
    second = ready.verdicts()

    assert [each.is_ok for each in first] == [each.is_ok for each in second] == [False, True]
    assert calls == [1]
    hold.set()
    ready._running["database"].result(5)
    ready._known = None
    assert [each.is_ok for each in ready.verdicts()] == [True, True]


def test_whoever_asks_again_within_a_second_is_told_the_same():
    calls = []
    ready = Readiness({"database": lambda: calls.append(1)})

    assert ready.verdicts() is ready.verdicts()
    assert calls == [1]
