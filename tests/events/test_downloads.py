"""Agreements and investment projects as files: a row per amount, only what is public, and never an invented zero."""

import csv
import io
import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from openpyxl import load_workbook

from events.downloads import agreement_table, project_table
from events.models import Agreement, InvestmentProject
from portal.downloads import respond
from portal.partial_dates import PartialDate
from portal.quantities import Quantity
from tests.factories import (
    agreement,
    amount,
    cite,
    conference,
    milestone,
    organization,
    party,
    place,
    project,
    relation,
    sector,
    signing,
    source,
)

pytestmark = pytest.mark.django_db

FORMATS = ["csv", "xlsx", "json"]
LATER = datetime(2999, 1, 1, tzinfo=UTC)


def agreements_as(file_format, agreements=None, filters=()):
    shown = Agreement.objects.published().latest_signed_first() if agreements is None else agreements
    return written(agreement_table(shown, filters, "/en/agreements/"), file_format)


def projects_as(file_format, projects=None):
    shown = InvestmentProject.objects.published().with_progress() if projects is None else projects
    return written(project_table(shown, [], "/en/projects/"), file_format)


def written(table, file_format):
    return b"".join(respond(RequestFactory().get("/"), table, file_format).streaming_content)


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def text_of(content, file_format):
    if file_format != "xlsx":
        return content.decode()
    return "\n".join(str(cell.value) for sheet in sheets_of(content) for row in sheet for cell in row)


def sheets_of(content):
    return load_workbook(io.BytesIO(content)).worksheets


def joint_venture():
    """An agreement of which everything is recorded, with two amounts."""
    paper = agreement(
        slug="joint-venture",
        title_en="DiaSorin joint venture",
        title_zh_hans="索灵合资",
        kind=Agreement.Kind.JOINT_VENTURE,
        bindingness=Agreement.Bindingness.BINDING,
        place=place(slug="park", name_en="North Park", name_zh_hans="北园"),
        sectors=[sector(slug="devices", name_en="Devices", name_zh_hans="器械")],
        project=project(slug="plant"),
    )
    company = organization(name_en="DiaSorin", name_zh_hans="索灵诊断")
    party(agreement=paper, organization=company, share=Decimal("49.8"))
    party(agreement=paper, name_en="The district", name_zh_hans="宝山区", role="host_authority", position=1)
    signing(agreement=paper, conference=conference(slug="week"), signed_on="2020-11")
    signing(agreement=paper, conference=conference(slug="summit"), signed_on="2020-09-23")
    amount(agreement=paper, quantity=Quantity(Decimal("16e9"), ">"), quantity_words="超160亿元")
    amount(agreement=paper, kind="fixed_assets", currency="USD", quantity=Quantity(Decimal(5_000_000)))
    cite(paper, source(publisher_en="Daily", title_en="Signed", url="https://a.example/"))
    return paper


# --- Agreements -------------------------------------------------------------------------------------------------------


def test_agreements_as_csv():
    joint_venture()
    common = (
        "joint-venture,DiaSorin joint venture,索灵合资,joint_venture,joint venture agreement,binding,binding,"
        'false,,,,,,,"DiaSorin (investor, 49.8%); The district (host authority)",'
        '"索灵诊断 (投资方, 49.8%); 宝山区 (属地政府部门)",2020-09-23,summit; week,,park,North Park,北园,'
        "devices,Devices,器械,,,plant,Daily: Signed,https://a.example/,"
        "https://portal.example/en/agreements/joint-venture/,"
    )

    assert agreements_as("csv").decode() == (
        "slug,title_en,title_zh_hans,kind,kind_words,bindingness,bindingness_words,is_batch,batch_size_comparator,"
        "batch_size_low,batch_size_high,batch_size_approximate,batch_size_words,batch_size_as_published,parties_en,"
        "parties_zh_hans,signed_on,conferences,terminated_on,place,place_en,place_zh_hans,sectors,sectors_en,"
        "sectors_zh_hans,superseded_by,part_of,project,sources,source_urls,page_url,amount_kind,amount_kind_words,"
        "amount_currency,amount_comparator,amount_low,amount_high,amount_approximate,amount_words,"
        "amount_as_published\r\n"
        f"{common}fixed_assets,fixed-asset investment,USD,=,5000000,5000000,false,USD 5 million,\r\n"
        f"{common}total_investment,total investment,CNY,>,16000000000,,false,more than CNY 16 billion,超160亿元\r\n"
    )


