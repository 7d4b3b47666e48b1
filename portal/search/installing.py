"""What Django's migrations do not know of: the table of words, its indexes, and the triggers that note changes.

After every `migrate` what is missing is made again: on SQLite, a migration that remakes a table drops its triggers."""

from hashlib import sha256

from django.db import connection, transaction

from portal.search.dependencies import watched
from portal.search.engines import engine
from portal.search.kinds import registered
from portal.search.models import Document, Waiting


def install(using="default", **kwargs):
    if using != connection.alias:
        return
    with connection.cursor() as cursor, transaction.atomic():
        tables = set(connection.introspection.table_names(cursor))
        if not {Document._meta.db_table, Waiting._meta.db_table} <= tables:
            return
        engine().install(cursor, registered())
        if _install_triggers(cursor, tables):
            _index_everything(cursor, tables)


def _install_triggers(cursor, tables) -> bool:
    """Whether any had to be made."""
    wanted = {}
    for table in watched():
        if table.table in tables:
            digest = sha256(repr([definition for _name, definition in engine().triggers(table, "")]).encode())
            for name, definition in engine().triggers(table, digest.hexdigest()[:8]):
                wanted[name] = definition
    existing = engine().existing_triggers(cursor)
    for name in existing.keys() - wanted.keys():
        engine().drop_trigger(cursor, name, existing[name])
    missing = sorted(wanted.keys() - existing.keys())
    for name in missing:
        engine().create_trigger(cursor, name, wanted[name])
    return bool(missing)


def _index_everything(cursor, tables):
    """Lets all documents wait: rows may have changed while nothing noted it."""
    for kind in registered():
        table = kind.model._meta.db_table
        if table in tables:
            cursor.execute(
                f"INSERT INTO search_waiting (source, key, is_document) SELECT %s, id, %s FROM {table}",  # noqa: S608
                [table, True],
            )
