import logging

import pytest

from portal.observability import error_mail
from portal.observability.error_mail import HOUR, MOST_LETTERS, ErrorMail


@pytest.fixture
def clock(monkeypatch):
    """Seconds, to be set."""
    now = [1000.0]
    monkeypatch.setattr(error_mail, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def log(settings, clock):
    settings.ADMINS = [("", "admin@example.org")]
    logger, handler = logging.getLogger("tests.faults"), ErrorMail()
    logger.addHandler(handler)
    logger.propagate = False
    yield logger
    logger.removeHandler(handler)


def fail(log, text="no"):
    try:
        raise ValueError(text)
    except ValueError:
        log.exception("Internal Server Error")


def test_a_fault_is_a_letter_to_the_admins_without_what_anybody_said(log, mailoutbox):
    fail(log, "for anna@example.org at 203.0.113.77")

    [letter] = mailoutbox
    assert letter.to == ["admin@example.org"]
    assert letter.subject == "[portal.example] ERROR: ValueError: for …@… at …"
    assert "test_error_mail.py" in letter.body
    assert "anna" not in letter.body
    assert letter.attachments == letter.alternatives == []


def test_warnings_are_no_letters(log, mailoutbox):
    log.warning("Not Found: /en/")

    assert mailoutbox == []


def test_a_thousand_times_the_same_fault_are_one_letter(log, mailoutbox):
    for number in range(1000):
        fail(log, f"for the {number}th time")

    assert len(mailoutbox) == 1


def test_after_an_hour_the_fault_is_told_again_with_how_often_it_happened(log, mailoutbox, clock):
    for _each in range(5):
        fail(log)
    clock[0] += HOUR + 1
    fail(log)

    assert len(mailoutbox) == 2
    assert "It happened 4 more times since the last letter" in mailoutbox[1].body


def test_different_faults_are_letters_of_their_own_up_to_a_number(log, mailoutbox, clock):
    for number in range(MOST_LETTERS + 20):
        log.error(f"Fault {number}")

    assert len(mailoutbox) == MOST_LETTERS
    clock[0] += HOUR + 1
    log.error("Fault 0")
    assert len(mailoutbox) == MOST_LETTERS + 1


def test_a_mail_server_that_fails_fails_nobody(log, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    fail(log)
