"""How other programs know a record again (`portal/revisions.py`)."""

import json
import uuid

import pytest
from django.core.management import call_command

from events.copying import plan_of, suggested
from events.models import Conference, Session
from tests.factories import agreement, announcement, conference, milestone, session

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("make", [agreement, announcement, conference, milestone, session])
def test_an_identifier_is_given_once_and_nothing_changes_it(make):
    record = make()
    given = type(record).objects.get().uid

    record.uid = uuid.uuid4()
    record.save()

    assert (isinstance(given, uuid.UUID), type(record).objects.get().uid) == (True, given)


def test_a_deleted_record_takes_its_identifier_along_and_a_restored_one_brings_it_back():
    record = session()
    kept = record.uid
    record.delete()

    Session.history.first().instance.save(force_insert=True)

    assert Session.objects.get().uid == kept


def test_a_copy_is_another_record():
    original = conference(slug="fair-2024")
    session(conference=original)

    copied = plan_of(original, suggested(original)).carry_out()

    assert copied.uid != original.uid
    assert len(set(Session.objects.values_list("uid", flat=True))) == 2


def load(tmp_path, **fields):
    defaults = {"slug": "fair", "title_en": "Fair", "starts_on": "2027-05"}
    file = tmp_path / "fair.json"
    file.write_text(json.dumps([{"model": "events.conference", "fields": {**defaults, **fields}}]))
    call_command("loaddata", str(file), verbosity=0)
    return Conference.objects.get().uid


def test_a_fixture_brings_its_identifier_and_one_without_leaves_what_is_there(tmp_path):
    known = uuid.uuid4()

    assert load(tmp_path, uid=str(known)) == known
    assert load(tmp_path, title_en="Fair again") == known


def test_a_fixture_of_a_new_record_without_an_identifier_gives_it_one(tmp_path):
    assert load(tmp_path) == load(tmp_path)


def test_a_date_that_is_not_known_counts_as_unchanged():
    record = conference(ends_on=None, venue=None)

    record.save()
    record.save()

    assert Conference.objects.get().revision == 0
