"""Triggers of the database: what follows every change of a table, whoever makes it and however.

They are made after every `migrate`: Django's migrations do not know of them, and on SQLite one that remakes a table
drops its triggers.
"""

from dataclasses import dataclass
from hashlib import sha256

from django.db import connection


@dataclass(frozen=True)
class Trigger:
    """What happens after a `moment` (INSERT, UPDATE, DELETE, on PostgreSQL TRUNCATE) of a table: SQL that makes the
    trigger, and on PostgreSQL a function of the same name where it needs one, with `{name}` for its name."""

    table: str
    moment: str
    sql: str

    def name(self, purpose) -> str:
        """Another one for other SQL, so that a changed trigger is a new one."""
        digest = sha256(self.sql.encode()).hexdigest()[:8]
        return f"{f'{purpose}_{self.table}'[:40]}_{self.moment.lower()}_{digest}"


def install(cursor, purpose, wanted) -> bool:
    """Makes the triggers that are missing and drops those not `wanted` among the ones whose names begin with `purpose`;
    whether any was missing."""
    wanted = {each.name(purpose): each for each in wanted}
    existing = existing_triggers(cursor, purpose)
    for name in existing.keys() - wanted.keys():
        drop(cursor, name, existing[name])
    missing = sorted(wanted.keys() - existing.keys())
    for name in missing:
        cursor.execute(wanted[name].sql.format(name=name))
    return bool(missing)


def existing_triggers(cursor, purpose) -> dict[str, str]:
    """The names of the triggers for a purpose, each with its table."""
    if connection.vendor == "postgresql":
        sql = "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE %s"
        cursor.execute(sql, [f"{purpose}\\_%"])
    else:
        sql = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s ESCAPE '\\'"
        cursor.execute(sql, [f"{purpose}\\_%"])
    return dict(cursor.fetchall())


def drop(cursor, name, table):
    if connection.vendor == "postgresql":
        cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}; DROP FUNCTION IF EXISTS {name}()")
    else:
        cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
