"""Agreements in the Open Contracting Data Standard: valid, and never more than the sources say.

`ocds_release_schema.json` is the release schema 1.1.4 of the standard (Open Contracting Partnership, Apache License
2.0) as it is, but for its white space.
"""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation
from jsonschema import Draft4Validator

from events.models import Agreement, AgreementParty
from events.ocds import ROLES
from events.ocds_extension import release_schema
from portal.quantities import Quantity
from tests import factories
from tests.factories import agreement, amount, cite, conference, milestone, organization, party, project, signing

pytestmark = pytest.mark.django_db

SCHEMA = json.loads((Path(__file__).parent / "ocds_release_schema.json").read_text())
ADDRESS = "/api/v1/agreements/ocds"


def package(client, query=""):
    return json.loads(client.get(f"{ADDRESS}{query}").content, parse_float=Decimal)


def release(client):
    (only,) = package(client)["releases"]
    return only


def contract(client):
    (only,) = release(client)["contracts"]
    return only


def errors_in(document):
    found = Draft4Validator(SCHEMA, format_checker=Draft4Validator.FORMAT_CHECKER).iter_errors(document)
    return [f"{'/'.join(map(str, error.path))}: {error.message}" for error in found]


def test_every_release_of_the_first_dataset_is_valid(client):
    call_command("loaddata", "district", "meilan_lake", verbosity=0)

    found = package(client, "?limit=200")

    assert len(found["releases"]) == Agreement.objects.published().count() > 10
    assert [error for each in found["releases"] for error in errors_in(each)] == []
    assert {"uri", "publisher", "publishedDate", "releases", "version"} <= set(found)  # of the package schema 1.1
    assert (found["version"], found["publisher"]["name"]) == ("1.1", "Baoshan Invest")


def test_an_invalid_release_is_found():
    assert errors_in({"ocid": "a", "id": "b", "date": "2024", "tag": [], "initiationType": "tender"}) != []


def test_everything_that_is_recorded_is_told(client, now):
    company = organization(slug="diasorin", name_en="DiaSorin", name_zh_hans="索灵诊断", legal_name="索灵（上海）")
    factories.identifier(organization=company, scheme="usci", value="91310000MA1FL0LL0X")
    plant = project(slug="plant")
    paper = agreement(
        slug="paper",
        title_en="Paper",
        title_zh_hans="协议",
        summary_en="A plant.",
        project=plant,
        bindingness="binding",
    )
    party(agreement=paper, organization=company, share=Decimal("49.8"))
    party(agreement=paper, organization=company, role="project_company")
    party(agreement=paper, name_en="The district", name_zh_hans="宝山区", role="host_authority", position=2)
    signing(agreement=paper, conference=conference(), signed_on="2024-11-15")
    amount(agreement=paper, quantity=Quantity(Decimal(5_000_000)))
    official = factories.source(slug="permit", source_type="official_register", published_on="2021-06-01")
    cite(milestone(project=plant, kind="approved", met_on="2021-05-20", due_on="2020"), official)
    cite(paper, factories.source(slug="news", title_en="Signed", url="https://a.example/", published_on="2024-11-16"))

    told = release(client)

    assert errors_in(told) == []
    assert told["ocid"] == "local-paper"
    assert told["parties"] == [
        {
            "id": "diasorin",
            "name": "DiaSorin",
            "name_zh-Hans": "索灵诊断",
            "roles": ["funder"],
            "identifier": {"scheme": "CN-USCI", "id": "91310000MA1FL0LL0X", "legalName": "索灵（上海）"},
            "x_portal": {"roles": ["investor", "project_company"], "share": Decimal("49.8")},
        },
        {
            "id": "name-the-district",
            "name": "The district",
            "name_zh-Hans": "宝山区",
            "x_portal": {"roles": ["host_authority"]},
        },
    ]
    (paper,) = told["contracts"]
    assert (paper["title"], paper["title_zh-Hans"], paper["status"]) == ("Paper", "协议", "active")
    assert (paper["dateSigned"], paper["value"]) == (
        "2024-11-15T00:00:00+08:00",
        {"amount": 5_000_000, "currency": "CNY"},
    )
    assert paper["documents"][0]["url"] == "https://a.example/"
    assert paper["implementation"]["milestones"] == [
        {
            "id": "approved-2020-2021-05-20",
            "code": "approved",
            "title": "approved",
            "title_zh-Hans": "获批",
            "dateMet": "2021-05-20T00:00:00+08:00",
            "status": "met",
            "x_portal": {"dueDate": "2020", "dateMet": "2021-05-20", "sufficientEvidence": True, "sources": ["permit"]},
        }
    ]


@pytest.mark.parametrize(
    "quantity",
    [
        Quantity(Decimal(100), ">"),
        Quantity(Decimal(100), "<="),
        Quantity(Decimal(100), approximate=True),
        Quantity(Decimal(100), value_to=Decimal(150)),
    ],
)
def test_an_amount_that_is_not_exact_is_no_value(client, quantity):
    amount(agreement=agreement(), quantity=quantity)

    told = contract(client)

    assert "value" not in told
    assert told["x_portal"]["amounts"][0]["quantity"]["words"]["en"] == quantity.words("money", currency="CNY")


def test_what_was_not_disclosed_is_no_zero(client):
    agreement()

    told = contract(client)

    assert "value" not in told
    assert told["x_portal"]["amountDisclosed"] is False
    assert "amounts" not in told["x_portal"]


def test_only_a_total_investment_is_a_value(client):
    amount(agreement=agreement(), kind="registered_capital", quantity=Quantity(Decimal(100)))

    assert "value" not in contract(client)


def test_a_month_is_no_date_and_stands_beside(client):
    signing(agreement=agreement(), signed_on="2020-09")

    told = contract(client)

    assert "dateSigned" not in told
    assert told["x_portal"]["dateSigned"] == "2020-09"


@pytest.mark.parametrize(
    ("bindingness", "status"), [("binding", "active"), ("non_binding", None), ("not_stated", None)]
)
def test_a_paper_is_in_force_only_where_its_sources_say_that_it_binds(client, bindingness, status):
    agreement(bindingness=bindingness)

    assert contract(client).get("status") == status


def test_a_milestone_without_sufficient_evidence_is_not_met_and_not_missed(client):
    plant = project()
    cite(milestone(project=plant, met_on="2021-05-20"), factories.source(source_type="self_declaration"))
    agreement(project=plant)

    (step,) = contract(client)["implementation"]["milestones"]

    assert "status" not in step
    assert step["x_portal"]["sufficientEvidence"] is False


def test_the_extension_names_every_role_and_the_roles_that_map_are_ours():
    described = release_schema()["definitions"]["Organization"]["properties"]["x_portal"]["properties"]["roles"]

    assert described["items"]["enum"] == AgreementParty.Role.values
    assert set(ROLES) < set(AgreementParty.Role)


def test_the_package_does_not_depend_on_the_language_of_whoever_asks(client):
    cite(milestone(project=(plant := project()), met_on="2021-05-20"), factories.source())
    agreement(project=plant)

    with translation.override("zh-hans"):
        chinese = client.get(ADDRESS, headers={"accept-language": "zh-CN"}).content

    assert client.get(ADDRESS, headers={"accept-language": "en"}).content == chinese


def test_the_package_comes_in_pages(client):
    for _number in range(3):
        agreement()

    first = package(client, "?limit=2")
    last = json.loads(client.get(first["links"]["next"].removeprefix("https://portal.example")).content)

    assert (len(first["releases"]), len(last["releases"]), last["links"]) == (2, 1, {})
