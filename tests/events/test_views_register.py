"""The pages /agreements/ and /agreements/<slug>/: filters, the totals of what is shown, and the same as files."""

import csv
import io
import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from events.models import Agreement, Conference, InvestmentProject
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
    session,
    signing,
    source,
    withdraw,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]  # 15 November 2024

BILLION = Decimal(10**9)
FORMATS = ["csv", "xlsx", "json"]
LATER = datetime(2999, 1, 1, tzinfo=UTC)


def paper(billions=None, comparator="=", *, signed_on="2024-04-10", stage=None, **fields):
    """An investment agreement, signed, with one amount in billions of CNY (or none)."""
    signed = agreement(**{"kind": "investment", **fields})
    signing(agreement=signed, conference=stage, session=None, signed_on=signed_on)
    if billions is not None:
        amount(agreement=signed, quantity=Quantity(Decimal(str(billions)) * BILLION, comparator))
    return signed


def get(client, query="", language="en", ending=""):
    path = f"/{language}/agreements.{ending}" if ending else f"/{language}/agreements/"
    return client.get(f"{path}?{query}" if query else path)


def page(client, query="", language="en"):
    response = get(client, query, language)
    assert response.status_code == 200
    return response.content.decode()


def content(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def totals(html):
    """The sentences of the panel."""
    [words] = re.findall(r'<p class="statement-of-totals">(.*?)</p>', html, re.DOTALL)
    return unescape(words.strip())


def shown(html):
    """The slugs of the cards, in their order."""
    return re.findall(r'<h3><a href="/[a-z-]+/agreements/([\w-]+)/">', html)


def download_links(html):
    [links] = re.findall(r'<p class="downloads"[^>]*>(.*?)</p>', html, re.DOTALL)
    return [unescape(link) for link in re.findall(r'href="([^"]+)"', links)]


def csv_rows(response):
    return list(csv.DictReader(io.StringIO(content(response).decode("utf-8-sig"), newline="")))


# --- The list and its filters -----------------------------------------------------------------------------------------


def test_the_list_shows_what_is_filtered_newest_first(client):
    old = paper(signed_on="2020")
    framework = paper(kind="framework", signed_on="2022-05")
    new = paper(signed_on="2024-04-10")

    assert shown(page(client)) == [new.slug, framework.slug, old.slug]
    assert shown(page(client, "kind=framework")) == [framework.slug]
    assert shown(page(client, "year=2024")) == [new.slug]
    assert shown(page(client, "kind=framework&year=2024")) == []


def test_every_filter_is_a_link_with_its_count(client):
    stage = conference(slug="summit", title_en="Summit")
    paper(1, stage=stage, kind="framework", place=place(slug="park", name_en="Park"), sectors=[sector(slug="bio")])
    paper(stage=stage, kind="framework")
    paper(signed_on="2020-01")

    html = page(client)
    counts = {
        unescape(query): int(count)
        for query, count in re.findall(r'<li><a href="\?([^"]+)".*?<span class="count">(\d+)</span>', html)
    }

    assert counts == {
        "stage=signed": 3,
        "year=2024": 2,
        "year=2020": 1,
        "kind=framework": 2,
        "kind=investment": 1,
        "disclosed=yes": 1,
        "disclosed=no": 2,
        "conference=summit": 2,
        "sector=bio": 1,
        "place=park": 1,
    }
    for query, count in counts.items():
        assert len(shown(page(client, query))) == count, query


def test_the_choice_that_is_on_is_marked_and_leads_back(client):
    paper(kind="framework")
    paper(kind="fund", signed_on="2020")

    html = page(client, "kind=framework&year=2024")
    active = re.findall(r'<a href="\?([^"]*)" aria-current="true">', html)

    assert sorted(active) == ["kind=framework", "year=2024"]
    assert f'<a href="{reverse("events:agreements")}">Clear filters</a>' in html
    assert 'aria-current="true"' not in page(client).split('<nav class="filters"')[1].split("</nav>")[0]


def test_a_list_with_more_than_one_filter_is_not_for_search_engines(client):
    paper(kind="framework")
    robots = '<meta name="robots" content="noindex, follow">'

    assert [robots in page(client, query) for query in ("", "kind=bribe", "kind=framework")] == [False, False, False]
    assert robots in page(client, "kind=framework&year=2024")


def test_an_empty_list_says_so_and_keeps_the_filter_that_can_be_taken_off(client):
    paper(kind="framework")

    html = page(client, "kind=fund")

    assert "No agreement matches." in html
    assert '<a href="?" aria-current="true">' in html
    assert totals(html) == "0 agreements: none states a total investment."


def test_the_pages_of_a_filtered_list_keep_the_filter(client):
    for _number in range(21):
        paper(kind="land")

    html = page(client, "kind=land")
    second = page(client, "kind=land&page=2")

    assert (len(shown(html)), len(shown(second))) == (20, 1)
    assert re.search(r'href="\?(kind=land&amp;page=2|page=2&amp;kind=land)"', html)
    assert totals(html) == totals(second) == "21 agreements: none states a total investment."


# --- The totals panel -------------------------------------------------------------------------------------------------


def test_the_panel_adds_up_exactly_what_is_filtered(client):
    paper(6, ">", kind="investment")
    paper(1.5, kind="joint_venture")
    paper(kind="joint_venture")

    assert totals(page(client)) == (
        "3 agreements: 2 state a total investment, together more than CNY 7.5 billion. 1 does not disclose it."
    )
    assert totals(page(client, "kind=joint_venture")) == (
        "2 agreements: 1 states a total investment, CNY 1.5 billion. 1 does not disclose it."
    )
    assert totals(page(client, "disclosed=no")) == "1 agreement: none states a total investment."


def test_the_panel_speaks_chinese(client):
    paper(6, ">")

    words = totals(page(client, language="zh-hans"))

    assert "60亿元" in words
    assert not any(each in words for each in ("agreement", "billion", "investment"))


def test_the_panel_leads_to_the_same_rows_as_files(client):
    paper(kind="framework")

    assert download_links(page(client)) == [f"/en/agreements.{ending}" for ending in FORMATS]
    assert download_links(page(client, "year=2024&kind=framework&nonsense=1", "zh-hans")) == [
        f"/zh-hans/agreements.{ending}?year=2024&kind=framework" for ending in FORMATS
    ]


@pytest.mark.parametrize(
    "query", ["", "kind=framework", "year=2024", "disclosed=yes", "stage=operating", "conference=summit", "place=park"]
)
def test_the_rows_of_the_file_are_the_agreements_of_the_page(client, query):
    plant = project()
    cite(milestone(project=plant, kind="operating", met_on="2024-05"), source(source_type="official_notice"))
    paper(1, stage=conference(slug="summit"), project=plant)
    paper(kind="framework", signed_on="2020", place=place(slug="park"))
    paper(2, kind="framework")

    html = page(client, query)
    link = download_links(html)[0]
    rows = csv_rows(client.get(link))

    assert [row["slug"] for row in rows] == shown(html) != []


def test_the_file_says_how_it_was_filtered_and_where_its_page_is(client):
    paper(kind="framework")

    document = json.loads(content(get(client, "kind=framework&year=1999", ending="json")))

    words = json.dumps(document, ensure_ascii=False)
    assert document["rows"] == []
    assert "Framework agreement" in words
    assert "1999" in words
    assert "https://portal.example/en/agreements/?year=1999&kind=framework" in words


@pytest.mark.parametrize(("language", "words"), [("en", "not disclosed"), ("zh-hans", "未披露")])
def test_what_was_not_disclosed_is_zero_nowhere(client, language, words):
    paper()

    html = page(client, language=language)
    [row] = csv_rows(get(client, language=language, ending="csv"))
    [record] = json.loads(content(get(client, language=language, ending="json")))["rows"]
    sheet = load_workbook(io.BytesIO(content(get(client, language=language, ending="xlsx")))).worksheets[0]
    cells = [cell.value for cell in sheet[2] if cell.data_type == "n"]
    amounts = {name: value for name, value in row.items() if name.startswith("amount")}

    assert words in html
    assert {name: value for name, value in amounts.items() if value} == {"amount_words": words}
    assert (record["amount"]["words"], record["amount"]["low"], record["amount"]["high"]) == (words, None, None)
    assert [value for value in row.values() if value in ("0", "0.0")] == []
    assert [value for value in cells if value is not None] == []


def test_there_is_no_other_format(client):
    assert get(client, ending="exe").status_code == 404
    assert get(client, ending="csv.exe").status_code == 404


# --- Nonsense ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["", "csv"])
@pytest.mark.parametrize(
    ("query", "statuses"),
    [
        ("kind[]=framework&kind[0]=fund&kind.x=1", {200}),
        ("kind=framework&kind=fund&kind=bribe", {200}),
        ("place=" + "x" * 5000, {200}),
        ("place=" + "x" * 9000, {400}),
        ("sector=%00", {400}),
        ("sector=%ED%A0%80&place=%FF%FE", {200}),
        ("conference=%F0%9F%92%A5&year=%D9%A2%D9%A0%D9%A2%D9%A4", {200}),
        ("year=99999999999999999999&disclosed=1", {200}),
        ("stage=signed'--&kind=%3Cscript%3Ealert(1)%3C/script%3E", {200}),
        ("&&&===&kind", {200}),
        ("page=0", {200, 404}),
        ("page=1e9&kind=framework", {200, 404}),
    ],
)
def test_nonsense_is_answered_politely_and_never_repeated(client, query, statuses, ending):
    paper(kind="framework")

    response = get(client, query, ending=ending)

    assert response.status_code in statuses
    assert b"<script>alert" not in content(response)


def test_a_page_of_nonsense_shows_everything(client):
    paper(1, kind="framework")

    assert totals(page(client, "kind=bribe&year=x&sector=no")) == totals(page(client))


# --- What is not public -----------------------------------------------------------------------------------------------


def secretive():
    """One public agreement and everything around it, each with a name that would give it away."""
    stage = conference(slug="secret-summit", title_en="Secret summit", title_zh_hans="Secret summit")
    park = place(slug="secret-park", name_en="Secret park", name_zh_hans="Secret park")
    plant = project(slug="secret-plant", title_en="Secret plant", title_zh_hans="Secret plant", place=park)
    report = source(title_en="Secret report", title_zh_hans="Secret report", source_type="official_notice")
    cite(milestone(project=plant, kind="operating", met_on="2021-03", note_en="Secret step"), report)
    signed = paper(7, title_en="Secret paper", title_zh_hans="Secret paper", stage=stage, place=park, project=plant)
    company = organization(slug="secret-company", name_en="Secret company", name_zh_hans="Secret company")
    party(agreement=signed, organization=company)
    return signed


def everything(client, query=""):
    pages = [page(client, query, language) for language in ("en", "zh-hans")]
    files = [content(get(client, query, ending=ending)) for ending in FORMATS]
    sheets = load_workbook(io.BytesIO(files[1])).worksheets
    cells = [str(cell.value) for sheet in sheets for row in sheet for cell in row]
    return "\n".join([*pages, files[0].decode(), files[2].decode(), *cells])


@pytest.mark.parametrize("hide", ["draft", "scheduled", "withdrawn", "draft_conference"])
def test_a_hidden_agreement_leaks_nothing_on_the_list_or_in_its_files(client, hide):
    signed = secretive()
    paper()
    InvestmentProject.objects.unpublish()
    before = everything(client)

    if hide == "withdrawn":
        withdraw(signed)
    elif hide == "draft_conference":
        Conference.objects.unpublish()
    else:
        Agreement.objects.filter(pk=signed.pk).update(published_at=None if hide == "draft" else LATER)
    after = everything(client)

    assert [
        word for word in ("Secret paper", "Secret company", "CNY 7 billion", "secret-summit") if word not in before
    ] == []
    assert re.findall(r"(?i)secret[ -](?:paper|company|plant|report|summit)|7 billion", after) == []
    assert totals(page(client)) == "1 agreement: none states a total investment."


def test_the_hidden_project_place_and_company_of_a_public_agreement_leak_nothing(client):
    signed = secretive()
    path = reverse("events:agreement", args=[signed.slug])
    before = everything(client) + client.get(path).content.decode()

    type(signed.place).objects.unpublish()
    InvestmentProject.objects.unpublish()
    signed.organizations.unpublish()
    after = everything(client) + client.get(path).content.decode()

    words = ("Secret company", "Secret plant", "Secret park", "secret-park", "secret-plant", "2021-03", "Operating")
    assert [word for word in words if word not in before] == []
    assert [word for word in words if word in after] == []


def test_the_stage_of_a_hidden_project_is_no_filter(client):
    secretive()
    before = len(shown(page(client, "stage=operating")))

    InvestmentProject.objects.unpublish()

    assert (before, shown(page(client, "stage=operating"))) == (1, [])


def test_a_draft_member_changes_no_total_of_its_batch(client):
    batch = paper(6, is_batch=True)
    member = paper(9)
    relation(agreement=member, to=batch, kind="batch_member")
    before = totals(page(client))

    Agreement.objects.filter(pk=member.pk).unpublish()

    assert before == (
        "2 agreements: 1 states a total investment, CNY 9 billion. "
        "1 is a named member of a batch and inside its headline."
    )
    assert totals(page(client)) == "1 agreement: 1 states a total investment, CNY 6 billion."


# --- The page of one agreement ----------------------------------------------------------------------------------------


def detail(client, signed, language="en"):
    with translation.override(language):
        return client.get(signed.get_absolute_url()).content.decode()


def test_an_agreement_shows_the_ladder_of_its_project_and_leads_there(client):
    plant = project(title_en="Vaccine plant", slug="vaccine-plant")
    signed = paper(project=plant, signed_on="2024-04-10", stage=None)
    cite(milestone(project=plant, kind="operating", met_on="2024-05"), source(source_type="official_notice"))

    html = detail(client, signed)

    assert '<a href="/en/projects/vaccine-plant/">Vaccine plant</a>' in html
    assert "<p>Operating</p>" in html
    assert html.count('<li class="is-met">') == 2


def test_an_agreement_without_a_project_says_that_nothing_later_is_documented(client):
    html = detail(client, paper(signed_on="1999"))

    assert "<p>Signed; no later step documented</p>" in html
    assert '<ol class="ladder">' not in html


def test_an_agreement_signed_twice_names_both_stages_and_counts_its_first(client):
    signed = paper(2, signed_on="2023-05", stage=conference(title_en="Summit"))
    signing(
        agreement=signed,
        session=session(conference=conference(title_en="Week")),
        signed_on="2024-11-15",
        conference=None,
    )

    html = detail(client, signed)

    assert (">Summit</a>" in html, ">Week</a>" in html) == (True, True)
    assert totals(page(client, "year=2023")) == "1 agreement: 1 states a total investment, CNY 2 billion."
    assert shown(page(client, "year=2024")) == []
