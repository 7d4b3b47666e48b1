"""A portal with records and uploads, and an empty one beside it, each with a database of its own that lasts."""

from contextlib import contextmanager

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from tests import factories
from tests.servers import Portal, copied_database, servers


@pytest.fixture(scope="module")
def portal(django_db_setup, django_db_blocker, tmp_path_factory):
    """A conference with a photograph and a document, an agreement with a party, a drawn picture, and a person."""
    folder = tmp_path_factory.mktemp("portal")
    with servers(0, folder, django_db_blocker, CACHE_URL="locmemcache://") as portal:
        with portal.here():
            conference = factories.conference(slug="fair")
            factories.photo(conference=conference, image=factories.picture(size=(700, 350)))
            factories.document(conference=conference)
            factories.party(agreement=factories.sourced(factories.agreement(slug="kept")))
            factories.signing(conference=conference)
            default_storage.save(f"sharing/{'0' * 64}.png", ContentFile(b"drawn"))
        yield portal


@pytest.fixture
def empty(portal, tmp_path):
    """A server on which nothing was ever done: not even `migrate`."""
    with _no_database(tmp_path) as (database, url):
        environment = {**portal.environment, "DATABASE_URL": url, "MEDIA_ROOT": str(tmp_path / "media")}
        server = Portal(environment, database, portal.blocker)
        yield server
        server.stop()


@contextmanager
def _no_database(folder):
    if connection.vendor == "sqlite":
        path = folder / "empty.sqlite3"
        yield {"NAME": str(path)}, f"sqlite:///{path}"
        return
    own = connection.settings_dict
    with connection._nodb_cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS nothing_yet WITH (FORCE)")
        cursor.execute("CREATE DATABASE nothing_yet")
    password = f":{own['PASSWORD']}" if own["PASSWORD"] else ""
    try:
        url = f"postgres://{own['USER']}{password}@{own['HOST']}:{own['PORT'] or 5432}/nothing_yet"
        yield {"NAME": "nothing_yet"}, url
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute("DROP DATABASE nothing_yet WITH (FORCE)")


@pytest.fixture(scope="module")
def other_portal(portal, tmp_path_factory):
    """Another portal for all tests of a module."""
    folder = tmp_path_factory.mktemp("other")
    with portal.blocker.unblock(), copied_database(folder) as (database, url):
        environment = {**portal.environment, "DATABASE_URL": url, "MEDIA_ROOT": str(folder / "media")}
        yield Portal(environment, database, portal.blocker)
