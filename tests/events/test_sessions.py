"""The sessions of a programme (`events/models/sessions.py`): when a visitor's plan changes."""

from datetime import date, time

import pytest
from django.urls import reverse

from events.models import Session
from tests.desk import form_of
from tests.factories import session, sourced

pytestmark = pytest.mark.django_db

DAY = date(2027, 5, 20)


def talk(**fields):
    defaults = {"day": DAY, "starts_at": time(9), "ends_at": time(10), "room_en": "Hall A", "title_en": "Talk"}
    return session(slug="talk", **{**defaults, **fields})


def revision():
    return Session.objects.get(slug="talk").revision


def test_a_new_session_has_no_revision():
    talk()

    assert revision() == 0


@pytest.mark.parametrize(
    "change",
    [
        {"day": date(2027, 5, 21)},
        {"starts_at": time(8)},
        {"starts_at": None, "ends_at": None},
        {"ends_at": None},
        {"room_en": "Hall B"},
        {"room_zh_hans": "玄武厅"},
        {"status": "cancelled"},
        {"day": date(2027, 5, 21), "starts_at": time(8), "status": "moved"},
    ],
)
def test_a_change_of_day_time_room_or_status_is_one_revision(change):
    record = talk()

    for name, value in change.items():
        setattr(record, name, value)
    record.save()

    assert revision() == 1


@pytest.mark.parametrize("change", [{}, {"title_en": "Longer talk"}, {"abstract_en": "On kelp."}, {"position": 7}])
def test_other_changes_leave_plans_alone(change):
    record = talk()

    for name, value in change.items():
        setattr(record, name, value)
    record.save()

    assert revision() == 0


def test_a_time_that_is_published_later_is_a_revision_and_only_once():
    record = talk(starts_at=None, ends_at=None)

    record.starts_at = time(9)
    record.save()
    record.save()

    assert revision() == 1


def test_changes_add_up_and_changing_back_is_a_change_too():
    record = talk()

    for room in ("Hall B", "Hall A", "Hall A"):
        record.room_en = room
        record.save()

    assert revision() == 2


def test_two_editors_who_opened_the_same_session_both_count():
    talk()
    first, second = (Session.objects.get(slug="talk") for _editor in range(2))

    first.room_en = "Hall B"
    first.save()
    second.starts_at = time(8)
    second.save()

    assert revision() == 2


def test_nobody_can_set_the_number():
    record = talk()

    record.revision = 99
    record.save()

    assert revision() == 0


def test_an_editor_raises_it_in_the_form_of_the_session(admin_client):
    address = reverse("admin:events_session_change", args=[sourced(talk()).pk])
    form = form_of(admin_client.get(address)) | {"starts_at": "09:30"}

    admin_client.post(address, form)
    admin_client.post(address, form)

    assert (Session.objects.get().starts_at, revision()) == (time(9, 30), 1)
