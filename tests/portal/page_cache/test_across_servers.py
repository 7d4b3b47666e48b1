"""After a commit the very next request shows it: on whichever of two servers, through whichever way it was made."""

import time
from datetime import timedelta
from threading import Event, Thread

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from companies.models import Organization
from events.models import Announcement
from portal.models import Source
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "/en/news/"


@pytest.fixture
def organization(two_servers):
    """A company whose page both servers keep."""
    with two_servers.here():
        record = factories.sourced(factories.organization(name_en="Before"))
    read(two_servers, record)
    return record


def read(servers, record, times=2) -> list[str]:
    """The page of `record` as each server has it, the second one first."""
    asked = [*reversed(servers.servers)] * times
    return [server.get(record.get_absolute_url()).text for server in asked]


def by_a_query(servers, record):
    Organization.objects.filter(pk=record.pk).update(name_en="After")


def by_saving(servers, record):
    record.name_en = "After"
    record.save()


def in_bulk(servers, record):
    record.name_en = "After"
    Organization.objects.bulk_update([record], ["name_en"])


def in_sql(servers, record):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE companies_organization SET name_en = 'After' WHERE id = %s", [record.pk])


def by_a_fixture(servers, record, tmp_path="fixture.json"):
    path = f"{servers.environment['MEDIA_ROOT']}-{tmp_path}"
    record.name_en = "After"
    with open(path, "w") as file:  # noqa: PTH123
        from django.core import serializers

        file.write(serializers.serialize("json", [record], use_natural_primary_keys=True))
    call_command("loaddata", path, verbosity=0)


def in_a_shell(servers, record):
    code = f"from companies.models import *; Organization.objects.filter(pk={record.pk}).update(name_en='After')"
    servers.manage("shell", "--verbosity", "0", "-c", code)


def by_an_import(servers, record):
    path = f"{servers.environment['MEDIA_ROOT']}-companies.csv"
    with open(path, "w") as file:  # noqa: PTH123
        file.write(f"slug,name_en\n{record.slug},After\n")
    servers.manage("import_sheet", "companies", path)


WAYS = [by_a_query, by_saving, in_bulk, in_sql, by_a_fixture, in_a_shell, by_an_import]


@pytest.mark.parametrize("change", WAYS, ids=lambda way: way.__name__)
def test_a_change_is_on_the_next_page_of_both_servers(two_servers, organization, change):
    with two_servers.here():
        change(two_servers, organization)

    assert ["After" in page for page in read(two_servers, organization)] == [True] * 4


def test_what_an_editor_saves_on_one_server_is_on_the_other(two_servers, organization):
    editor, change = two_servers.visitor(), f"/admin/companies/organization/{organization.pk}/change/"
    editor.sign_in(two_servers.first)
    form = editor.form(two_servers.first, change)

    saved = editor.post(two_servers.first, change, {**form, "name_en": "After"})

    assert saved.status == 302, saved.complaints
    assert ["After" in page for page in read(two_servers, organization)] == [True] * 4


def test_what_is_published_in_bulk_appears_and_what_is_deleted_goes(two_servers):
    with two_servers.here():
        drafts = [factories.sourced(factories.announcement(title_en=f"Draft {n}", published_at=None)) for n in "ab"]
    before = two_servers.second.get(LIST).text
    editor = two_servers.visitor()
    editor.sign_in(two_servers.first)

    chosen = {"action": "publish_now", "_selected_action": [str(each.pk) for each in drafts], "index": "0"}
    done = editor.post(two_servers.first, "/admin/events/announcement/", chosen)
    published = two_servers.second.get(LIST).text
    with two_servers.here():
        Announcement.objects.filter(pk__in=[each.pk for each in drafts]).delete()

    assert (done.status, "Draft a" in before, "Draft a" in published and "Draft b" in published) == (302, False, True)
    assert "Draft a" not in two_servers.second.get(LIST).text


def test_what_is_joined_many_to_many_or_cited_is_there(two_servers, organization):
    with two_servers.here():
        organization.sectors.add(factories.sector(name_en="Glass eels"))
        joined = read(two_servers, organization, 1)
        factories.cite(organization, source=factories.source(title_en="A new report"))

    assert ["Glass eels" in page for page in joined] == [True] * 2
    assert ["A new report" in page for page in read(two_servers, organization)] == [True] * 4


def test_nothing_changes_before_the_commit_or_when_there_is_none(two_servers, organization):
    from django.db import transaction

    with two_servers.here(), transaction.atomic():
        Organization.objects.filter(pk=organization.pk).update(name_en="After")
        during = [two_servers.second.get(organization.get_absolute_url()).text for _ in range(2)]
        transaction.set_rollback(True)

    assert ["After" in page for page in (*during, *read(two_servers, organization))] == [False] * 6


def test_what_is_published_at_a_moment_is_there_from_that_moment_on(two_servers):
    at = timezone.now().replace(microsecond=0) + timedelta(seconds=3)
    with two_servers.here():
        record = factories.sourced(factories.announcement(title_en="In a moment", published_at=at))
    before = [server.get(LIST).text for server in two_servers.servers]
    time.sleep(max((at - timezone.now()).total_seconds(), 0))

    assert ["In a moment" in page for page in before] == [False, False]
    assert ["In a moment" in server.get(LIST).text for server in two_servers.servers] == [True, True]
    assert "In a moment" in two_servers.first.get(record.get_absolute_url()).text


def test_under_load_every_answer_that_is_asked_for_after_a_commit_is_fresh(two_servers, organization):
    """Visitors hammer the page of a company on both servers while its name changes twenty times."""
    committed, stale, asked, done = [0], [], [0], Event()

    def visit(server):
        while not done.is_set():
            least = committed[0]
            text = server.get(organization.get_absolute_url(), accept_encoding="identity").text
            asked[0] += 1
            shown = int(text.partition("<title>")[2].partition(" Change ")[2].split()[0] or 0)
            if shown < least:
                stale.append((least, shown))

    with two_servers.here():
        Organization.objects.filter(pk=organization.pk).update(name_en="A Change 0 ")
        visitors = [Thread(target=visit, args=[server]) for server in two_servers.servers * 3]
        for visitor in visitors:
            visitor.start()
        for number in range(1, 21):
            Organization.objects.filter(pk=organization.pk).update(name_en=f"A Change {number} ")
            committed[0], answered = number, asked[0]
            while asked[0] < answered + 12 and all(each.is_alive() for each in visitors):  # two of each visitor
                time.sleep(0.01)
        done.set()
        for visitor in visitors:
            visitor.join()

    assert (stale, asked[0] >= 240) == ([], True)


def test_both_servers_send_one_page_with_one_etag(two_servers):
    with two_servers.here():
        Source.objects.update(title_en="Same")
    answers = [server.get("/en/sources/", accept_encoding="gzip") for server in two_servers.servers]

    assert answers[0].body == answers[1].body
    known = two_servers.second.get("/en/sources/", accept_encoding="gzip", if_none_match=answers[0].headers["ETag"])
    assert (known.status, known.body) == (304, b"")
