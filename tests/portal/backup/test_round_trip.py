"""What was backed up is what comes back: rows, files, pages, on the engine of this run."""

import hashlib
import io
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest
from django.core.management import call_command
from django.db import connection, connections

from companies.models import Organization
from portal.backup import BackupError, databases, making, restoring
from portal.page_cache import generation
from tests import factories

pytestmark = pytest.mark.django_db

PAGES = ["/en/", "/en/conferences/fair/", "/zh-hans/agreements/kept/", "/en/search/?q=Agreement"]


def rows() -> str:
    said = io.StringIO()
    call_command("dumpdata", exclude=["page_cache"], indent=1, stdout=said)
    return said.getvalue()


def files(portal) -> dict:
    root = Path(portal.environment["MEDIA_ROOT"])
    paths = [each for each in root.rglob("*") if each.is_file() and each.parent.name != "sharing"]
    return {str(each.relative_to(root)): hashlib.sha256(each.read_bytes()).hexdigest() for each in paths}


def pages(portal, folder) -> list[str]:
    server = portal.start(folder)
    answers = [server.get(page, x_forwarded_proto="https") for page in PAGES]
    assert [each.status for each in answers] == [200] * len(PAGES)
    return [each.text for each in answers]


def own_connection(portal):
    """One to the database of `portal` for another thread."""
    return type(connections["default"])({**connection.settings_dict, **portal.database}, "default")


def test_an_empty_server_becomes_the_portal_that_was_backed_up(portal, empty, tmp_path):
    with portal.here():
        making.make(tmp_path / "backups")
        before, number = rows(), generation.read()

    with empty.here():
        restored = restoring.restore(tmp_path / "backups")
        after, other_number = rows(), generation.read()

    assert '"fair"' in before
    assert after == before
    assert files(empty) == files(portal)
    assert len(files(empty)) == restored.written == 4  # a document, and a photograph in three widths
    assert other_number != number
    assert pages(empty, tmp_path) == pages(portal, tmp_path)


def test_a_portal_that_is_not_empty_is_replaced_only_if_that_is_said(portal, other_portal, tmp_path):
    with portal.here():
        making.make(tmp_path / "backups")
        before = rows()
    with other_portal.here():
        factories.organization(name_en="Would be lost")

        with pytest.raises(BackupError, match="This portal is not empty"):
            restoring.restore(tmp_path / "backups")
        kept = Organization.objects.filter(name_en="Would be lost").exists()
        restoring.restore(tmp_path / "backups", replace=True)

        assert (kept, rows() == before) == (True, True)


def test_a_copy_is_of_one_moment_while_editors_save(other_portal, tmp_path):
    """Each save writes the same into two records; in the copy they agree, though saves went on all the time."""
    with other_portal.here():
        pair = [factories.organization().pk for _ in range(2)]
    begun, ended, during = Event(), Event(), []

    def save():
        with closing(own_connection(other_portal)) as other, other.cursor() as cursor:
            number = 0
            while not ended.is_set():
                number += 1
                cursor.execute(
                    "UPDATE companies_organization SET name_en = %s WHERE id IN (%s, %s)", [f"N{number}", *pair]
                )
                if number == 3:
                    begun.set()
            during.append(number)

    editor = Thread(target=save)
    editor.start()
    assert begun.wait(20)
    try:
        with other_portal.here():
            made = making.make(tmp_path / "backups")
    finally:
        ended.set()
        editor.join()
    with other_portal.here():
        restoring.restore(made.folder, replace=True)
        names = set(Organization.objects.filter(pk__in=pair).values_list("name_en", flat=True))

    assert len(names) == 1
    assert 3 <= int(names.pop().removeprefix("N")) <= during[0]


def test_a_restore_that_is_killed_before_the_database_leaves_it_as_it_was(portal, other_portal, tmp_path):
    with portal.here():
        making.make(tmp_path / "backups")
    with other_portal.here():
        factories.organization(name_en="Still here")
        before = rows()

        with pytest.raises(KeyboardInterrupt):
            restoring.restore(tmp_path / "backups", replace=True, tell=breaking_off("uploads"))

        assert rows() == before


def test_a_restore_that_breaks_off_inside_the_database_leaves_it_as_it_was(portal, other_portal, tmp_path, monkeypatch):
    """SQLite after half of the pages; PostgreSQL at its very last statement."""
    with portal.here():
        making.make(tmp_path / "backups")
    with other_portal.here():
        factories.organization(name_en="Still here")
        before, engine = rows(), databases.engine()
        if connection.vendor == "sqlite":
            monkeypatch.setattr(engine, "PAGES", 50)
        else:
            monkeypatch.setattr(engine, "prepare", followed_by_a_mistake(engine))

        with pytest.raises((BackupError, KeyboardInterrupt)):
            restoring.restore(tmp_path / "backups", replace=True, tell=breaking_off("database"))
        is_as_before = rows() == before
        monkeypatch.undo()
        restoring.restore(tmp_path / "backups", replace=True)

        assert is_as_before
        assert not Organization.objects.filter(name_en="Still here").exists()


def breaking_off(at):
    """Tells how far the work has come, until half of `at` is done."""

    def of(what):
        def tell(done, total):
            if what == at and done * 2 >= total:
                raise KeyboardInterrupt

        return tell

    return of


def followed_by_a_mistake(engine):
    prepare = engine.prepare

    def prepared(path):
        prepare(path)
        with engine._script(path).open("a") as script:
            script.write("\nSELECT 1 / 0;\n")

    return prepared
