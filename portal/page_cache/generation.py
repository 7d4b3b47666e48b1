"""Which generation of the data there is: a number that every committed change raises.

It is read from the database each time, because nothing else knows of a commit at the moment of the commit: not a
signal (a bulk change sends none), not a message to other processes (it comes a moment later).
"""

import logging
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connection, connections

from portal.lent_sqlite.glances import unless_unchanged
from portal.outages import is_outage
from portal.page_cache.models import Changes

COUNT = Changes._meta.db_table
MOST_ROWS = 100  # of PostgreSQL, before they are gathered into one
SILENCE = 1  # seconds in which a database that did not answer is not asked again
LONGEST_ASKING = 15  # seconds after which somebody else asks, if whoever does so has heard nothing

SUM = f"SELECT SUM(number), COUNT(*) FROM {COUNT}"  # noqa: S608
# One statement: whoever reads sees the rows or their sum, never both.
GATHER = f"""
    WITH gone AS (DELETE FROM {COUNT} RETURNING number)
    INSERT INTO {COUNT} (number) SELECT SUM(number) FROM gone HAVING COUNT(*) > 0
"""  # noqa: S608

_of_the_request: ContextVar[int | None] = ContextVar("generation", default=None)
_last_known: int | None = None  # of this process
_not_before: float | None = None  # while the database is lost: when it may be asked again

logger = logging.getLogger(__name__)


def of_the_request() -> int | None:
    """The generation that was read before the request that is answered; None without `portal.page_cache.front`."""
    return _of_the_request.get()


def current() -> int | None:
    """The generation of the request that is being answered, else the one that the database has now. None in a
    transaction, whose changes are of no generation yet, and where there is no database to ask, or it was not
    migrated."""
    known = _of_the_request.get()
    if known is None and not connection.in_atomic_block:
        return read()
    return known


def last_known() -> int | None:
    """The generation that this process read last."""
    return _last_known


def is_lost() -> bool:
    """Whether the database did not answer when it was last asked."""
    return _not_before is not None


def read() -> int | None:
    """The generation that the database has now. None where there is none to ask; one that was lost is asked by one
    request in a second, so that the others do not wait for it."""
    global _last_known, _not_before  # numbers, replaced at once
    now = monotonic()
    if _not_before is not None:
        if now < _not_before:
            return None
        _not_before = now + LONGEST_ASKING
    try:
        number, rows = _sum_by_a_good_connection()
        if rows > MOST_ROWS and not connection.in_atomic_block:
            _gather()
    except (DatabaseError, InterfaceError) as problem:
        _say(problem)
        _not_before = monotonic() + SILENCE if is_outage(problem) else None
        return None
    if _not_before is not None:
        logger.warning("The database answers again.")
        _not_before = None
    _last_known = int(number or 0)
    return _last_known


def _say(problem):
    if _not_before is None:
        logger.warning("Nothing kept can be served as it is now: %s", problem)


def _sum_by_a_good_connection():
    try:
        return _sum()
    except (DatabaseError, InterfaceError):
        if connection.in_atomic_block or connection.connection is None:
            raise
        connection.close()  # the server may have dropped it since the last request: once more with another one
        return _sum()


def _sum():
    database = connections[DEFAULT_DB_ALIAS]
    return unless_unchanged(database, lambda: _sum_in(database))


def _sum_in(database):
    # By the driver itself: this is asked for every request, and belongs to no page whose queries are counted.
    database.ensure_connection()
    with database.wrap_database_errors:
        cursor = database.connection.cursor()
        cursor.execute(SUM)
        row = cursor.fetchone()
        cursor.close()
    return row


def _gather():
    try:
        with connection.cursor() as cursor:
            cursor.execute(GATHER)
    except DatabaseError as problem:  # the database is only read, or somebody else was quicker
        logger.info("The counted changes were not gathered: %s", problem)


@contextmanager
def set_to(number):
    """Answers a request as of the generation that was read before it."""
    token = _of_the_request.set(number)
    try:
        yield
    finally:
        _of_the_request.reset(token)
