"""The desk of enquiries: the list, giving them to somebody, answering, erasing, and who may."""

from datetime import date, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core import mail
from django.urls import reverse

from events.models import Enquiry, ReplyTemplate
from tests.desk import form_of
from tests.factories import enquiry, reply_template

pytestmark = pytest.mark.django_db

LIST = "admin:events_enquiry_changelist"


@pytest.fixture(autouse=True)
def stand_still(now):
    """The deadlines of these tests are told from one moment."""


@pytest.fixture
def person(django_user_model):
    """Makes a member of staff with these rights to enquiries, and signs them in to the client."""

    def make(client, *rights, username="lin"):
        user = django_user_model.objects.create_user(username, f"{username}@office.example", is_staff=True)
        user.user_permissions.add(*Permission.objects.filter(codename__in=[f"{right}_enquiry" for right in rights]))
        client.force_login(user)
        return user

    return make


@pytest.fixture
def lin(client, person):
    """Somebody who answers enquiries, signed in."""
    return person(client, "view", "change")


def address_of(asked, name="change"):
    return reverse(f"admin:events_enquiry_{name}", args=[asked.pk])


def press(client, asked, button, **values):
    """Open the enquiry, fill in `values` and press `button`."""
    address = address_of(asked)
    return client.post(address, form_of(client.get(address)) | values | {button: ""}, follow=True)


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def listed(client, **query):
    return list(client.get(reverse(LIST), query).context["cl"].result_list)


def act(client, action, *chosen, **values):
    form = {"action": action, "_selected_action": [each.pk for each in chosen], **values}
    return client.post(reverse(LIST), form, follow=True)


# --- The list ---------------------------------------------------------------------------------------------------------


def test_the_list_begins_with_what_is_due_first(client, lin, now):
    closed = enquiry(answered_at=now, outcome="answered")
    later, sooner = (enquiry(due_at=now + timedelta(days=days)) for days in (3, 2))

    assert listed(client) == [sooner, later, closed]


def test_the_list_is_narrowed_to_what_somebody_has_to_do(client, lin, now):
    late = enquiry(received_at=now - timedelta(days=9), due_at=now - timedelta(days=1), assigned_to=lin)
    free = enquiry(is_suspicious=True, topic="data")
    spam = enquiry(answered_at=now, outcome="spam", assigned_to=lin)

    found = {
        "open": listed(client, state="open"),
        "overdue": listed(client, state="overdue"),
        "suspicious": listed(client, state="suspicious"),
        "spam": listed(client, state="spam"),
        "mine": listed(client, assigned="me"),
        "free": listed(client, assigned="nobody"),
        "about data": listed(client, topic="data"),
    }

    assert found == {
        "open": [late, free],
        "overdue": [late],
        "suspicious": [free],
        "spam": [spam],
        "mine": [late, spam],
        "free": [free],
        "about data": [free],
    }


@pytest.mark.parametrize("size", [1, 20])
def test_the_list_asks_the_same_for_one_and_for_many(client, lin, django_assert_num_queries, size):
    for _number in range(size):
        enquiry(assigned_to=lin)
    client.get(reverse(LIST))

    with django_assert_num_queries(10):
        client.get(reverse(LIST))


# --- Many at once -----------------------------------------------------------------------------------------------------


def test_enquiries_are_given_to_oneself_to_a_colleague_and_to_nobody(client, lin, person, django_user_model, now):
    waits, closed = enquiry(), enquiry(answered_at=now, outcome="answered")
    colleague = person(client, "change", username="wu")
    client.force_login(lin)

    assigned = []
    for action, assignee in (("assign_to_me", ""), ("assign_to", colleague.pk), ("assign_to", "")):
        response = act(client, action, waits, closed, assignee=assignee)
        assigned.append(Enquiry.objects.get(pk=waits.pk).assigned_to)

    assert assigned == [lin, colleague, None]
    assert messages_of(response) == ["1 enquiry assigned.", "1 was skipped, because it is closed."]
    assert Enquiry.objects.get(pk=closed.pk).assigned_to is None
    assert LogEntry.objects.filter(object_id=waits.pk).count() == 3


