"""What the portal stands on fails, and comes back: pages that were kept stay, the rest says 503 in the reader's own
language, nothing is half-written, and nobody has to lend a hand afterwards. With the errors of this run's engine."""

import errno
import os
import re
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import connection, connections
from django.utils import timezone

from companies.models import Organization
from portal import clock
from portal.page_cache import generation
from portal.page_cache.store import OLD, pages
from tests import factories
from tests.desk import form_of
from tests.portal.page_cache.conftest import Site

IS_SQLITE = connection.vendor == "sqlite"
pytestmark = pytest.mark.django_db(transaction=True)

KEPT, NOT_KEPT = "/en/sources/", "/en/search/?q=lake"
NOTE = re.compile(r'<div class="outage-note" role="status">\s*<p class="wrap">.+?</p>\s*</div>\s*', re.DOTALL)


@pytest.fixture
def site(settings, monkeypatch):
    settings.ALLOWED_HOSTS = ["testserver"]
    monkeypatch.setattr(generation, "SILENCE", 0)
    yield Site()
    generation._not_before = None


@pytest.fixture
def desk(admin_client):
    admin_client.raise_request_exception = False
    return admin_client


@contextmanager
def lost():
    """No database where it should be: the folder is gone, nobody listens at the port."""
    own = connections["default"]
    elsewhere = {"NAME": "/nowhere/at.all"} if IS_SQLITE else {"HOST": "127.0.0.1", "PORT": "1"}
    settings = {name: own.settings_dict[name] for name in elsewhere}
    kept, own.connection = own.connection, None  # a database in memory goes with its last connection
    own.settings_dict.update(elsewhere)
    try:
        yield
    finally:
        own.settings_dict.update(settings)
        own.connection = kept


@contextmanager
def read_only():
    if IS_SQLITE:
        with told("PRAGMA query_only=ON", "PRAGMA query_only=OFF"):
            yield
        return
    with told("SET default_transaction_read_only = on", "SET default_transaction_read_only = off"):
        yield


@contextmanager
def full():
    """No room for another page (SQLite), or so PostgreSQL says when an organization is written."""
    if IS_SQLITE:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("SELECT page_count FROM pragma_page_count")
            (count,) = cursor.fetchone()
        with told(f"PRAGMA max_page_count={count}", "PRAGMA max_page_count=1073741823"):
            yield
        return
    fail = (
        "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;"
        " CREATE TRIGGER no_room AFTER UPDATE ON companies_organization FOR EACH ROW EXECUTE FUNCTION no_room()"
    )
    with told(fail, "DROP FUNCTION no_room() CASCADE"):
        yield


@contextmanager
def told(begin, end):
    with connection.cursor() as cursor:
        cursor.execute(begin)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(end)


# --- Visitors ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [KEPT, "/zh-hans/sources/"])
@pytest.mark.parametrize("encoding", ["gzip", ""])
def test_a_kept_page_is_shown_with_a_note_that_no_cache_keeps(site, page, encoding):
    factories.cite(factories.organization())
    before = site.get(page, accept_encoding=encoding)
    made = site.made

    with lost():
        shown = site.get(page, accept_encoding="gzip" if not encoding else "")
        again = site.get(page, if_none_match=before.headers["ETag"])
        head = site.get(page, method="HEAD")

    plain = site.get(page)
    assert (shown.status, again.status, head.status, site.made) == (200, 200, 200, made)
    assert len(NOTE.findall(shown.text)) == 1
    assert NOTE.sub("", shown.text) == plain.text
    assert shown.headers["Cache-Control"] == "no-store"
    assert (shown.headers["Warning"], int(shown.headers["Age"]) >= 0) == ('110 - "Response is Stale"', True)
    assert {"ETag", "Last-Modified", "Content-Encoding"} & set(shown.headers) == set()
    assert int(shown.headers["Content-Length"]) == len(shown.body) == int(head.headers["Content-Length"])
    assert shown.headers["Content-Security-Policy"] == before.headers["Content-Security-Policy"]
    assert head.body == b""


def test_a_kept_feed_is_shown_as_it_was_with_the_header_alone(site):
    factories.announcement()
    before = site.get("/en/news/feed.atom")

    with lost():
        shown = site.get("/en/news/feed.atom")

    assert (shown.body, shown.headers["Warning"][:3]) == (before.body, "110")


