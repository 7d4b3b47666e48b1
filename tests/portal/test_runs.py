import logging
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError

from portal import clock
from portal.models import Run
from portal.runs import recorded

pytestmark = pytest.mark.django_db


def test_a_run_that_succeeds_is_taken_down(now):
    with recorded("backup"):
        assert Run.objects.get().is_running

    run = Run.objects.get()
    assert (run.command, run.began_at, run.ended_at, run.succeeded_at, run.problem) == ("backup", now, now, now, "")


def test_a_run_that_fails_keeps_the_moment_of_the_last_success_and_says_nothing_of_what_was_said(now):
    with recorded("backup"):
        pass
    with clock.set_to(now + timedelta(days=1)), pytest.raises(OSError, match="sesame"), recorded("backup"):
        raise OSError("the password is sesame")

    run = Run.objects.get()
    assert (run.problem, run.succeeded_at, run.ended_at) == ("OSError", now, now + timedelta(days=1))


def test_a_command_that_was_stopped_has_failed():
    with pytest.raises(KeyboardInterrupt), recorded("backup"):
        raise KeyboardInterrupt

    assert Run.objects.get().problem == "KeyboardInterrupt"


def test_a_failure_is_over_with_the_next_success():
    with pytest.raises(ValueError, match="no"), recorded("backup"):
        raise ValueError("no")
    with recorded("backup"):
        pass

    assert not Run.objects.get().has_failed


def test_a_database_that_takes_nothing_down_stops_no_command(monkeypatch, caplog):
    def refused(**facts):
        raise DatabaseError("attempt to write a readonly database")

    monkeypatch.setattr(Run.objects, "update_or_create", refused)
    done = []

    with caplog.at_level(logging.WARNING), recorded("backup"):
        done.append(True)

    assert done == [True]
    assert "could not be taken down" in caplog.text


@pytest.mark.parametrize("command", ["erase_enquiries", "reindex"])
def test_daily_commands_are_taken_down(command):
    call_command(command, verbosity=0)

    assert Run.objects.get().command == command


def test_looking_is_no_run():
    call_command("erase_enquiries", "--dry-run", verbosity=0)

    assert not Run.objects.exists()
