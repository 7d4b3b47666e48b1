"""Corrections and tombstones as visitors meet them, on the page of every kind of record."""

import re

import pytest
from django.urls import reverse

from companies.models import Observation
from events.models import Agreement, Conference
from portal.quantities import Quantity
from tests import factories
from tests.factories import correct, withdraw
from tests.test_guards_pages import addresses, build_site

pytestmark = pytest.mark.django_db


def speaker_on_stage():
    return factories.appearance().speaker


RECORDS = {
    "conference": factories.conference,
    "session": factories.session,
    "speaker": speaker_on_stage,
    "agreement": factories.agreement,
    "project": factories.project,
    "announcement": factories.announcement,
    "company": factories.organization,
    "place": factories.place,
    "indicator": factories.indicator,
}

every_record = pytest.mark.parametrize("make", RECORDS.values(), ids=RECORDS)


def read(client, address, language="en"):
    return client.get(address.replace("/en/", f"/{language}/", 1))


# --- Corrections ------------------------------------------------------------------------------------------------------


@every_record
def test_a_correction_is_told_on_the_page_of_its_record(client, make):
    record = make()
    correct(record)

    html = read(client, record.get_absolute_url()).text

    assert "Corrected on 3 May 2025: it said “2024-11-14”." in html
    assert "Reason: The organizer announced another day." in html


@every_record
def test_the_reason_is_told_in_chinese_on_the_chinese_page(client, make):
    record = make()
    correct(record)

    html = read(client, record.get_absolute_url(), "zh-hans").text

    assert "主办方公布了另一日期。" in html
    assert "another day" not in html


@every_record
def test_a_page_without_corrections_says_nothing_of_them(client, make):
    record = make()
    correct(make())

    assert 'id="corrections"' not in read(client, record.get_absolute_url()).text


def test_a_reason_in_one_language_is_marked_on_the_page_of_the_other(client):
    event = factories.conference()
    correct(event, reason_zh_hans="")

    html = read(client, event.get_absolute_url(), "zh-hans").text

    assert '<span lang="en">The organizer announced another day.</span>' in html


def test_corrections_are_told_newest_first(client):
    event = factories.conference()
    for day in ("2025-05-01", "2025-07-01", "2025-06-01"):
        correct(event, made_on=day)

    html = read(client, event.get_absolute_url()).text

    assert re.findall(r"Corrected on (\d \w+) 2025", html) == ["1 July", "1 June", "1 May"]


def test_what_an_editor_wrote_is_text(client):
    event = factories.conference()
    correct(event, old_value="<script>alert(1)</script>", reason_en="<b>bold</b>")

    html = read(client, event.get_absolute_url()).text

    assert "<script>alert" not in html
    assert "<b>bold" not in html


def test_the_district_tells_its_corrections(client):
    district = factories.place(slug="baoshan", kind="district")
    correct(district)

    assert "Corrected on 3 May 2025" in read(client, reverse("companies:district")).text


def test_the_page_of_an_indicator_tells_the_corrections_of_its_values(client):
    companies = factories.indicator()
    kept = factories.observation(indicator=companies, period="2020")
    gone = factories.observation(indicator=companies, period="2024", quantity=Quantity(517))
    draft = factories.observation(indicator=companies, period="2023", published_at=None)
    correct(kept, fact="quantity", old_value="100")
    withdraw(gone)
    correct(draft, old_value="secret")

    html = read(client, companies.get_absolute_url()).text

    assert re.findall(r"<strong>(\d+)</strong> · ([^<]+)</p>", html) == [
        ("2024", "Withdrawn on 3 May 2025."),
        ("2020", "Corrected on 3 May 2025: value was “100”."),
    ]
    assert "517" not in html
    assert "secret" not in html
    assert list(Observation.objects.published()) == [kept]


# --- Tombstones -------------------------------------------------------------------------------------------------------


@every_record
@pytest.mark.parametrize(
    ("language", "reason"), [("en", "Reason: It never took place."), ("zh-hans", "从未举行。")], ids=["en", "zh"]
)
def test_a_withdrawn_record_keeps_its_address_as_a_tombstone(client, make, language, reason):
    record = make()
    before = read(client, record.get_absolute_url(), language)
    withdraw(record)

    response = read(client, record.get_absolute_url(), language)

    assert (before.status_code, response.status_code) == (200, 410)
    title = record.title_en if hasattr(record, "title_en") else record.name_en
    title_zh = record.title_zh_hans if hasattr(record, "title_en") else record.name_zh_hans
    assert f"<h1>{title if language == 'en' else title_zh}</h1>" in response.text
    assert reason in response.text
    assert '<meta name="robots" content="noindex">' in response.text
    assert 'rel="canonical"' not in response.text


