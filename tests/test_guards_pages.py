"""Guards of the whole site: what every public page promises, whatever it is about."""

import gzip
import re
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from events.enquiries import Receipt
from events.models import Agreement, Conference
from portal import clock
from portal.freshness import data_as_of
from portal.languages import in_language, language_tag, without_language
from tests import factories

pytestmark = pytest.mark.django_db

TEMPLATES = settings.BASE_DIR / "templates"
CSS = settings.BASE_DIR / "portal" / "static" / "css"


DAY = date(2024, 11, 15)  # on which something is in the programme


def build_site(size):
    """A site in which every list of every page holds `size` rows."""
    series = factories.series()
    week = factories.conference(kind="week", slug="week")
    district = factories.place(slug="baoshan", kind="district")
    park = factories.place(slug="park", kind="park", part_of=district)
    main = factories.conference(slug="main", series=series, part_of=week, venue=park, starts_on="2024-11-15")
    session = factories.session(conference=main, slug="opening", day=DAY)
    company = factories.organization(slug="company")
    speaker = factories.speaker(slug="speaker")
    project = factories.project(slug="project", place=park)
    agreement = factories.agreement(slug="agreement", project=project, place=park)
    announcement = factories.announcement(slug="announcement", session=session)
    indicator = factories.indicator(slug="indicator", place=district, home_position=1)
    source = factories.source(slug="source")
    project.organizations.add(company)
    for record in (main, session, company, speaker, project, agreement, announcement, indicator, park):
        factories.cite(record, source=source)
        factories.correct(record)
    for number in range(size):
        edition = factories.conference(series=series)
        other_company = factories.organization()
        sector = factories.sector()
        person = factories.speaker()
        other_session = factories.session(conference=main)
        paper = factories.agreement(place=park, project=project)
        factories.amount(agreement=factories.agreement(place=district))
        for body in (company, other_company):
            body.sectors.add(sector)
            factories.cite(factories.presence(organization=body, place=factories.place(part_of=park)), source=source)
            factories.conference_role(conference=edition, organization=body)
        factories.conference_role(conference=main, organization=other_company)
        agreement.sectors.add(sector)
        for appearance in (
            factories.appearance(speaker=person, session=session, conference=None, organization=company),
            factories.appearance(speaker=person, session=other_session, conference=None, organization=company),
            factories.appearance(speaker=speaker, conference=edition, session=None, organization=company),
        ):
            factories.cite(appearance, source=factories.source(), statement_en="Said.", quote="said")
        factories.signing(agreement=paper, session=session, conference=None)
        factories.signing(agreement=agreement, conference=edition, session=None)
        factories.party(agreement=paper, organization=company)
        factories.party(agreement=agreement, organization=other_company)
        factories.amount(agreement=paper)
        factories.relation(agreement=agreement, to=paper)
        factories.relation(agreement=paper, to=agreement)
        factories.announcement(session=session, conference=None)
        factories.announcement(conference=main, session=None)
        factories.document(conference=main)
        factories.photo(conference=main)
        factories.cite(
            factories.milestone(project=project, met_on=f"20{number:02}", due_on=f"20{number:02}"),
            source=factories.source(),
        )
        factories.cite(factories.observation(indicator=indicator, period=f"19{number:02}"), source=factories.source())
        headline = factories.observation(indicator=factories.indicator())
        factories.cite(headline, source=factories.source())
        main.headline_totals.add(headline)
        other_indicator = factories.indicator(place=park, home_position=2)
        factories.cite(factories.observation(indicator=other_indicator), source=factories.source())
        factories.project(place=park).organizations.add(company)
        factories.enquiry(answered_at=clock.now(), outcome="answered")


