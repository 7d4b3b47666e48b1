"""The sitemap and what robots are asked (`portal/sitemaps.py`)."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xmlschema
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal import clock, sitemaps
from tests import factories
from tests.test_guards_pages import QUERIES, build_site

pytestmark = pytest.mark.django_db

SITE = "https://portal.example"
PROTOCOL = xmlschema.XMLSchema(str(Path(__file__).parent.parent / "schemas" / "sitemap.xsd"))
NAMES = {
    "sm": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "xhtml": "http://www.w3.org/1999/xhtml",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
}


def read(client, path):
    """The root of a file, after it was held against the protocol."""
    response = client.get(path)
    assert (response.status_code, response["Content-Type"]) == (200, "application/xml"), path
    PROTOCOL.validate(response.content.decode())
    return ElementTree.fromstring(response.content)  # noqa: S314 (our own)


def files(client):
    return [each.text.removeprefix(SITE) for each in read(client, "/sitemap.xml").iterfind("sm:sitemap/sm:loc", NAMES)]


def urls(client):
    """Every address in the sitemap with its node."""
    nodes = [node for path in files(client) for node in read(client, path).iterfind("sm:url", NAMES)]
    found = {node.findtext("sm:loc", namespaces=NAMES): node for node in nodes}
    assert len(found) == len(nodes)
    return found


def images(node):
    return [each.text for each in node.iterfind("image:image/image:loc", NAMES)]


def lastmod(node):
    text = node.findtext("sm:lastmod", namespaces=NAMES)
    return datetime.fromisoformat(text) if text else None


# --- Which pages ------------------------------------------------------------------------------------------------------


def test_every_address_is_a_page_that_calls_itself_so_and_may_be_kept(client):
    build_site(1)

    found = urls(client)

    assert len(found) > 100
    for address, node in list(found.items())[::3]:
        html = client.get(address.removeprefix(SITE)).content.decode()
        said = re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', html)
        assert f'<link rel="canonical" href="{address}">' in html, address
        assert 'name="robots"' not in html, address
        assert [(each.get("hreflang"), each.get("href")) for each in node.iterfind("xhtml:link", NAMES)] == said, (
            address
        )


def test_every_page_of_the_site_is_in_it_but_for_those_that_are_not_for_search_engines(client):
    build_site(1)
    pages = {reverse(name, args=slugs) for name, (slugs, _queries) in QUERIES.items()}
    pages = {path for path in pages if path.endswith("/") and "/embed/" not in path}

    missing = pages - {address.removeprefix(SITE) for address in urls(client)}

    kept_out = {path for path in missing if re.search('name="robots" content="noindex', page(client, path))}
    assert missing - kept_out == set()
    assert kept_out == {path for path in missing if re.search(r"/search/|/agenda/|/enquiries/.", path)}


def page(client, path):
    return client.get(path).content.decode()


def test_every_address_of_the_first_dataset_is_in_it(client):
    call_command("loaddata", "district", "meilan_lake", verbosity=0)

    found = urls(client)

    assert {f"{SITE}/{code}/conferences/meilan-lake-2024/" for code in ("en", "zh-hans")} <= found.keys()
    assert len(found) > 400


def test_what_visitors_cannot_open_is_not_in_it(client):
    draft = factories.conference(slug="draft", published_at=None)
    factories.session(conference=draft, slug="hidden")
    factories.conference(slug="later", published_at=clock.now() + timedelta(days=1))
    factories.withdraw(factories.agreement(slug="gone"))
    factories.speaker(slug="nowhere")  # on no public stage
    factories.source(slug="uncited")
    factories.conference(slug="empty")

    found = " ".join(urls(client))

    assert [slug for slug in ("draft", "hidden", "later", "gone", "nowhere", "uncited") if slug in found] == []
    assert f"{SITE}/en/conferences/empty/" in found
    assert [part for part in ("programme", "speakers/", "photos") if f"empty/{part}" in found] == []


def test_a_kind_without_pages_has_no_file(client):
    assert files(client) == ["/sitemaps/lists-1.xml"]


@pytest.mark.parametrize(
    "path", ["/sitemaps/conference-1.xml", "/sitemaps/lists-2.xml", "/sitemaps/nonsense-1.xml", "/sitemaps/lists-0.xml"]
)
def test_a_file_that_does_not_exist_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_many_pages_are_in_several_files(client, monkeypatch):
    monkeypatch.setattr(sitemaps, "ROWS", 2)
    slugs = [factories.conference().slug for _number in range(5)]

    names = [path for path in files(client) if "/conference-" in path]
    found = [address for path in names for address in re.findall("/en/conferences/([^/]+)/<", text(client, path))]

    assert names == [f"/sitemaps/conference-{number}.xml" for number in (1, 2, 3)]
    assert found == slugs


def text(client, path):
    return client.get(path).content.decode()


# --- What is said of them ---------------------------------------------------------------------------------------------


def test_a_page_changed_when_its_record_or_what_stands_beneath_it_did(client):
    lake = factories.conference(slug="lake")
    other = factories.conference(slug="other")
    before = lastmod(urls(client)[f"{SITE}/en/conferences/lake/"])
    with clock.set_to(datetime(2099, 1, 1, tzinfo=UTC)):
        role = factories.conference_role(conference=lake)
    role.history.update(history_date=datetime(2030, 5, 3, 9, tzinfo=UTC))

    found = urls(client)

    assert lastmod(found[f"{SITE}/zh-hans/conferences/lake/"]) == datetime(2030, 5, 3, 9, tzinfo=UTC) > before
    assert lastmod(found[f"{SITE}{other.get_absolute_url()}"]) < before + timedelta(minutes=1)


def test_a_record_that_nobody_touched_changed_when_it_became_public(client):
    lake = factories.conference(slug="lake", published_at=datetime(2021, 5, 3, tzinfo=UTC))
    lake.history.update(history_date=datetime(2021, 4, 1, tzinfo=UTC))

    assert lastmod(urls(client)[f"{SITE}/en/conferences/lake/"]) == datetime(2021, 5, 3, tzinfo=UTC)


def test_a_page_shows_its_pictures_and_the_one_for_sharing(client):
    lake = factories.conference(slug="lake")
    photo = factories.photo(conference=lake)
    factories.photo(conference=lake, published_at=None)
    works = factories.organization(slug="works", logo=factories.picture())

    found = urls(client)

    assert images(found[f"{SITE}/en/conferences/lake/"]) == [f"{SITE}/en/conferences/lake/sharing.png"]
    assert images(found[f"{SITE}/zh-hans/conferences/lake/photos/"]) == [SITE + photo.image.url]
    assert images(found[f"{SITE}/en/companies/works/"]) == [
        SITE + works.logo.url,
        f"{SITE}/en/companies/works/sharing.png",
    ]


# --- How it is answered -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 5])
def test_each_file_asks_the_database_once(client, size):
    build_site(size)

    counted = {}
    for path in ["/sitemap.xml", "/robots.txt", *files(client)]:
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        counted[path] = len(queries)

    assert {path: n for path, n in counted.items() if n != 1} == {"/robots.txt": 0, "/sitemaps/lists-1.xml": 0}


def test_it_is_asked_for_again_by_its_tag(client):
    factories.conference()
    first = client.get("/sitemaps/conference-1.xml")

    again = client.get("/sitemaps/conference-1.xml", headers={"if-none-match": first["ETag"]})
    factories.conference()
    changed = client.get("/sitemaps/conference-1.xml", headers={"if-none-match": first["ETag"]})

    assert (again.status_code, again.content, changed.status_code) == (304, b"", 200)
    assert first["Cache-Control"] == "public, max-age=3600"


def test_addresses_never_follow_what_a_request_claims_to_be_its_host(client):
    pages = [client.get(path, headers={"host": "localhost"}) for path in ("/sitemap.xml", "/robots.txt")]

    assert ["localhost" in page.content.decode() for page in pages] == [False, False]


def test_robots_are_led_to_the_sitemap_and_away_from_traps(client):
    lines = text(client, "/robots.txt").splitlines()

    assert lines[0] == "User-agent: *"
    assert {"Disallow: /admin/", "Disallow: /en/search/?", "Disallow: /*?*&*&"} <= set(lines)
    assert lines[-1] == f"Sitemap: {SITE}/sitemap.xml"


def test_robots_are_not_told_a_desk_whose_address_is_nobodys_business(client, settings):
    settings.ADMIN_PATH = "a-quiet-door/"

    assert "Disallow: /admin/" not in text(client, "/robots.txt")
    assert "quiet" not in text(client, "/robots.txt")


@pytest.mark.parametrize("path", ["/sitemap.xml", "/sitemaps/lists-1.xml", "/robots.txt"])
def test_it_is_only_read(client, path):
    assert client.post(path).status_code == 405
