"""Two people editing the same record: the later save is warned and shown the difference."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from companies.models import Sector
from events.models import Agreement, AgreementParty, Amount
from portal.history.versions import versions_of
from tests.desk import add_row, form_of
from tests.factories import agreement, amount, organization, party, sector, sourced

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(django_user_model):
    user = django_user_model.objects.create_superuser("anna", first_name="Anna", last_name="Li")
    client = Client()
    client.force_login(user)
    return client


def address_of(record, name="change"):
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{name}", args=[record.pk])


def open_form(client, record):
    return form_of(client.get(address_of(record)))


def save(client, record, form, **values):
    return client.post(address_of(record), form | values)


def change(client, record, **values):
    """Somebody opens the form, fills in `values` and saves."""
    response = save(client, record, open_form(client, record), **values)
    assert response.status_code == 302
    return response


def differences(response):
    """What the page says: (name of the record, text about its row, [(fact, theirs, mine)])."""
    return [
        (each.name, each.text, [(one.fact.label, one.before, one.after) for one in each.changes])
        for each in response.context["conflict"].differences
    ]


def test_a_form_that_nobody_else_touched_is_saved(admin_client):
    area = sector()

    change(admin_client, area, name_en="Vaccines")
    change(admin_client, area, name_en="Sera")

    assert Sector.objects.get().name_en == "Sera"


def test_the_later_save_is_refused_and_names_who_saved_what(admin_client, anna):
    area = sector(name_en="Vaccines", name_zh_hans="疫苗")
    form = open_form(admin_client, area)
    change(anna, area, name_en="Sera")

    response = save(admin_client, area, form, name_en="Antibodies")

    [meanwhile] = response.context["conflict"].saves
    assert response.status_code == 200
    assert (meanwhile.by, meanwhile.is_own) == ("Anna Li", False)
    assert differences(response) == [("Sera", "", [("Name", "Sera", "Antibodies")])]
    assert "Anna Li, " in response.text
    assert "<del>Sera</del>" in response.text
    assert Sector.objects.get().name_en == "Sera"


def test_what_was_typed_stays_and_saving_again_overwrites(admin_client, anna):
    area = sector(name_en="Vaccines")
    form = open_form(admin_client, area)
    change(anna, area, name_en="Sera")

    refused = save(admin_client, area, form, name_en="Antibodies")
    again = save(admin_client, area, form_of(refused))

    assert form_of(refused)["name_en"] == "Antibodies"
    assert again.status_code == 302
    assert Sector.objects.get().name_en == "Antibodies"


def test_a_third_save_in_between_is_refused_again(admin_client, anna):
    area = sector(name_en="Vaccines")
    form = open_form(admin_client, area)
    change(anna, area, name_en="Sera")
    refused = save(admin_client, area, form, name_en="Antibodies")
    change(anna, area, name_en="Antitoxins")

    response = save(admin_client, area, form_of(refused))

    assert differences(response) == [("Antitoxins", "", [("Name", "Antitoxins", "Antibodies")])]


def test_only_what_the_others_changed_is_listed(admin_client, anna):
    area = sector(name_en="Vaccines", name_zh_hans="疫苗")
    form = open_form(admin_client, area)
    change(anna, area, name_zh_hans="血清")

    response = save(admin_client, area, form, name_en="Antibodies")

    assert differences(response) == [("Vaccines", "", [("Name", "血清", "疫苗")])]


def test_ones_own_double_save_says_so(admin_client):
    area = sector(name_en="Vaccines")
    form = open_form(admin_client, area)
    save(admin_client, area, form, name_en="Sera")

    response = save(admin_client, area, form, name_en="Antibodies")

    assert [(each.by, each.is_own) for each in response.context["conflict"].saves] == [("You", True)]


@pytest.mark.parametrize("version", [None, "", "0", "9-9-9-9-9-9-9-9", "1-x", "٣", "9" * 40])
def test_a_version_that_is_missing_or_made_up_is_an_unknown_one(version, admin_client, anna):
    area = sector(name_en="Vaccines")
    form = open_form(admin_client, area) | {"name_en": "Antibodies"}
    del form["version"]

    response = admin_client.post(address_of(area), form | ({} if version is None else {"version": version}))

    assert response.status_code == 200
    assert Sector.objects.get().name_en == "Vaccines"
    assert save(admin_client, area, form_of(response)).status_code == 302


def test_rows_are_compared_too(admin_client, anna):
    paper = sourced(agreement(published_at=None))
    capital = amount(agreement=paper)
    form = open_form(admin_client, paper)
    change(anna, paper, **{"amounts-0-quantity_value": "7000000000"})

    response = save(admin_client, paper, form, title_en="Investment agreement")

    assert differences(response) == [
        ("CNY 7 billion (total investment)", "", [("Amount", "CNY 7 billion", "CNY 16 billion")])
    ]
    capital.refresh_from_db()
    assert capital.quantity_value == 7_000_000_000


def test_a_row_that_somebody_added_stays(admin_client, anna):
    paper = sourced(agreement(published_at=None))
    form = open_form(admin_client, paper)
    response = anna.get(address_of(paper))
    theirs = form_of(response)
    add_row(theirs, response, "parties", name_en="Jiusi Biotechnology", role="investor")
    save(anna, paper, theirs)

    refused = save(admin_client, paper, form, title_en="Investment agreement")
    save(admin_client, paper, form_of(refused))

    assert [(name, text) for name, text, _changes in differences(refused)] == [
        ("Jiusi Biotechnology", "It was added, and stays.")
    ]
    assert AgreementParty.objects.count() == 1
    assert Agreement.objects.get().title_en == "Investment agreement"


def test_a_row_that_somebody_removed_is_added_again_by_whoever_keeps_it(admin_client, anna):
    paper = sourced(agreement(published_at=None))
    for name in ("Jiusi", "Guosheng"):
        party(agreement=paper, name_en=name)
    form = open_form(admin_client, paper)
    change(anna, paper, **{"parties-0-DELETE": "on"})

    refused = save(admin_client, paper, form, **{"parties-1-name_en": "Guosheng Capital"})
    again = save(admin_client, paper, form_of(refused))

    assert differences(refused) == [("Jiusi", "It was removed. Your form keeps it: saving adds it again.", [])]
    assert again.status_code == 302
    assert sorted(each.name_en for each in paper.parties.all()) == ["Guosheng Capital", "Jiusi"]


def test_a_row_that_both_removed_is_gone(admin_client, anna):
    paper = sourced(agreement(published_at=None))
    party(agreement=paper, name_en="Jiusi")
    form = open_form(admin_client, paper)
    change(anna, paper, **{"parties-0-DELETE": "on"})

    refused = save(admin_client, paper, form, **{"parties-0-DELETE": "on"})
    save(admin_client, paper, form_of(refused))

    assert paper.parties.count() == 0


def test_a_row_of_another_record_is_not_taken_for_one_that_is_gone(admin_client):
    paper, other = sourced(agreement(published_at=None)), amount()
    amount(agreement=paper)
    key = other.pk
    other.delete()

    response = save(admin_client, paper, open_form(admin_client, paper), **{"amounts-0-id": key})

    assert response.status_code == 200
    assert Amount.objects.count() == 1


def test_a_record_that_somebody_deleted_shows_what_was_typed(admin_client, anna):
    paper = sourced(agreement(published_at=None))
    party(agreement=paper, name_en="Jiusi")
    form = open_form(admin_client, paper)
    address = address_of(paper)
    anna.post(address_of(paper, "delete"), {"post": "yes"})

    response = admin_client.post(address, form | {"title_en": "What took me an hour"})

    assert response.status_code == 200
    assert "What took me an hour" in response.text
    assert "Jiusi" in response.text
    assert "Deleted by: Anna Li" in response.text
    assert not Agreement.objects.exists()


def test_what_is_shown_of_a_deleted_record_needs_the_right_to_change_it(client, admin_client, django_user_model):
    area = sector(name_en="Secret")
    address = address_of(area)
    form = open_form(admin_client, area)
    area.delete()
    reader = django_user_model.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_sector"))
    client.force_login(reader)

    response = client.post(address, form)

    assert response.status_code == 403
    assert "Secret" not in response.text


def test_whoever_may_only_read_gets_no_version(client, django_user_model):
    area = sector()
    reader = django_user_model.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_sector"))
    client.force_login(reader)

    response = client.get(address_of(area))

    assert "version" not in response.context["adminform"].form.fields


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one at a time write")
def test_the_record_is_locked_before_its_version_is_compared(admin_client):
    area = sector()
    form = open_form(admin_client, area)

    with CaptureQueriesContext(connection) as queries:
        save(admin_client, area, form)

    locks = [n for n, query in enumerate(queries) if "FOR UPDATE" in query["sql"]]
    compared = [n for n, query in enumerate(queries) if "history_historicalsector" in query["sql"]]
    assert locks
    assert locks[0] < compared[0]


def test_the_versions_of_many_records_take_one_query(django_assert_num_queries):
    papers = [agreement() for _number in range(30)]
    before = versions_of(papers)
    amount(agreement=papers[0])
    papers[1].save()
    organization()

    with django_assert_num_queries(1):
        after = versions_of(papers)

    assert [key for key in after if after[key] != before[key]] == [papers[0].pk, papers[1].pk]