# What each page asks the database. The same at 1 and at 30 rows; at most 12 anywhere.
QUERIES = {
    "events:home": ((), 11),
    "events:conferences": ((), 4),
    "events:conference": (("main",), 12),
    "events:conference_programme": (("main",), 3),
    "events:conference_changes": (("main",), 8),
    "events:change_feed": (("main", "atom"), 9),
    "events:schedule_xml": (("main",), 3),
    "events:schedule_json": (("main",), 3),
    "events:conferences_calendar": ((), 2),
    "events:conference_calendar": (("main",), 3),
    "events:day_calendar": (("main", DAY), 2),  # the newest change was asked for the one before
    "events:session_calendar": (("main", "opening"), 2),
    "events:conference_agenda": (("main",), 1),
    "events:agenda_calendar": (("main",), 1),
    "events:conference_speakers": (("main",), 4),
    "events:conference_agreements": (("main",), 10),
    "events:conference_news": (("main",), 3),
    "events:conference_photos": (("main",), 3),
    "events:conference_documents": (("main",), 3),
    "events:session": (("main", "opening"), 11),
    "events:speakers": ((), 6),
    "events:speaker": (("speaker",), 4),
    "events:agreements": ((), 12),
    "events:agreement": (("agreement",), 10),
    "events:project": (("project",), 8),
    "events:projects": ((), 2),
    "events:promises": ((), 2),
    "events:promise_calendar": ((), 2),
    "events:agreement_feed": (("atom",), 4),
    "events:news_feed": (("atom",), 2),
    "events:agreement_download": (("csv",), 0),
    "events:project_download": (("csv",), 0),
    "events:news": ((), 4),
    "events:announcement": (("announcement",), 2),
    "events:documents": ((), 2),
    "events:search": ((), 0),
    "events:search_suggestions": ((), 0),
    "events:programme_embed": (("main",), 3),
    "events:totals_embed": ((), 0),  # the register has asked before
    "events:enquiries": ((), 1),
    "events:enquiry_receipt": ((Receipt.for_nothing().token,), 0),
    "companies:companies": ((), 9),
    "companies:company_download": (("csv",), 0),
    "companies:indicator_download": (("indicator", "csv"), 1),
    "companies:company": (("company",), 11),
    "companies:district": ((), 12),
    "companies:place": (("park",), 12),
    "companies:indicator": (("indicator",), 5),
    "portal:sources": ((), 2),
    "portal:source": (("source",), 2),
    "portal:corrections": ((), 2),
    "portal:correction_feed": (("atom",), 2),
    "portal:about_the_data": ((), 1),
    "portal:method": ((), 1),
    "portal:api_guide": ((), 0),
    "portal:dataset_guide": (("agreements",), 0),
    "portal:dataset_download": (("conferences", "csv"), 0),
    "portal:accessibility": ((), 0),
    "portal:privacy": ((), 0),
    "portal:manifest": ((), 0),
    "portal:sharing_image": (("conferences/main/",), 1),
}


@pytest.fixture
def years_later():
    """A moment that stands still, after every conference: the home page looks longest for the one to feature."""
    with clock.set_to(datetime(2030, 1, 1, tzinfo=UTC)):
        yield


@pytest.mark.parametrize("size", [1, 30])
def test_the_number_of_queries_of_a_page_does_not_depend_on_its_size(client, years_later, one_generation, size):
    build_site(size)
    data_as_of()  # asked once, whatever the page

    counted = {}
    for name, (slugs, _expected) in QUERIES.items():
        with CaptureQueriesContext(connection) as queries:
            response = client.get(reverse(name, args=slugs))
        assert response.status_code == 200, name
        counted[name] = len(queries)

    assert counted == {name: expected for name, (_slugs, expected) in QUERIES.items()}


FOR_STAFF = {"events:styleguide"}  # tests/events/test_styleguide.py


def test_every_public_page_is_counted():
    pages = {
        f"{namespace}:{name}"
        for namespace, (_prefix, resolver) in get_resolver("portal.urls").url_patterns[-1].namespace_dict.items()
        for name in resolver.reverse_dict
        if isinstance(name, str)
    }

    assert pages - FOR_STAFF == set(QUERIES)


# --- The first dataset ------------------------------------------------------------------------------------------------


def addresses():
    """The address of every public record and list."""
    yield from (reverse(name) for name, (slugs, _queries) in QUERIES.items() if not slugs and "embed" not in name)
    for model in apps.get_models():
        if hasattr(model, "get_absolute_url") and hasattr(model.objects, "published"):
            yield from {record.get_absolute_url().partition("#")[0] for record in model.objects.published()}


