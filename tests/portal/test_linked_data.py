"""What every page says of itself to programs (`portal/schema_org.py`): one valid block, the same ids everywhere."""

import json
import re
from html import unescape

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from django.urls import reverse

from portal.partial_dates import PartialDate
from portal.schema_org import block_of, node
from tests import factories
from tests.linked_data import BLOCK, complaints, graph_in, graph_of, lacking, nodes_in, only
from tests.test_guards_pages import QUERIES, build_site

pytestmark = pytest.mark.django_db

SITE = "https://portal.example"
# Made for whoever asked, and not for search engines.
WITHOUT = {"events:conference_agenda", "events:enquiry_receipt"}


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, tmp_path_factory):
    """A site with a row in every list, made once for this module and taken back after it; and what was read of it."""
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media), transaction.atomic():
        build_site(1)
        yield {}
        transaction.set_rollback(True)


@pytest.fixture
def pages(site, client):
    """The HTML of every public page in every language, by its address."""
    if not site:
        paths = [reverse(name, args=slugs) for name, (slugs, _queries) in QUERIES.items() if name not in WITHOUT]
        both = [path.replace("/en/", f"/{code}/", 1) for path in paths for code, _name in settings.LANGUAGES]
        for path in both:
            if path.endswith("/") and "/embed/" not in path:
                site[path] = client.get(path).content.decode()
    return site


@pytest.fixture
def graphs(pages):
    return {path: graph_in(html) for path, html in pages.items()}


# --- Every page -------------------------------------------------------------------------------------------------------


def test_every_page_says_only_what_schema_org_knows(graphs):
    assert len(graphs) > 50
    assert {path: found for path, graph in graphs.items() if (found := complaints(graph))} == {}


def test_what_is_wrong_is_found():
    wrong = [
        {"@type": "Event", "name": "", "postalCode": "1", "startDate": "tomorrow", "eventStatus": "EventHappened"},
        {"@type": "Place", "containedInPlace": {"@type": "Person"}, "geo": {"latitude": 1}},
        {"@type": "Ceremony"},
    ]

    assert sorted(complaints(wrong)) == [
        "Event has no postalCode",
        "a node without a type: ['latitude']",
        "containedInPlace of Place cannot be {'@type': 'Person'}",
        "eventStatus of Event cannot be 'EventHappened'",
        "name of Event cannot be ''",
        "no such type: Ceremony",
        "startDate of Event cannot be 'tomorrow'",
    ]


def test_every_page_says_what_search_engines_ask_for_as_far_as_it_is_known(graphs):
    found = {each for graph in graphs.values() for each in lacking(graph)}

    # nobody published where the other editions take place, nor the day of a session
    unknown = {each for each in found if each.startswith(("Event without location", "Event without startDate"))}
    assert found - unknown == set()


def test_a_conference_of_which_everything_is_known_lacks_nothing(client):
    venue = factories.place(kind="venue", address_en="1 Lake Road")
    lake = factories.conference(slug="lake", venue=venue)
    factories.session(conference=lake, day="2024-11-15")

    assert lacking(graph_of(client, "/en/conferences/lake/")) == []


def test_a_thing_has_one_id_in_every_language_and_on_every_page(graphs):
    for path, graph in graphs.items():
        if path.startswith("/en/"):
            other = graphs[path.replace("/en/", "/zh-hans/", 1)]
            assert {each for each in ids_in(graph) if "#this" in each} == {
                each for each in ids_in(other) if "#this" in each
            }, path
    types = {}
    for graph in graphs.values():
        for each in nodes_in(graph):
            if "@type" in each and "@id" in each:
                types.setdefault(each["@id"], set()).add(each["@type"])
    assert {thing: kinds for thing, kinds in types.items() if len(kinds) > 1} == {}


def ids_in(graph):
    return {each["@id"] for each in nodes_in(graph) if "@id" in each}


def test_whatever_is_meant_by_its_id_is_a_page_of_the_site(client, graphs):
    meant = {each for graph in graphs.values() for each in ids_in(graph) if each.endswith("#this")}

    for each in sorted(meant):
        path = each.removeprefix(SITE).removesuffix("#this")
        assert client.get(f"/en{path}").status_code == 200, each


def test_the_trail_holds_the_way_back_that_the_page_shows(pages, graphs):
    for path, html in pages.items():
        [head] = re.findall(r'<div class="page-head">(.*?)</div>\s*</div>', html, re.DOTALL) or [""]
        shown = [(unescape(name), href) for href, name in re.findall(r'<a href="([^"#]+)">([^<]+)</a>', head)]
        trail = [node for node in graphs[path] if node["@type"] == "BreadcrumbList"]
        steps = [item["item"] for item in trail[0]["itemListElement"]] if trail else []
        assert {SITE + href for _name, href in shown} <= set(steps), path
        assert bool(trail) == (path not in ("/en/", "/zh-hans/"))


