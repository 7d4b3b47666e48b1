import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import Conference
from events.search import KINDS, Search
from portal.freshness import data_as_of
from tests import factories

pytestmark = pytest.mark.django_db


def one_of_each(title, **languages):
    """A public record of every kind whose title is `title`."""
    named, titled = {"name_en": title, **languages}, {"title_en": title}
    stage = factories.conference(**titled)
    speaker = factories.speaker(**named)
    factories.appearance(speaker=speaker, session=None, conference=stage)
    return [
        stage,
        factories.agreement(**titled),
        factories.project(**titled),
        factories.organization(**named),
        speaker,
        factories.session(**titled),
        factories.announcement(**titled),
        factories.place(**named),
        factories.indicator(**named),
        factories.document(**titled),
    ]


def found(query):
    """The kinds of which something is found, each with the titles."""
    return {group.kind.name: [result.title for result in group.results] for group in Search(query).groups}


def page(client, query, language="en"):
    return client.get(f"/{language}/search/?q={quote(query)}")


def test_every_kind_is_found_and_leads_to_its_page(client):
    records = one_of_each("Invented vaccine")

    groups = Search("vaccine").groups

    assert [group.kind for group in groups] == list(KINDS)
    assert [group.results[0].url for group in groups] == [record.get_absolute_url() for record in records]
    assert {client.get(result.url).status_code for group in groups for result in group.results} == {200}


def test_what_is_not_public_is_not_found():
    records = one_of_each("Invented vaccine")
    before = found("vaccine")

    for record in records:
        type(record).objects.unpublish()

    assert (len(before), found("vaccine")) == (10, {})


def test_what_was_withdrawn_is_not_found():
    park = factories.place(name_en="Invented park")
    before = found("park")

    factories.withdraw(park)

    assert (before, found("park")) == ({"places": ["Invented park"]}, {})


def test_what_belongs_to_a_draft_conference_is_not_found():
    stage = factories.conference(title_en="Stage")
    factories.session(conference=stage, title_en="Invented talk")
    factories.document(conference=stage, title_en="Invented paper")
    factories.announcement(conference=stage, title_en="Invented news")
    factories.signing(conference=stage, agreement=factories.agreement(title_en="Invented agreement"))
    factories.appearance(conference=stage, session=None, speaker=factories.speaker(name_en="Invented speaker"))
    before = set(found("invented"))

    Conference.objects.unpublish()

    assert before == {"sessions", "documents", "news", "agreements", "speakers"}
    assert found("invented") == {}


def test_a_speaker_who_stood_on_no_public_stage_is_not_found():
    factories.speaker(name_en="Invented person")

    assert found("invented") == {}


def test_chinese_words_are_found_inside_others():
    factories.conference(title_en="", title_zh_hans="虚构湖生物医药大会")

    assert [found(query) for query in ("生物", "湖 大会", "物医")] == [{"conferences": ["虚构湖生物医药大会"]}] * 3


def test_the_closest_ten_of_a_kind_are_shown_and_the_others_counted(client):
    for number in range(12):
        factories.organization(name_en=f"Invented park {number}")

    [group] = Search("invented").groups
    html = page(client, "invented").content.decode()

    assert (group.count, len(group.results), group.has_more) == (12, 10, True)
    assert "the closest 10 of 12" in html
    assert "12 results for “<bdi>invented</bdi>”. With more words you find fewer." in " ".join(html.split())


def test_a_result_says_what_it_is(client):
    stage = factories.conference(title_en="Lake forum", kind="forum", starts_on="2024-11")
    factories.session(conference=stage, title_en="Lake talk")
    factories.signing(
        agreement=factories.agreement(title_en="Lake lease", kind="land"), conference=stage, signed_on="2024-11-15"
    )
    factories.announcement(title_en="Lake news", announced_on="2024")
    factories.document(title_en="Lake programme", language="zh-Hans", conference=stage)

    details = {group.kind.name: group.results[0].details for group in Search("lake").groups}

    assert details == {
        "conferences": ["Forum", "November 2024"],
        "agreements": ["Land or lease agreement", "15 November 2024"],
        "sessions": ["Talk", "Lake forum"],
        "news": ["News", "2024"],
        "documents": ["PDF", "Simplified Chinese"],
    }