def test_nobody_is_given_an_enquiry_who_may_not_answer_it(client, lin, person):
    auditor = person(client, "view", username="auditor")
    client.force_login(lin)

    act(client, "assign_to", asked := enquiry(), assignee=auditor.pk)
    press(client, asked, "_continue", assigned_to=auditor.pk)

    assert Enquiry.objects.get().assigned_to is None


def test_spam_is_closed_and_can_be_opened_again(client, lin, now):
    asked, answered = enquiry(), enquiry(answered_at=now, outcome="answered")

    response = act(client, "mark_as_spam", asked, answered)
    marked = Enquiry.objects.get(pk=asked.pk)
    act(client, "open_again", asked, answered)

    assert messages_of(response) == ["1 enquiry is spam now.", "1 was skipped, because it is closed."]
    assert (marked.outcome, marked.answered_by, marked.answered_at) == ("spam", lin, now)
    assert list(Enquiry.objects.open()) == [asked]
    assert Enquiry.objects.get(pk=answered.pk).outcome == "answered"


# --- Reading ----------------------------------------------------------------------------------------------------------


def test_what_a_stranger_wrote_is_shown_as_text(client, lin):
    asked = enquiry(
        message="<script>alert(1)</script>\n\nhttps://evil.example",
        name="<b>Bo</b>",
        about_path="/en/conferences/main/",
        about_title="<i>Main</i>",
    )

    html = client.get(address_of(asked)).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "&lt;b&gt;Bo&lt;/b&gt;" in html
    assert '<a href="/en/conferences/main/">&lt;i&gt;Main&lt;/i&gt;</a>' in html
    assert 'href="https://evil.example' not in html


def test_what_a_stranger_wrote_cannot_be_changed(client, lin):
    asked = enquiry(message="Where?", email="bo@example.com")

    press(client, asked, "_continue", message="There!", email="all@example.com", outcome="spam", erase_on="2099-01-01")

    stored = Enquiry.objects.get()
    assert (stored.message, stored.email, stored.outcome) == ("Where?", "bo@example.com", "")
    assert stored.erase_on == asked.erase_on


# --- Answering --------------------------------------------------------------------------------------------------------


def test_an_answer_begins_with_a_greeting_in_the_language_of_the_person(client, lin):
    form = form_of(client.get(address_of(enquiry(name="Bo Ek", language="en", reference="E-2024-7K3Q"))))

    assert form["answer_subject"] == "Your enquiry (E-2024-7K3Q)"
    assert form["answer"].startswith("Dear Bo Ek,\n\nthank you for your enquiry E-2024-7K3Q.")


def test_a_template_is_filled_in_and_nothing_is_sent(client, lin):
    template = reply_template(subject_zh_hans="实验室", text_zh_hans="{name}，您好！")

    response = press(client, enquiry(name="张三", language="zh-hans"), "_fill", template=template.pk)

    stored = Enquiry.objects.get()
    assert (stored.answer_subject, stored.answer) == (f"实验室 ({stored.reference})", "张三，您好！")
    assert messages_of(response) == ["The template is filled in. Nothing was sent."]
    assert (stored.answered_at, mail.outbox) == (None, [])


def test_a_template_takes_the_place_of_another_and_not_of_ones_own_words(client, lin):
    first, second = reply_template(text_en="First."), reply_template(text_en="Second.")
    asked, answers = enquiry(), []

    for template, typed in ((first, {}), (second, {}), (first, {"answer": "My own.\r\nWords."})):
        press(client, asked, "_fill", template=template.pk, **typed)
        answers.append(Enquiry.objects.get().answer)

    assert answers == ["First.", "Second.", "My own.\nWords.\n\nFirst."]


def test_a_draft_is_kept_and_not_sent(client, lin, now):
    asked = enquiry()

    press(
        client,
        asked,
        "_continue",
        answer="Dear Bo",
        note="ask the park",
        assigned_to=lin.pk,
        due_at_0="2024-12-01",
        due_at_1="12:00",
    )

    stored = Enquiry.objects.get()
    assert (stored.answer, stored.note, stored.assigned_to) == ("Dear Bo", "ask the park", lin)
    assert (stored.due_at.date(), stored.is_open) == (date(2024, 12, 1), True)
    assert mail.outbox == []


