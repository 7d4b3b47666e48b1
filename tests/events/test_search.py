import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import Conference
from events.search import KINDS
from portal.freshness import data_as_of
from portal.search import finding
from portal.search.results import Search
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


def page(client, query, more="", language="en"):
    return client.get(f"/{language}/search/?q={quote(query)}{more}")


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


def test_what_a_record_has_to_do_with_finds_it_too():
    district = factories.organization(name_en="Invented district", slug="district")
    stage = factories.conference(title_en="Stage", series=factories.series(name_en="Yearly gathering"))
    factories.conference_role(conference=stage, organization=district)
    paper = factories.agreement(title_en="Paper")
    factories.party(agreement=paper, organization=None, name_en="Nameless partner")
    factories.project(title_en="Plant").organizations.add(district)
    person = factories.speaker(name_en="Ann Example", name_zh_hans="")
    talk = factories.session(title_en="Talk", conference=stage)
    factories.appearance(speaker=person, session=talk, conference=None, post_en="Invented director")
    factories.identifier(organization=district, value="91310113EXAMPLE")

    assert found("invented district") == {
        "conferences": ["Stage"],
        "projects": ["Plant"],
        "companies": ["Invented district"],
    }
    assert found("nameless") == {"agreements": ["Paper"]}
    assert found("invented director") == {"speakers": ["Ann Example"]}
    assert found("ann example") == {"speakers": ["Ann Example"], "sessions": ["Talk"]}
    assert found("91310113example") == {"companies": ["Invented district"]}
    assert "conferences" in found("yearly gathering")


def test_a_result_that_is_found_by_another_name_says_which(client):
    paper = factories.agreement(title_en="Paper")
    factories.party(agreement=paper, organization=factories.organization(name_en="Invented partner"))

    html = page(client, "partner", language="zh-hans").content.decode()

    assert 'Invented <mark>partner</mark></span> <span class="fallback-label">' in html


def test_the_name_of_a_draft_finds_nothing_that_has_to_do_with_it():
    factories.party(
        agreement=factories.agreement(title_en="Paper"),
        organization=factories.organization(name_en="Secret partner", published_at=None),
    )

    assert found("secret partner") == {}


def test_the_closest_ten_of_a_kind_are_shown_and_the_others_counted(client):
    for number in range(12):
        factories.organization(name_en=f"Invented park {number}")

    [group] = Search("invented").groups
    html = page(client, "invented").content.decode()

    assert (group.count, len(group.results), group.has_more) == (12, 10, True)
    assert "the closest 10 of 12" in html
    assert "12 results for “<bdi>invented</bdi>”. With more words you find fewer." in " ".join(html.split())
    assert '<a href="?q=invented&amp;kind=companies">All results: Companies</a>' in html


def test_all_of_one_kind_stand_on_a_page_of_their_own(client):
    for number in range(25):
        factories.organization(name_en=f"Invented park {number:02}")
    factories.place(name_en="Invented park")

    pages = [page(client, "invented park", f"&kind=companies&page={number}") for number in (1, 2, 3)]
    titles = [re.findall(r'<h3><a href="[^"]+">(.*?)</a>', each.content.decode()) for each in pages]

    assert [each.status_code for each in pages] == [200, 200, 404]
    assert [re.sub("</?mark>", "", title) for title in titles[0] + titles[1]] == [
        f"Invented park {number:02}" for number in range(25)
    ]
    assert 'href="?q=invented%20park&amp;kind=places"' in pages[0].content.decode()


def test_a_kind_of_which_nothing_is_found_says_so_and_leads_to_the_others(client):
    factories.place(name_en="Invented park")

    html = page(client, "invented", "&kind=companies").content.decode()

    assert "Nothing of this kind matches." in html
    assert '<a href="?q=invented">All kinds</a>' in html


def test_a_kind_that_does_not_exist_is_as_good_as_none(client):
    factories.place(name_en="Invented park")

    assert "<mark>Invented</mark> park" in page(client, "invented", "&kind=secrets").content.decode()


