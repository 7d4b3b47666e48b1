"""Save as draft, publish now, schedule: what each button does and when it is refused."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse

from events.models import Agreement, Conference
from portal.desk.buttons import NEEDED_BENEATH, NEEDED_IN_EVERY_LANGUAGE, NEEDS_A_MOMENT, WITHDRAWN
from tests.desk import add_row, form_of
from tests.factories import agreement, cite, conference, ready, sector, session, source, sourced, withdraw

pytestmark = pytest.mark.django_db

PUBLICATION = {"published_at_0": "2024-11-16", "published_at_1": "09:00"}


def address_of(record):
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


def press(client, button, record, **values):
    """Open the form of `record`, fill in `values` and press `button`, and no stock button."""
    form = form_of(client.get(address_of(record)))
    return client.post(address_of(record), form | values | {button: ""}, follow=True)


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def editor(client, django_user_model):
    """Somebody who may change conferences, and publish nothing."""
    user = django_user_model.objects.create_user("editor", is_staff=True)
    rights = ["add_conference", "change_conference", "view_conference", "add_conferencecitation", "view_source"]
    rights += ["change_appearance", "add_appearance", "view_appearance", "view_speaker", "view_session"]
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(user)
    return client


def test_publish_now_makes_it_public_at_once_and_stays_on_the_form(admin_client, now):
    draft = sourced(conference(published_at=None))

    response = press(admin_client, "_publish", draft)

    draft.refresh_from_db()
    assert draft.published_at == now
    assert response.redirect_chain[-1][0] == address_of(draft)
    assert messages_of(response)[0].startswith(f"“{draft}” is public now.")
    assert draft.get_absolute_url() in messages_of(response)[0]
    assert "Published at" in LogEntry.objects.first().get_change_message()


def test_a_new_record_is_published_with_its_first_saving(admin_client, now):
    address = reverse("admin:events_conference_add")
    response = admin_client.get(address)
    form = form_of(response) | {"title_en": "Lake", "title_zh_hans": "湖", "starts_on": "2024", "_publish": ""}
    add_row(form, response, "citations", source=source().pk)

    admin_client.post(address, form)

    assert Conference.objects.published().get().published_at == now


def test_what_is_public_already_keeps_its_moment(admin_client, now):
    public = sourced(conference())

    press(admin_client, "_publish", public)

    published_at = public.published_at
    public.refresh_from_db()
    assert public.published_at == published_at


def test_scheduling_takes_the_moment_beside_the_button(admin_client, now):
    draft = sourced(conference(published_at=None))

    response = press(admin_client, "_schedule", draft, **PUBLICATION)

    draft.refresh_from_db()
    assert draft.published_at == now + timedelta(hours=21)
    assert "appears on" in messages_of(response)[0]


@pytest.mark.parametrize("moment", [{}, {"published_at_0": "2024-11-14", "published_at_1": "09:00"}])
def test_scheduling_without_a_moment_to_come_is_refused(admin_client, now, moment):
    draft = sourced(conference(published_at=None))

    response = press(admin_client, "_schedule", draft, **moment)

    assert response.context["errors"] == [[NEEDS_A_MOMENT]]
    draft.refresh_from_db()
    assert draft.is_draft


def test_save_as_draft_wins_over_a_moment_in_the_field_even_a_nonsensical_one(admin_client, now):
    public = sourced(conference())

    press(admin_client, "_draft", public, published_at_0="nonsense", published_at_1="")

    public.refresh_from_db()
    assert public.is_draft


def test_a_draft_may_lack_anything(admin_client):
    draft = agreement(title_zh_hans="", published_at=None)

    response = press(admin_client, "_draft", draft, title_en="Plant")

    assert messages_of(response) == ["“Plant” is saved as a draft. Only staff see it."]


def test_publishing_is_refused_with_every_reason_and_nothing_typed_is_lost(admin_client):
    draft = agreement(title_zh_hans="", published_at=None)
    cite(draft)

    response = press(admin_client, "_publish", draft, title_en="A plant that was renamed")

    assert response.context["errors"] == [[NEEDED_IN_EVERY_LANGUAGE], NEEDED_BENEATH]
    assert "A plant that was renamed" in response.text
    assert Agreement.objects.get().is_draft


def test_what_is_public_does_not_lose_what_it_needs(admin_client):
    public = ready(agreement())
    form = form_of(admin_client.get(address_of(public)))

    refused = admin_client.post(address_of(public), form | {"signings-0-DELETE": "on", "title_zh_hans": ""})

    assert refused.context["errors"] == [[NEEDED_IN_EVERY_LANGUAGE], NEEDED_BENEATH]


def test_what_is_public_and_lacks_something_since_it_was_loaded_can_still_be_corrected(admin_client):
    public = sourced(agreement(title_zh_hans=""))

    press(admin_client, "_save", public, title_en="Corrected")

    assert Agreement.objects.get().title_en == "Corrected"


def test_a_withdrawn_draft_is_not_published(admin_client):
    gone = sourced(conference(published_at=None))
    withdraw(gone)

    response = press(admin_client, "_publish", gone)

    assert response.context["errors"] == [[WITHDRAWN]]


def test_a_hidden_record_says_that_it_waits(admin_client):
    item = sourced(session(conference=conference(published_at=None), published_at=None))

    response = press(admin_client, "_publish", item)

    assert messages_of(response) == [
        f"“{item}” is published, but stays hidden until what it belongs to is public.",
    ]


def test_the_enter_key_never_publishes(admin_client):
    draft, public = conference(published_at=None), conference()

    first = [
        admin_client.get(address_of(record)).text.partition('class="submit-row"')[2].partition('name="')[2][:6]
        for record in (draft, public)
    ]

    assert first == ["_draft", '_save"']


def test_records_without_publication_keep_the_stock_buttons(admin_client):
    page = admin_client.get(address_of(sector())).text

    assert "_publish" not in page
    assert 'name="_save"' in page


# --- Without the right to publish -------------------------------------------------------------------------------------


def test_an_editor_saves_a_draft_and_is_offered_no_publication(editor):
    draft = sourced(conference(published_at=None))

    page = editor.get(address_of(draft))
    press(editor, "_save", draft, title_en="Renamed", **PUBLICATION)

    draft.refresh_from_db()
    assert "_publish" not in page.text
    assert (draft.title_en, draft.published_at) == ("Renamed", None)


@pytest.mark.parametrize("button", ["_publish", "_schedule", "_draft"])
def test_a_forged_button_is_refused(editor, button):
    draft = sourced(conference(published_at=None))

    response = press(editor, button, draft, **PUBLICATION)

    assert response.status_code == 403
    assert Conference.objects.get().is_draft


@pytest.mark.parametrize("moment", [timedelta(days=-1), timedelta(days=1)])
def test_what_is_public_or_scheduled_is_read_only_to_an_editor(editor, now, moment):
    released = sourced(conference(published_at=now + moment))

    page = editor.get(address_of(released))
    response = editor.post(address_of(released), {"title_en": "Changed"})

    assert (page.status_code, response.status_code) == (200, 403)
    assert 'name="title_en"' not in page.text


def test_the_action_of_the_list_is_not_offered_to_an_editor_and_does_nothing(editor):
    draft = sourced(conference(published_at=None))
    address = reverse("admin:events_conference_changelist")

    page = editor.get(address)
    editor.post(address, {"action": "publish_now", "_selected_action": [draft.pk]})

    assert "publish_now" not in page.text
    assert Conference.objects.get().is_draft


def test_an_editor_adds_nothing_that_would_be_public_at_once(editor):
    from tests.factories import speaker

    item, known, unknown = session(), speaker(), speaker(published_at=None)
    address = reverse("admin:events_appearance_add")
    form = form_of(editor.get(address)) | {"session": item.pk, "role": "speaker", "mode": "in_person"}

    refused = editor.post(address, form | {"speaker": known.pk})
    taken = editor.post(address, form | {"speaker": unknown.pk})

    assert "would be public at once" in str(refused.context["errors"])
    assert (taken.status_code, known.appearances.count(), unknown.appearances.count()) == (302, 0, 1)
