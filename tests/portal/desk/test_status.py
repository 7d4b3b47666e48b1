"""What the front page of the desk says of the portal itself."""

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder
from django.urls import reverse

from portal import VERSION
from portal.desk import status
from portal.models import Run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def database_not_looked_at(monkeypatch):
    monkeypatch.setattr(status, "_is_migrated", False)


def lines():
    return {line.words: (line.tone, line.detail) for line in status.status().lines}


def run(command, now, **facts):
    return Run.objects.create(command=command, **{"began_at": now, "ended_at": now, "succeeded_at": now, **facts})


def test_the_version_is_that_of_the_project():
    project = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text())

    assert project["project"]["version"] == VERSION
    assert f"Version {VERSION}" in lines()


def test_a_new_portal_has_run_none_of_its_daily_commands():
    assert lines() == {
        f"Version {VERSION}": ("", ""),
        "The database is as this version needs it": ("", ""),
        "Backup": ("soon", "has not run yet"),
        "Check of outside links": ("soon", "has not run yet"),
        "Erasure of old enquiries": ("soon", "has not run yet"),
    }


def test_a_run_that_succeeded_says_when(now):
    run("backup", now)
    run("reindex", now)

    assert lines()["Backup"] == ("", "last succeeded on 15 November 2024, 12:00")
    assert lines()["New index for the search"] == ("", "last succeeded on 15 November 2024, 12:00")


def test_a_run_that_failed_is_said_plainly(now):
    run("backup", now, problem="OSError", succeeded_at=now - timedelta(days=1))
    run("check_links", now, problem="CommandError", succeeded_at=None)

    assert lines()["Backup"] == (
        "late",
        "FAILED on 15 November 2024, 12:00 (OSError); last succeeded on 14 November 2024, 12:00",
    )
    assert lines()["Check of outside links"][1].endswith("never succeeded")


def test_a_daily_command_that_has_not_run_is_late_and_others_are_not(now):
    long_ago = now - timedelta(days=3)
    run("backup", long_ago, succeeded_at=long_ago)
    run("reindex", long_ago, succeeded_at=long_ago)

    assert lines()["Backup"] == ("late", "LATE: last succeeded on 12 November 2024, 12:00")
    assert lines()["New index for the search"][0] == ""


def test_a_run_that_has_not_ended_says_since_when(now):
    run("backup", now, ended_at=None)

    assert lines()["Backup"] == ("", "running since 15 November 2024, 12:00")


def test_a_database_that_was_not_migrated_is_late():
    MigrationRecorder.Migration.objects.filter(app="portal").latest("name").delete()

    assert lines()["The database is older than the portal"][0] == "late"


def test_it_stands_on_the_front_page(admin_client, now):
    run("backup", now, problem="OSError")

    assert "FAILED on 15 November 2024" in admin_client.get(reverse("admin:index")).text


def test_it_costs_one_query(django_assert_num_queries):
    status.status()

    with django_assert_num_queries(1):
        status.status()
