"""The pages /projects/, /projects/<slug>/ (the ladder) and /promises/."""

import csv
import io
import json
import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.utils import translation
from openpyxl import load_workbook

from events.models import InvestmentProject
from tests.factories import agreement, cite, milestone, organization, place, project, signing, source, withdraw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]  # 15 November 2024

LATER = datetime(2999, 1, 1, tzinfo=UTC)
FORMATS = ["csv", "xlsx", "json"]


def reported(plant, kind, source_type="official_notice", met_on="2024-05-02", **fields):
    met = milestone(project=plant, kind=kind, met_on=met_on, **fields)
    cite(met, source(source_type=source_type, published_on="2024-05-03"))
    return met


def page(client, path, language="en"):
    response = client.get(f"/{language}{path}")
    assert response.status_code == 200
    return response.content.decode()


def content(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def words(html):
    """Text without markup and the markers of sources."""
    without_markers = re.sub(r"<sup.*?</sup>", "", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", without_markers)).split())


def rungs(html):
    """The rungs of the drawn ladder: (state, words)."""
    [ladder] = re.findall(r'<ol class="ladder">(.*?)</ol>', html, re.DOTALL)
    return [(state, words(rung)) for state, rung in re.findall(r'<li class="is-(\w+)">(.*?)</li>', ladder, re.DOTALL)]


def cards(html):
    return re.findall(r'<h3><a href="/[a-z-]+/projects/([\w-]+)/">', html)


# --- The list ---------------------------------------------------------------------------------------------------------


def test_the_list_shows_how_far_each_project_has_come(client):
    reported(project(slug="plant", title_en="Vaccine plant"), "operating")

    html = page(client, "/projects/")
    [card] = re.findall(r'<li class="project-card">(.*?)</li>', html, re.DOTALL)

    assert words(card) == "Vaccine plant Operating"
    assert card.count('<span class="is-reached">') == 6


def test_the_filter_counts_what_it_leads_to(client):
    reported(project(slug="a"), "operating")
    reported(project(slug="b"), "operating")
    project(slug="c")

    html = page(client, "/projects/")
    counts = dict(re.findall(r'<a href="\?(stage=\w+)".*?<span class="count">(\d+)</span>', html))

    assert counts == {"stage=operating": "2", "stage=signed": "1"}
    assert cards(page(client, "/projects/?stage=operating")) == ["a", "b"]
    assert '<a href="?" aria-current="true">' in page(client, "/projects/?stage=operating")


def test_a_silent_project_is_found_by_its_silence_and_not_by_its_stage(client):
    plant = project(slug="quiet")
    signing(agreement=agreement(project=plant), conference=None, session=None, signed_on="2022-01")

    html = page(client, "/projects/?stage=quiet")

    assert cards(html) == ["quiet"]
    assert "Signed; no public progress found since January 2022 (inferred)" in html
    assert cards(page(client, "/projects/?stage=signed")) == []


def test_the_files_hold_what_the_list_shows(client):
    reported(project(slug="a"), "operating")
    project(slug="b")

    html = page(client, "/projects/?stage=operating")
    links = re.findall(r'href="(/en/projects\.\w+[^"]*)"', html)
    rows = list(csv.DictReader(io.StringIO(content(client.get(links[0])).decode("utf-8-sig"))))

    assert links == [f"/en/projects.{ending}?stage=operating" for ending in FORMATS]
    assert [(row["slug"], row["stage"], row["progress"]) for row in rows] == [("a", "operating", "operating")]


@pytest.mark.parametrize("ending", ["/", ".csv"])
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("stage=rumoured", 200),
        ("stage[]=operating&stage=", 200),
        ("stage=operating&stage=signed", 200),
        ("stage=" + "x" * 5000, 200),
        ("stage=" + "x" * 9000, 400),
        ("stage=%00", 400),
        ("stage=%ED%A0%80%F0%9F%92%A5", 200),
        ("stage=%3Cscript%3Ealert(1)%3C/script%3E", 200),
    ],
)
def test_nonsense_is_answered_politely(client, query, status, ending):
    project()

    response = client.get(f"/en/projects{ending}?{query}")

    assert response.status_code == status
    assert b"<script>alert" not in content(response)


