"""SQLite copies itself, page by page, by its online backup: as of one moment, while others write."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.backends.sqlite3._functions import register

from portal.backup import BackupError

FILE = "database.sqlite3"
PAGES = 5000  # that are copied between two looks at the progress


def copy(path, tell=lambda done, total: None):
    """Writes the database as of now to the new file `path`; `tell` hears how many pages are done."""
    with closing(_connected(_own_file())) as source, closing(_connected(path)) as target:
        # One reading transaction around all of it: whatever others commit meanwhile is not looked at.
        source.execute("BEGIN")
        source.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
        source.backup(target, pages=PAGES, progress=lambda _status, left, total: tell(total - left, total))
        target.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it


def check(path):
    """Refuses a copy that is not sound."""
    try:
        with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as copied:
            register(copied)  # the functions that constraints call, which some versions of SQLite check as well
            said = [row[0] for row in copied.execute("PRAGMA integrity_check(3)")]
            broken = copied.execute("PRAGMA foreign_key_check").fetchmany(3)
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{path} is no sound database: {error}.") from None
    if said != ["ok"] or broken:
        raise BackupError(f"{path} is no sound database: {'; '.join([*said, *map(str, broken)])}.")


def room_for_restoring() -> Path:
    """Where what is restored is prepared: on the disk of the database."""
    return Path(_own_file()).parent


def prepare(path):
    """Brings a copy to the tables of this version, before anybody sees it; its generation of pages rises with that."""
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{path}"}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--no-input"]
    done = subprocess.run(  # noqa: S603 (our own command)
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupError(f"The copy could not be brought up to this version: {done.stderr.strip()[-600:]}")
    with closing(_connected(path)) as copied:
        copied.execute("PRAGMA journal_mode=DELETE")
    Path(f"{path}-migrating").unlink(missing_ok=True)
    check(path)


def replace_by(path, tell=lambda done, total: None):
    """Puts the prepared copy in the place of the portal's database, in one transaction of SQLite from the first page to
    the last: servers that run go on with it, and a restore that is killed leaves what was there."""
    connection.close()
    with closing(_connected(path)) as source, closing(_connected(_own_file())) as target:
        source.backup(target, pages=PAGES, progress=lambda _status, left, total: tell(total - left, total))


def settle():
    """The copy was brought to this version before."""


def _own_file() -> str:
    if connection.is_in_memory_db():
        raise BackupError("The database is in memory: there is nothing to keep.")
    return str(connection.settings_dict["NAME"])


def _connected(path):
    return sqlite3.connect(path, timeout=20, isolation_level=None)
