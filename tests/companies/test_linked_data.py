"""Organizations, places and figures as schema.org (`companies/linked_data.py`)."""

from decimal import Decimal

import pytest
from django.utils import translation

from portal.quantities import Quantity
from tests import factories
from tests.linked_data import graph_of, only

pytestmark = pytest.mark.django_db

SITE = "https://portal.example"


def test_an_organization_says_what_its_page_says(client, now):
    works = factories.organization(
        slug="works",
        name_en="Lake Works",
        short_name_en="LW",
        legal_name="湖区制药有限公司",
        founded_on="2009",
        website="https://works.example/",
        summary_en="Makes vaccines.",
    )
    works.sectors.add(factories.sector(name_en="Vaccines"))
    plant, planned, left = (factories.place(slug=slug) for slug in ("plant", "planned", "left"))
    factories.presence(organization=works, place=plant, kind="manufacturing")
    factories.presence(organization=works, place=planned, kind="planned")
    factories.presence(organization=works, place=left, kind="branch", until="2023")

    said = only("Organization", graph_of(client, "/en/companies/works/"))

    [place] = said.pop("location")
    assert place["@id"] == f"{SITE}/district/plant/#this"
    assert said == {
        "@type": "Organization",
        "@id": f"{SITE}/companies/works/#this",
        "name": "Lake Works",
        "url": f"{SITE}/en/companies/works/",
        "alternateName": "LW",
        "legalName": "湖区制药有限公司",
        "description": "Makes vaccines.",
        "foundingDate": "2009",
        "sameAs": "https://works.example/",
        "keywords": ["Vaccines"],
    }


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("company", "Organization"),
        ("university", "CollegeOrUniversity"),
        ("public_body", "GovernmentOrganization"),
        ("hospital", "Hospital"),
        ("association", "Organization"),
    ],
)
def test_an_organization_is_of_the_type_that_is_true_of_its_kind(client, kind, said):
    factories.organization(slug="works", kind=kind)

    assert only(said, graph_of(client, "/en/companies/works/"))["@id"] == f"{SITE}/companies/works/#this"


def test_a_place_says_where_it_is_and_what_lies_around_it(client):
    district = factories.place(slug="lake", kind="district")
    known = {"latitude": Decimal("31.4"), "longitude": Decimal("121.3"), "address_en": "1 Lake Road"}
    factories.place(slug="park", kind="park", part_of=district, **known)

    park = only("Place", graph_of(client, "/en/district/park/"))
    around = only("AdministrativeArea", graph_of(client, "/en/district/lake/"))

    assert (park["geo"]["latitude"], park["geo"]["longitude"], park["address"]) == (31.4, 121.3, "1 Lake Road")
    assert park["containedInPlace"]["@id"] == around["@id"] == f"{SITE}/district/lake/#this"
    assert {"geo", "address"} & around.keys() == set()


def test_a_place_around_it_that_is_a_draft_is_not_named(client):
    factories.place(slug="park", part_of=factories.place(slug="secret", published_at=None))

    assert "containedInPlace" not in only("Place", graph_of(client, "/en/district/park/"))


@pytest.mark.parametrize("code", ["en", "zh-hans"])
def test_an_indicator_is_a_dataset_of_its_periods(client, code):
    indicator = factories.indicator(slug="companies", name_zh_hans="企业", place=factories.place(slug="lake"))
    for period, rank in (("2010", "deprecated"), ("2020", "normal"), ("2024-11-15", "preferred")):
        factories.observation(indicator=indicator, period=period, rank=rank, quantity=Quantity(Decimal(len(rank))))

    said = only("Dataset", graph_of(client, f"/{code}/indicators/companies/"))

    base = f"{SITE}/{code}/indicators/companies"
    assert said["temporalCoverage"] == "2020/2024-11-15"
    assert said["spatialCoverage"]["@id"] == f"{SITE}/district/lake/#this"
    with translation.override(code):
        assert said["variableMeasured"] == {
            "@type": "PropertyValue",
            "name": indicator.name,
            "unitText": indicator.unit,
        }
    assert {each["encodingFormat"]: each["contentUrl"] for each in said["distribution"]} == {
        "text/csv": f"{base}.csv",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": f"{base}.xlsx",
        "application/json": f"{base}.json",
    }
    assert said["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert 50 <= len(said["description"]) <= 5000


def test_an_indicator_without_a_value_claims_no_time(client):
    factories.indicator(slug="companies")

    assert "temporalCoverage" not in only("Dataset", graph_of(client, "/en/indicators/companies/"))
