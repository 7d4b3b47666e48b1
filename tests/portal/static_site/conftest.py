"""A small public site, and what publishes it."""

import io
import json
import re

import pytest
from django.core.management import call_command

from portal.static_site import making
from tests import factories


class Publisher:
    """Publishes to a folder of its own, and knows what lies there."""

    def __init__(self, folder):
        self.folder = folder

    def publish(self, **options):
        """What the command says."""
        said = io.StringIO()
        call_command("publish_static", str(self.folder), processes=1, draw_later=True, stdout=said, **options)
        return said.getvalue()

    @property
    def current(self):
        return (self.folder / "current").resolve()

    @property
    def releases(self):
        return sorted(each.name for each in (self.folder / "releases").iterdir())

    @property
    def addresses(self):
        """The published addresses, each with its file."""
        listed = json.loads((self.current / "addresses.json").read_text())
        return {address: self.current / "site" / name for address, name in listed["files"].items()}

    @property
    def left(self):
        return json.loads((self.current / "addresses.json").read_text())["left"]

    @property
    def inodes(self):
        return {address: file.stat().st_ino for address, file in self.addresses.items()}


@pytest.fixture(autouse=True)
def static_files_from_the_tree(settings):
    """As a portal whose static files were collected."""
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    settings.ALLOWED_HOSTS = ["portal.example", "testserver"]


@pytest.fixture
def publisher(tmp_path):
    return Publisher(tmp_path / "public")


@pytest.fixture
def site(db):
    """A conference with a session and news, a company with an agreement, a list of two pages, and drafts."""
    place = factories.place(slug="baoshan", kind="district")
    conference = factories.conference(slug="summit", venue=place)
    factories.session(conference=conference, slug="opening")
    factories.announcement(conference=conference, session=None, slug="hall-opens")
    agreement = factories.agreement(slug="plant", place=place)
    factories.party(agreement=agreement, organization=factories.organization(slug="acme", name_en="Acme"))
    for _number in range(20):
        factories.announcement(conference=None, session=None)
    draft = factories.conference(slug="secret", title_en="Secret summit", title_zh_hans="秘密会议", published_at=None)
    factories.session(conference=draft, slug="secret-session", title_en="Secret session")
    factories.announcement(slug="secret-news", title_en="Secret news", published_at=None)


@pytest.fixture
def narrow(monkeypatch):
    """The walk keeps to a part of the site that has something of each kind: pages, lists, feeds, files, data."""
    wanted = re.compile(
        r"^/(en|zh-hans)/($|news/|agreements|conferences/($|summit/$)|embed|site)|^/(api|robots|static/css/site)"
    ).search
    first_addresses, links_in = making.first_addresses, making.links_in
    monkeypatch.setattr(making, "first_addresses", lambda: filter(wanted, first_addresses()))
    monkeypatch.setattr(making, "links_in", lambda *page: set(filter(wanted, links_in(*page))))