@pytest.mark.parametrize(("language", "words"), [("en", "not disclosed"), ("zh-hans", "未披露")])
def test_an_agreement_without_an_amount_has_one_row_without_a_zero(language, words):
    agreement()

    with translation.override(language):
        (row,) = rows_of(agreements_as("csv"))
        (record,) = json.loads(agreements_as("json"))["rows"]
        data = sheets_of(agreements_as("xlsx"))[0]

    of_csv = {name: cell for name, cell in row.items() if name.startswith("amount_")}
    assert {name: cell for name, cell in of_csv.items() if cell} == {"amount_words": words}
    assert [name for name, cell in row.items() if cell in ("0", "0.0")] == []
    assert record["amount"] == {
        **dict.fromkeys(("comparator", "low", "high", "approximate", "as_published")),
        "words": words,
    }
    assert (record["amount_kind"], record["amount_currency"]) == (None, None)
    assert [cell.value for cell in data[2]][-9:] == [*[None] * 7, words, None]
    assert [cell.coordinate for cell in data[2] if cell.data_type == "n" and cell.value is not None] == []


def test_the_files_say_how_their_rows_must_be_counted():
    notes = [
        "An agreement with several amounts has one row for each: count the identifiers, not the rows.",
        "An agreement without an amount has one row that reads “not disclosed”. It is never counted as zero.",
        "Amounts of different kinds, or in different currencies, must not be added up.",
        "Amounts of a framework or a batch must not be added to those of its members; see “Part of”.",
    ]

    about = sheets_of(agreements_as("xlsx", filters=[("Kind", "Framework")]))[1]

    lines = [(label, text) for label, text, *_others in about.iter_rows(values_only=True)]
    assert json.loads(agreements_as("json"))["notes"] == notes
    assert [text for label, text in lines if label == "Note"] == notes
    assert ("Filter: Kind", "Framework") in lines
    assert ("Page", "https://portal.example/en/agreements/") in lines


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({"is_batch": True, "batch_size": Quantity(Decimal(26))}, "26"),
        ({"is_batch": True, "batch_size": Quantity(Decimal(30), ">", approximate=True)}, "slightly more than 30"),
        ({"is_batch": True}, "not disclosed"),
        ({"is_batch": False}, ""),
    ],
)
def test_only_a_batch_has_a_size(overrides, words):
    agreement(**overrides)

    (row,) = rows_of(agreements_as("csv"))

    assert row["batch_size_words"] == words


def test_an_agreement_says_when_it_ended_and_what_it_belongs_to():
    old = agreement(slug="old", terminated_on=PartialDate(2022, 3))
    member = agreement(slug="member")
    framework = agreement(slug="framework")
    relation(agreement=agreement(slug="new"), to=old, kind="supersedes")
    relation(agreement=member, to=framework, kind="part_of_framework")
    relation(agreement=member, to=old, kind="upgrades")

    rows = {row["slug"]: row for row in rows_of(agreements_as("csv"))}

    assert (rows["old"]["terminated_on"], rows["old"]["superseded_by"], rows["old"]["part_of"]) == (
        "2022-03",
        "new",
        "",
    )
    assert (rows["member"]["superseded_by"], rows["member"]["part_of"]) == ("", "framework")
    assert rows["framework"]["part_of"] == ""


def test_dates_of_a_workbook_are_dates_where_they_are_known_to_the_day():
    signing(agreement=agreement(), signed_on="2020-09-23")
    signing(agreement=agreement(), signed_on="2020-09")

    data = sheets_of(agreements_as("xlsx"))[0]

    column = [cell.value for cell in data[1]].index("Signed on") + 1
    assert [data.cell(row, column).value for row in (2, 3)] == [datetime(2020, 9, 23), "2020-09"]