@pytest.mark.parametrize("path", ["/en/projects/no-such-thing/", "/en/projects.exe", "/en/projects/?page=7"])
def test_what_does_not_exist_is_not_found(client, path):
    assert client.get(path).status_code == 404


# --- The ladder -------------------------------------------------------------------------------------------------------


def ladder_plant(**fields):
    """A project of which every rung is in another state."""
    plant = project(slug="plant", **fields)
    signing(agreement=agreement(project=plant), conference=None, session=None, signed_on="2022-10-27")
    reported(plant, "registered", met_on="2023-02")
    reported(plant, "approved", "company_statement", met_on="2023-05-06")
    milestone(project=plant, kind="construction_started", due_on="2024-01", met_on=None)
    milestone(
        project=plant, kind="operating", due_on="2026", met_on=None, note_en="First line.", note_zh_hans="首条线。"
    )
    reported(plant, "groundbreaking", met_on="2023-11-02")
    return plant


def test_every_state_of_a_rung_is_said_in_words(client):
    ladder_plant()

    html = page(client, "/projects/plant/")

    assert rungs(html) == [
        ("met", "Signed 27 October 2022"),
        ("met", "Registered met February 2023"),
        (
            "reported",
            "Approved reported, evidence missing 6 May 2023 An official register or notice is missing.",
        ),
        ("not_documented", "Under construction promised, not documented promised for January 2024"),
        ("open", "Completed not documented"),
        ("due", "Operating promised promised for 2026 First line."),
        ("open", "At scale not documented"),
    ]
    assert "<p>Registered</p>" in html


def test_the_ladder_speaks_chinese(client):
    ladder_plant()

    drawn = rungs(page(client, "/projects/plant/", "zh-hans"))

    assert [state for state, _text in drawn] == ["met", "met", "reported", "not_documented", "open", "due", "open"]
    assert [text for _state, text in drawn if re.search("[A-Za-z]", text)] == []
    assert "2022年10月27日" in drawn[0][1]
    assert "首条线。" in drawn[5][1]


def test_a_ceremony_stands_beside_the_ladder_and_never_counts(client):
    plant = project(slug="plant")
    reported(plant, "groundbreaking", met_on="2023-11-02")

    html = page(client, "/projects/plant/")
    [beside] = re.findall(r'<ul class="ladder-beside">(.*?)</ul>', html, re.DOTALL)

    assert words(beside).startswith("Ground-breaking ceremony · 2 November 2023")
    assert "these never count as a stage" in html
    assert dict(rungs(html)[1:]) == {"open": "At scale not documented"}
    assert "<p>Signed; no later step documented</p>" in html


def test_existing_premises_have_no_rungs_of_construction(client):
    reported(project(slug="plant", route="existing"), "operating")

    html = page(client, "/projects/plant/")

    assert [text.partition(" ")[0] for _state, text in rungs(html)] == [
        "Signed",
        "Registered",
        "Approved",
        "Operating",
        "At",
    ]


def test_the_words_of_the_page_and_its_ladder_agree_for_existing_premises(client):
    reported(project(slug="plant", route="existing"), "completed")

    html = page(client, "/projects/plant/")

    assert "these never count as a stage" in html
    assert "<p>Signed; no later step documented</p>" in html


def test_a_project_lists_its_agreements_and_organizations(client):
    plant = project(slug="plant", organizations=[organization(name_en="Builder")], place=place(name_en="North Park"))
    agreement(project=plant, title_en="Joint venture")

    html = page(client, "/projects/plant/")

    assert [each in html for each in ("Builder", "North Park", "Joint venture")] == [True, True, True]


# --- Promises ---------------------------------------------------------------------------------------------------------


def promises(html):
    return [words(row) for row in re.findall(r"<tr>(.*?)</tr>", html.partition("<tbody>")[2], re.DOTALL)]


