"""Enquiries: what waits, what is promised and kept, what is erased, and what goes out by mail."""

import logging
from datetime import date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import translation

from events import enquiry_mail
from events.enquiries import ReplyTimes, answering_users, promised_reply, receive, reply_times, subject_at
from events.enquiry_mail import AnsweredMeanwhile, NotSent, send_answer
from events.models import Enquiry, ReplyTemplate
from events.models.enquiries import BY_DEADLINE, LETTERS, PERSONAL
from events.replies import greeting_for, reply_from
from portal import clock
from tests.factories import agreement, conference, enquiry, organization, project, reply_template, session, speaker

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


def test_an_enquiry_is_named_by_its_reference_and_topic_and_by_nobody(now):
    asked = enquiry(topic=Enquiry.Topic.INVEST, name="A. Investor", organization="DiaSorin", reference="E-2024-7K3Q")

    assert str(asked) == "E-2024-7K3Q · investing here"


def test_a_reference_holds_the_year_and_letters_that_nobody_confuses(now):
    reference = enquiry().reference

    year, letters = reference.removeprefix("E-").split("-")
    assert year == "2024"
    assert len(letters) == 4
    assert set(letters) <= set(LETTERS)
    assert not set(LETTERS) & set("01OILU")


# --- What waits -------------------------------------------------------------------------------------------------------


@pytest.fixture
def staff(db):
    """Somebody who may answer enquiries."""
    user = get_user_model().objects.create_user("lin", "lin@office.example", is_staff=True)
    user.user_permissions.add(*Permission.objects.filter(codename__in=["view_enquiry", "change_enquiry"]))
    return user


def over(**overrides):
    """An enquiry that was answered now."""
    return enquiry(**{"answered_at": clock.now(), "outcome": Enquiry.Outcome.ANSWERED, **overrides})


def test_what_waits_is_told_apart(now, staff):
    late = enquiry(received_at=now - timedelta(days=9), due_at=now - timedelta(seconds=1), assigned_to=staff)
    soon = enquiry(due_at=now + timedelta(days=2) - timedelta(seconds=1), is_suspicious=True)
    later = enquiry(due_at=now + timedelta(days=2))
    answered, spam = over(assigned_to=staff), over(outcome=Enquiry.Outcome.SPAM)
    erased = enquiry(due_at=now + timedelta(days=1))
    Enquiry.objects.filter(pk=erased.pk).erase()
    enquiries = Enquiry.objects.order_by("pk")

    found = {
        "open": enquiries.open(),
        "overdue": enquiries.overdue(),
        "due within two days": enquiries.due_within(2),
        "assigned": enquiries.assigned_to(staff),
        "unassigned and open": enquiries.unassigned().open(),
        "suspicious": enquiries.suspicious(),
        "answered": enquiries.answered(),
        "spam": enquiries.spam(),
        "erased": enquiries.erased(),
    }

    assert {name: list(each) for name, each in found.items()} == {
        "open": [late, soon, later],
        "overdue": [late],
        "due within two days": [soon],
        "assigned": [late, answered],
        "unassigned and open": [soon, later],
        "suspicious": [soon],
        "answered": [answered],
        "spam": [spam],
        "erased": [erased],
    }
    states = {each.pk: each.state for each in enquiries}
    assert [states[each.pk] for each in (late, soon, answered, spam, erased)] == [
        *("overdue", "open", "answered", "spam", "erased")
    ]


def test_the_desk_lists_what_waits_by_its_deadline_and_then_what_was_closed_last(now):
    closed_first = over(answered_at=now - timedelta(days=1), due_at=now + timedelta(days=1))
    closed_last = over(due_at=now + timedelta(days=9))
    later, sooner = (enquiry(due_at=now + timedelta(days=days)) for days in (3, 2))

    assert list(Enquiry.objects.order_by(*BY_DEADLINE)) == [sooner, later, closed_last, closed_first]


def test_of_two_who_close_the_same_enquiry_one_does(now, staff):
    one = Enquiry.objects.filter(pk=enquiry().pk)

    assert [one.close(staff, Enquiry.Outcome.FORWARDED), one.close(None, Enquiry.Outcome.SPAM)] == [1, 0]
    assert (one.get().outcome, one.get().answered_by, one.get().answered_at) == ("forwarded", staff, now)


def test_only_what_waits_is_given_to_somebody(now, staff):
    waits, is_over = enquiry(), over()

    assert Enquiry.objects.assign(staff) == 1
    assert list(Enquiry.objects.assigned_to(staff)) == [waits]
    assert list(Enquiry.objects.unassigned()) == [is_over]


# --- Coming in --------------------------------------------------------------------------------------------------------

SAID = {"topic": "data", "message": "Where from?", "email": "a@example.com", "language": "en"}


