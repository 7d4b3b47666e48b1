"""The company directory and the values of an indicator as files: exactly what their pages show."""

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from portal.quantities import Quantity
from tests.factories import cite, indicator, observation, organization, place, presence, sector, source

pytestmark = pytest.mark.django_db

FORMATS = ["csv", "xlsx", "json"]
HOSTILE = '=HYPERLINK("https://evil.example")\r\n<script>{{ 7*7 }}</script>'


def download(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return b"".join(response.streaming_content)


def rows_of(client, address):
    return list(csv.DictReader(io.StringIO(download(client, address).decode(), newline="")))


def text_of(client, address):
    """Everything that a file of any format says."""
    content = download(client, address)
    if not address.partition("?")[0].endswith(".xlsx"):
        return content.decode()
    sheets = load_workbook(io.BytesIO(content)).worksheets
    return "\n".join(str(cell.value) for sheet in sheets for row in sheet for cell in row)


def diasorin():
    vaccines = sector(slug="vaccines", name_en="Vaccines", name_zh_hans="疫苗")
    company = organization(
        slug="diasorin",
        name_en="DiaSorin",
        name_zh_hans="索灵诊断",
        legal_name="索灵诊断医疗设备（上海）有限公司",
        country="IT",
        founded_on="2020-09",
        website="https://diasorin.example/",
        last_confirmed_on=date(2024, 11, 1),
        sectors=[vaccines],
    )
    park = place(slug="park", name_en="North Park", name_zh_hans="北园")
    site = presence(organization=company, place=park)
    cite(company, source(slug="a", publisher_en="Daily", title_en="Opens", url="https://a.example/"))
    cite(site, source(slug="b", publisher_en="Times", title_en="Moves in", url=""))
    return company


# --- The company directory --------------------------------------------------------------------------------------------


def test_the_directory_as_csv(client):
    diasorin()

    assert download(client, "/en/companies.csv").decode() == (
        "slug,name_en,name_zh_hans,legal_name,kind,kind_words,country,sectors,sectors_en,sectors_zh_hans,"
        "presences_en,presences_zh_hans,founded_on,website,last_confirmed_on,sources,source_urls,page_url\r\n"
        "diasorin,DiaSorin,索灵诊断,索灵诊断医疗设备（上海）有限公司,company,company,IT,vaccines,Vaccines,疫苗,"
        "North Park (headquarters),北园 (总部),2020-09,https://diasorin.example/,2024-11-01,"
        "Daily: Opens; Times: Moves in,https://a.example/; https://portal.example/en/sources/b/,"
        "https://portal.example/en/companies/diasorin/\r\n"
    )


def test_the_directory_in_chinese_speaks_chinese_where_a_column_has_no_language(client):
    diasorin()

    (row,) = rows_of(client, "/zh-hans/companies.csv")

    assert [row[name] for name in ("name_en", "name_zh_hans", "kind", "kind_words", "page_url")] == [
        "DiaSorin",
        "索灵诊断",
        "company",
        "企业",
        "https://portal.example/zh-hans/companies/diasorin/",
    ]


def test_the_directory_as_json(client):
    diasorin()

    written = json.loads(download(client, "/en/companies.json?kind=company&place=park&sector=vaccines&x=1"))

    assert written["url"] == "https://portal.example/en/companies/?kind=company&sector=vaccines&place=park"
    assert written["filters"] == [
        {"label": "Kind", "value": "Company"},
        {"label": "Sector", "value": "Vaccines"},
        {"label": "Place", "value": "North Park"},
    ]
    assert written["rows"][0]["sectors"] == ["vaccines"]
    assert written["rows"][0]["presences_en"] == ["North Park (headquarters)"]


def test_the_directory_as_a_workbook(client):
    diasorin()

    data, _explanation = load_workbook(io.BytesIO(download(client, "/en/companies.xlsx"))).worksheets

    assert {cell.value: data.cell(2, cell.column).value for cell in data[1]} == {
        "Identifier": "diasorin",
        "Name (English)": "DiaSorin",
        "Name (简体中文)": "索灵诊断",
        "Registered name": "索灵诊断医疗设备（上海）有限公司",
        "Kind: code": "company",
        "Kind": "company",
        "Country": "IT",
        "Sectors: code": "vaccines",
        "Sectors (English)": "Vaccines",
        "Sectors (简体中文)": "疫苗",
        "Present at (English)": "North Park (headquarters)",
        "Present at (简体中文)": "北园 (总部)",
        "Founded": "2020-09",
        "Website": "https://diasorin.example/",
        "Last confirmed": datetime(2024, 11, 1),
        "Sources": "Daily: Opens; Times: Moves in",
        "Addresses of the sources": "https://a.example/; https://portal.example/en/sources/b/",
        "Page": "https://portal.example/en/companies/diasorin/",
    }


@pytest.mark.parametrize("query", ["", "kind=hospital", "sector=vaccines", "place=park", "kind=nonsense&place=%C3%A9"])
def test_a_file_holds_what_the_directory_shows_for_the_same_filters(client, query):
    diasorin()
    presence(organization=organization(kind="hospital"))
    organization()  # present nowhere

    shown = client.get(f"/en/companies/?{query}").context["companies"]

    assert [row["slug"] for row in rows_of(client, f"/en/companies.csv?{query}")] == [each.slug for each in shown]


def test_the_directory_offers_its_files_with_the_same_filters(client):
    diasorin()

    filtered = client.get("/en/companies/?kind=company&sector=vaccines").content.decode()

    assert 'href="/en/companies.csv"' in client.get("/en/companies/").content.decode()
    for file_format in FORMATS:
        assert f'href="/en/companies.{file_format}?kind=company&amp;sector=vaccines"' in filtered


@pytest.mark.parametrize("file_format", FORMATS)
def test_drafts_are_in_no_file(client, file_format):
    company = diasorin()
    presence(organization=company, place=place(name_en="Secret park", name_zh_hans="秘密园区", published_at=None))
    later = datetime(2999, 1, 1, tzinfo=UTC)
    presence(organization=organization(name_en="Secret company", published_at=None))
    presence(organization=organization(name_en="Secret later company", published_at=later))
    cite(company, source(title_en="Secret source", rejected_reason="a copy"))

    for language in ("en", "zh-hans"):
        text = text_of(client, f"/{language}/companies.{file_format}")
        assert ("DiaSorin" in text, "Secret" in text, "秘密" in text) == (True, False, False)


@pytest.mark.parametrize("file_format", FORMATS)
def test_hostile_text_is_only_text(client, file_format):
    presence(
        organization=organization(name_en=HOSTILE, legal_name=HOSTILE, sectors=[sector(name_en=HOSTILE)]),
        place=place(name_en=HOSTILE),
    )

    content = download(client, f"/en/companies.{file_format}")

    if file_format == "csv":
        (row,) = csv.DictReader(io.StringIO(content.decode(), newline=""))
        assert [row[name] for name in ("name_en", "legal_name", "sectors_en")] == [f"'{HOSTILE}"] * 3
    elif file_format == "json":
        assert json.loads(content)["rows"][0]["name_en"] == HOSTILE
    else:
        data = load_workbook(io.BytesIO(content)).worksheets[0]
        assert (data["B2"].value, data["B2"].data_type) == (HOSTILE.replace("\r\n", "\n"), "s")


def test_a_source_that_contradicts_says_so(client):
    company = diasorin()
    report = source(publisher_en="Post", title_en="Not so")
    cite(company, report)
    cite(company, report, fact="name", stance="contradicts")

    (row,) = rows_of(client, "/en/companies.csv")

    assert row["sources"] == "Daily: Opens; Post: Not so (contradicts it); Times: Moves in"


# --- The values of one indicator --------------------------------------------------------------------------------------


def companies_followed():
    followed = indicator(
        slug="companies",
        name_en="Biopharma companies",
        coverage_en="All of Baoshan",
        definition_en="Whatever the district calls one.",
    )
    early = observation(
        indicator=followed,
        period="2020",
        quantity=Quantity(Decimal(100), "<"),
        note_en="Reported later.",
        note_zh_hans="事后报道",
    )
    early.quantity_words = "不足百家"
    early.save()
    cite(early, source(publisher_en="Daily", title_en="A plan", url="https://a.example/"))
    observation(
        indicator=followed,
        period="2021-01",
        period_until="2021-09",
        is_target=True,
        rank="preferred",
        quantity=Quantity(Decimal(428)),
    )
    return followed


def test_the_values_of_an_indicator_as_csv(client):
    companies_followed()
    observation()  # of another indicator

    assert download(client, "/en/indicators/companies.csv").decode() == (
        "period,period_until,is_target,rank,rank_words,quantity_comparator,quantity_low,quantity_high,"
        "quantity_approximate,quantity_words,quantity_as_published,measure,currency,unit_en,unit_zh_hans,"
        "note_en,note_zh_hans,sources,source_urls\r\n"
        "2020,,false,normal,normal,<,,100,false,fewer than 100,不足百家,count,,companies,家,"
        "Reported later.,事后报道,Daily: A plan,https://a.example/\r\n"
        "2021-01,2021-09,true,preferred,preferred,=,428,428,false,428,,count,,companies,家,,,,\r\n"
    )


def test_the_values_of_an_indicator_in_chinese(client):
    companies_followed()

    rows = rows_of(client, "/zh-hans/indicators/companies.csv")

    assert [(row["quantity_words"], row["rank_words"]) for row in rows] == [("不足100家", "一般"), ("428家", "首选")]


def test_the_values_of_an_indicator_as_json(client):
    companies_followed()

    response = client.get("/en/indicators/companies.json")
    written = json.loads(b"".join(response.streaming_content))

    assert response["Content-Disposition"].startswith('attachment; filename="indicator-companies-20')
    assert written["url"] == "https://portal.example/en/indicators/companies/"
    assert written["notes"] == ["Coverage: All of Baoshan", "Definition: Whatever the district calls one."]
    assert written["rows"][0]["quantity"] == {
        "comparator": "<",
        "low": None,
        "high": 100,
        "approximate": False,
        "words": "fewer than 100",
        "as_published": "不足百家",
    }


def test_the_values_of_an_indicator_as_a_workbook(client):
    companies_followed()

    data = load_workbook(io.BytesIO(download(client, "/en/indicators/companies.xlsx"))).worksheets[0]

    heads = [cell.value for cell in data[1]]
    assert [
        (data.cell(2, heads.index(head) + 1).value, data.cell(2, heads.index(head) + 1).data_type)
        for head in ("Period", "Target", "Value: qualifier", "Value: lowest", "Value: highest")
    ] == [("2020", "s"), (False, "b"), ("<", "s"), (None, "n"), (100, "n")]


@pytest.mark.parametrize("file_format", FORMATS)
def test_the_draft_values_of_an_indicator_are_in_no_file(client, file_format):
    followed = companies_followed()
    observation(indicator=followed, period="2023", note_en="Secret", published_at=None)
    hidden = indicator(slug="hidden", published_at=None)
    observation(indicator=hidden, note_en="Secret")

    assert "Secret" not in text_of(client, f"/en/indicators/companies.{file_format}")
    assert client.get(f"/en/indicators/hidden.{file_format}").status_code == 404


# --- Addresses and cost -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/en/companies.pdf", 404),
        ("/en/companies.CSV", 404),
        ("/en/companies.csv/", 404),
        ("/en/companies.", 404),
        ("/en/companies.csvx", 404),
        ("/en/indicators/nowhere.csv", 404),
        ("/en/indicators/companies.pdf", 404),
        ("/en/companies.csv?kind=%00", 400),
        ("/en/indicators/companies/", 200),
    ],
)
def test_other_addresses_stay_as_they_are(client, address, status):
    companies_followed()

    assert client.get(address).status_code == status


def test_a_file_is_only_read(client):
    assert client.post("/en/companies.csv").status_code == 405


@pytest.mark.parametrize("size", [1, 30])
def test_the_number_of_queries_of_a_file_does_not_depend_on_its_size(client, size):
    followed = indicator(slug="companies")
    for number in range(size):
        company = organization(sectors=[sector(), sector()])
        cite(company)
        cite(presence(organization=company))
        cite(observation(indicator=followed, period=f"20{number:02}"))

    counted = {}
    for name in ("companies", "indicators/companies"):
        for file_format in FORMATS:
            with CaptureQueriesContext(connection) as queries:
                download(client, f"/en/{name}.{file_format}")
            counted[name, file_format] = len(queries)

    assert counted == {
        **{("companies", file_format): 5 for file_format in FORMATS},
        **{("indicators/companies", file_format): 3 for file_format in FORMATS},
    }
