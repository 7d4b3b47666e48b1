import gzip
import re
import signal
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from events.models import Agreement, Announcement
from portal import clock
from portal.static_site import making
from portal.static_site.comparing import say_the_same
from portal.static_site.releases import Releases
from tests import factories

pytestmark = pytest.mark.django_db


def body_of(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def differences(client, publisher):
    """The published addresses whose file is not what the application answers."""
    different = []
    for address, file in publisher.addresses.items():
        response = client.get(address, headers={"host": "portal.example"})
        if not say_the_same(file.read_bytes(), body_of(response), response["Content-Type"]):
            different.append(address)
    return different


def test_the_whole_public_site_is_published_and_nothing_else(publisher, site, now):
    said = publisher.publish()
    addresses = set(publisher.addresses)

    assert f"{len(addresses):,} addresses" in said
    for code in ("en", "zh-hans"):
        assert {
            *(f"/{code}/", f"/{code}/conferences/summit/", f"/{code}/conferences/summit/programme/"),
            *(f"/{code}/conferences/summit/sessions/opening/", f"/{code}/conferences.ics"),
            *(f"/{code}/embed/agreements/", f"/{code}/speakers/"),
            *(f"/{code}/agreements/plant/", f"/{code}/agreements.csv", f"/{code}/agreements.xlsx"),
            *(f"/{code}/news/hall-opens/", f"/{code}/news/feed.atom", f"/{code}/news/feed.json"),
            *(f"/{code}/companies/acme/", f"/{code}/organizations.json", f"/{code}/data/", f"/{code}/site.webmanifest"),
            *(f"/{code}/news/?page=2", f"/{code}/news/?conference=summit"),
        } <= addresses
    assert {
        *("/robots.txt", "/sitemap.xml", "/sitemaps/lists-1.xml", "/sitemaps/agreement-1.xml", "/favicon.ico"),
        *("/api/v1/", "/api/v1/openapi.json", "/api/v1/agreements", "/api/v1/agreements/plant"),
        *("/data/portal.zip", "/data/datapackage.json", "/data/catalog.jsonld"),
        *("/static/css/site.css", "/static/fonts/source-sans-3.woff2", "/apple-touch-icon.png"),
    } <= addresses
    assert any("ocds" in address for address in addresses)
    assert publisher.left["/en/enquiries/"] == "an answer for one visitor alone"
    assert not [address for address in addresses if "enquiries" in address or "?q=" in address]

    assert secrets_in(publisher.current) == []
    for file in (publisher.current / "site").rglob("*.gz"):
        assert gzip.decompress(file.read_bytes()) == file.with_suffix("").read_bytes()
    for code in ("en", "zh-hans"):
        tag = {"en": "en", "zh-hans": "zh-Hans"}[code]
        for status in (404, 503):
            assert f'<html lang="{tag}">' in (publisher.current / f"errors/{status}.{code}.html").read_text()


def test_a_publication_follows_every_change_and_writes_no_more(client, publisher, site, narrow, now):
    """One story, because publishing takes its time: first everything, then nothing, then what changed."""
    publisher.publish()
    assert differences(client, publisher) == []

    releases, inodes = publisher.releases, publisher.inodes
    said = publisher.publish()
    assert said.splitlines()[-1].startswith("Nothing has changed: ")
    assert (publisher.releases, publisher.inodes) == (releases, inodes)

    Agreement.objects.filter(slug="plant").update(title_en="Another plant")
    Announcement.objects.filter(slug="hall-opens").update(published_at=None)
    publisher.publish()
    written = {address for address, inode in publisher.inodes.items() if inodes.get(address) != inode}
    assert {"/en/agreements/plant/", "/en/agreements.csv", "/api/v1/agreements/plant", "/en/news/feed.atom"} <= written
    assert not {"/robots.txt", "/api/v1/companies", "/en/site.webmanifest", "/en/conferences/"} & written
    assert len(written) < len(inodes) / 2
    assert [str(file) for file in publisher.current.rglob("*") if "hall-opens" in str(file)] == []
    assert len(publisher.releases) == 2


@pytest.mark.django_db(transaction=True)
def test_nothing_is_asked_for_while_nothing_can_have_changed(publisher, transactional_db, little):
    nothing = "Nothing has changed since the last publication.\n"
    at = datetime(2030, 5, 20, 10, 1, tzinfo=UTC)
    with clock.set_to(at):
        published = factories.announcement(slug="hall-opens", published_at=at + timedelta(seconds=30))
        said = [publisher.publish() for _ in range(2)]
        Announcement.objects.filter(pk=published.pk).update(title_en="The hall is open")
        said += [publisher.publish() for _ in range(2)]
    with clock.set_to(at + timedelta(seconds=30)):  # when it is published
        said += [publisher.publish(), publisher.publish(), publisher.publish(anew=True)]

    assert [text == nothing for text in said] == [False, True, False, True, False, True, False]
    assert "/en/news/hall-opens/" in publisher.addresses


def secrets_in(folder):
    """What of a draft stands in the files of `folder`, or in their names."""
    files = [file for file in folder.rglob("*") if file.is_file() and file.suffix != ".gz"]
    pattern = re.compile("secret|Secret|秘密".encode())
    return [str(file) for file in files if "secret" in str(file) or pattern.search(file.read_bytes())]


# --- What stops a publication -----------------------------------------------------------------------------------------


@pytest.fixture
def little(monkeypatch):
    """Nothing but the news begins the walk, and it leads no further than to addresses of the news."""
    monkeypatch.setattr(making, "first_addresses", lambda: ["/en/news/"])
    links_in, of_interest = making.links_in, re.compile("/news/|no-such|/agreements/[a-z]")
    monkeypatch.setattr(making, "links_in", lambda *page: set(filter(of_interest.search, links_in(*page))))


def test_a_page_that_fails_keeps_the_old_release_and_is_named(publisher, db, little, monkeypatch):
    factories.announcement(slug="hall-opens")
    publisher.publish()
    before = publisher.current
    monkeypatch.setattr(Announcement, "get_absolute_url", lambda self: 1 / 0)

    with pytest.raises(CommandError, match=r"(?s)nothing was switched:.*/en/news/: 500 Internal Server Error"):
        publisher.publish()

    assert publisher.current == before
    assert publisher.releases == [before.name]


def test_a_broken_link_keeps_the_old_release_and_is_named_with_its_page(publisher, db, little):
    factories.announcement(
        slug="odd", body_en='<p><a href="/en/no-such-page/">x</a></p>', conference=None, session=None
    )

    with pytest.raises(CommandError, match=r"/en/no-such-page/: 404 Not Found \(a link on /en/news/\S+\)"):
        publisher.publish()

    assert not (publisher.folder / "current").exists()


def test_a_link_to_an_old_address_becomes_a_redirect(publisher, db, little):
    factories.agreement(slug="plant")
    factories.redirect(old_path="agreements/factory", new_path="agreements/plant")
    factories.announcement(
        slug="odd", body_en='<p><a href="/en/agreements/factory/">x</a></p>', conference=None, session=None
    )

    publisher.publish()

    maps = (publisher.current / "nginx/maps.conf").read_text()
    assert '"/en/agreements/factory/" "/en/agreements/plant/";' in maps


def test_two_publications_at_once_are_refused(publisher, db, little):
    with Releases(publisher.folder).locked(), pytest.raises(CommandError, match="Another publication"):
        publisher.publish()


def test_a_host_that_the_portal_does_not_answer_to_publishes_nothing(publisher, db, little, settings):
    settings.ALLOWED_HOSTS = ["other.example"]

    with pytest.raises(CommandError, match="400 Bad Request"):
        publisher.publish()


# --- A process that dies ----------------------------------------------------------------------------------------------


def test_a_killed_publication_leaves_the_old_release_and_nothing_to_clean_up_by_hand(tmp_path):
    folder = tmp_path / "public"
    releases = Releases(folder)
    with releases.locked():
        releases.write("site/page", b"old", "text/html")
        old = releases.switch()
    program = (
        "import os, signal\n"
        "from portal.static_site.releases import Releases\n"
        f"releases = Releases({str(folder)!r})\n"
        "with releases.locked():\n"
        "    releases.write('site/page', b'new', 'text/html')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )

    died = subprocess.run([settings.BASE_DIR / ".venv/bin/python", "-c", program], cwd=settings.BASE_DIR)
    left = releases.building.exists()
    with releases.locked():
        pass

    assert died.returncode == -signal.SIGKILL
    assert left
    assert releases.current.resolve() == old
    assert (releases.current / "site/page").read_text() == "old"
    assert sorted(each.name for each in folder.iterdir()) == ["current", "lock", "releases"]


# --- The first dataset ------------------------------------------------------------------------------------------------


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the same files from the other database")
def test_the_first_dataset_is_published_byte_for_byte(client, publisher, monkeypatch):
    """A part of it, in one of the languages and without filters: every page takes its time twice."""
    call_command("loaddata", "district", "meilan_lake", verbosity=0)
    wanted = re.compile(r"/zh-hans/((agreements|conferences|projects)[^?]*)?(\?page=\d+)?|/sitemap[^?]*").fullmatch
    first_addresses, links_in = making.first_addresses, making.links_in
    monkeypatch.setattr(making, "first_addresses", lambda: filter(wanted, first_addresses()))
    monkeypatch.setattr(making, "links_in", lambda *page: set(filter(wanted, links_in(*page))))

    with clock.set_to(datetime(2030, 1, 1, tzinfo=UTC)):  # everything is public by then
        publisher.publish()
        different = differences(client, publisher)

    assert len(publisher.addresses) > 150
    assert different == []


def test_the_languages_of_a_page_follow_one_another():
    addresses = ["/zh-hans/news/?page=2", "/api/v1/", "/en/news/", "/zh-hans/news/", "/en/", "/zh-hans/"]

    assert sorted([*addresses, "/en/news/?page=2"], key=making.page_and_language) == [
        *("/en/", "/zh-hans/", "/api/v1/"),
        *("/en/news/", "/zh-hans/news/", "/en/news/?page=2", "/zh-hans/news/?page=2"),
    ]