def test_what_comes_in_is_promised_an_answer_and_will_be_erased(now, settings):
    settings.ENQUIRY_REPLY_DAYS, settings.ENQUIRY_RETENTION_MONTHS = 3, 24

    asked, is_new = receive("form-1", **SAID)

    assert is_new
    assert (asked.received_at, asked.consent_at) == (now, now)
    assert asked.due_at == datetime(2024, 11, 20, 23, 59, 59, tzinfo=ZoneInfo("Asia/Shanghai"))  # Friday + 3
    assert asked.erase_on == date(2026, 11, 15)


def test_a_form_that_is_sent_twice_is_one_enquiry(now):
    first, _is_new = receive("form-1", **SAID)

    again, is_new = receive("form-1", **SAID | {"message": "Where from, please?"})

    assert (again, is_new) == (first, False)
    assert Enquiry.objects.get().message == "Where from?"


def test_a_reference_that_is_taken_is_not_given_again(now, monkeypatch):
    enquiry(reference="E-2024-2222")
    references = iter(["E-2024-2222", "E-2024-3333"])
    monkeypatch.setattr("events.enquiries.new_reference", lambda: next(references))

    asked, _is_new = receive("form-1", **SAID)

    assert asked.reference == "E-2024-3333"


@pytest.mark.parametrize("make", [agreement, conference, organization, project, speaker])
def test_an_enquiry_can_be_about_any_public_page_of_a_record_in_any_language(make):
    record = make()
    with translation.override("zh-hans"):
        in_chinese = record.get_absolute_url()
        title = str(getattr(record, "title", "") or record.name)
        found = subject_at(record.get_absolute_url())

    assert (found.path, found.title) == (in_chinese, title)
    assert subject_at(in_chinese).path == record.get_absolute_url()


def test_an_enquiry_can_be_about_a_session():
    assert subject_at(session().get_absolute_url()).title.startswith("Session")


@pytest.mark.parametrize(
    "path",
    [
        *("", "/", "/en/", "/en/agreements/", "/en/no-such-page/", "/admin/", "/fr/conferences/main/"),
        *("https://evil.example/en/conferences/main/", "//evil.example/en/conferences/main/", "javascript:alert(1)"),
        *("/en/conferences/main/?next=//evil.example", "/en/conferences/main/../secret/", "/en/conferences/ma\x00in/"),
        *("/en/conferences/secret/", "/en/conferences/main/programme/", "/en/" + "x" * 9000),
    ],
)
def test_an_enquiry_is_about_nothing_else(path):
    conference(slug="main")
    conference(slug="secret", published_at=None)

    assert subject_at(path) is None


# --- The promise, and what is kept of it ------------------------------------------------------------------------------


def waited(days, outcome="answered", **overrides):
    """An enquiry that came in on Monday, 4 November, and was closed `days` working days later, in that week."""
    received = datetime(2024, 11, 4, 15, tzinfo=ZoneInfo("Asia/Shanghai"))
    closed = received + timedelta(days=days)
    return enquiry(
        received_at=received, due_at=received + timedelta(days=7), answered_at=closed, outcome=outcome, **overrides
    )


def test_the_promise_is_a_number_of_working_days(now, settings):
    settings.ENQUIRY_REPLY_DAYS = 1

    assert promised_reply() == datetime(2024, 11, 18, 23, 59, 59, tzinfo=ZoneInfo("Asia/Shanghai"))  # Monday


def test_there_is_no_reply_time_before_five_answers(now):
    for days in (1, 2, 3, 4):
        waited(days)

    assert reply_times() == ReplyTimes(answered=4, median=None, overdue=0)
    assert reply_times().sentences == []


def test_of_five_answers_the_third_is_the_median(now):
    for days, outcome in ((0, "answered"), (4, "answered"), (2, "forwarded"), (3, "not_for_us"), (1, "answered")):
        waited(days, outcome)

    assert reply_times() == ReplyTimes(answered=5, median=2, overdue=0)
    assert reply_times().sentences == [
        "At least half of the 5 enquiries answered in the last twelve months were answered within 2 working days."
    ]


def test_between_two_middles_the_longer_wait_is_the_median(now):
    for days in (0, 0, 0, 4, 4, 4):
        waited(days)

    assert reply_times().median == 4


def test_spam_is_no_answer(now):
    for days in (4, 4, 4, 4):
        waited(days)
    waited(0, "spam")

    assert reply_times().answered == 4


def test_those_who_wait_too_long_are_counted_beside_the_median_whenever_they_wrote(now):
    for _number in range(5):
        waited(0)
    for age in (10, 700):
        enquiry(received_at=now - timedelta(days=age), due_at=now - timedelta(days=age - 7))
    enquiry(due_at=now + timedelta(days=1))

    assert reply_times() == ReplyTimes(answered=5, median=0, overdue=2)
    assert reply_times().sentences == [
        "At least half of the 5 enquiries answered in the last twelve months were answered on the day they came in.",
        "2 enquiries are still open past their promised days.",
    ]


