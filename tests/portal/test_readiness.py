"""What a record needs before it can be public, and how an editor is told."""

import pytest
from django.utils import translation

from events.models import Agreement, Conference
from portal.readiness import reasons_against
from tests.factories import agreement, conference, photo, ready, sourced, withdraw

pytestmark = pytest.mark.django_db


def reasons(record):
    return reasons_against(type(record).objects.filter(pk=record.pk)).get(record.pk, [])


def test_what_has_everything_is_ready():
    record = ready(agreement(published_at=None))

    assert reasons(record) == []
    assert list(Agreement.objects.ready()) == [record]


def test_every_reason_is_named_at_once_in_the_order_of_the_form():
    record = agreement(title_zh_hans="", published_at=None)

    assert reasons(record) == ["title is missing in 简体中文", "it has no signings", "it has no usable source"]
    assert not Agreement.objects.ready().exists()


def test_the_reasons_are_in_the_language_of_the_editor():
    record = sourced(conference(title_en="", published_at=None))

    with translation.override("zh-hans"):
        assert reasons(record) == ["缺少标题（English）"]


def test_what_was_withdrawn_is_not_published_again():
    record = sourced(conference(published_at=None))
    withdraw(record)

    assert reasons(record) == ["it was withdrawn"]
    assert Conference.objects.publish() == 0


def test_a_photo_needs_nothing_more_than_its_columns_ask():
    assert reasons(photo(published_at=None)) == []


def test_a_name_that_no_source_gives_in_the_other_language_is_never_asked_for():
    from companies.models import Organization
    from events.models import Speaker

    assert (Organization.required_to_publish, Speaker.required_to_publish) == ((), ())


def test_all_reasons_of_many_records_cost_one_query(django_assert_num_queries):
    for _each in range(5):
        conference(published_at=None)

    with django_assert_num_queries(1):
        found = reasons_against(Conference.objects.all())

    assert len(found) == 5
