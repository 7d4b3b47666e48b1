"""The feeds of news and agreements (`events/feeds.py`), and what every feed promises (`portal/feeds.py`)."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import feedparser
import pytest
from django.apps import apps

from events.models import Announcement
from portal import clock, previews
from portal.history.records import history_of
from portal.natural_keys import NaturalKey
from portal.previews import Preview
from tests.factories import (
    LONG_AGO,
    agreement,
    amount,
    announcement,
    conference,
    correct,
    party,
    session,
    signing,
    withdraw,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

FEEDS = ["news", "agreements", "corrections"]
WHEN = datetime(2024, 2, 3, 4, 5, 6, tzinfo=UTC)


def atom(client, what, language="en"):
    feed = feedparser.parse(client.get(f"/{language}/{what}/feed.atom").content)
    assert not feed.bozo
    return feed


def json_feed(client, what, language="en"):
    return client.get(f"/{language}/{what}/feed.json").json()


def anything(**fields):
    """Something in every feed."""
    record = announcement(**fields)
    correct(record)
    signing(agreement=agreement(**{name: value for name, value in fields.items() if "body" not in name}))
    return record


def since(moment, *models):
    for model in models:
        history_of(model)._base_manager.update(history_date=moment)


# --- What is in them --------------------------------------------------------------------------------------------------


def test_a_browser_shows_what_a_feed_is_in_the_language_of_the_feed(client):
    english, chinese = (client.get(f"/{code}/news/feed.atom").text for code in ("en", "zh-hans"))

    assert "This is a feed" in english
    assert "这是订阅源" in chinese


def test_news_come_with_their_text_and_where_to_read_them(client):
    body = '<h2>Why</h2><p>Kelp &amp; more<br>here, see <a href="/en/news/">all</a>.</p>'
    record = announcement(slug="kelp", title_en="Kelp", kind="release", body_en=body)

    [entry] = atom(client, "news").entries

    assert (entry.title, entry.link) == ("Kelp", "https://portal.example/en/news/kelp/")
    assert (entry.id, entry.tags[0].term) == (f"tag:portal.example,2026:en/news/{record.uid}", "Release")
    [content] = entry.content
    assert content.value.replace("\n", "") == (
        "<p>Release · 15 November 2024</p><div><h3>Why</h3>"
        '<p>Kelp &amp; more<br />here, see <a href="https://portal.example/en/news/">all</a>.</p></div>'
        '<p><a href="https://portal.example/en/news/kelp/">Read it on Baoshan Invest</a></p>'
    )


def test_an_agreement_says_who_signed_what_and_when_first(client):
    paper = agreement(title_en="Plant", slug="plant", summary_en="A <plant>.", kind="investment")
    signing(agreement=paper, signed_on="2024-11-15")
    signing(agreement=paper, signed_on="2023-02", conference=conference(starts_on="2023-02"))
    signing(agreement=paper, signed_on="2020", conference=conference(published_at=None))
    party(agreement=paper, name_en="Acme")
    amount(agreement=paper)

    [entry] = atom(client, "agreements").entries

    text = re.sub("<[^>]*>", "|", entry.content[0].value)
    assert "Investment agreement · CNY 16 billion · signed February 2023" in text
    assert ("Parties: Acme (investor)" in text, "A &lt;plant&gt;." in text) == (True, True)


def test_an_amount_that_was_not_disclosed_is_never_zero(client):
    signing(agreement=agreement())

    assert "Amount not disclosed" in atom(client, "agreements").entries[0].content[0].value


def test_what_was_published_last_stands_first_whenever_it_was_signed(client):
    older, newer = (
        agreement(title_en=name, published_at=WHEN + timedelta(days=day)) for name, day in (("old", 0), ("new", 1))
    )
    signing(agreement=older, signed_on="2024-11-15")
    signing(agreement=newer, signed_on="2020-01-01", conference=conference(starts_on="2020-01-01"))

    assert [entry.title for entry in atom(client, "agreements").entries] == ["new", "old"]


@pytest.mark.parametrize("what", ["news", "agreements"])
@pytest.mark.parametrize("hide", ["draft", "scheduled", "withdrawn"])
def test_what_is_not_public_is_in_no_feed_and_a_withdrawal_is_told_as_a_correction(client, what, hide):
    published = {"draft": None, "scheduled": datetime(2999, 1, 1, tzinfo=UTC)}.get(hide, LONG_AGO)
    make = announcement if what == "news" else agreement
    record = make(title_en="Secret", published_at=published)
    if what == "agreements":
        signing(agreement=record)
    if hide == "withdrawn":
        assert len(atom(client, what).entries) == 1
        withdraw(record)

    assert (atom(client, what).entries, json_feed(client, what)["items"]) == ([], [])
    told = [
        (entry.title, "It never took place." in entry.content[0].value) for entry in atom(client, "corrections").entries
    ]
    assert told == ([("Secret", True)] if hide == "withdrawn" else [])


def test_a_feed_ends_with_its_fiftieth_entry(client):
    for _number in range(52):
        announcement()

    assert (len(atom(client, "news").entries), len(json_feed(client, "news")["items"])) == (50, 50)


# --- When -------------------------------------------------------------------------------------------------------------


def test_an_entry_was_published_when_it_became_public_and_updated_when_it_last_changed(client):
    record = announcement(published_at=WHEN)
    since(WHEN + timedelta(days=2), Announcement)

    feed = atom(client, "news")

    assert (feed.entries[0].published, feed.entries[0].updated) == ("2024-02-03T04:05:06Z", "2024-02-05T04:05:06Z")
    assert feed.feed.updated == "2024-02-05T04:05:06Z"
    correct(record)
    since(WHEN + timedelta(days=9), type(record.corrections.get()))
    assert atom(client, "news").entries[0].updated == feed_item(client)["date_modified"] == "2024-02-12T04:05:06Z"


def feed_item(client, what="news"):
    return json_feed(client, what)["items"][0]


def test_what_was_written_before_its_publication_came_is_not_older_than_it(client):
    announcement(published_at=WHEN)
    since(WHEN - timedelta(days=2), Announcement)

    [entry] = atom(client, "news").entries

    assert entry.published == entry.updated == "2024-02-03T04:05:06Z"


@pytest.mark.parametrize("change", ["party", "amount", "signing"])
def test_an_agreement_is_newer_after_a_change_of_its_terms(client, change):
    paper = agreement()
    signing(agreement=paper)
    terms = {"party": party(agreement=paper), "amount": amount(agreement=paper), "signing": paper.signings.get()}
    for record in (paper, *terms.values()):
        since(WHEN, type(record))
    assert atom(client, "agreements").entries[0].updated == "2024-02-03T04:05:06Z"

    since(WHEN + timedelta(days=1), type(terms[change]))

    assert atom(client, "agreements").entries[0].updated == "2024-02-04T04:05:06Z"


# --- What every feed promises -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", FEEDS)
@pytest.mark.parametrize("ending", ["atom", "json"])
def test_a_feed_fetched_again_is_the_same_and_need_not_be_sent(client, what, ending):
    anything()
    path = f"/en/{what}/feed.{ending}"
    first = client.get(path)

    with clock.set_to(datetime(2024, 12, 24, 9, 0, tzinfo=UTC)):
        second = client.get(path)
        by_tag = client.get(path, headers={"if-none-match": first["ETag"]})
        by_date = client.get(path, headers={"if-modified-since": first["Last-Modified"]})

    assert (first.content, first["Last-Modified"]) == (second.content, second["Last-Modified"])
    assert (by_tag.status_code, by_date.status_code) == (304, 304)


@pytest.mark.parametrize("what", ["news", "agreements"])
def test_what_is_taken_away_is_missed_by_date_too(client, what):
    record = announcement() if what == "news" else signing().agreement
    since(WHEN, *(model for model in apps.get_models() if issubclass(model, NaturalKey)))
    first = client.get(f"/en/{what}/feed.atom")

    withdraw(record)
    second = client.get(f"/en/{what}/feed.atom", headers={"if-modified-since": first["Last-Modified"]})

    assert (second.status_code, second.content.count(b"<entry>")) == (200, 0)


@pytest.mark.parametrize("what", FEEDS)
def test_work_on_a_draft_changes_nothing(client, what):
    anything()
    since(WHEN, *(model for model in apps.get_models() if issubclass(model, NaturalKey)))
    draft, news = agreement(published_at=None), announcement(published_at=None)
    first = client.get(f"/en/{what}/feed.atom")

    for record in (draft, news):
        record.save()
        correct(record)
    party(agreement=draft, name_en="Acme")
    signing(agreement=draft, conference=None)
    second = client.get(f"/en/{what}/feed.atom")

    assert (second.content, second["Last-Modified"]) == (first.content, first["Last-Modified"])
    assert first["Last-Modified"] == "Sat, 03 Feb 2024 04:05:06 GMT"


@pytest.mark.parametrize(("language", "tag"), [("en", "en"), ("zh-hans", "zh-Hans")])
@pytest.mark.parametrize("what", FEEDS)
def test_a_feed_is_in_the_language_of_its_address_and_names_the_other(client, what, language, tag):
    anything(title_en="Kelp", title_zh_hans="海带")
    other = {"en": "zh-hans", "zh-hans": "en"}[language]

    feed, of_json = atom(client, what, language), json_feed(client, what, language)

    assert (feed.feed.language, of_json["language"]) == (tag, tag)
    assert {(link.rel, link.href) for link in feed.feed.links} == {
        ("self", f"https://portal.example/{language}/{what}/feed.atom"),
        ("alternate", f"https://portal.example/{language}/{what}/"),
        ("alternate", f"https://portal.example/{other}/{what}/feed.atom"),
    }
    assert of_json["feed_url"] == f"https://portal.example/{language}/{what}/feed.json"
    assert feed.entries[0].title == of_json["items"][0]["title"] == ("Kelp" if language == "en" else "海带")
    assert feed.entries[0].id != atom(client, what, other).entries[0].id


def test_the_author_is_the_publisher_where_there_is_one(client, settings):
    anything()
    assert atom(client, "news").feed.author == "Baoshan Invest"

    settings.PUBLISHERS = {"en": "The Office", "zh-hans": "办公室"}

    assert (atom(client, "news").feed.author, json_feed(client, "news")["authors"]) == (
        "The Office",
        [{"name": "The Office"}],
    )


def test_a_json_feed_is_one_by_its_version_and_says_the_same(client):
    announcement(slug="kelp", title_en="Kelp", body_en="<p>On kelp.</p>")

    feed, [entry] = json_feed(client, "news"), atom(client, "news").entries
    [item] = feed["items"]

    assert (feed["version"], feed["home_page_url"]) == (
        "https://jsonfeed.org/version/1.1",
        "https://portal.example/en/news/",
    )
    assert (item["id"], item["url"], item["title"]) == (entry.id, entry.link, entry.title)
    assert (item["date_published"], item["date_modified"]) == (entry.published, entry.updated)
    assert "<p>On kelp.</p>" in item["content_html"]


def test_a_text_in_another_language_says_so(client):
    announcement(title_en="", title_zh_hans="海带", body_zh_hans="<p>海带。</p>")

    content = client.get("/en/news/feed.atom").content.decode()

    assert '<title xml:lang="zh-Hans">海带</title>' in content
    assert '<div lang="zh-Hans" xml:lang="zh-Hans"><p>海带。</p></div>' in content
    assert feed_item(client)["language"] == "zh-Hans"


HOSTILE = "A\x0b\x07<script>B</script>\r\n]]>\ufffe&nbsp;\u202eD"


def test_hostile_words_break_no_feed_and_run_nowhere(client):
    body = '<p>x&nbsp;]]&gt;<script>alert(1)</script><a href="javascript:alert(1)">y</a></p><p onclick="z">\x07</p>'
    announcement(title_en=HOSTILE, body_en=body)

    response = client.get("/en/news/feed.atom")
    document = ElementTree.fromstring(response.content)  # noqa: S314 (ours)

    [title] = document.findall("{*}entry/{*}title")
    assert title.text == "A <script>B</script> ]]>&nbsp;\u202eD"
    assert not list(document.iter("{http://www.w3.org/1999/xhtml}script"))
    assert not {name for element in document.iter() for name in element.keys()} & {"onclick"}  # noqa: SIM118
    assert b"javascript:" not in response.content
    assert json.loads(client.get("/en/news/feed.json").content)["items"][0]["title"] == title.text


def test_an_empty_feed_is_a_feed(client):
    feed = atom(client, "news")

    assert (feed.version, feed.entries, feed.feed.updated) == ("atom10", [], "1970-01-01T00:00:00Z")
    assert json_feed(client, "news")["items"] == []


@pytest.mark.parametrize("path", ["news/feed.rss", "news/feed.xml", "agreements/feed.", "corrections/feed.atomx"])
def test_another_format_is_no_page(client, path):
    assert client.get(f"/en/{path}").status_code == 404


def test_any_query_is_answered_alike(client):
    anything()
    plain = client.get("/en/news/feed.atom").content

    for query in ("page=999", "q=" + "x" * 8000, "q=%F0%9F%98%80&q=%E2%80%AE", "?;'\"--"):
        assert client.get(f"/en/news/feed.atom?{query}").content == plain


def test_a_preview_with_drafts_is_answered_too(client):
    record = announcement(published_at=None, title_en="Draft")
    signing(agreement=agreement(published_at=None), conference=conference(published_at=None, starts_on="2025"))
    session(conference=conference(slug="fair", published_at=None), published_at=None, day=date(2027, 5, 20))
    paths = [f"{what}/feed.{ending}" for what in FEEDS for ending in ("atom", "json")]
    paths += ["conferences.ics"] + [f"conferences/fair{end}" for end in (".ics", "/schedule.xml", "/changes/feed.atom")]

    with previews.showing(Preview(drafts=True)):
        responses = {path: client.get(f"/en/{path}") for path in paths}

    assert {path: each.status_code for path, each in responses.items()} == dict.fromkeys(paths, 200)
    assert record.title.encode() in responses["news/feed.atom"].content


# --- In a browser, and where to find them -----------------------------------------------------------------------------


def test_browsers_get_a_type_that_they_show_and_a_style_sheet_of_ours(client):
    anything()
    accepts = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}

    for_browser = client.get("/en/news/feed.atom", headers=accepts)
    for_reader = client.get("/en/news/feed.atom", headers={"accept": "application/atom+xml, */*"})

    assert for_browser["Content-Type"] == "application/xml; charset=utf-8"
    assert for_reader["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert (for_browser.content == for_reader.content, "Accept" in for_browser["Vary"]) == (True, True)
    assert b'<?xml-stylesheet href="/static/css/feed.css" type="text/css"?>' in for_browser.content
    assert b"This is a feed" in for_browser.content


@pytest.mark.parametrize("what", FEEDS)
def test_the_page_names_its_feed_in_its_head_and_shows_a_link(client, what):
    anything()

    html = client.get(f"/zh-hans/{what}/").content.decode()

    feed = f"/zh-hans/{what}/feed.atom"
    assert re.search(f'<link rel="alternate" type="application/atom\\+xml" title="[^"]+" href="{feed}">', html)
    assert (f'<a href="{feed}"' in html, f'<a href="/zh-hans/{what}/feed.json"' in html) == (True, True)


@pytest.mark.parametrize("size", [1, 20])
@pytest.mark.parametrize(("what", "queries"), [("news", 2), ("agreements", 4), ("corrections", 2)])
def test_a_feed_is_a_constant_number_of_queries(client, size, what, queries, django_assert_num_queries):
    for _number in range(size):
        anything()

    with django_assert_num_queries(queries):
        assert client.get(f"/en/{what}/feed.atom").status_code == 200


def test_the_days_of_entries_are_not_those_of_the_fetch(client):
    record = announcement()
    correct(record, made_on=date(2024, 5, 3))

    [entry] = atom(client, "corrections").entries

    assert entry.published == "2024-05-02T16:00:00Z"  # the day begins in Shanghai
