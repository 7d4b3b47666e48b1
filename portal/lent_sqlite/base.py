"""SQLite for a server of many threads.

Every connection reads the whole schema for itself (2 MB here, most of it triggers), keeps pages of the file (up to 2 MB
more) and statements. Django keeps one for each thread; but of the 24 threads of a worker only a few work with the
database at a time. So a request borrows a connection and gives it back when it ends, as with Django's `pool` option,
which there is for PostgreSQL alone.
"""

from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache

from django.db import connections
from django.db.backends.sqlite3 import base

FUNCTIONS: dict[tuple[str, int], Callable] = {}  # that SQL may use, by name and number of arguments

_lent_by: defaultdict[str, list] | None = None  # what is idle, by the name of the database; None: nothing is lent


def lend_connections():
    """From now on, in this process. Commands, which may replace the file of a database, close connections for good."""
    global _lent_by  # once, before there are threads
    _lent_by = defaultdict(list)
    for settings in connections.settings.values():
        if settings["ENGINE"] == __package__:
            settings["CONN_MAX_AGE"] = 0  # a request gives its connection back when it ends


def are_lent() -> bool:
    return _lent_by is not None


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params):
        try:
            return self._idle.pop()  # the last used, so that no more are used than have to be
        except IndexError:
            connection = super().get_new_connection(conn_params)
        # Here and not when `connection_created` is sent, which is for each loan: SQLite forgets every statement that it
        # has prepared when it learns a function, and preparing the long ones takes longer than running them.
        for (name, arguments), function in FUNCTIONS.items():
            connection.create_function(name, arguments, function, deterministic=True)
        return connection

    def create_cursor(self, name=None):
        return self.connection.cursor(factory=Cursor)

    def _close(self):
        is_as_new = self.connection is not None and not self.connection.in_transaction and not self.errors_occurred
        if is_as_new and are_lent():
            self._idle.append(self.connection)
        else:
            super()._close()

    @property
    def _idle(self) -> list:
        return _lent_by[str(self.settings_dict["NAME"])] if are_lent() else []


class Cursor(base.SQLiteCursorWrapper):
    def convert_query(self, query, *, param_names=None):
        if param_names is not None:
            return super().convert_query(query, param_names=param_names)
        return _with_question_marks(query)


@lru_cache(maxsize=512)
def _with_question_marks(query) -> str:
    """The query as SQLite reads it. To look for the places of the parameters in a long one takes longer than to run it,
    and prepared queries (`portal.prepared`) are the same each time."""
    return base.SQLiteCursorWrapper.convert_query(None, query)
