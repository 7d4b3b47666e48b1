import gzip
import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.core.management import call_command

from portal.quantities import Quantity
from tests.factories import cite, indicator, observation, place

pytestmark = pytest.mark.django_db

CHARTS = re.compile(r'<svg class="(?:wide|phone)".*?</svg>', re.DOTALL)


@pytest.fixture
def baoshan():
    call_command("loaddata", "district", verbosity=0)


def page(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def charts_of(html):
    return [ElementTree.fromstring(svg) for svg in CHARTS.findall(html)]  # noqa: S314 (our own page)


PAGES_WITH_A_CHART = ["/en/", "/en/district/", "/en/indicators/biopharma-companies/"]


@pytest.mark.parametrize("path", PAGES_WITH_A_CHART)
def test_the_growth_chart_is_an_image_with_a_name_and_its_values_in_words(client, baoshan, path):
    html = page(client, path)
    charts = charts_of(html)
    ids = re.findall(r'\bid="([^"]+)"', html)

    assert [chart.get("class") for chart in charts] == ["wide", "phone"]
    for chart in charts:
        name, description = chart.get("aria-labelledby").split()
        assert (chart.get("role"), ids.count(name), ids.count(description)) == ("img", 1, 1)
        assert chart.find("desc").text.endswith("15 November 2024: 428; January 2025: more than 400")


@pytest.mark.parametrize("path", PAGES_WITH_A_CHART)
def test_the_headline_says_no_more_than_the_intervals_allow(client, baoshan, path):
    html = page(client, path)

    assert (
        "Biopharma companies in Baoshan District: 428 on 15 November 2024, "
        "more than 4.2 times the 2020 figure (fewer than 100)</span>"
    ) in html


@pytest.mark.parametrize("path", PAGES_WITH_A_CHART)
def test_the_headline_is_written_in_chinese(client, baoshan, path):
    html = page(client, path.replace("/en/", "/zh-hans/"))

    (headline,) = re.findall(r"<span id=\"finding-biopharma-companies\">(.+?)</span><sup", html)
    words = re.sub(r'<span class="unbroken">|</span>', "", headline)
    assert words == "2020年以来，宝山区生物医药企业数量由不足100家增长至4.2倍以上，2024年11月15日达428家"
    assert charts_of(html)[0].find("desc").text.endswith("2024年11月15日：428家; 2025年1月：超过400家")


@pytest.mark.parametrize("path", PAGES_WITH_A_CHART)
def test_every_value_of_the_series_is_drawn_and_labelled(client, baoshan, path):
    for chart in charts_of(page(client, path)):
        marks = [each for each in chart.iter("path") if each.get("class", "").startswith("mark")]
        labels = sorted(each.text for each in chart.iter("text") if each.get("class", "").startswith("label"))

        assert len(marks) == 8
        assert labels == [
            *("172", "428", "about 100", "fewer than 100", "more than 400", "more than 400", "nearly 400", "nearly 50")
        ]


@pytest.mark.parametrize("path", ["/en/", "/en/district/"])
def test_the_chart_leads_to_the_table_of_its_values(client, baoshan, path):
    html = page(client, path)
    [address] = re.findall(r'<a href="([^"]+)">All values and their sources</a>', html)

    assert address == "/en/indicators/biopharma-companies/#values"
    assert 'id="values"' in page(client, address.partition("#")[0])


def test_the_home_page_stays_light(client, baoshan):
    assert len(gzip.compress(client.get("/en/").content)) < 20_000


def test_a_page_without_a_long_series_has_no_chart(client):
    here = place(slug="baoshan", kind="district")
    figure = indicator(home_position=1, place=here)
    for period in ("2023", "2024"):
        observation(indicator=figure, period=period)

    assert [charts_of(page(client, path)) for path in ("/en/", "/en/district/")] == [[], []]


def test_a_single_value_is_said_and_listed_but_not_drawn(client):
    figure = indicator(slug="parks", name_en="Parks")
    cite(observation(indicator=figure, period="2024", quantity=Quantity(Decimal(2), ">")))

    html = page(client, "/en/indicators/parks/")

    assert re.search(r"<h2>Parks: more than 2 in 2024<sup", html)
    assert (charts_of(html), html.count('<th scope="row">')) == ([], 1)


def test_an_indicator_without_values_says_so(client):
    indicator(slug="parks", name_en="Parks")

    html = page(client, "/en/indicators/parks/")

    assert "No value is published yet." in html
    assert "<table" not in html


def test_a_value_that_was_given_up_stays_in_the_table(client):
    figure = indicator(slug="parks")
    observation(indicator=figure, period="2024", rank="deprecated")

    html = page(client, "/en/indicators/parks/")

    assert "deprecated</span>" in html
    assert "No value is published yet." not in html


def test_targets_stand_apart_from_results_in_the_table(client):
    figure = indicator(slug="parks")
    observation(indicator=figure, period="2023", quantity=Quantity(Decimal(9)), is_target=True)
    observation(indicator=figure, period="2024", quantity=Quantity(Decimal(2)))

    html = page(client, "/en/indicators/parks/")

    assert re.findall(r'rowgroup" colspan="4">(\w+)<|<th scope="row">(\d+)<', html) == [
        *(("Results", ""), ("", "2024"), ("Targets", ""), ("", "2023"))
    ]


def test_a_conflict_is_explained_with_the_note_of_each_value(client, baoshan):
    html = page(client, "/en/indicators/biopharma-companies/")

    section = html.partition('id="disagreements-title"')[2].partition("</section>")[0]

    assert re.findall(r"<dt>(.+?)</dt>", section) == ["2020"]
    assert re.findall(r"<strong>(.+?)</strong>", section) == ["fewer than 100"]
    assert "Other reports say about 100." in section


def test_the_page_says_what_is_counted_where_and_which_way_is_better(client, baoshan):
    html = page(client, "/en/indicators/biopharma-companies/")

    section = html.partition('id="definition-title"')[2].partition("</section>")[0]

    assert re.findall(r"<dt>(\w+)</dt><dd>(?:<a[^>]+>)?([^<]+)<", section) == [
        *(("Coverage", "All of Baoshan District"), ("Place", "Baoshan District"), ("Direction", "more is better"))
    ]
