"""When what the portal stands on does not do its work: the database is away, full, locked or only read, or a disk is.

It is nobody's mistake and passes, so visitors are told to come back (503) instead of that something is wrong (500).
"""

import errno
import sqlite3

from django.db import DatabaseError, InterfaceError, OperationalError
from django.db.utils import Error

RETRY_AFTER = 30  # seconds, as the answer says it

BROKEN = {DatabaseError, InterfaceError, OperationalError}  # as psycopg2 says it, each by itself
OF_A_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG}
OF_SQLITE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_READONLY,
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html
OF_POSTGRESQL = ("08", "53", "57", "58", "25006", "55P03")  # no connection, no room, shut down, disk, only read, locked


def is_outage(problem) -> bool:
    """Whether an exception says that the database or a disk does not do its work, rather than that we asked wrongly."""
    if isinstance(problem, OSError):
        return problem.errno in OF_A_DISK
    if not isinstance(problem, Error):
        return False
    cause = problem.__cause__
    if (code := getattr(cause, "sqlite_errorcode", None)) is not None:
        return code & 0xFF in OF_SQLITE
    if hasattr(cause, "pgcode"):
        # A connection that cannot be made or has broken has no code of the server.
        return cause.pgcode.startswith(OF_POSTGRESQL) if cause.pgcode else type(problem) in BROKEN
    return isinstance(problem, InterfaceError)
