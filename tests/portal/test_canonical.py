"""Under which address a page is known (`portal/canonical.py`): filters, pages of long lists, and nothing else."""

import re
from html import unescape

import pytest

from portal.canonical import PARAMETERS, Canonical, what_is_read
from tests import factories
from tests.hostile import parameters

pytestmark = pytest.mark.django_db

SITE = "https://portal.example"
AT_THE_DESK = {"component", "next", "p", "state"}


def links(html):
    """The links in the head that say where a page and its neighbours are."""
    found = re.findall(r'<link rel="(canonical|prev|next|alternate)"(?: hreflang="([^"]+)")? href="([^"]+)">', html)
    return {tag or rel: unescape(href).removeprefix(SITE) for rel, tag, href in found}


def head(client, path):
    return client.get(path).content.decode().partition("</head>")[0]


@pytest.fixture
def news():
    for _number in range(41):
        factories.announcement(kind="news")
    factories.announcement(kind="award", announced_on="2020")


def test_a_page_of_a_long_list_is_a_page_of_its_own_with_its_neighbours(client, news):
    assert links(head(client, "/en/news/?page=2")) == {
        "canonical": "/en/news/?page=2",
        "en": "/en/news/?page=2",
        "zh-Hans": "/zh-hans/news/?page=2",
        "x-default": "/en/news/?page=2",
        "prev": "/en/news/",
        "next": "/en/news/?page=3",
    }


def test_the_first_page_is_the_list_itself_and_the_last_one_has_no_next(client, news):
    first, last = (links(head(client, f"/en/news/?page={number}")) for number in (1, 3))

    assert (first["canonical"], first.get("prev"), first["next"]) == ("/en/news/", None, "/en/news/?page=2")
    assert (last["prev"], last.get("next")) == ("/en/news/?page=2", None)


def test_the_title_says_which_page_it_is(client, news):
    english, chinese, first = (head(client, f"/{code}/news/{query}") for code, query in PAGES)

    assert "<title>News · Page 2 · " in english
    assert '<meta property="og:title" content="News · Page 2">' in english
    assert re.search(r"<title>[^<]+ · [^<]*2[^<]* · ", chinese)
    assert "Page" not in re.search("<title>(.*?)</title>", first)[1]


PAGES = [("en", "?page=2"), ("zh-hans", "?page=2"), ("en", "")]


def test_one_filter_belongs_to_the_address_and_to_the_title(client, news):
    html = head(client, "/en/news/?kind=news&page=2")

    assert links(html)["canonical"] == "/en/news/?kind=news&page=2"
    assert links(html)["zh-Hans"] == "/zh-hans/news/?kind=news&page=2"
    assert links(html)["prev"] == "/en/news/?kind=news"
    assert "<title>News · News · Page 2 · " in html
    assert 'name="robots"' not in html


def test_more_filters_are_not_for_search_engines(client, news):
    html = head(client, "/en/news/?year=2024&kind=news")

    assert links(html)["canonical"] == "/en/news/?kind=news&year=2024"
    assert '<meta name="robots" content="noindex, follow">' in html


def test_a_filter_that_finds_nothing_is_not_for_search_engines(client, news):
    assert '<meta name="robots" content="noindex, follow">' in head(client, "/en/news/?kind=policy")


@pytest.mark.parametrize(
    "query",
    [
        "utm_source=x",
        "kind=bribe",
        "kind[]=news",
        "page=",
        "sort=amount&order=desc",
        "KIND=news",
        "x=" + "y" * 8000,
        "%F0%9F%92%A5=%D9%85",
        "&".join(f"p{number}={number}" for number in range(500)),
    ],
)
def test_what_means_nothing_is_no_other_page(client, news, query):
    html = head(client, f"/en/news/?{query}")

    assert links(html)["canonical"] == "/en/news/"
    assert 'name="robots"' not in html


def test_the_order_and_repetitions_of_what_is_asked_make_no_other_page(client, news):
    asked = ["kind=news&year=2024", "year=2024&kind=news", "x=1&year=2024&kind=award&kind=news"]

    assert {links(head(client, f"/en/news/?{query}"))["canonical"] for query in asked} == {
        "/en/news/?kind=news&year=2024"
    }


def test_results_and_choices_are_not_for_search_engines(client):
    factories.session(conference=factories.conference(slug="lake"), slug="talk")
    paths = ["/en/search/", "/en/search/?q=lake", "/en/conferences/lake/agenda/?s=talk"]

    assert ['content="noindex, follow"' in head(client, path) for path in paths] == [True, True, True]


def test_neighbours_end_where_the_list_does():
    assert (Canonical().previous, Canonical().next) == (None, None)
    assert (Canonical("a=1", number=2, last=2).previous, Canonical("a=1", number=2, last=2).next) == ("a=1", None)


@pytest.mark.parametrize(
    ("query", "read"),
    [
        ("utm_source=a&page=2&spm=1", "page=2"),
        ("page=2", "page=2"),
        ("q=utm_source", "q=utm_source"),
        ("kin%64=news&kind[]=x&KIND=y", "kin%64=news"),
        ("q", "q"),
        ("=&&%&", ""),
    ],
)
def test_of_a_query_stays_what_some_page_reads(query, read):
    assert what_is_read(query) == read


def test_every_parameter_that_a_public_page_reads_is_known():
    of_lists = {name for names in parameters.of_lists().values() for name in names}
    by_views = set(parameters.read_anywhere()) - AT_THE_DESK

    assert of_lists | by_views <= PARAMETERS
