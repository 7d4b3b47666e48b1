"""The index says what the database says, whoever changed it and however."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from companies.models import Organization
from events.models import Agreement, AgreementParty, Appearance, Conference, InvestmentProject, Signing
from portal import clock, previews, triggers
from portal.previews import Preview
from portal.search import waiting
from portal.search.engines import engine
from portal.search.installing import install
from portal.search.kinds import registered
from portal.search.management.commands import reindex
from portal.search.models import Document, Waiting
from portal.search.results import Search
from portal.search.waiting import catch_up, is_behind
from tests import factories

pytestmark = pytest.mark.django_db


def found(query):
    return sorted(result.title for group in Search(query).groups for result in group.results)


# --- Ways to write ----------------------------------------------------------------------------------------------------


def test_a_saved_record_is_found_at_once():
    record = factories.organization(name_en="Before")
    before = found("before")
    record.name_en = "After"
    record.save()

    assert (before, found("before"), found("after")) == (["Before"], [], ["After"])


def test_a_deleted_record_is_not_found():
    record = factories.organization(name_en="Before")
    before = found("before")

    record.delete()

    assert (before, found("before"), Document.objects.count()) == (["Before"], [], 0)


def write_in_bulk(record):
    record.name_en = "After"
    Organization.objects.bulk_update([record], ["name_en"])


def write_in_sql(record):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE companies_organization SET name_en = 'After' WHERE id = %s", [record.pk])


def write_over(record):
    Organization.objects.bulk_create(
        [Organization(pk=record.pk, slug=record.slug, name_en="After", published_at=record.published_at)],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["name_en"],
    )


@pytest.mark.parametrize(
    "write",
    [lambda record: Organization.objects.update(name_en="After"), write_in_bulk, write_in_sql, write_over],
    ids=["update", "bulk_update", "sql", "upsert"],
)
def test_what_no_signal_tells_of_is_found_too(write):
    record = factories.organization(name_en="Before")
    found("before")

    write(record)

    assert (found("before"), found("after")) == ([], ["After"])


def test_what_is_created_in_bulk_is_found():
    Organization.objects.bulk_create(
        [Organization(slug=f"bulk-{n}", name_en=f"Bulk {n}", published_at=factories.LONG_AGO) for n in range(3)]
    )

    assert found("bulk") == ["Bulk 0", "Bulk 1", "Bulk 2"]


def test_a_relation_is_followed():
    body = factories.organization(name_en="Body")
    project = factories.project(title_en="Plant")
    before = found("body")

    project.organizations.add(body)
    added = found("body")
    project.organizations.set([])
    removed = found("body")
    project.organizations.add(body)
    InvestmentProject.organizations.through.objects.all().delete()

    assert [before, added, removed, found("body")] == [["Body"], ["Body", "Plant"], ["Body"], ["Body"]]


# --- What hangs together ----------------------------------------------------------------------------------------------


@pytest.fixture
def paper():
    paper = factories.agreement(title_en="Paper")
    factories.party(agreement=paper, organization=factories.organization(name_en="Partner"))
    found("paper")
    return paper


def test_a_new_name_of_a_party_finds_its_agreement(paper):
    Organization.objects.update(name_en="Renamed")

    assert (found("partner"), found("renamed")) == ([], ["Paper", "Renamed"])


def test_an_agreement_is_no_longer_found_by_a_party_that_was_deleted(paper):
    AgreementParty.objects.all().delete()

    assert found("partner") == ["Partner"]


def test_a_party_that_moves_to_another_agreement_is_found_there_alone(paper):
    other = factories.agreement(title_en="Other")

    AgreementParty.objects.update(agreement=other)

    assert found("partner") == ["Other", "Partner"]


def test_a_party_that_becomes_a_draft_finds_nothing(paper):
    Organization.objects.update(published_at=None)

    assert found("partner") == []


def test_an_agreement_follows_the_stage_it_was_signed_on(paper):
    stage = factories.conference(title_en="Stage", series=factories.series())
    Signing.objects.all().delete()
    factories.signing(agreement=paper, session=factories.session(conference=stage), conference=None)
    before = found("paper")

    type(stage.series).objects.update(published_at=None)
    without_series = found("paper")
    Signing.objects.all().delete()

    assert (before, without_series, found("paper")) == (["Paper"], [], ["Paper"])


def test_a_speaker_follows_their_stages():
    person = factories.speaker(name_en="Person")
    nowhere = found("person")
    factories.appearance(speaker=person, conference=factories.conference(), session=None)
    somewhere = found("person")

    Appearance.objects.all().delete()

    assert (nowhere, somewhere, found("person")) == ([], ["Person"], [])


def test_a_withdrawal_and_its_end_are_followed(paper):
    withdrawal = factories.withdraw(Organization.objects.get())
    withdrawn = found("partner")

    withdrawal.delete()

    assert (withdrawn, found("partner")) == ([], ["Paper", "Partner"])


# --- Time -------------------------------------------------------------------------------------------------------------

MONTH = timedelta(days=30)


def waits(record, moment):
    type(record).objects.filter(pk=record.pk).update(published_at=moment)


def test_what_is_scheduled_is_found_from_its_moment_on_without_any_write(now):
    record = factories.organization(name_en="Scheduled")
    waits(record, now + MONTH)
    before = found("scheduled")

    with clock.set_to(now + MONTH), CaptureQueriesContext(connection) as queries:
        after = found("scheduled")

    assert (before, after) == ([], ["Scheduled"])
    assert [each["sql"] for each in queries if not each["sql"].strip().startswith("SELECT")] == []


def test_what_hangs_on_something_scheduled_waits_for_it(now):
    stage = factories.conference(title_en="Stage", series=factories.series())
    talk = factories.session(conference=stage, title_en="Talk")
    waits(stage.series, now + 3 * MONTH)
    waits(stage, now + 2 * MONTH)
    waits(talk, now + MONTH)
    at = {}

    for months in range(4):
        with clock.set_to(now + months * MONTH):
            at[months] = found("talk")

    assert at == {0: [], 1: [], 2: [], 3: ["Talk"]}
    assert Document.objects.get(record_id=talk.pk, kind=6).public_from == now + 3 * MONTH


def test_the_name_of_something_scheduled_counts_from_its_moment_on(now, paper):
    waits(Organization.objects.get(), now + MONTH)
    before = found("partner")

    with clock.set_to(now + MONTH):
        after = found("partner")

    assert (before, after) == ([], ["Paper", "Partner"])


def test_a_scheduled_agreement_is_found_by_its_parties_from_its_moment_on(now, paper):
    waits(paper, now + MONTH)
    before = found("partner")

    with clock.set_to(now + MONTH), CaptureQueriesContext(connection) as queries:
        after = found("partner")

    assert (before, after) == (["Partner"], ["Paper", "Partner"])
    assert [each["sql"] for each in queries if not each["sql"].strip().startswith("SELECT")] == []


# --- Previews ---------------------------------------------------------------------------------------------------------


def test_a_preview_finds_what_it_shows(now):
    draft = factories.agreement(title_en="Draft paper", published_at=None)
    factories.party(agreement=draft, organization=factories.organization(name_en="Secret partner", published_at=None))
    scheduled = factories.organization(name_en="Scheduled")
    waits(scheduled, now + MONTH)
    seen = {}

    for name, preview in {
        "drafts": Preview(drafts=True),
        "in a month": Preview(moment=now + MONTH),
        "a year ago": Preview(moment=datetime(2019, 1, 1, tzinfo=UTC)),
        "shared": Preview(record=draft),
    }.items():
        with previews.showing(preview):
            seen[name] = [found("draft"), found("secret"), found("scheduled")]

    assert seen == {
        "drafts": [["Draft paper"], ["Draft paper", "Secret partner"], ["Scheduled"]],
        "in a month": [[], [], ["Scheduled"]],
        "a year ago": [[], [], []],
        "shared": [["Draft paper"], [], []],
    }
    assert found("draft") == found("secret") == found("scheduled") == []


def test_what_a_preview_writes_into_the_index_shows_visitors_nothing_more(now):
    record = factories.organization(name_en="Draft", published_at=None)

    with previews.showing(Preview(drafts=True, moment=now + MONTH)):
        assert found("draft") == ["Draft"]

    assert found("draft") == []
    assert Document.objects.get(record_id=record.pk).public_from is None


# --- As a whole -------------------------------------------------------------------------------------------------------


def test_after_loaddata_exactly_what_is_public_is_found_and_reindexing_changes_nothing():
    call_command("loaddata", "district", "meilan_lake", verbosity=0)
    catch_up(patience=60)

    def public():
        now = Q(public_from__lte=clock.now())
        return {
            kind.name: set(Document.objects.filter(now, kind=kind.number).values_list("record_id", flat=True))
            for kind in registered()
        }

    before = public()
    call_command("reindex", verbosity=0)

    assert before == public() == {kind.name: set(kind.records().values_list("pk", flat=True)) for kind in registered()}
    assert len(before["companies"]) > 50


def test_many_rows_are_indexed_in_pieces_and_none_is_lost(monkeypatch):
    monkeypatch.setattr(waiting, "TOGETHER", 3)
    body = factories.organization(name_en="Body")
    for number in range(10):
        factories.project(title_en=f"Plant {number}").organizations.add(body)
    found("body")

    Organization.objects.filter(pk=body.pk).update(name_en="Renamed")

    assert found("renamed") == sorted([*(f"Plant {number}" for number in range(10)), "Renamed"])
    assert Waiting.objects.count() == 0


def test_indexing_many_rows_takes_as_few_queries_as_few():
    counted = {}
    for size in (10, 100):
        for number in range(size):
            factories.party(agreement=factories.agreement(title_en=f"Paper {size} {number}"))
        with CaptureQueriesContext(connection) as queries:
            waiting.index_some()
        while is_behind():
            waiting.index_some()
        counted[size] = len(queries)

    assert counted[100] <= counted[10] + 5


def test_while_somebody_else_writes_the_search_answers_from_what_is_indexed(monkeypatch):
    factories.organization(name_en="Indexed")
    found("indexed")
    factories.organization(name_en="Waiting")

    def busy(patiently):
        raise waiting.Busy("somebody else is writing")

    monkeypatch.setattr(waiting, "the_only_writer", busy)

    assert (found("indexed"), found("waiting")) == (["Indexed"], [])


def test_after_the_transaction_of_a_save_the_index_catches_up(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        factories.organization(name_en="Saved")

    assert not is_behind()


def test_nothing_follows_what_is_never_found():
    from portal.search.following import _after_the_transaction  # the one door of the module

    before = len(connection.run_on_commit)
    _after_the_transaction(type(factories.source()))
    _after_the_transaction(Conference, raw=True)  # a fixture

    assert len(connection.run_on_commit) == before


def test_what_a_migration_has_dropped_is_made_again_and_everything_indexed_anew():
    record = factories.organization(name_en="Before")
    found("before")
    with connection.cursor() as cursor:
        for name, table in triggers.existing_triggers(cursor, "search").items():
            if table == "companies_organization":
                triggers.drop(cursor, name, table)
    Organization.objects.update(name_en="After")
    unnoticed = found("after")

    install()

    assert (unnoticed, found("after")) == ([], ["After"])
    assert not install()
    assert record.pk in Document.objects.values_list("record_id", flat=True)


def test_reindexing_finds_what_nothing_noted(capsys):
    factories.organization(name_en="Lost")
    gone = factories.organization(name_en="Gone")
    found("lost")
    Waiting.objects.all().delete()
    engine().forget_all()
    Document.objects.exclude(record_id=gone.pk).delete()
    Organization.objects.filter(pk=gone.pk).delete()
    Waiting.objects.all().delete()

    call_command("reindex")

    assert found("lost") == ["Lost"]
    assert [each.record_id for each in Document.objects.all()] != [gone.pk]
    assert "companies: 1 of 1\n" in capsys.readouterr().out


def test_reindexing_takes_what_waited_with_it_and_indexes_nothing_twice(monkeypatch):
    for number in range(3):
        factories.organization(name_en=f"Works {number}")
    indexed = []

    def noted(kind, keys, calendar):
        indexed.extend((kind.name, key) for key in keys)
        waiting.index(kind, keys, calendar)

    monkeypatch.setattr(reindex, "index", noted)
    monkeypatch.setattr(reindex, "index_some", lambda patiently: pytest.fail("something is indexed once more"))

    call_command("reindex", verbosity=0)

    assert len(indexed) == len(set(indexed)) == 3
    assert found("works 2") == ["Works 2"]


def test_what_changes_while_everything_is_reindexed_is_indexed_once_more(monkeypatch):
    record = factories.organization(name_en="Before")

    def changed_meanwhile(kind, keys, calendar):
        waiting.index(kind, keys, calendar)
        if kind.model is Organization:
            Organization.objects.filter(pk=record.pk).update(name_en="After")

    monkeypatch.setattr(reindex, "index", changed_meanwhile)

    call_command("reindex", verbosity=0)

    assert Waiting.objects.count() == 0
    assert found("after") == ["After"]


def test_an_agreement_that_is_deleted_leaves_nothing_behind(paper):
    Agreement.objects.all().delete()

    assert found("paper") == []
    assert set(Document.objects.values_list("kind", flat=True)) == {4}


def test_words_that_lost_their_document_are_written_over():
    factories.organization(name_en="Before")
    found("before")
    Document.objects.all().delete()  # as `flush` does, which knows no table but those of models

    Organization.objects.update(name_en="After")

    assert (found("before"), found("after")) == ([], ["After"])