def test_an_answer_is_sent_as_it_was_edited_and_noted(client, lin, now):
    response = press(
        client, enquiry(), "_send", answer_subject="Yes", answer="Dear Bo,\r\n\r\nyes.", result="forwarded"
    )

    stored = Enquiry.objects.get()
    assert [(letter.subject, letter.body, letter.to) for letter in mail.outbox] == [
        ("Yes", "Dear Bo,\n\nyes.", ["investor@example.com"])
    ]
    assert (stored.answered_at, stored.answered_by, stored.outcome) == (now, lin, "forwarded")
    assert messages_of(response) == ["The answer was sent."]
    assert "yes." in response.content.decode()
    assert "_send" not in response.content.decode()


def test_an_empty_answer_is_not_sent(client, lin):
    response = press(client, enquiry(), "_send", answer_subject="", answer="  ")

    assert [list(errors) for errors in response.context["errors"]] == [
        ["Write this before you send it, or save it as a draft."]
    ] * 2
    assert (mail.outbox, Enquiry.objects.get().is_open) == ([], True)


def test_an_answer_that_does_not_leave_stays_a_draft_and_nothing_is_noted(client, lin, settings):
    settings.EMAIL_BACKEND = "no.such.Backend"

    response = press(client, enquiry(), "_send", answer="Dear Bo")

    stored = Enquiry.objects.get()
    assert (stored.is_open, stored.answer) == (True, "Dear Bo")
    assert messages_of(response) == [
        "The mail server did not take the answer, so it was not sent. It is kept here as a draft."
    ]
    assert form_of(response)["answer"] == "Dear Bo"


def test_an_answer_given_on_the_telephone_is_noted_and_nothing_sent(client, lin, now):
    response = press(client, enquiry(), "_record", answer="", result="not_for_us")

    stored = Enquiry.objects.get()
    assert (stored.answered_at, stored.answered_by, stored.outcome) == (now, lin, "not_for_us")
    assert messages_of(response) == ["It is noted as answered. Nothing was sent."]
    assert mail.outbox == []


@pytest.mark.parametrize("button", ["_send", "_record"])
def test_what_a_colleague_closed_meanwhile_is_not_answered_again(client, lin, now, button):
    asked = enquiry()
    form = form_of(client.get(address_of(asked))) | {"answer": "Dear Bo"}
    Enquiry.objects.close(None, Enquiry.Outcome.FORWARDED)

    response = client.post(address_of(asked), form | {button: ""}, follow=True)

    assert messages_of(response) == ["It is closed already, so nothing was sent."]
    assert (mail.outbox, Enquiry.objects.get().outcome) == ([], "forwarded")


def test_a_draft_of_a_colleague_is_not_overwritten_unseen(client, lin):
    asked = enquiry()
    form = form_of(client.get(address_of(asked))) | {"answer": "Mine.", "_send": ""}
    Enquiry.objects.update(answer="Theirs.")

    refused = client.post(address_of(asked), form)
    again = client.post(address_of(asked), form_of(refused) | {"_send": ""}, follow=True)

    assert "and it replaces theirs: “Theirs.”" in refused.context["errors"][0][0]
    assert messages_of(again) == ["The answer was sent."]
    assert [letter.body for letter in mail.outbox] == ["Mine."]


@pytest.mark.parametrize(
    "forged",
    [
        {"template": "x"},
        {"template": "99999999999999999999"},
        {"result": "spam"},
        {"assigned_to": "-1"},
        {"assigned_to": "99999999999999999999"},
        {"due_at_0": "2020-01-01", "due_at_1": "00:00"},
        {"due_at_0": "", "due_at_1": ""},
        {"answer": "x" * 20_001},
        {"answer_subject": "x" * 151},
        {"answer": "a\x00b"},
    ],
)
def test_a_forged_field_is_refused_and_nothing_is_sent(client, lin, forged):
    response = press(client, enquiry(), "_send", **{"answer": "Dear Bo", **forged})

    assert len(response.context["errors"]) == 1
    assert (mail.outbox, Enquiry.objects.get().is_open) == ([], True)


