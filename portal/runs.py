"""Taking down how a command went, for the status on the front page of the desk and for /metrics.

    with recorded("backup"):
        ...

Nothing that happens while it is taken down stops the command: a backup of a database that is only read is made, too.
"""

import logging
from contextlib import contextmanager

from django.db import DatabaseError, transaction

from portal import clock
from portal.models import Run

LONGEST_NAME = Run._meta.get_field("problem").max_length

logger = logging.getLogger(__name__)


@contextmanager
def recorded(command):
    """The block is a run of `command`. An exception is taken down by its kind, not by its words, and goes on."""
    _note(command, began_at=clock.now(), ended_at=None, problem="")
    try:
        yield
    except BaseException as problem:
        _note(command, ended_at=clock.now(), problem=type(problem).__name__[:LONGEST_NAME])
        raise
    _note(command, ended_at=clock.now(), succeeded_at=clock.now(), problem="")


def _note(command, **facts):
    try:
        with transaction.atomic():  # so that a refusal does not spoil the transaction of the command
            Run.objects.update_or_create(
                command=command, defaults=facts, create_defaults={"began_at": clock.now(), **facts}
            )
    except DatabaseError as problem:
        logger.warning("The run of %s could not be taken down: %s", command, problem)