def test_an_answer_counts_for_a_year(now):
    for _number in range(5):
        waited(1)

    medians = []
    for moment in (
        datetime(2025, 11, 5, 14, tzinfo=ZoneInfo("Asia/Shanghai")),
        datetime(2025, 11, 6, tzinfo=now.tzinfo),
    ):
        with clock.set_to(moment):
            medians.append(reply_times().median)
    assert medians == [1, None]


def test_erasing_changes_no_reply_time(now):
    for days in (0, 1, 2, 3, 4):
        waited(days)
    before = reply_times()

    Enquiry.objects.erase()

    assert reply_times() == before


def test_the_reply_times_are_one_query(now, django_assert_num_queries):
    for days in (0, 1, 2, 3, 4):
        waited(days)

    with django_assert_num_queries(1):
        reply_times()


# --- Erasure ----------------------------------------------------------------------------------------------------------


def told(**overrides):
    """An enquiry in which everything is filled in."""
    personal = {"name": "Bo Ek", "organization": "Ek AB", "note": "call", "answer_subject": "Re", "answer": "Dear Bo"}
    return over(**personal, **overrides)


def test_what_is_erased_keeps_its_reference_topic_times_and_outcome_alone(now):
    asked = told()

    Enquiry.objects.erase()

    erased = Enquiry.objects.get()
    assert {name: getattr(erased, name) for name in PERSONAL} == dict.fromkeys(PERSONAL, "")
    assert [getattr(erased, name) for name in ("reference", "topic", "received_at", "answered_at", "outcome")] == [
        getattr(asked, name) for name in ("reference", "topic", "received_at", "answered_at", "outcome")
    ]
    assert erased.erased_at == now


def erase(*flags) -> str:
    printed = StringIO()
    call_command("erase_enquiries", *flags, stdout=printed)
    return printed.getvalue()


def test_the_command_erases_on_the_promised_day_and_once(now):
    due, later = told(erase_on=date(2024, 11, 15)), told(erase_on=date(2024, 11, 16))

    said = [erase("--dry-run"), erase(), erase()]

    assert said == ["1 enquiry would be erased.\n", "1 enquiry erased.\n", "0 enquiries erased.\n"]
    assert [list(Enquiry.objects.erased()), list(Enquiry.objects.kept())] == [[due], [later]]


def test_a_dry_run_erases_nothing(now):
    told(erase_on=date(2024, 11, 15))

    erase("--dry-run")

    assert not Enquiry.objects.erased().exists()


# --- Mail -------------------------------------------------------------------------------------------------------------

SHOUT = "Buy <b>cheap</b> lenses at https://spam.example"


@pytest.fixture
def broken_mail(settings):
    settings.EMAIL_BACKEND = "no.such.Backend"


def test_a_confirmation_repeats_nothing_that_was_typed_but_the_address(now):
    asked = enquiry(message=SHOUT, name=SHOUT, organization=SHOUT, about_title=SHOUT, reference="E-2024-7K3Q")

    assert enquiry_mail.confirm(asked)

    (letter,) = mail.outbox
    assert letter.to == ["investor@example.com"]
    assert letter.subject == "Your enquiry E-2024-7K3Q"
    assert "spam" not in letter.message().as_string()
    assert "We answer to this address by 22 November 2024." in letter.body
    assert letter.extra_headers == {"Auto-Submitted": "auto-generated"}


def test_a_confirmation_is_in_the_language_of_the_form(now):
    enquiry_mail.confirm(enquiry(language="zh-hans"))

    assert "2024年11月22日" in mail.outbox[0].body


def test_the_office_learns_that_there_is_something_to_read_and_nothing_of_what(now, settings):
    settings.CONTACT_EMAIL = "office@portal.example"
    asked = enquiry(message=SHOUT, name="Bo Ek", is_suspicious=True, reference="E-2024-7K3Q")

    enquiry_mail.tell_the_office(asked)

    (letter,) = mail.outbox
    assert letter.to == ["office@portal.example"]
    assert f"https://portal.example/admin/events/enquiry/{asked.pk}/change/" in letter.body
    assert "It looks like spam." in letter.body
    assert [word for word in ("Bo Ek", "lenses", "investor@") if word in letter.message().as_string()] == []


def test_without_an_address_of_the_office_those_who_may_answer_learn_of_it(now, settings, staff, django_user_model):
    settings.CONTACT_EMAIL = ""
    django_user_model.objects.create_user("auditor", "auditor@office.example", is_staff=True)

    enquiry_mail.tell_the_office(enquiry())

    assert mail.outbox[0].to == ["lin@office.example"]
    assert list(answering_users()) == [staff]


