"""The database's own way to a consistent copy while editors save, and back. Both modules have the same functions."""

from django.db import connection

from portal.backup import BackupError, postgresql, sqlite

ENGINES = {"sqlite": sqlite, "postgresql": postgresql}


def engine(name=""):
    """The module for a copy by the engine `name`, which must be that of the portal; without a name, the portal's."""
    if name and name != connection.vendor:
        raise BackupError(f"This backup is of a portal on {name}; this one is on {connection.vendor}.")
    return ENGINES[connection.vendor]
