"""What Django's migrations do not know of: the table of words, its indexes, and the triggers that note changes.

After every `migrate` what is missing is made again: on SQLite, a migration that remakes a table drops its triggers."""

from itertools import chain

from django.db import connection, transaction

from portal import triggers
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
        followed = [table for table in watched() if table.table in tables]
        if triggers.install(cursor, "search", chain.from_iterable(map(engine().triggers, followed))):
            _index_everything(cursor, tables)


def _index_everything(cursor, tables):
    """Lets all documents wait: rows may have changed while nothing noted it."""
    for kind in registered():
        table = kind.model._meta.db_table
        if table in tables:
            cursor.execute(
                f"INSERT INTO search_waiting (source, key, is_document) SELECT %s, id, %s FROM {table}",  # noqa: S608
                [table, True],
            )