def test_nobody_to_tell_is_no_error(now, settings):
    settings.CONTACT_EMAIL = ""

    enquiry_mail.tell_the_office(enquiry())

    assert mail.outbox == []


def test_a_mail_server_that_fails_is_noted_without_the_address(now, broken_mail, caplog):
    with caplog.at_level(logging.ERROR):
        assert not enquiry_mail.confirm(enquiry(reference="E-2024-7K3Q"))

    assert "E-2024-7K3Q was not sent" in caplog.text
    assert "investor@" not in caplog.text


def drafted(**overrides):
    return enquiry(answer_subject="Laboratories", answer="Dear Bo,\n\nyes.", **overrides)


def test_an_answer_is_sent_and_noted(now, settings, staff):
    settings.CONTACT_EMAIL = "office@portal.example"

    send_answer(asked := drafted(), staff, Enquiry.Outcome.ANSWERED)

    (letter,) = mail.outbox
    assert (letter.subject, letter.body) == ("Laboratories", "Dear Bo,\n\nyes.")
    assert (letter.to, letter.reply_to) == (["investor@example.com"], ["office@portal.example"])
    asked.refresh_from_db()
    assert (asked.answered_at, asked.answered_by, asked.outcome) == (now, staff, "answered")


def test_an_answer_that_does_not_leave_is_not_noted(now, staff, broken_mail):
    asked = drafted()

    with pytest.raises(NotSent):
        send_answer(asked, staff, Enquiry.Outcome.ANSWERED)

    assert list(Enquiry.objects.open()) == [asked]
    assert Enquiry.objects.get().answered_by is None


def test_what_was_answered_meanwhile_is_not_answered_twice(now, staff):
    asked = drafted()
    Enquiry.objects.close(None, Enquiry.Outcome.FORWARDED)

    with pytest.raises(AnsweredMeanwhile):
        send_answer(asked, staff, Enquiry.Outcome.ANSWERED)

    assert mail.outbox == []
    assert Enquiry.objects.get().outcome == "forwarded"


def test_a_subject_of_two_lines_adds_no_header(now, staff):
    send_answer(drafted(), staff, "answered")
    asked = drafted()
    asked.answer_subject = "Hello\r\nBcc: all@spam.example"

    send_answer(asked, staff, "answered")

    assert mail.outbox[1].message()["Subject"] == "Hello Bcc: all@spam.example"
    assert mail.outbox[1].recipients() == ["investor@example.com"]


# --- Replies ----------------------------------------------------------------------------------------------------------


def test_a_template_is_filled_in_in_the_language_of_the_person():
    template = reply_template(
        subject_en="Laboratories",
        subject_zh_hans="实验室",
        text_en="Dear {name}, about {title}: yes ({reference}).",
        text_zh_hans="{name}，您好：{title}。",
    )
    about = {"name": "Bo Ek", "about_title": "Plant 7", "reference": "E-2024-7K3Q"}

    english = reply_from(template, enquiry(**about))
    chinese = reply_from(template, enquiry(**about | {"reference": "E-2024-7K3R"}, language="zh-hans"))

    assert english == ("Laboratories (E-2024-7K3Q)", "Dear Bo Ek, about Plant 7: yes (E-2024-7K3Q).")
    assert chinese == ("实验室 (E-2024-7K3R)", "Bo Ek，您好：Plant 7。")


def test_what_is_filled_in_is_not_filled_in_again():
    template = reply_template(subject_en="{name}\n{name}", text_en="{name} {0} { name }")

    subject, text = reply_from(template, enquiry(name="{reference}", reference="E-2024-7K3Q"))

    assert subject == "{reference} {reference} (E-2024-7K3Q)"
    assert text == "{reference} {0} { name }"


def test_somebody_without_a_name_is_greeted_all_the_same():
    subject, text = greeting_for(enquiry(reference="E-2024-7K3Q"))

    assert subject == "Your enquiry (E-2024-7K3Q)"
    assert text.startswith("Dear Sir or Madam,\n\nthank you for your enquiry E-2024-7K3Q.")


@pytest.mark.parametrize("text", ["Dear {nmae}", "Dear {}", "Dear {name.__class__}x{nam}"])
def test_a_template_with_an_unknown_placeholder_is_refused(text):
    template = reply_template()
    template.text_en = text

    with pytest.raises(ValidationError) as refusal:
        template.full_clean()

    assert list(refusal.value.message_dict) == ["text_en"]
    assert "These can be used: {reference}, {name}, {title}." in refusal.value.messages[0]


def test_templates_for_the_topic_stand_first():
    other, for_all, for_topic = (reply_template(topic=topic) for topic in ("data", "", "invest"))

    assert list(ReplyTemplate.objects.for_topic_first("invest")) == [for_topic, for_all, other]
