"""The triggers that count changes (`portal.page_cache.generation`)."""

from django.apps import apps
from django.db import connection, transaction

from portal import triggers
from portal.page_cache.models import Changes
from portal.triggers import Trigger

SHOWN = ("portal", "history", "companies", "events")  # the apps whose records are on pages

COUNT = Changes._meta.db_table
# A count that was put back with an old copy of the database must not meet what was kept under the same number before:
# its steps are drawn.
STEP = {"sqlite": "1 + abs(random() % 1000000)", "postgresql": "1 + floor(random() * 1000000)::bigint"}

# One row for each transaction: the setting names it, and is taken back with a savepoint as the row is.
FUNCTION = f"""
    CREATE OR REPLACE FUNCTION page_cache_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF current_setting('portal.counted_in', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
            INSERT INTO {COUNT} (number) VALUES ({STEP["postgresql"]});
            PERFORM set_config('portal.counted_in', pg_current_xact_id()::text, false);
        END IF;
        RETURN NULL;
    END $$
"""  # noqa: S608 (all of it is ours)


def install(using="default", **kwargs):
    """After every `migrate`. The count rises, because nothing may have been counted since triggers were lost."""
    if using != connection.alias:
        return
    with connection.cursor() as cursor, transaction.atomic():
        tables = set(connection.introspection.table_names(cursor))
        if COUNT not in tables:
            return
        if connection.vendor == "postgresql":
            cursor.execute(FUNCTION)
        counted = [table for table in counted_tables() if table in tables]
        triggers.install(cursor, "pages", [trigger for table in counted for trigger in _triggers(table)])
        cursor.execute(_raise(connection.vendor))


def counted_tables() -> list[str]:
    """Every table of a record that can be on a page, with those that join many to many."""
    models = [model for label in SHOWN for model in apps.get_app_config(label).get_models(include_auto_created=True)]
    return [model._meta.db_table for model in models if not getattr(model, "is_for_staff_alone", False)]


def _triggers(table):
    if connection.vendor == "postgresql":
        for moment in ("INSERT", "UPDATE", "DELETE", "TRUNCATE"):
            each = f"CREATE TRIGGER {{name}} AFTER {moment} ON {table} FOR EACH STATEMENT"
            yield Trigger(table, moment, f"{each} EXECUTE FUNCTION page_cache_count()")
    else:
        for moment in ("INSERT", "UPDATE", "DELETE"):
            yield Trigger(
                table, moment, f"CREATE TRIGGER {{name}} AFTER {moment} ON {table} BEGIN {_raise('sqlite')}; END"
            )


def _raise(vendor) -> str:
    if vendor == "postgresql":
        return f"INSERT INTO {COUNT} (number) VALUES ({STEP[vendor]})"  # noqa: S608
    step = STEP[vendor]
    return (
        f"INSERT INTO {COUNT} (id, number) VALUES (1, {step}) ON CONFLICT (id) DO UPDATE SET number = number + {step}"  # noqa: S608
    )