@pytest.fixture
def first_dataset():
    call_command("loaddata", "district", "meilan_lake", verbosity=0)


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_address_of_the_first_dataset_keeps_its_limits_and_every_link_leads_somewhere(
    client, first_dataset, years_later, one_generation, language
):
    data_as_of()  # asked once, whatever the page
    paths = sorted({path.replace("/en/", f"/{language}/", 1) for path in addresses()})
    if connection.vendor != "sqlite":
        paths = paths[::5]  # the same pages from the other database: a sample of them
    css = sum(len(gzip.compress(path.read_bytes())) for path in CSS.rglob("*.css"))

    pages = {}
    for path in paths:
        with CaptureQueriesContext(connection) as queries:
            response = client.get(path)
        assert response.status_code == 200, path
        assert len(queries) <= 12, path
        if not response["Content-Type"].startswith("text/html"):
            continue
        pages[path] = html = response.content.decode()
        assert len(gzip.compress(response.content)) + css < 60_000, path
        assert f'<html lang="{language_tag(path.split("/")[1])}">' in html, path
        assert f'<link rel="canonical" href="{settings.SITE_URL}{path}">' in html, path
        assert html.count("<h1") == 1, path

    assert len(pages) > len(paths) * 0.9 > 40
    assert broken_links(client, pages) == []
    assert badly_described(pages) == []


def broken_links(client, pages):
    """The links of `pages` (address: HTML) that lead nowhere: to no page, or to no place on a page. A link to another
    language counts as one to the same page in its own, which is looked at there."""
    answers = dict.fromkeys(pages, 200)
    broken = []
    for path, html in pages.items():
        language = path.split("/")[1]
        ids = set(re.findall(r'\bid="([^"]+)"', html))
        for target in set(re.findall(r'(?:href|src)="([^"]+)"', html)):
            address, _, fragment = target.partition("#")
            address = address.partition("?about=")[0]  # the form for enquiries, which is told of this very page
            if without_language(address) != address:
                address = in_language(without_language(address), language)
            if not address and fragment not in ids:
                broken.append(f"{target} on {path}")
            elif address.startswith("/") and not address.startswith("/static/"):
                if address not in answers:
                    answers[address] = client.get(address).status_code
                if answers[address] != 200:
                    broken.append(f"{target} on {path}")
    return broken


def badly_described(pages):
    """Those of `pages` (address: HTML) without a description, with too long a one, or with the same as another page in
    their language. `/district/` shows the page of its district."""
    described = {}
    bad = []
    for path, html in pages.items():
        descriptions = re.findall(r'<meta name="description" content="([^"]*)">', html)
        said = unescape(" ".join(descriptions))
        is_good = len(descriptions) == 1 and 8 < len(said) <= 160
        is_its_own = described.setdefault((path.split("/")[1], said), path) == path or "/district/" in path
        if not (is_good and is_its_own):
            bad.append(path)
    return bad


def test_a_page_without_a_description_of_its_own_is_found():
    twice, long = "The same twice.", "x" * 161
    descriptions = {"/en/a/": twice, "/zh-hans/a/": twice, "/en/b/": twice, "/en/c/": long, "/en/d/": ""}

    pages = {path: f'<meta name="description" content="{said}">' for path, said in descriptions.items()}

    assert badly_described({**pages, "/en/e/": "<h1>Nothing</h1>"}) == ["/en/b/", "/en/c/", "/en/d/", "/en/e/"]


def test_a_broken_link_is_found(client, db):
    pages = {"/en/": '<a href="/en/nowhere/">x</a><a href="#no">y</a><a href="/en/data/">z</a>'}

    assert sorted(broken_links(client, pages)) == ["#no on /en/", "/en/nowhere/ on /en/"]


def test_hreflang_and_canonical_name_the_same_record_in_both_languages(client, first_dataset):
    conference = Conference.objects.get(slug="meilan-lake-2024")

    html = client.get(f"/zh-hans/conferences/{conference.slug}/").content.decode()

    assert re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', html) == [
        ("en", "https://portal.example/en/conferences/meilan-lake-2024/"),
        ("zh-Hans", "https://portal.example/zh-hans/conferences/meilan-lake-2024/"),
        ("x-default", "https://portal.example/en/conferences/meilan-lake-2024/"),
    ]
    assert 'href="/en/conferences/meilan-lake-2024/" lang="en" hreflang="en">English</a>' in html


# --- Drafts -----------------------------------------------------------------------------------------------------------