@pytest.mark.parametrize("size", [1, 30])
def test_a_search_asks_one_question_for_each_kind(client, now, size):
    for number in range(size):
        one_of_each(f"Invented vaccine {number}")
    data_as_of()  # asked once a minute, whatever the page

    with CaptureQueriesContext(connection) as queries:
        response = page(client, "vaccine invented")

    assert (response.status_code, len(queries)) == (200, len(KINDS))


# --- The page ---------------------------------------------------------------------------------------------------------


def test_before_a_search_the_page_says_what_can_be_found(client, now, django_assert_num_queries):
    data_as_of()  # asked once a minute, whatever the page

    with django_assert_num_queries(0):
        html = client.get("/en/search/").content.decode()

    assert "Finds conferences" in html
    assert "<mark>" not in html


def test_words_are_marked_in_titles_and_excerpts_and_nothing_stored_is_trusted(client):
    factories.organization(name_en="<b>Vaccine</b>", summary_en="<script>vaccine</script>")

    html = page(client, "vaccine").content.decode()

    assert "&lt;b&gt;<mark>Vaccine</mark>&lt;/b&gt;" in html
    assert "&lt;script&gt;<mark>vaccine</mark>&lt;/script&gt;" in html


def test_a_title_in_another_language_is_marked_as_such(client):
    factories.organization(name_en="", name_zh_hans="虚构生物公司")

    html = page(client, "生物").content.decode()

    assert '<span lang="zh-Hans">虚构<mark>生物</mark>公司</span>' in html


def test_nothing_found_names_the_query_and_shows_ways_on(client):
    html = page(client, "<xyzzy> & 'plugh'").content.decode()

    assert "Nothing here matches “<bdi>&lt;xyzzy&gt; &amp; &#x27;plugh&#x27;</bdi>”." in html
    assert 'value="&lt;xyzzy&gt; &amp; &#x27;plugh&#x27;"' in html
    assert "every word must occur" in html
    assert 'href="/en/agreements/"' in html


def test_the_search_is_kept_out_of_search_engines_and_has_one_address(client):
    html = page(client, "vaccine").content.decode()

    assert '<meta name="robots" content="noindex, follow">' in html
    assert '<link rel="canonical" href="https://portal.example/en/search/">' in html


def test_the_page_speaks_chinese(client):
    factories.organization(name_en="Invented park", name_zh_hans="虚构园区")

    html = page(client, "园区", language="zh-hans").content.decode()

    assert re.findall(r'<a href="(/zh-hans/companies/[^"]+)">(.*?)</a>', html)[0][1] == "虚构<mark>园区</mark>"


@pytest.mark.parametrize(
    "query",
    [
        "'",
        '"',
        "%",
        "_",
        "\\",
        "%%%___\\\\\\",
        "' OR 1=1; DROP TABLE events_conference; --",
        "{{ 7|add:7 }}{% debug %}",
        "🧬🇨🇳👩‍🔬",
        "\u202e\u200f\u2067שלום مرحبا",
        "a\r\nSet-Cookie: x=1",
        "\ufffe\uffff\ud7ff",
        "(((((((((((",
        "a* NEAR(b) AND NOT c:d",
        "x " * 2000,
        "生" * 700,
        "a%20b+c&d=e",
    ],
)
def test_a_hostile_query_is_answered(client, query):
    factories.organization(name_en="Invented park")

    response = page(client, query)

    assert response.status_code == 200
    assert "Invented park" not in response.content.decode()


@pytest.mark.parametrize(
    ("query", "status"), [("q=%00", 400), ("q=" + "x" * 8200, 400), ("q=%ff%fe", 200), ("q=a&q=b", 200)]
)
def test_what_no_browser_sends_is_refused_or_read_kindly(client, query, status):
    assert client.get(f"/en/search/?{query}").status_code == status