def test_every_promise_is_listed_with_what_became_of_it(client):
    plant = project(title_en="Plant")
    for kind, due_on in [("registered", "2022"), ("completed", "2023-05"), ("at_scale", "2024-05"), ("lapsed", "2026")]:
        milestone(project=plant, kind=kind, due_on=due_on, met_on=None)
    reported(plant, "registered", met_on="2022-12")
    reported(plant, "completed", met_on="2023-06-01")
    reported(plant, "at_scale", "self_declaration", met_on="2024-04")

    html = page(client, "/promises/")

    assert promises(html) == [
        "2022 Plant Registered Met · December 2022",
        "May 2023 Plant Completed Met late · 1 June 2023",
        "May 2024 Plant At scale Not documented",
        "2026 Plant Lapsed Still to come",
    ]
    assert 'As of <time datetime="2024-11-15">15 November 2024</time>' in html
    assert '<a href="/en/promises.ics">' in html


def test_promises_are_listed_in_chinese(client):
    plant = project(title_en="Plant", title_zh_hans="工厂")
    milestone(project=plant, kind="operating", due_on="2026-09", met_on=None)

    [row] = promises(page(client, "/promises/", "zh-hans"))

    assert row.startswith("2026年9月 工厂")
    assert not re.search("[A-Za-z]", row)


def test_a_calendar_without_promises_says_so(client):
    reported(project(), "operating")

    assert "No promised date is recorded." in page(client, "/promises/")


# --- What is not public -----------------------------------------------------------------------------------------------


def hide(plant, how):
    if how == "withdrawn":
        withdraw(plant)
    else:
        InvestmentProject.objects.filter(pk=plant.pk).update(published_at=None if how == "draft" else LATER)


def everything(client):
    pages = [page(client, path, language) for path in ("/projects/", "/promises/") for language in ("en", "zh-hans")]
    files = [content(client.get(f"/en/projects.{ending}")) for ending in FORMATS]
    sheets = load_workbook(io.BytesIO(files[1])).worksheets
    cells = [str(cell.value) for sheet in sheets for row in sheet for cell in row]
    return "\n".join([*pages, files[0].decode(), json.dumps(json.loads(files[2]), ensure_ascii=False), *cells])


@pytest.mark.parametrize("how", ["draft", "scheduled", "withdrawn"])
def test_a_hidden_project_leaks_nothing_on_the_lists_or_in_the_files(client, how):
    plant = project(slug="secret", title_en="Secret plant", title_zh_hans="Secret plant")
    milestone(project=plant, kind="operating", due_on="2026", met_on=None, note_en="Secret step")
    cite(reported(plant, "approved"), source(title_en="Secret report", title_original="", language="en"))
    before = everything(client)

    hide(plant, how)
    after = everything(client)

    assert [each for each in ("Secret plant", "Secret step", "Secret report", "secret") if each not in before] == []
    assert "secret" not in after.lower()


def test_the_drafts_around_a_public_project_leak_nothing_on_its_page(client):
    company, park = organization(name_en="Secret company"), place(name_en="Secret park")
    plant = project(slug="plant", organizations=[company], place=park)
    paper = agreement(project=plant, title_en="Secret paper")
    signing(agreement=paper, conference=None, session=None, signed_on="2019-07-08")
    before = page(client, "/projects/plant/") + everything(client)

    for record in (company, park, paper):
        type(record).objects.unpublish()
    after = page(client, "/projects/plant/") + everything(client)

    leaks = ("Secret company", "Secret park", "Secret paper", "8 July 2019")
    assert [each for each in leaks if each not in before] == []
    assert [each for each in leaks if each in after] == []


@pytest.mark.parametrize("how", ["draft", "scheduled"])
def test_the_address_of_a_hidden_project_is_not_found(client, how):
    plant = project(slug="plant")

    hide(plant, how)

    assert client.get("/en/projects/plant/").status_code == 404


def test_the_address_of_a_withdrawn_project_shows_its_tombstone_without_a_ladder(client):
    plant = ladder_plant(title_en="Plant that never was")
    with translation.override("en"):
        before = client.get("/en/projects/plant/").content.decode()

    withdraw(plant)
    response = client.get("/en/projects/plant/")

    assert '<ol class="ladder">' in before
    assert response.status_code in (200, 410)
    assert '<ol class="ladder">' not in response.content.decode()
    assert "First line." not in response.content.decode()
