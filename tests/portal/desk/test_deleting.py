"""What the desk says will go with a record."""

import pytest
from django.urls import reverse

from companies.models import Organization
from tests.factories import cite, organization, sector

pytestmark = pytest.mark.django_db


def test_a_row_that_only_joins_two_records_is_not_named(admin_client):
    company = organization(name_en="Bao Pharma")
    company.sectors.add(sector())
    cite(company)

    answer = admin_client.get(reverse("admin:companies_organization_delete", args=[company.pk]))

    assert sorted((str(name), number) for name, number in answer.context["model_count"]) == [
        ("citations", 1),
        ("organizations", 1),
    ]
    assert "relationship" not in answer.content.decode()


def test_what_joins_two_records_still_goes_with_them(admin_client):
    company = organization()
    company.sectors.add(sector())

    admin_client.post(reverse("admin:companies_organization_delete", args=[company.pk]), {"post": "yes"})

    assert not Organization.sectors.through.objects.exists()