def test_of_a_very_common_word_the_page_says_that_not_all_were_counted(client, monkeypatch):
    monkeypatch.setitem(finding.find.__kwdefaults__, "looked_at", 1)
    for number in range(12):
        factories.organization(name_en=f"The common {number}")
    factories.organization(name_en="Common")

    html = " ".join(page(client, "common").content.decode().split())

    assert re.search(r"At least \d+ results for", html)
    assert re.search(r"at least \d+</span>", html)
    assert html.index("<mark>Common</mark></a>") < html.index("The <mark>common</mark>")


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
def test_a_search_asks_as_much_whatever_it_finds(client, now, one_generation, size):
    for number in range(size):
        one_of_each(f"Invented vaccine {number}")
    data_as_of()  # asked once, whatever the page
    page(client, "vaccine invented")  # the index catches up with what was just written

    counted = {}
    for more in ("", "&kind=companies"):
        with CaptureQueriesContext(connection) as queries:
            assert page(client, "vaccine invented", more).status_code == 200
        counted[more] = len(queries)

    assert counted == {"": len(KINDS) + 2, "&kind=companies": 4}  # whether anything waits; what is found; each kind


# --- The page ---------------------------------------------------------------------------------------------------------


def test_before_a_search_the_page_says_what_can_be_found(client, now, one_generation, django_assert_num_queries):
    data_as_of()  # asked once, whatever the page

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


def test_a_misspelt_name_finds_its_nearest_and_the_page_says_so(client):
    factories.organization(name_en="DiaSorin")

    html = " ".join(page(client, "diasorni").content.decode().split())

    assert "1 result for “<bdi>diasorin</bdi>”." in html
    assert "Nothing matches “<bdi>diasorni</bdi>”. These are the results for “<bdi>diasorin</bdi>” instead." in html
    assert "<mark>DiaSorin</mark>" in html


def test_the_spelling_of_what_is_not_public_is_never_offered(client):
    factories.organization(name_en="DiaSorin", published_at=None)

    html = page(client, "diasorni").content.decode()

    assert "diasorin" not in html.casefold().replace("diasorni", "")


def test_where_nothing_has_all_words_what_has_all_but_one_is_shown_and_the_page_says_so(client):
    factories.organization(name_en="Invented vaccine plant")
    factories.organization(name_en="Invented something")

    html = page(client, "invented vaccine xyzzy").content.decode()

    assert "Nothing has all of these words. These results have all but one." in html
    assert "plant" in html
    assert "something" not in html


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


# --- Suggestions ------------------------------------------------------------------------------------------------------


def suggested(client, query, language="en"):
    response = client.get(f"/{language}/search/suggestions.json", {"q": query})
    return response.json()["suggestions"]


def test_whoever_types_is_offered_titles_with_their_kinds(client):
    lake = factories.place(name_en="Invented lake", name_zh_hans="虚构湖")
    factories.organization(name_en="By the invented lake", name_zh_hans="")

    in_english, in_chinese = suggested(client, "invented la"), suggested(client, "invented", "zh-hans")

    assert [(each["title"], each["kind"]) for each in in_english] == [
        ("Invented lake", "Places"),
        ("By the invented lake", "Companies"),
    ]
    assert in_chinese[0] == {"title": "虚构湖", "kind": "地点", "url": f"/zh-hans/district/{lake.slug}/"}
    assert in_chinese[1]["lang"] == "en"


def test_what_is_called_so_is_suggested_before_what_only_has_to_do_with_it(client):
    lake = factories.place(name_en="Invented lake")
    factories.conference(title_en="Gathering", venue=lake)
    factories.conference(title_en="Other", venue=factories.place(name_en="Park", name_zh_hans="", slug="park"))

    assert [each["title"] for each in suggested(client, "invented")] == ["Invented lake"]


def test_suggestions_are_few_and_may_be_kept_for_a_minute(client):
    for number in range(30):
        factories.organization(name_en=f"Invented {number}")

    response = client.get("/en/search/suggestions.json?q=invented")

    assert len(response.json()["suggestions"]) == 8
    assert response["Cache-Control"] == "public, max-age=60"


def test_drafts_are_not_suggested(client):
    factories.organization(name_en="Secret", published_at=None)

    assert suggested(client, "secret") == []


def test_without_a_query_nothing_is_asked(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert suggested(client, " ") == []
