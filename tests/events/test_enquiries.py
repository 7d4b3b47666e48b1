from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from events.models import Enquiry
from portal import clock
from tests.factories import enquiry

pytestmark = pytest.mark.django_db


def test_an_enquiry_is_open_until_it_is_answered(now):
    open_ = enquiry()
    enquiry(answered_at=now, outcome=Enquiry.Outcome.ANSWERED)

    assert list(Enquiry.objects.open()) == [open_]


def test_an_open_enquiry_is_overdue_after_its_day(now):
    late = enquiry(due_at=now + timedelta(hours=1))
    enquiry(due_at=now + timedelta(hours=1), answered_at=now, outcome=Enquiry.Outcome.FORWARDED)
    lists = []

    for moment in (now + timedelta(hours=1), now + timedelta(hours=1, seconds=1)):
        with clock.set_to(moment):
            lists.append(list(Enquiry.objects.overdue()))

    assert lists == [[], [late]]


def test_what_is_due_first_stands_first(now):
    later, sooner = (enquiry(due_at=now + timedelta(days=days)) for days in (2, 1))

    assert list(Enquiry.objects.all()) == [sooner, later]


def test_an_enquiry_notes_when_it_came_in(now):
    received = Enquiry.objects.create(
        topic=Enquiry.Topic.DATA, message="Where from?", email="a@example.com", consent_at=now, due_at=now
    )

    assert received.received_at == now


@pytest.mark.parametrize(("is_answered", "outcome"), [(True, ""), (False, Enquiry.Outcome.SPAM)])
def test_an_answer_without_an_outcome_and_an_outcome_without_an_answer_are_refused(now, is_answered, outcome):
    asked = enquiry()
    asked.answered_at, asked.outcome = now if is_answered else None, outcome

    with pytest.raises(ValidationError) as refusal:
        asked.full_clean()

    assert refusal.value.messages == ["An answered enquiry needs its outcome, and an outcome the time of the answer."]


def test_an_enquiry_is_never_public():
    assert not hasattr(Enquiry.objects.all(), "published")


def test_an_enquiry_is_named_by_its_topic_and_day_and_by_nobody(now):
    asked = enquiry(topic=Enquiry.Topic.INVEST, name="A. Investor", organization="DiaSorin")

    assert str(asked) == "investing here · 2024-11-15"
