"""The data package: valid, tied together, and byte for byte the same as long as nothing changed."""

import io
import json
from zipfile import ZipFile

import frictionless
import pytest
from django.core.management import call_command
from django.utils import translation

from portal.api import package
from tests.factories import agreement, amount, party
from tests.test_guards_pages import build_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def first_dataset():
    call_command("loaddata", "district", "meilan_lake", verbosity=0)


def content_of(response):
    return b"".join(response.streaming_content)


def test_the_package_is_valid(client, first_dataset, tmp_path):
    archive = tmp_path / "portal.zip"
    archive.write_bytes(content_of(client.get("/data/portal.zip")))

    with ZipFile(archive) as files:
        files.extractall(tmp_path / "portal")
    report = frictionless.Package(str(tmp_path / "portal" / "datapackage.json")).validate()

    assert report.flatten(["path", "rowNumber", "fieldName", "type", "note"]) == []
    assert report.valid
    assert len(report.tasks) == len(package.parts()) > 20
    assert sum(len(path.read_bytes().splitlines()) for path in (tmp_path / "portal").glob("*.csv")) > 500


def test_an_invalid_package_is_found(client, tmp_path):
    party(agreement=agreement())
    with ZipFile(io.BytesIO(content_of(client.get("/data/portal.zip")))) as files:
        files.extractall(tmp_path)
    parties = tmp_path / "agreements-parties.csv"
    parties.write_text(parties.read_text().replace("agreement-", "nowhere-"))

    report = frictionless.Package(str(tmp_path / "datapackage.json")).validate()

    assert {kind for _path, kind in report.flatten(["path", "type"])} == {"foreign-key"}


def test_every_table_is_described_and_there_by_itself(client):
    build_site(1)
    described = {each["path"]: each for each in client.get("/data/datapackage.json").json()["resources"]}

    with ZipFile(io.BytesIO(content_of(client.get("/data/portal.zip")))) as files:
        tables = {name: files.read(name) for name in files.namelist() if name.endswith(".csv")}
        names = [each["path"] for each in json.loads(files.read("datapackage.json"))["resources"]]

    assert list(described) == names == list(tables)
    assert {name: content_of(client.get(f"/data/{name}")) for name in tables} == tables
    for name, content in tables.items():
        columns = content.decode().partition("\r\n")[0].split(",")
        assert [each["name"] for each in described[name]["schema"]["fields"]] == columns, name
        assert len(columns) == len(set(columns)), name
        assert all(each["description"] for each in described[name]["schema"]["fields"]), name


def test_texts_stand_in_every_language_side_by_side(client):
    amount(agreement=agreement(title_en="Paper", title_zh_hans="协议", slug="paper"))

    row = content_of(client.get("/data/agreements-amounts.csv")).decode().splitlines()[1]

    assert row == (
        "paper,total_investment,total investment,总投资,CNY,=,16000000000,16000000000,false,CNY 16 billion,160亿元,"
    )


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_same_data_gives_the_same_bytes(client, language):
    build_site(1)
    first = client.get("/data/portal.zip")
    content = content_of(first)
    package.forget()

    with translation.override(language):
        second = client.get("/data/portal.zip", headers={"accept-language": language})

    assert content_of(second) == content
    assert second["ETag"] == first["ETag"]


def test_an_unchanged_package_is_made_once(client, django_assert_num_queries):
    agreement()
    content_of(client.get("/data/portal.zip"))

    with django_assert_num_queries(1):
        content_of(client.get("/data/portal.zip"))


def test_a_failure_leaves_no_files_behind(client, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(package, "copyfileobj", lambda *files: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        client.get("/data/portal.zip")

    assert list(tmp_path.iterdir()) == []


def test_the_package_names_licence_and_publisher_as_they_are_configured(client, settings):
    settings.DATA_LICENCE, settings.DATA_LICENCE_URL, settings.PUBLISHERS = "CC0 1.0", "", {"en": "", "zh-hans": ""}

    bare = client.get("/data/datapackage.json").json()
    settings.PUBLISHERS = {"en": "The office", "zh-hans": "办公室"}
    named = client.get("/data/datapackage.json").json()

    assert bare["licenses"] == [{"name": "CC0-1.0", "title": "CC0 1.0"}]
    assert "contributors" not in bare
    assert named["contributors"] == [{"title": "The office", "role": "publisher"}]
