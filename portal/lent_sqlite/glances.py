"""Whether anybody has committed since one last looked, asked of SQLite without a table: such a connection knows no
schema and takes a twentieth of the memory of one that reads.

https://sqlite.org/pragma.html#pragma_data_version: the version that a connection sees changes with every commit of any
other connection, in this process or another. Nothing is ever written by these.
"""

import sqlite3
from collections import defaultdict

from portal.lent_sqlite.base import DatabaseWrapper, are_lent

_idle: defaultdict[str, list["_Glance"]] = defaultdict(list)  # by the name of the database


def unless_unchanged(database, read):
    """The value of `read()`, which reads what is committed in `database`; what it said last where nothing was committed
    since. Errors are those of `database`."""
    if not _is_lent(database) or database.in_atomic_block:
        return read()
    name = str(database.settings_dict["NAME"])
    try:
        glance = _idle[name].pop()
    except IndexError:
        with database.wrap_database_errors:
            glance = _Glance(name)
    value = glance.value_of(database, read)
    _idle[name].append(glance)  # not after an error
    return value


def _is_lent(database) -> bool:
    return are_lent() and isinstance(database, DatabaseWrapper) and not database.is_in_memory_db()


class _Glance:
    def __init__(self, name):
        self.connection = sqlite3.connect(name, isolation_level=None, check_same_thread=False, uri=True)
        self.version = self.value = None

    def value_of(self, database, read):
        with database.wrap_database_errors:
            ((version,),) = self.connection.execute("PRAGMA data_version").fetchall()
        if version != self.version:
            was_open = database.connection is not None
            # First the version, then the value: what is committed in between is read once more, never missed.
            self.value, self.version = read(), version
            if not was_open:  # by whoever may be reading with it
                database.close()  # a kept page needs it no more
        return self.value