# --- Erasure ----------------------------------------------------------------------------------------------------------


def test_an_administrator_erases_an_enquiry_after_being_asked_once_more(client, person, now):
    person(client, "view", "change", "erase")
    asked = enquiry(name="Bo Ek")

    question = client.get(address_of(asked, "erase"))
    before = Enquiry.objects.get().name
    response = client.post(address_of(asked, "erase"), follow=True)

    assert "It was not answered yet." in question.content.decode()
    assert (before, Enquiry.objects.get().name, Enquiry.objects.get().erased_at) == ("Bo Ek", "", now)
    assert messages_of(response) == ["What this person wrote is erased."]
    assert "Bo Ek" not in response.content.decode()


def test_nothing_is_written_into_an_erased_enquiry(client, lin):
    asked = enquiry()
    Enquiry.objects.erase()

    press(client, asked, "_continue", note="Bo Ek called", answer="Dear Bo")

    assert (Enquiry.objects.get().note, Enquiry.objects.get().answer) == ("", "")


def test_the_log_names_nobody(client, person):
    person(client, "view", "change", "erase")
    asked = enquiry(name="Bo Ek", organization="Ek AB")

    press(client, asked, "_continue", note="Bo Ek called")
    client.post(address_of(asked, "erase"))

    told = " ".join(f"{entry.object_repr} {entry.change_message}" for entry in LogEntry.objects.all())
    assert LogEntry.objects.count() == 2
    assert [word for word in ("Bo Ek", "Ek AB", "investor@") if word in told] == []


# --- Who may ----------------------------------------------------------------------------------------------------------


def test_without_the_right_nobody_reads_an_enquiry_and_no_refusal_names_it(client, person):
    asked = enquiry(name="Bo Ek", reference="E-2024-7K3Q")
    person(client)

    for address in (reverse(LIST), address_of(asked), address_of(asked, "erase"), address_of(asked, "history")):
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code == 403
            assert [word for word in ("Bo Ek", "E-2024-7K3Q") if word in answer.content.decode()] == []


def test_whoever_may_only_look_changes_nothing(client, person):
    person(client, "view")
    asked = enquiry()

    page = client.get(address_of(asked))
    answers = [client.post(address_of(asked), {"_send": "", "answer": "Dear Bo", "answer_subject": "Yes"})]
    answers += [client.get(address_of(asked, "erase")), client.post(address_of(asked, "erase"))]
    act(client, "mark_as_spam", asked)

    assert page.status_code == 200
    assert "_send" not in page.content.decode()
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert (mail.outbox, Enquiry.objects.get().is_open) == ([], True)


def test_who_answers_does_not_erase(client, lin):
    asked = enquiry()

    assert client.post(address_of(asked, "erase")).status_code == 403
    assert "erase/" not in client.get(address_of(asked)).content.decode()
    assert not Enquiry.objects.erased().exists()


def test_nobody_adds_or_deletes_an_enquiry(admin_client):
    asked = enquiry()

    assert admin_client.get(reverse("admin:events_enquiry_add")).status_code == 403
    assert admin_client.post(address_of(asked, "delete"), {"post": "yes"}).status_code == 403
    act(admin_client, "delete_selected", asked)
    assert Enquiry.objects.count() == 1


@pytest.mark.parametrize("key", ["0", "x", "999999999999999999999999"])
def test_an_enquiry_that_does_not_exist_is_said_not_to(admin_client, key):
    for address in (f"/admin/events/enquiry/{key}/change/", f"/admin/events/enquiry/{key}/erase/"):
        assert admin_client.get(address).status_code == 302


# --- Reply templates --------------------------------------------------------------------------------------------------


def test_a_template_is_written_in_both_languages(admin_client):
    address = reverse("admin:events_replytemplate_add")
    form = form_of(admin_client.get(address)) | {"name": "Laboratories", "subject_en": "Yes", "text_en": "Dear {nmae}"}

    refused = admin_client.post(address, form)
    admin_client.post(address, form | {"text_en": "Dear {name}"})

    assert "Nothing can stand for {nmae}." in str(refused.context["errors"])
    assert ReplyTemplate.objects.get().text_en == "Dear {name}"
