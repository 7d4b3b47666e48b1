"""The crash drill in small (deploy/drill_crash.py says what it does), on the database of this run; of PostgreSQL, which
others use at the same time, no process is killed here."""

import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import settings

from tests import factories
from tests.servers import copied_database

pytestmark = pytest.mark.django_db

DEPLOY = Path(settings.BASE_DIR) / "deploy"


def drilled(database, *options):
    return subprocess.run(
        [sys.executable, DEPLOY / "drill_crash.py", "--database", database, *options],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.server_settings"},
    )


@pytest.fixture(scope="module")
def databases(django_db_setup, django_db_blocker, tmp_path_factory):
    """Two that the migrations left, for one drill each."""
    folders = [tmp_path_factory.mktemp(name) for name in ("killed", "busy")]
    with django_db_blocker.unblock(), ExitStack() as stack:
        yield [stack.enter_context(copied_database(folder))[1] for folder in folders]


def test_nothing_acknowledged_is_lost_when_the_server_is_killed(databases):
    done = drilled(databases[0], "--saves", "20", "--kills", "2", "--editors", "4")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "kill -9 of the master" in done.stdout
    assert "kill -9 of the worker" in done.stdout


def test_twelve_editors_at_once_do_not_fail(databases):
    done = drilled(databases[1], "--kills", "0", "--seconds", "2")

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_drill_sees_what_was_lost_and_what_is_half_made(monkeypatch):
    monkeypatch.syspath_prepend(DEPLOY)
    from drill_editing import Acknowledged, judged

    half = factories.agreement(slug="drill-1-2")
    factories.organization(name_en="drill-1-3 row 0")
    taken_down = Acknowledged()
    for kind, what in (("agreement", "drill-1-1"), ("company", "drill-1-4"), ("edit", (half.slug, "drill-1-5"))):
        taken_down.take_down(kind, what, 302)
    taken_down.take_down("import", "drill-1-3", None)

    wrong = judged(taken_down)

    assert wrong[0] == "lost: drill-1-1"
    assert wrong[1].startswith("half-made: drill-1-2")
    assert wrong[2].startswith("lost: the title of drill-1-2")
    assert wrong[3:] == ["lost: drill-1-4", "sheet drill-1-3: 1 of 5 rows"]