@pytest.mark.parametrize(("page", "language"), [(NOT_KEPT, "en"), ("/zh-hans/news/", "zh-Hans")])
def test_a_page_that_was_not_kept_is_a_503_in_the_language_of_its_reader(site, page, language):
    with lost():
        answer = site.get(page)

    assert (answer.status, answer.headers["Retry-After"], answer.headers["Cache-Control"]) == (503, "30", "no-store")
    assert f'<html lang="{language}">' in answer.text


def test_programs_get_a_problem_document(site):
    with lost():
        answer = site.get("/api/v1/companies")

    assert (answer.status, answer.headers["Content-Type"]) == (503, "application/problem+json")
    assert answer.headers["Retry-After"] == "30"


def test_everything_is_as_before_once_the_database_is_back(site):
    kept = site.get(KEPT).text
    with lost():
        assert (site.get(KEPT).headers["Cache-Control"], site.get(NOT_KEPT).status) == ("no-store", 503)

    organization = factories.organization(name_en="Newer")
    factories.cite(organization, source=factories.source(title_en="After the outage"))
    page = site.get(KEPT)

    assert ("outage-note" in page.text, "After the outage" in page.text, page.text == kept) == (False, True, False)
    assert site.get(NOT_KEPT).status == 200


def test_a_page_from_before_the_last_known_change_is_shown_for_an_hour_at_most(site):
    """It may show what was withdrawn since; the one that was right to the last stays."""
    now = timezone.now()
    with clock.set_to(now):
        site.get(KEPT)
        factories.source()
        site.get("/en/companies/")

    seen = []
    with lost():
        for later in (timedelta(minutes=50), OLD + timedelta(minutes=1)):
            with clock.set_to(now + later):
                seen.append([site.get(page).status for page in (KEPT, "/en/companies/")])

    assert seen == [[200, 200], [503, 200]]


def test_a_database_that_is_lost_is_asked_by_one_request_in_a_while(site, monkeypatch):
    monkeypatch.setattr(generation, "SILENCE", 60)
    site.get(KEPT)
    asked = []
    with lost():
        monkeypatch.setattr(generation, "_sum", lambda own=generation._sum: asked.append(1) or own())
        statuses = [site.get(KEPT).status for _ in range(5)]

    assert (statuses, len(asked)) == ([200] * 5, 1)


def test_a_mistake_of_ours_is_no_outage(site):
    with told("ALTER TABLE portal_source RENAME TO mislaid", "ALTER TABLE mislaid RENAME TO portal_source"):
        pages.clear()
        assert site.get(KEPT).status == 500


@pytest.mark.parametrize("fault", [read_only, full])
def test_pages_are_read_as_always_while_nothing_can_be_written(site, fault):
    factories.cite(factories.organization())

    with fault():
        answers = [site.get(page) for page in (KEPT, KEPT, NOT_KEPT)]

    assert [each.status for each in answers] == [200] * 3
    assert not any("outage-note" in each.text for each in answers)


# --- The desk ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [read_only, full, lost])
def test_a_save_that_cannot_be_written_says_so_leaves_nothing_and_succeeds_when_sent_again(desk, fault):
    organization = factories.sourced(factories.organization(name_en="Before"))
    change = f"/admin/companies/organization/{organization.pk}/change/"
    form = form_of(desk.get(change)) | {"name_en": "After", "description_en": "<p>It makes antibodies.</p>" * 1500}
    histories = organization.history.count()

    with fault():
        failed = desk.post(change, form)
    organization.refresh_from_db()
    left = (organization.name_en, organization.history.count())
    saved = desk.post(change, form)  # what a browser does when the page is reloaded

    assert (failed.status_code, failed["Retry-After"]) == (503, "30")
    assert "Nothing was saved" in failed.text
    assert "What you filled in is not lost." in failed.text
    assert left == ("Before", histories)
    assert saved.status_code == 302, saved.context["errors"]
    assert Organization.objects.get(pk=organization.pk).name_en == "After"


def test_a_disk_without_room_for_an_upload_leaves_no_row(desk, monkeypatch):
    def no_room(*args):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    organization = factories.sourced(factories.organization(name_en="Before"))
    change = f"/admin/companies/organization/{organization.pk}/change/"
    form = form_of(desk.get(change)) | {"name_en": "After", "logo": factories.picture()}
    monkeypatch.setattr(FileSystemStorage, "_save", no_room)

    failed = desk.post(change, form)

    organization.refresh_from_db()
    assert (failed.status_code, organization.name_en, organization.logo.name or "") == (503, "Before", "")
