"""What the API says of itself: the OpenAPI file holds for every real record, in every language and in one."""

import json
import re
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.utils import translation
from jsonschema import Draft202012Validator

from portal.api.fields import columns_of
from portal.api.openapi import document, example, guide_to
from portal.api.resources import all_resources
from portal.quantities import Quantity
from tests.factories import agreement, amount, conference, organization

NAMES = [each.name for each in all_resources()]


def validator_of(schema, described=None):
    described = described or json.loads(json.dumps(document(), default=str))
    return Draft202012Validator({**schema, "components": described["components"]})


def named(name):
    return next(each for each in all_resources() if each.name == name)


@pytest.fixture
def first_dataset(db):
    call_command("loaddata", "district", "meilan_lake", verbosity=0)


def test_every_real_record_is_as_described(client, first_dataset):
    described = client.get("/api/v1/openapi.json").json()

    for resource in all_resources():
        schema = {"$ref": f"#/components/schemas/{resource.singular.title()}"}
        validator = validator_of(schema, described)
        for query in ("limit=200", "limit=200&language=en", "limit=200&language=zh-Hans"):
            records = client.get(f"{resource.path}?{query}").json()["data"]
            assert records, resource.name
            assert [error.message for each in records for error in validator.iter_errors(each)] == [], resource.name


@pytest.mark.parametrize("name", NAMES)
def test_the_example_of_a_dataset_is_as_described(name):
    resource = named(name)
    validator = validator_of({"$ref": f"#/components/schemas/{resource.singular.title()}"})

    shown = json.loads(json.dumps(example(resource), default=float))

    assert [f"{list(error.path)}: {error.message}" for error in validator.iter_errors(shown)] == []


def parts_of(fields):
    for each in fields:
        yield each
        yield from parts_of(each.parts)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_field_and_every_column_is_explained(name, language):
    with translation.override(language):
        fields = named(name).fields

    assert [each.name for each in parts_of(fields) if not (each.heading and each.explanation)] == []
    assert [each.name for each in columns_of(fields) if not (each.heading and each.explanation)] == []


def test_every_parameter_is_described_with_its_values():
    described = document()["paths"]["/api/v1/agreements"]["get"]["parameters"]

    by_name = {each["name"]: each for each in described}
    assert list(by_name) == [
        *("conference", "year", "kind", "sector", "place", "stage", "disclosed"),
        *("language", "limit", "cursor"),
    ]
    assert by_name["disclosed"]["schema"]["enum"] == ["yes", "no"]
    assert by_name["language"]["schema"]["enum"] == ["en", "zh-Hans"]
    assert all(each["description"] for each in described)


def test_the_description_speaks_the_language_that_is_asked_for(client):
    chinese = client.get("/api/v1/openapi.json?language=zh-Hans")
    english = client.get("/api/v1/openapi.json", headers={"accept-language": "zh-CN"})

    assert (chinese["Content-Language"], english["Content-Language"]) == ("zh-Hans", "en")
    assert chinese.json()["info"]["title"] != english.json()["info"]["title"]


def test_the_description_needs_no_database(client):
    assert client.get("/api/v1/openapi.json").status_code == 200  # this test is not allowed one


def test_the_guide_names_every_field_of_every_record(client, db):
    conference()
    record = client.get("/api/v1/conferences").json()["data"][0]

    paths = {re.sub(r"[\[\].].*", "", each.path) for each in guide_to(named("conferences"))["lines"]}

    assert set(record) == paths


# --- What is said -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_texts_come_in_every_language_or_in_one_and_say_where_they_fell_back(client):
    paper = agreement(slug="paper", title_en="Paper", title_zh_hans="")
    paper.parties.create(organization=organization(name_en="", name_zh_hans="公司"), role="investor")

    whole = client.get("/api/v1/agreements/paper").json()
    chinese = client.get("/api/v1/agreements/paper?language=zh-Hans").json()
    english = client.get("/api/v1/agreements/paper?language=en").json()

    assert whole["title"] == {"en": "Paper", "zh-Hans": None}
    assert "fallbacks" not in whole
    assert (
        whole["pages"]
        == chinese["pages"]
        == {
            "en": "https://portal.example/en/agreements/paper/",
            "zh-Hans": "https://portal.example/zh-hans/agreements/paper/",
        }
    )
    assert (chinese["title"], chinese["fallbacks"]) == ("Paper", {"/title": "en"})
    assert english["parties"][0]["name"] == "公司"
    assert english["fallbacks"] == {"/parties/0/name": "zh-Hans", "/parties/0/organization/name": "zh-Hans"}
    assert chinese["kind"]["words"] == "投资协议"


@pytest.mark.django_db
def test_a_bound_is_never_a_plain_number(client):
    amount(agreement=agreement(slug="paper"), quantity=Quantity(Decimal(100), ">"), quantity_words="超100元")

    (told,) = client.get("/api/v1/agreements/paper").json()["amounts"]

    assert told["amount"] == {
        "comparator": ">",
        "low": 100,
        "high": None,
        "approximate": False,
        "words": {"en": "more than CNY 100", "zh-Hans": "超过100元"},
        "as_published": "超100元",
    }


@pytest.mark.django_db
def test_what_was_not_disclosed_is_null_with_the_word(client):
    agreement(slug="paper", is_batch=True)

    told = client.get("/api/v1/agreements/paper").json()

    assert (told["amounts"], told["disclosed"]) == (
        [],
        {"code": "no", "words": {"en": "not disclosed", "zh-Hans": "未披露"}},
    )
    assert told["batch_size"] == {
        **dict.fromkeys(("comparator", "low", "high", "approximate", "as_published")),
        "words": {"en": "not disclosed", "zh-Hans": "未披露"},
    }
