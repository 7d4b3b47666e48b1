"""Organizations, places and indicators at the staff desk."""

import pytest
from django.urls import reverse

from companies.models import Organization
from tests.desk import add_row, form_of
from tests.factories import indicator, organization, place, sourced

pytestmark = pytest.mark.django_db


def save_with_identifier(client, record, scheme, value):
    address = reverse("admin:companies_organization_change", args=[record.pk])
    response = client.get(address)
    form = form_of(response)
    add_row(form, response, "identifiers", scheme=scheme, value=value)
    return client.post(address, form, follow=True)


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def test_a_usci_that_does_not_fit_is_saved_with_a_warning(admin_client):
    company = sourced(organization())

    response = save_with_identifier(admin_client, company, "usci", "91330100799655058C")

    warning, _saved = messages_of(response)
    assert warning == (
        "The check character of 91330100799655058C does not fit. It is saved; please compare it with the register."
    )
    assert [each.value for each in company.identifiers.all()] == ["91330100799655058C"]


@pytest.mark.parametrize(("scheme", "value"), [("usci", "91330100799655058B"), ("stock", "HKEX 6185")])
def test_other_numbers_are_saved_without_a_warning(scheme, value, admin_client):
    response = save_with_identifier(admin_client, sourced(organization()), scheme, value)

    assert len(messages_of(response)) == 1


def test_an_organization_is_found_by_its_chinese_name_and_by_its_number(admin_client):
    company = sourced(organization(name_zh_hans="上药康希诺"))
    organization()
    save_with_identifier(admin_client, company, "stock", "HKEX 6185")

    for words in ("康希诺", "6185"):
        response = admin_client.get(reverse("admin:companies_organization_changelist"), {"q": words})

        assert list(response.context["cl"].result_list) == [company]


def test_an_organization_is_recorded_with_its_presence(admin_client):
    park = place()
    address = reverse("admin:companies_organization_add")
    response = admin_client.get(address)
    form = form_of(response) | {"name_en": "DiaSorin", "country": "IT", "founded_on": "1968"}
    add_row(form, response, "presences", place=park.pk, kind="manufacturing", since="2021-05")

    admin_client.post(address, form)

    presence = Organization.objects.get(slug="diasorin").presences.get()
    assert (presence.place, str(presence.since)) == (park, "2021-05")


def test_a_range_with_a_qualifier_is_explained_in_the_form(admin_client):
    address = reverse("admin:companies_observation_add")
    form = form_of(admin_client.get(address)) | {
        "indicator": indicator().pk,
        "period": "2024",
        "quantity_comparator": ">",
        "quantity_value": "10",
        "quantity_value_to": "15",
    }

    response = admin_client.post(address, form)

    assert response.context["errors"] == [
        ["A range (“10 to 15”) has a start and an end and no qualifier; set the qualifier to “exactly”."]
    ]