def test_the_stage_is_a_column_where_the_rows_have_it():
    plant = project(slug="plant")
    cite(milestone(project=plant, kind="completed", met_on="2024-05"), source(source_type="official_notice"))
    agreement(project=plant)

    (row,) = rows_of(agreements_as("csv", Agreement.objects.published().with_progress()))
    (without,) = rows_of(agreements_as("csv"))

    assert (row["project"], row["stage"], row["stage_words"]) == ("plant", "completed", "completed")
    assert "stage" not in without


@pytest.mark.parametrize("file_format", FORMATS)
def test_drafts_leak_into_no_file_of_agreements(file_format):
    paper = joint_venture()
    for published_at in (None, LATER):
        hidden = {"published_at": published_at}
        secret = agreement(title_en="Secret paper", slug=f"secret-{published_at is None}", **hidden)
        relation(agreement=secret, to=paper, kind="supersedes")
        relation(agreement=paper, to=secret, kind="part_of_framework")
        party(agreement=paper, organization=organization(name_en="Secret firm", name_zh_hans="秘密公司", **hidden))
        summit = conference(slug=f"secret-summit-{published_at is None}", **hidden)
        signing(agreement=paper, conference=summit, signed_on="1999-01-01")
    park = place(slug="secret-park", name_en="Secret park", name_zh_hans="秘密园区", published_at=None)
    elsewhere = agreement(place=park, project=project(slug="secret-plant", published_at=None))
    cite(elsewhere, source(title_en="Secret source", rejected_reason="a copy"))

    for language in ("en", "zh-hans"):
        with translation.override(language):
            shown = Agreement.objects.published().with_terms().select_related("place", "project")
            text = text_of(agreements_as(file_format, shown), file_format)
        leaks = [word for word in ("Secret", "secret", "秘密", "1999") if word in text]
        assert (leaks, "joint-venture" in text, elsewhere.slug in text) == ([], True, True)


def test_hostile_text_is_only_text():
    hostile = '=cmd|" /C calc"!A0\r\n<script>alert(1)</script>'
    paper = agreement(title_en=hostile)
    party(agreement=paper, name_en=hostile)
    amount(agreement=paper, quantity_words=hostile)

    (row,) = rows_of(agreements_as("csv"))
    data = sheets_of(agreements_as("xlsx"))[0]

    assert (row["title_en"], row["amount_as_published"]) == (f"'{hostile}", f"'{hostile}")
    assert row["parties_en"] == f"'{hostile} (investor)"
    assert json.loads(agreements_as("json"))["rows"][0]["title_en"] == hostile
    assert {cell.data_type for cell in data[2] if isinstance(cell.value, str)} == {"s"}


# --- Investment projects ----------------------------------------------------------------------------------------------


def vaccine_plant():
    plant = project(
        slug="plant",
        title_en="Vaccine plant",
        title_zh_hans="疫苗工厂",
        route=InvestmentProject.Route.NEW_BUILD,
        place=place(slug="park", name_en="North Park", name_zh_hans="北园"),
        organizations=[organization(name_en="CanSino", name_zh_hans="康希诺")],
    )
    agreement(slug="paper", project=plant)
    cite(plant, source(publisher_en="Daily", title_en="Signed", url="https://a.example/", published_on="2020"))
    notice = source(source_type="official_notice", publisher_en="Office", title_en="Begun", url="https://b.example/")
    cite(milestone(project=plant, met_on="2021-05", due_on="2020-12"), notice)
    return plant


def test_projects_as_csv(now):
    vaccine_plant()

    assert projects_as("csv").decode() == (
        "slug,title_en,title_zh_hans,place,place_en,place_zh_hans,route,route_words,organizations_en,"
        "organizations_zh_hans,stage,stage_words,progress,progress_words,evidence_on,milestones_en,"
        "milestones_zh_hans,agreements,sources,source_urls,page_url\r\n"
        "plant,Vaccine plant,疫苗工厂,park,North Park,北园,new_build,new building,CanSino,康希诺,"
        "construction_started,under construction,construction_started,Under construction,2024-11-16,"
        '"construction started: 2021-05, promised for 2020-12","开工建设: 2021-05, 承诺时间 2020-12",'
        "paper,Daily: Signed; Office: Begun,https://a.example/; https://b.example/,"
        "https://portal.example/en/projects/plant/\r\n"
    )


