"""Who may do what: the four groups, kind of record by kind of record, and the rule about what is public."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse

from companies.models import Sector
from events.models import Enquiry, ReplyTemplate
from portal.corrections import Correction
from portal.desk.roles import is_released
from portal.models import Redirect
from portal.natural_keys import NaturalKey
from tests.desk import form_of
from tests.factories import (
    announcement,
    cite,
    conference,
    enquiry,
    make,
    milestone,
    presence,
    project,
    sector,
    session,
    source,
    sourced,
)

pytestmark = pytest.mark.django_db

AUDITORS, EDITORS, PUBLISHERS, ADMINISTRATORS = (
    *("Auditors · 审阅", "Editors · 编辑"),
    *("Publishers · 发布", "Administrators · 管理"),
)
ROLES = [AUDITORS, EDITORS, PUBLISHERS, ADMINISTRATORS]
VERBS = ("view", "add", "change", "delete")


def every_kind_of_record():
    """All models that staff keep, and those that visitors write."""
    waiting, found = [NaturalKey], [Enquiry]
    while waiting:
        for model in waiting.pop().__subclasses__():
            waiting.append(model)
            if not model._meta.abstract:
                found.append(model)
    return sorted(set(found), key=lambda model: model._meta.label)


def expected(role, model) -> set[str]:
    """What people in `role` may do with records of `model`: the table of docs/editing.md."""
    if model is Enquiry:
        return set() if role == AUDITORS else {"view", "change"}
    if model is ReplyTemplate:
        return {AUDITORS: set(), EDITORS: {"view"}}.get(role, set(VERBS))
    if model in (Sector, Redirect) or issubclass(model, Correction):
        return {"view"} if role in (AUDITORS, EDITORS) else set(VERBS)
    return {"view"} if role == AUDITORS else set(VERBS)


@pytest.fixture
def rights():
    """What each group may do, by (role, right)."""
    return {
        (group.name, f"{right.content_type.app_label}.{right.codename}")
        for group in Group.objects.prefetch_related("permissions__content_type")
        for right in group.permissions.all()
    }


@pytest.mark.parametrize("role", ROLES)
def test_nobody_gets_more_or_less_than_their_role(rights, role):
    given = {
        model._meta.label: {verb for verb in VERBS if (role, _right(verb, model)) in rights}
        for model in every_kind_of_record()
    }

    assert given == {model._meta.label: expected(role, model) for model in every_kind_of_record()}


def _right(verb, model):
    return f"{model._meta.app_label}.{verb}_{model._meta.model_name}"


@pytest.mark.parametrize(
    ("role", "others"),
    [
        (AUDITORS, {"portal.preview", "portal.view_outsidelink"}),
        (EDITORS, {"portal.preview", "portal.view_outsidelink"}),
        (PUBLISHERS, {"portal.preview", "portal.publish", "portal.view_outsidelink"}),
        (
            ADMINISTRATORS,
            {
                "portal.preview",
                "portal.view_outsidelink",
                "portal.publish",
                "events.erase_enquiry",
                "events.erase_speaker",
                "axes.view_accessattempt",
                "axes.delete_accessattempt",
            }
            | {"auth.view_group", *(f"auth.{verb}_user" for verb in VERBS)},
        ),
    ],
)
def test_rights_beyond_records_are_counted(rights, role, others):
    ours = {_right(verb, model) for model in every_kind_of_record() for verb in VERBS}

    assert {right for name, right in rights if name == role} - ours == others


# --- What is public ---------------------------------------------------------------------------------------------------


def person_in(role):
    user = User.objects.create_user("wang", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def address_of(record, page="change"):
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{page}", args=[record.pk])


REGISTERED = sorted(
    (model for model in admin.site._registry if issubclass(model, NaturalKey)), key=lambda model: model._meta.label
)


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_only_publishers_change_and_delete_what_is_public(client, model):
    record = make(model)
    if model._meta.label == "portal.Source":
        cite(conference(), source=record)
    client.force_login(person_in(EDITORS))

    seen = client.get(address_of(record)).status_code
    saved = client.post(address_of(record), {"_save": ""}).status_code
    deleted = client.post(address_of(record, "delete"), {"post": "yes"}).status_code

    assert (seen, saved, deleted) == (200, 403, 403)
    assert model.objects.filter(pk=record.pk).exists()


@pytest.mark.parametrize(("role", "status"), [(EDITORS, 200), (PUBLISHERS, 200), (AUDITORS, 403)])
def test_auditors_write_nothing(client, role, status):
    draft = conference(published_at=None)
    client.force_login(person_in(role))

    assert client.post(address_of(draft), {"_save": ""}).status_code == status  # 200: the form with its errors


def test_auditors_do_not_see_what_people_wrote_to_the_office(client):
    letter = enquiry()
    client.force_login(person_in(AUDITORS))

    assert client.get(address_of(letter)).status_code == 403
    assert client.get(reverse("admin:events_enquiry_changelist")).status_code == 403


def test_editors_keep_no_people(client):
    client.force_login(person_in(PUBLISHERS))

    assert client.get(reverse("admin:auth_user_changelist")).status_code == 403


def test_an_administrator_makes_nobody_more_than_an_administrator(client):
    boss, root = person_in(ADMINISTRATORS), User.objects.create_superuser("root", password="a long password")
    client.force_login(boss)
    form = form_of(client.get(address_of(boss)))

    saved = client.post(
        address_of(boss), form | {"is_superuser": "on", "user_permissions": ["1"], "first_name": "Wang"}
    )
    boss.refresh_from_db()

    assert (saved.status_code, boss.first_name) == (302, "Wang")
    assert (boss.is_superuser, boss.user_permissions.count()) == (False, 0)
    assert client.post(address_of(root), {"username": "root"}).status_code == 403
    assert client.get(reverse("admin:auth_user_password_change", args=[root.pk])).status_code == 403
    assert client.post(address_of(root, "delete"), {"post": "yes"}).status_code == 403


def test_released_is_what_visitors_see_now_or_will_without_anybodys_doing(now):
    public, coming, draft = (
        conference(),
        conference(published_at=now + timedelta(days=9)),
        conference(published_at=None),
    )
    waiting = session(conference=draft)
    used, unused = source(), source()
    cite(public, source=used)

    assert [is_released(each) for each in (public, coming, draft, waiting)] == [True, True, False, False]
    assert [is_released(each) for each in (used, unused)] == [True, False]
    assert [is_released(each) for each in (presence(), milestone(project=project(published_at=None)))] == [True, False]
    assert is_released(sourced(announcement()))
    assert not is_released(sector())


def test_deleting_many_spares_what_is_public(client):
    public, draft = conference(), conference(published_at=None)
    client.force_login(person_in(EDITORS))
    values = {"action": "delete_selected", "_selected_action": [public.pk, draft.pk], "post": "yes"}

    response = client.post(reverse("admin:events_conference_changelist"), values)

    assert response.status_code == 403
    assert set(type(public).objects.all()) == {public, draft}


def test_every_right_belongs_to_a_role_or_to_nobody_on_purpose(rights):
    """A new kind of record needs a migration that says who keeps it."""
    given = {right for _role, right in rights}
    ours = Permission.objects.filter(content_type__app_label__in=["portal", "companies", "events"])
    unknown = {f"{each.content_type.app_label}.{each.codename}" for each in ours.select_related("content_type")} - given

    assert unknown == {"events.add_enquiry", "events.delete_enquiry"}  # visitors write them, and they are erased