def test_a_draft_conference_leaks_nothing_anywhere(client):
    build_site(1)
    draft = factories.conference(title_en="Secret summit", title_zh_hans="秘密会议", published_at=None, slug="secret")
    secret_session = factories.session(conference=draft, title_en="Secret session", title_zh_hans="秘密议程")
    main = Conference.objects.get(slug="main")
    Conference.objects.filter(pk=main.pk).update(part_of=draft)
    speaker = main.sessions.first().appearances.first().speaker
    factories.appearance(speaker=speaker, session=secret_session, conference=None, post_en="Secret post")
    paper = factories.agreement(title_en="Secret paper", title_zh_hans="秘密协议", slug="secret-paper")
    company = main.roles.first().organization
    factories.party(agreement=paper, organization=company)
    factories.signing(agreement=paper, session=secret_session, conference=None)
    factories.announcement(session=secret_session, conference=None, title_en="Secret news", title_zh_hans="秘密动态")
    factories.cite(draft, source=factories.source(title_en="Secret source", slug="secret-source"))

    pages = {path: client.get(path) for path in sorted(set(addresses()))}
    hidden = [draft, secret_session, paper]

    assert [path for path, page in pages.items() if "Secret" in page.content.decode()] == []
    assert [client.get(record.get_absolute_url()).status_code for record in hidden] == [404, 404, 404]
    assert client.get(reverse("portal:source", args=["secret-source"])).status_code == 404


# --- Bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/en/conferences/no-such-thing/", 404),
        ("/zh-hans/conferences/no-such-thing/", 404),
        ("/fr/conferences/", 404),
        ("/en/agreements/?page=99999999999999999999", 404),
        ("/en/agreements/?page=-1", 404),
        ("/en/agreements/?page=abc", 404),
        ("/en/companies/?sector=%00", 400),
        ("/en/conferences/a%00b/", 404),
        ("/en/companies/?sector=" + "x" * 9000, 400),
        ("/en/companies/?sector='+or+1=1--&kind[]=%F0%9F%92%A5&place=../../etc/passwd", 200),
    ],
)
def test_nonsense_in_the_address_is_answered_politely(client, address, status):
    response = client.get(address)

    assert response.status_code == status
    assert ('lang="zh-Hans"' in response.content.decode().split(">")[1]) == address.startswith("/zh-hans")


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_a_public_page_is_only_read(client, method):
    assert getattr(client, method)("/en/").status_code == 405


def test_an_error_page_speaks_the_language_of_the_browser(client):
    response = client.get("/nowhere/", headers={"accept-language": "zh-CN,zh;q=0.9"})

    assert response.status_code == 404
    assert '<html lang="zh-Hans">' in response.content.decode()


def test_the_root_leads_to_the_language_of_the_browser(client):
    chinese = client.get("/", headers={"accept-language": "zh-CN"})
    french = client.get("/", headers={"accept-language": "fr"})

    assert (chinese["Location"], french["Location"]) == ("/zh-hans/", "/en/")


def test_a_fault_shows_a_designed_page_without_a_database(client, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr(Agreement.objects, "published", lambda: 1 / 0)

    response = client.get("/zh-hans/agreements/")

    assert response.status_code == 500
    assert '<html lang="zh-Hans">' in response.content.decode()


def test_a_foreign_host_is_refused(client):
    assert client.get("/en/", headers={"host": "evil.example"}).status_code == 400


# --- The house --------------------------------------------------------------------------------------------------------


def test_every_component_has_its_style_sheet_and_every_style_sheet_is_imported():
    components = {path.stem for path in (TEMPLATES / "components").glob("*.html")}
    sheets = {path.stem for path in (CSS / "components").glob("*.css")}
    imported = set(re.findall(r'components/(\w+)\.css"', (CSS / "site.css").read_text()))

    assert components == sheets == imported


def test_every_component_begins_with_its_contract_and_is_included_with_only():
    for path in TEMPLATES.rglob("*.html"):
        if path.parent.name == "components":
            assert re.match(r"\{# .*[Nn]eeds .* #\}", path.read_text()), path
        for include in re.findall(r'\{% include "components/[^%]+%\}', path.read_text()):
            assert include.endswith(" only %}"), f"{path}: {include}"


def test_colours_stand_only_in_tokens():
    raw = re.compile(r"#[0-9a-fA-F]{3,8}\b(?=[^{]*;)|\b(?:rgb|hsl|oklch|lab)a?\(")
    found = {
        str(path.relative_to(CSS.parent)): raw.findall(path.read_text())
        for path in CSS.parent.rglob("*.css")
        if path.name != "tokens.css" and raw.findall(path.read_text())
    }

    assert found == {}


def test_no_template_trusts_stored_text_or_holds_a_script_or_a_style():
    for path in Path(TEMPLATES).rglob("*.html"):
        html = path.read_text()
        assert not re.search(r"\|\s*safe\b|<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=|autoescape off", html), path
