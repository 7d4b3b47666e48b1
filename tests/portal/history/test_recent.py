"""The newest saves over all records."""

import pytest
from django.urls import reverse

from companies.models import Sector
from events.models import Agreement
from portal.history.entries import record_history
from portal.history.recent import recent_changes
from tests.desk import add_row, form_of
from tests.factories import agreement, cite, organization, sector, sourced

pytestmark = pytest.mark.django_db


def rename(client, record, **values):
    address = reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])
    response = client.post(address, form_of(client.get(address)) | values)
    assert response.status_code == 302


def test_a_save_is_one_line_that_leads_to_its_history(admin_client, admin_user):
    paper = sourced(agreement(published_at=None, title_en="Framework agreement"))
    address = reverse("admin:events_agreement_change", args=[paper.pk])
    response = admin_client.get(address)
    form = form_of(response) | {"title_en": "Investment agreement"}
    add_row(form, response, "parties", name_en="Jiusi Biotechnology", role="investor")
    admin_client.post(address, form)

    [newest] = recent_changes(1)

    assert (newest.kind, newest.title, newest.what) == ("Agreement", "Investment agreement", "changed")
    assert (newest.by, newest.address) == (
        admin_user.username,
        reverse("admin:events_agreement_history", args=[paper.pk]),
    )


def test_a_row_stands_for_the_record_above_it():
    citation = cite(agreement(title_en="Framework agreement"))
    citation.quote = "原话"
    citation.save()

    assert recent_changes(1)[0].title == "Framework agreement"


def test_many_records_at_once_are_one_line():
    companies = [organization() for _number in range(3)]
    record_history(companies, "Import of companies.xlsx")

    [newest] = recent_changes(1)

    assert (newest.title, newest.why, newest.by, newest.address) == ("3 records", "Import of companies.xlsx", "", "")


def test_creation_and_deletion_are_named(admin_client):
    area = sector(name_en="Vaccines")
    made = recent_changes(1)[0]
    admin_client.post(reverse("admin:companies_sector_delete", args=[area.pk]), {"post": "yes"})

    gone = recent_changes(1)[0]

    assert (made.what, made.title) == ("created", "Vaccines")
    assert (gone.what, gone.title) == ("deleted", "Vaccines (deleted)")


def test_the_changes_of_some_people_alone(admin_client, admin_user, django_user_model):
    area, other = sector(), sector()
    rename(admin_client, area, name_en="Vaccines")
    somebody = django_user_model.objects.create_user("somebody")

    assert [each.title for each in recent_changes(5, users=[admin_user])] == ["Vaccines"]
    assert recent_changes(5, users=[somebody]) == []
    assert other.pk


def test_the_changes_of_some_kinds_of_record_alone():
    sector(name_en="Vaccines")
    cite(agreement(title_en="Framework agreement"))

    assert [each.title for each in recent_changes(1, models=[Sector])] == ["Vaccines"]
    assert recent_changes(1, models=[Agreement])[0].title == "Framework agreement"
    assert recent_changes(5, models=[]) == []


@pytest.mark.parametrize("number", [2, 60])
def test_the_queries_do_not_depend_on_the_number_of_changes(number, admin_user, django_assert_num_queries):
    for area in [sector() for _number in range(number)]:
        record_history([area], "", user=admin_user)

    with django_assert_num_queries(4):
        assert len(recent_changes(number)) == number