def test_a_page_says_its_language_its_site_and_how_one_searches_it(graphs):
    english, chinese = (only("WebPage", graphs[f"/{code}/accessibility/"]) for code in ("en", "zh-hans"))
    site = only("WebSite", graphs["/zh-hans/accessibility/"])

    assert (english["inLanguage"], chinese["inLanguage"]) == ("en", "zh-Hans")
    assert (english["@id"], chinese["@id"]) == (f"{SITE}/en/accessibility/", f"{SITE}/zh-hans/accessibility/")
    assert english["isPartOf"] == chinese["isPartOf"] == {"@id": site["@id"]} == {"@id": f"{SITE}/#site"}
    assert site["potentialAction"]["target"]["urlTemplate"] == f"{SITE}/zh-hans/search/?q={{search_term_string}}"
    assert "publisher" not in site


def test_nothing_is_said_twice(pages):
    assert [path for path, html in pages.items() if "itemprop" in html] == []


# --- What is not said -------------------------------------------------------------------------------------------------


def test_a_page_that_is_not_for_search_engines_says_nothing(client):
    withdrawn = factories.conference(slug="lake")
    factories.session(conference=withdrawn)
    agenda = client.get("/en/conferences/lake/agenda/").content.decode()
    factories.withdraw(withdrawn)

    pages = [agenda, *(client.get(path).content.decode() for path in ("/en/conferences/lake/", "/en/nowhere/"))]

    assert [BLOCK.findall(html) for html in pages] == [[], [], []]


def test_a_list_that_is_filtered_is_no_other_dataset(client):
    factories.signing(agreement=factories.agreement(kind="fund"))

    whole, filtered = (graph_of(client, f"/en/agreements/{query}") for query in ("", "?kind=fund"))

    assert only("Dataset", whole)["@id"] == f"{SITE}/agreements/#this"
    assert [node["@type"] for node in filtered] == ["WebSite", "CollectionPage", "BreadcrumbList", "ItemList"]


def test_a_publisher_is_named_only_where_one_is_configured(client, settings):
    settings.PUBLISHERS = {"en": "Exampleland Office", "zh-hans": ""}
    factories.observation(indicator=factories.indicator(slug="companies"))

    english, chinese = (graph_of(client, f"/{code}/indicators/companies/") for code in ("en", "zh-hans"))

    office = {"@type": "Organization", "@id": f"{SITE}/#publisher", "name": "Exampleland Office"}
    assert (only("WebSite", english)["publisher"], only("Dataset", english)["creator"]) == (office, office)
    assert "publisher" not in only("WebSite", chinese)
    assert "creator" not in only("Dataset", chinese)


def test_what_is_not_known_is_left_out():
    assert node("Thing", None, name="", url=None, sameAs=[], image=[None]) == {"@type": "Thing"}
    assert node("Place", latitude=0.0) == {"@type": "Place", "latitude": 0.0}


def test_a_date_is_as_exact_as_it_is_known():
    assert node("Event", startDate=PartialDate(2027, 5))["startDate"] == "2027-05"


# --- Texts ------------------------------------------------------------------------------------------------------------


def test_a_text_that_fell_back_to_another_language_says_so(client):
    factories.conference(slug="lake", title_en="", title_zh_hans="湖区大会")

    english, chinese = (only("Event", graph_of(client, f"/{code}/conferences/lake/")) for code in ("en", "zh-hans"))

    assert english["name"] == {"@value": "湖区大会", "@language": "zh-Hans"}
    assert chinese["name"] == "湖区大会"


@pytest.mark.parametrize(
    "title",
    [
        "</script><script>alert(1)</script>",
        "<!--<script>",
        "]]>&lt;b&gt; & \"quoted\" 'title' \\ {{ 7 }} {% x %}",
        "line\u2028separator\u2029end",
        "مؤتمر البحيرة 💥",
    ],
)
def test_no_title_leaves_its_place(client, title):
    factories.conference(slug="lake", title_en=title, title_zh_hans=title, summary_en=title)

    html = client.get("/en/conferences/lake/").content.decode()
    [block] = BLOCK.findall(html)

    assert only("Event", graph_in(html))["name"] == title
    assert not set("<>&\u2028\u2029") & set(block)
    assert html.count("<script") == len(re.findall(r"<script (?:src|type)=", html))


def test_the_block_reads_back_as_it_was_written():
    graph = [{"@type": "Thing", "name": "</script>\u2028<!-- & 生物 \\u003c"}]

    block = block_of(graph)

    assert json.loads(BLOCK.findall(block)[0])["@graph"] == graph
    assert "生物" in block
