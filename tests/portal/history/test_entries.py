"""Entries that no `save()` writes: of fixtures, imports and bulk changes."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import translation

from companies.models import Organization, Sector
from events.models import Agreement, Conference
from portal.history.entries import BACK, IMPORTED, reason_in_words, record_differences, record_history
from tests.factories import agreement, conference, organization, sector, source

pytestmark = pytest.mark.django_db


def load(tmp_path, *records, name="companies.json"):
    """Loads a fixture of `records`."""
    file = tmp_path / name
    file.write_text(json.dumps(records))
    call_command("loaddata", str(file), stdout=StringIO())


def a_sector(slug, name):
    return {"model": "companies.sector", "fields": {"slug": slug, "name_en": name, "name_zh_hans": ""}}


def entries_of(model):
    """The historical rows of `model`, the oldest first."""
    return list(model.history.order_by("history_id").values_list("history_type", "history_change_reason"))


# --- Fixtures ---------------------------------------------------------------------------------------------------------


def test_a_fixture_leaves_an_entry_for_each_record_without_a_person(tmp_path):
    load(tmp_path, a_sector("vaccines", "Vaccines"), a_sector("devices", "Devices"))

    assert entries_of(Sector) == [("+", "Loaded from companies.json")] * 2
    assert {row.history_user for row in Sector.history.all()} == {None}


def test_loading_again_leaves_no_entry_but_for_what_differs(tmp_path):
    load(tmp_path, a_sector("vaccines", "Vaccines"), a_sector("devices", "Devices"))
    load(tmp_path, a_sector("vaccines", "Vaccines"), a_sector("devices", "Medical devices"))

    load(tmp_path, a_sector("vaccines", "Vaccines"), a_sector("devices", "Medical devices"))

    assert entries_of(Sector)[2:] == [("~", "Loaded from companies.json")]
    assert Sector.history.first().name_en == "Medical devices"


def test_related_records_of_a_fixture_are_recorded_once_and_told_from_others(tmp_path):
    vaccines, devices = sector(slug="vaccines"), sector(slug="devices")
    company = {"slug": "cansino", "name_en": "CanSino", "country": "CN"}
    record = {"model": "companies.organization", "fields": company | {"sectors": [["vaccines"]]}}
    load(tmp_path, record)
    load(tmp_path, record)

    load(tmp_path, {"model": "companies.organization", "fields": company | {"sectors": [["devices"]]}})

    assert entries_of(Organization) == [("+", "Loaded from companies.json"), ("~", "Loaded from companies.json")]
    related = [[each.sector_id for each in row.sectors.all()] for row in Organization.history.order_by("history_id")]
    assert related == [[vaccines.pk], [devices.pk]]


def test_what_was_deleted_and_is_loaded_again_is_new(tmp_path):
    load(tmp_path, a_sector("vaccines", "Vaccines"))
    Sector.objects.get().delete()

    load(tmp_path, a_sector("vaccines", "Vaccines"))

    assert [kind for kind, _reason in entries_of(Sector)] == ["+", "-", "+"]


def test_a_fixture_that_breaks_a_rule_leaves_neither_records_nor_entries(tmp_path):
    with pytest.raises(Exception, match="sector_has_a_name"):
        load(tmp_path, a_sector("vaccines", "Vaccines"), a_sector("devices", ""))

    assert (Sector.objects.count(), Sector.history.count()) == (0, 0)


def test_the_options_of_loaddata_keep_their_meaning(tmp_path):
    file = tmp_path / "district.json"
    record = {"model": "companies.sector", "fields": {"slug": "vaccines", "name_en": "Vaccines", "unknown": 1}}
    file.write_text(json.dumps([record, {"model": "companies.place", "fields": {"slug": "park", "name_en": "Park"}}]))

    call_command("loaddata", str(file), "--ignorenonexistent", "--exclude", "companies.place", stdout=StringIO())

    assert entries_of(Sector) == [("+", "Loaded from district.json")]


def test_the_entries_of_a_fixture_cost_three_queries_for_each_kind_of_record(django_assert_num_queries):
    sectors = [sector() for _number in range(60)]
    Sector.history.all().delete()

    with django_assert_num_queries(3):
        assert record_differences(sectors, "Loaded") == 60
    with django_assert_num_queries(3):
        assert record_differences(sectors, "Loaded") == 0


# --- Bulk changes -----------------------------------------------------------------------------------------------------


def test_a_bulk_change_is_recorded_as_it_stands_in_the_database(admin_user):
    events, paper = [conference(published_at=None), conference(published_at=None)], agreement(sectors=[sector()])
    Conference.objects.update(published_at="2024-11-15T12:00Z")

    record_history([*events, paper], IMPORTED % "companies.xlsx", user=admin_user)

    newest = [each.history.first() for each in (*events, paper)]
    assert {(row.history_type, row.history_user, row.history_change_reason) for row in newest} == {
        ("~", admin_user, "Import of companies.xlsx")
    }
    assert len({row.history_date for row in newest}) == 1
    assert [row.published_at is None for row in newest] == [False, False, False]
    assert newest[2].sectors.count() == 1


def test_what_a_bulk_change_deleted_is_recorded_as_it_was():
    gone = organization()
    Organization.objects.filter(pk=gone.pk)._raw_delete("default")

    record_history([gone], "Removed", type="-")

    assert Agreement.history.count() == 0
    assert entries_of(Organization)[-1] == ("-", "Removed")


def test_a_long_reason_is_cut_and_not_refused():
    record_history([source()], "Import of " + "x" * 300)


def test_reasons_are_said_in_the_language_of_the_page():
    with translation.override("en"):
        assert reason_in_words(BACK % "2024-11-15T04:00:00+00:00") == "Back to the state of 15 November 2024, 12:00"
        assert reason_in_words("Loaded from district.json") == "Loaded from district.json"
        assert reason_in_words("Because") == "Because"
        assert reason_in_words(None) == ""
