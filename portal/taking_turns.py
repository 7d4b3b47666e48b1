"""Work on the whole database or on all uploads, one command at a time: `migrate`, `backup`, `restore` and the deleting
`sweep_media` take turns, on however many app servers they are started. Visitors and editors are not held up.
"""

import fcntl
from contextlib import contextmanager
from pathlib import Path

LOCK = 0x1A161A7E  # of PostgreSQL's advisory locks
WAITING = "Another migrate, backup, restore or sweep is at work on this database; waiting for its end."


def one_at_a_time(connection, tell=print):
    """Inside the block nobody else does such work on the database of `connection`; somebody who has to wait is told so.
    Limits on the time of a statement, made for visitors, do not hold in it."""
    return (_in_postgresql if connection.vendor == "postgresql" else _beside_the_file)(connection, tell)


@contextmanager
def _in_postgresql(connection, tell):
    """The lock belongs to the connection and ends with it, however this process ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            tell(WAITING)
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


@contextmanager
def _beside_the_file(connection, tell):
    """A lock on a file beside the database; one in memory has nobody else."""
    if connection.is_in_memory_db():
        yield
        return
    with Path(f"{connection.settings_dict['NAME']}-migrating").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell(WAITING)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
