"""Every committed change of what a page can show raises the generation, whoever makes it and however."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import OperationalError, connection, transaction

from companies.models import Organization
from events.models import Agreement, InvestmentProject
from portal.corrections import correction_models
from portal.models import Redirect, Source
from portal.page_cache import generation
from portal.page_cache.installing import counted_tables, install
from portal.page_cache.models import Changes
from portal.triggers import drop, existing_triggers
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def raised_by(change) -> bool:
    before = generation.read()
    change()
    return generation.read() > before


def in_sql(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


WAYS = {
    "made": lambda record: factories.organization(),
    "saved": lambda record: record.save(),
    "updated in a shell": lambda record: Organization.objects.filter(pk=record.pk).update(name_en="Other"),
    "made in bulk": lambda record: Organization.objects.bulk_create([Organization(slug="b", name_en="B")]),
    "updated in bulk": lambda record: Organization.objects.bulk_update([record], ["name_en"]),
    "deleted": lambda record: record.delete(),
    "deleted by a query": lambda record: Organization.objects.filter(pk=record.pk)._raw_delete("default"),
    "joined many to many": lambda record: record.sectors.add(factories.sector()),
    "written in SQL": lambda record: in_sql("UPDATE companies_organization SET name_en = 'SQL'"),
    "cited": lambda record: factories.cite(record),
    "corrected": lambda record: factories.correct(record),
    "led to by a redirect": lambda record: factories.redirect(),
    "loaded from a fixture": lambda record: call_command("loaddata", "district", verbosity=0),
}


@pytest.mark.parametrize("way", WAYS)
def test_it_rises_when_a_record_is(way):
    record = factories.organization()

    assert raised_by(lambda: WAYS[way](record))


def test_it_does_not_rise_for_what_no_page_shows(django_user_model):
    def change():
        django_user_model.objects.create_user("somebody")
        factories.enquiry()
        factories.outside_link()

    assert not raised_by(change)
    assert not raised_by(lambda: list(Organization.objects.all()))


def test_every_table_of_the_site_is_counted_but_those_for_staff_alone():
    uncounted = {
        model.__name__
        for label in ("portal", "history", "companies", "events")
        for model in apps.get_app_config(label).get_models()
        if model._meta.db_table not in counted_tables()
    }

    assert uncounted == {"OutsideLink", "Enquiry", "ReplyTemplate", "Run"}
    assert {each._meta.db_table for each in (Source, Redirect, Agreement, *correction_models())} <= set(
        counted_tables()
    )
    assert InvestmentProject.organizations.through._meta.db_table in counted_tables()


def test_it_rises_at_the_commit_and_not_when_a_change_is_taken_back():
    def taken_back():
        with transaction.atomic():
            factories.organization()
            transaction.set_rollback(True)

    assert not raised_by(taken_back)


def test_a_change_after_a_part_that_was_taken_back_still_counts():
    def partly_taken_back():
        with transaction.atomic():
            with transaction.atomic():
                factories.organization()
                transaction.set_rollback(True)
            factories.organization()

    assert raised_by(partly_taken_back)


def test_a_long_transaction_leaves_one_row_and_many_are_gathered_into_one():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite keeps one row")
    before = Changes.objects.count()
    with transaction.atomic():
        for _ in range(3):
            factories.source()
    in_one = Changes.objects.count() - before
    Changes.objects.bulk_create([Changes(number=1) for _ in range(generation.MOST_ROWS + 1)])
    before = generation.read()

    assert (in_one, generation.read(), Changes.objects.count()) == (1, before, 1)


def test_a_database_put_back_does_not_come_to_the_same_numbers_again():
    factories.source()
    before = generation.read()
    steps = set()
    for _ in range(5):
        factories.source()
        steps.add(generation.read() - before)
        before = generation.read()

    assert len(steps) > 1


def test_a_connection_that_was_dropped_is_opened_again():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite drops no connections")
    factories.source()
    before = generation.read()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [backend])
    other.close()

    assert generation.read() == before


def test_there_is_none_without_a_database(monkeypatch):
    def failing():
        raise OperationalError("no such table")

    monkeypatch.setattr(generation, "_sum", failing)

    assert (generation.read(), generation.current()) == (None, None)


def test_a_request_is_answered_as_of_the_generation_that_was_read_before_it():
    with generation.set_to(7):
        factories.source()
        assert generation.current() == generation.of_the_request() == 7
    assert generation.of_the_request() is None
    assert generation.current() == generation.read() != 7


def test_what_a_migration_has_dropped_is_made_again_and_the_generation_rises():
    with connection.cursor() as cursor:
        for name, table in existing_triggers(cursor, "pages").items():
            if table == "portal_source":
                drop(cursor, name, table)
    factories.source()

    def change():
        Source.objects.update(title_en="Other")

    assert (raised_by(change), raised_by(install), raised_by(change)) == (False, True, True)
