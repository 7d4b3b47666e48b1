"""The page of the datasets, the catalogue of them, and the files of each."""

import csv
import io
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.api.resources import all_resources
from portal.datasets import datasets
from tests.factories import agreement, cite, conference, correct, observation, place, session, source, speaker
from tests.test_guards_pages import build_site

pytestmark = pytest.mark.django_db

NAMES = ["conferences", "sessions", "speakers", "agreements", "projects", "companies", "places", "indicators"]
NAMES += ["observations", "sources"]


def test_every_dataset_is_there_in_its_order():
    assert [each.name for each in all_resources()] == NAMES


@pytest.mark.parametrize("size", [1, 3])
def test_every_dataset_is_counted_as_its_list_counts_it_in_one_query(client, size):
    build_site(size)

    with CaptureQueriesContext(connection) as queries:
        found = {each.resource.name: each.count for each in datasets()}

    assert len(queries) == 1
    assert found == {name: len(client.get(f"/api/v1/{name}?limit=200").json()["data"]) for name in NAMES}
    assert min(found.values()) > 0


def newest(name):
    return next(each.newest for each in datasets() if each.resource.name == name)


def test_a_dataset_is_as_fresh_as_what_was_done_last(client):
    paper = agreement()
    assert newest("agreements") == date(2020, 1, 1)

    cite(paper, source(accessed_on=date(2023, 5, 1)))
    assert newest("agreements") == newest("sources") == date(2023, 5, 1)

    correct(paper, made_on=date(2024, 6, 1))
    assert newest("agreements") == date(2024, 6, 1)
    assert newest("projects") is None


def test_a_rejected_source_makes_nothing_fresh():
    cite(agreement(), source(accessed_on=date(2023, 5, 1), rejected_reason="A machine-made copy"))

    assert newest("agreements") == date(2020, 1, 1)


def test_the_page_lists_the_datasets_with_everything_to_get_them(client):
    agreement()

    page = client.get("/en/data/").content.decode()

    for name in NAMES:
        assert f'id="{name}"' in page
        assert f'href="/api/v1/{name}"' in page
        assert f'href="/en/data/{name}/"' in page
    assert 'href="/en/agreements.csv"' in page
    assert 'href="/en/organizations.xlsx"' in page
    assert "1 record" in page
    assert 'href="/en/data/method/"' in page


def test_the_address_without_a_language_still_leads_there(client):
    assert client.get("/data/")["Location"] == "/en/data/"


@pytest.mark.parametrize("kind", NAMES)
def test_every_request_of_a_guide_can_be_made(client, kind):
    build_site(1)
    page = client.get(f"/en/data/{kind}/").content.decode()
    requests = [each.partition('"')[0].replace("&amp;", "&") for each in page.split('href="/api/')[1:]]

    answers = {f"/api/{each}": client.get(f"/api/{each}").status_code for each in requests}

    assert len(answers) >= 2
    assert set(answers.values()) == {200}


def test_there_is_no_guide_to_what_is_no_dataset(client):
    assert client.get("/en/data/enquiries/").status_code == 404


# --- Files ------------------------------------------------------------------------------------------------------------


def rows_of(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode(), newline="")))


def test_sessions_and_speakers_and_places_are_files_too(client):
    held = conference(slug="main", title_en="Lake", title_zh_hans="美兰湖")
    session(conference=held, slug="opening", day="2024-11-15", starts_at="09:00")
    park = place(slug="park", part_of=place(slug="baoshan", kind="district", name_en="Baoshan"))
    speaker(slug="nobody")

    (item,) = rows_of(client, "/en/sessions.csv")
    assert (item["conference"], item["slug"], item["starts_at"], item["ends_at"]) == ("main", "opening", "09:00", "")
    assert [row["part_of_en"] for row in rows_of(client, "/en/places.csv") if row["slug"] == park.slug] == ["Baoshan"]
    assert rows_of(client, "/en/speakers.csv") == []  # without a public appearance nobody has a page


def test_a_file_holds_what_its_parameters_leave(client):
    observation(is_target=True)
    observation(period="2020")

    assert [row["is_target"] for row in rows_of(client, "/en/observations.csv?is_target=yes&x=1")] == ["true"]


@pytest.mark.parametrize("address", ["/en/enquiries.csv", "/en/conferences.pdf", "/en/index.csv"])
def test_other_files_there_are_not(client, address):
    assert client.get(address).status_code == 404


# --- The catalogue ----------------------------------------------------------------------------------------------------


def test_the_catalogue_describes_every_dataset_once(client, settings):
    call_command("loaddata", "district", "meilan_lake", verbosity=0)

    catalogue = client.get("/data/catalog.jsonld").json()

    described = {each["dct:identifier"]: each for each in catalogue["dcat:dataset"]}
    assert list(described) == [*NAMES, "everything"]
    assert {each["@type"] for each in described.values()} == {"dcat:Dataset"}
    for each in described.values():
        assert [text["@language"] for text in each["dct:title"]] == ["en", "zh-Hans"]
        assert each["dct:license"] == {"@id": settings.DATA_LICENCE_URL}
        if each["dct:identifier"] != "sources":  # nobody noted when the sources of the first dataset were read
            assert date.fromisoformat(each["dct:modified"]["@value"])
        for distribution in each["dcat:distribution"]:
            path = distribution["dcat:accessURL"]["@id"].removeprefix(settings.SITE_URL)
            assert client.get(path).status_code == 200, path


def test_the_catalogue_names_a_publisher_only_where_one_is_configured(client, settings):
    settings.PUBLISHERS = {"en": "", "zh-hans": ""}
    assert "dct:publisher" not in client.get("/data/catalog.jsonld").json()

    settings.PUBLISHERS = {"en": "The office", "zh-hans": ""}
    publisher = client.get("/data/catalog.jsonld").json()["dct:publisher"]

    assert publisher == {"@type": "foaf:Agent", "foaf:name": [{"@value": "The office", "@language": "en"}]}