def test_a_milestone_without_sufficient_evidence_says_so():
    plant = project()
    milestone(project=plant, kind="announced", met_on="2020-09-23")
    milestone(project=plant, kind="groundbreaking", met_on="2020-12-09")
    milestone(project=plant, kind="completed", met_on="2022-09")
    milestone(project=plant, kind="operating", met_on=None, due_on="2023")

    (record,) = json.loads(projects_as("json"))["rows"]

    assert record["stage"] == "signed"
    assert record["milestones_en"] == [
        "announced: 2020-09-23",
        "ground-breaking ceremony: 2020-12-09",
        "completed: 2022-09, reported, evidence missing",
        "operating: promised for 2023",
    ]


def test_projects_have_a_stage_only_where_the_rows_have_it():
    vaccine_plant()

    (row,) = rows_of(projects_as("csv", InvestmentProject.objects.published()))

    assert [name for name in row if name.startswith(("stage", "progress", "evidence"))] == []


def test_projects_as_json_and_as_a_workbook():
    vaccine_plant()

    record = json.loads(projects_as("json"))["rows"][0]
    data, explanation = sheets_of(projects_as("xlsx"))

    assert record["organizations_en"] == ["CanSino"]
    assert record["milestones_zh_hans"] == ["开工建设: 2021-05, 承诺时间 2020-12"]
    assert [cell.value for cell in data[2]][:3] == ["plant", "Vaccine plant", "疫苗工厂"]
    assert explanation["A1"].value == "Projects"


@pytest.mark.parametrize("file_format", FORMATS)
def test_drafts_leak_into_no_file_of_projects(file_format):
    plant = vaccine_plant()
    plant.organizations.add(organization(name_en="Secret firm", name_zh_hans="秘密公司", published_at=None))
    agreement(slug="secret-paper", project=plant, published_at=LATER)
    project(slug="secret-project", published_at=None)
    project(slug="elsewhere", place=place(slug="secret-park", name_en="Secret park", published_at=None))

    text = text_of(projects_as(file_format, InvestmentProject.objects.published().select_related("place")), file_format)

    assert [word for word in ("Secret", "secret", "秘密") if word in text] == []
    assert ("plant" in text, "elsewhere" in text) == (True, True)


# --- Cost -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 30])
def test_the_number_of_queries_of_a_file_does_not_depend_on_its_size(size):
    for number in range(size):
        plant = project(place=place(), organizations=[organization()])
        paper = agreement(place=place(), sectors=[sector()], project=plant)
        party(agreement=paper)
        signing(agreement=paper)
        amount(agreement=paper)
        relation(agreement=agreement(), to=paper, kind="supersedes")
        relation(agreement=paper, to=agreement(), kind="part_of_framework")
        cite(paper)
        cite(plant)
        cite(milestone(project=plant, met_on=f"20{number:02}"))

    counted = {}
    for file_format in FORMATS:
        for name, of_register in (("agreements", agreements_as), ("projects", projects_as)):
            with CaptureQueriesContext(connection) as queries:
                of_register(file_format)
            counted[name, file_format] = len(queries)

    assert counted == {
        **{("agreements", file_format): 10 for file_format in FORMATS},
        **{("projects", file_format): 7 for file_format in FORMATS},
    }


def test_reading_begins_with_the_first_piece():
    agreement()

    with CaptureQueriesContext(connection) as queries:
        table = agreement_table(Agreement.objects.published(), [], "/en/agreements/")
        response = respond(RequestFactory().get("/"), table, "csv")
    assert len(queries) == 0

    assert len(rows_of(b"".join(response.streaming_content))) == 1