def test_a_tombstone_says_when_and_no_other_fact(client):
    event = factories.conference(
        theme_en="A secret theme", venue=factories.place(name_en="Secret venue"), summary_en="Secret summary"
    )
    factories.cite(event, source=factories.source(title_en="Secret source"))
    correct(event, old_value="Secret value", fact="theme")
    withdraw(event)

    html = read(client, event.get_absolute_url()).text

    assert "Withdrawn on 3 May 2025." in html
    assert "ecret" not in html
    assert "2024" not in html


def test_a_tombstone_offers_the_other_language(client):
    event = factories.conference()
    withdraw(event)

    html = read(client, event.get_absolute_url()).text

    assert f'href="/zh-hans/conferences/{event.slug}/" lang="zh-Hans"' in html


def test_a_tombstone_stands_in_debug_mode_too(client, settings):
    settings.DEBUG = True
    event = factories.conference()
    withdraw(event)

    response = read(client, event.get_absolute_url())

    assert response.status_code == 410
    assert "It never took place." in response.text


@pytest.mark.parametrize("page", ["programme", "speakers", "agreements", "news"])
def test_the_pages_under_a_withdrawn_conference_show_its_tombstone(client, page):
    event = factories.conference()
    address = f"{event.get_absolute_url()}{page}/"
    before = client.get(address).status_code
    withdraw(event)

    response = client.get(address)

    assert (before, response.status_code) == (200, 410)
    assert f"<h1>{event.title}</h1>" in response.text


def test_a_withdrawn_draft_has_no_page(client):
    event = factories.conference(published_at=None)
    withdraw(event)

    assert read(client, event.get_absolute_url()).status_code == 404


def test_a_withdrawn_session_of_a_draft_conference_has_no_page(client):
    item = factories.session(conference=factories.conference(published_at=None))
    withdraw(item)

    assert read(client, item.get_absolute_url()).status_code == 404


def test_what_hangs_on_a_withdrawn_conference_has_no_page(client):
    item = factories.session()
    before = read(client, item.get_absolute_url()).status_code
    withdraw(item.conference)

    assert (before, read(client, item.get_absolute_url()).status_code) == (200, 404)


def test_an_agreement_signed_only_at_a_withdrawn_conference_is_hidden(client):
    only_there, elsewhere_too = factories.signing().agreement, factories.agreement()
    event = only_there.signings.get().conference
    factories.signing(agreement=elsewhere_too, conference=event)
    factories.signing(agreement=elsewhere_too)
    withdraw(event)

    assert list(Agreement.objects.published()) == [elsewhere_too]
    assert read(client, only_there.get_absolute_url()).status_code == 404
    assert event.title not in read(client, elsewhere_too.get_absolute_url()).text


def test_a_withdrawn_record_is_on_no_other_page(client):
    build_site(1)
    main = Conference.objects.get(slug="main")
    park = main.venue
    withdrawn = {
        "conference": factories.conference(series=main.series, venue=park),
        "session": factories.session(conference=main),
        "speaker": main.sessions.first().appearances.first().speaker,
        "agreement": factories.agreement(place=park, project=factories.project(slug="other", place=park)),
        "project": factories.project(place=park),
        "announcement": factories.announcement(conference=main, session=None),
        "company": factories.organization(),
        "place": factories.place(part_of=park),
        "indicator": factories.indicator(place=park, home_position=1),
    }
    factories.party(agreement=withdrawn["agreement"], organization=factories.organization())
    factories.signing(agreement=withdrawn["agreement"], conference=main, session=None)
    factories.conference_role(conference=main, organization=withdrawn["company"])
    factories.presence(organization=withdrawn["company"], place=park)
    factories.observation(indicator=withdrawn["indicator"])
    factories.cite(withdrawn["agreement"], source=main.citations.first().source)
    for record in withdrawn.values():
        name = "title" if hasattr(record, "title_en") else "name"
        type(record).objects.filter(pk=record.pk).update(**{f"{name}_en": "Gone", f"{name}_zh_hans": "撤下"})
    paths = {path.replace("/en/", f"/{code}/") for path in addresses() for code in ("en", "zh-hans")}
    paths -= {"/en/corrections/", "/zh-hans/corrections/"}  # which tell of the withdrawals

    def named_on():
        pages = {path: client.get(path) for path in paths}
        return {path for path, page in pages.items() if page.status_code == 200 and re.search("Gone|撤下", page.text)}

    before = named_on()
    for record in withdrawn.values():
        withdraw(record)

    assert len(before) > 20
    assert named_on() == set()
    assert {client.get(record.get_absolute_url()).status_code for record in withdrawn.values()} == {410}
