"""PostgreSQL copies itself by pg_dump, as of one moment, and comes back in one transaction."""

import os
from pathlib import Path
from tempfile import gettempdir

from django.core.management import call_command
from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient

from portal.backup import programs

FILE = "database.dump"

# What the portal has made in its schema goes, whichever version made it; extensions and the schema itself stay.
EMPTY = """
DO $$ DECLARE each record; BEGIN
    FOR each IN SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
        WHERE schemaname = current_schema()
    LOOP EXECUTE 'DROP TABLE ' || each.name || ' CASCADE'; END LOOP;
    FOR each IN SELECT p.oid::regprocedure::text AS name FROM pg_proc p
        WHERE p.pronamespace = current_schema()::regnamespace AND p.prokind = 'f'
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    LOOP EXECUTE 'DROP FUNCTION ' || each.name || ' CASCADE'; END LOOP;
END $$
"""


def copy(path, tell=lambda done, total: None):
    """Writes the database as of now to the new file `path`, in pg_dump's own format."""
    who, environment = _arguments()
    form = ["--format=custom", "--no-owner", "--no-privileges", "--lock-wait-timeout=60s"]
    programs.run("pg_dump", *form, "--file", path, *who, environment=environment)
    tell(1, 1)


def check(path):
    """Refuses a copy that pg_restore cannot read from its beginning to its end."""
    programs.run("pg_restore", "--file", os.devnull, path)


def room_for_restoring() -> Path:
    """Where what is restored is prepared."""
    return Path(gettempdir())


def prepare(path):
    """The copy as SQL, beside itself."""
    programs.run("pg_restore", "--no-owner", "--no-privileges", "--file", _script(path), path)


def replace_by(path, tell=lambda done, total: None):
    """Puts the prepared copy in the place of the portal's tables, in one transaction: a restore that is killed leaves
    what was there."""
    who, environment = _arguments()
    once = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    programs.run("psql", *once, "--command", EMPTY, "--file", _script(path), *who, environment=environment)
    tell(1, 1)


def settle():
    """Brings the tables up to this version; the generation of pages rises with that."""
    call_command("migrate", verbosity=0, interactive=False)


def _script(path) -> Path:
    return Path(f"{path}.sql")


def _arguments() -> tuple[list[str], dict]:
    """How the programs of PostgreSQL are told where the portal's database is."""
    arguments, environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    # No time limit made for visitors holds for the whole of it.
    limits = "-c statement_timeout=0 -c idle_in_transaction_session_timeout=0"
    return arguments[1:], {**os.environ, **(environment or {}), "PGOPTIONS": limits}
