"""The letters around an enquiry: to the person who wrote, to the office, and the answer.

What somebody typed into the public form goes into no letter, or the form could be made to send it to anybody.
"""

import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from events.enquiries import answering_users

AUTOMATIC = {"Auto-Submitted": "auto-generated"}  # so that no absence notice answers

log = logging.getLogger(__name__)


def _is_sent(message, what) -> bool:
    """Sends it; a mail server that fails is the operator's to know of, and nobody else's fault."""
    try:
        return bool(message.send())
    except Exception as problem:  # whatever a mail server can say; its words may hold addresses, which no log should
        log.error("%s was not sent: %s.", what, type(problem).__name__)
        return False


def _site_name():
    return settings.SITE_NAMES[translation.get_language()]


# --- When it comes in -------------------------------------------------------------------------------------------------


def confirm(enquiry) -> bool:
    """Tells the person, in the language of their page, what they were told there. Returns whether it was sent."""
    with translation.override(enquiry.language):
        due = date_format(timezone.localdate(enquiry.due_at))
        paragraphs = [
            _("Your enquiry has reached us. Its reference is %(reference)s.") % {"reference": enquiry.reference},
            _("We answer to this address by %(date)s.") % {"date": due},
            _("If you did not write to us, somebody gave your address by mistake. You need not do anything."),
            f"{_site_name()}\n{settings.SITE_URL}",
        ]
        subject = _("Your enquiry %(reference)s") % {"reference": enquiry.reference}
        letter = EmailMessage(
            subject, "\n\n".join(paragraphs), to=[enquiry.email], reply_to=_office(), headers=AUTOMATIC
        )
    return _is_sent(letter, f"The confirmation of {enquiry.reference}")


def tell_the_office(enquiry):
    """Tells the office, or everybody who may answer, that there is something to read; in every language of the portal,
    since nobody knows who opens it, and with nothing of what was written."""
    recipients = _office() or [user.email for user in answering_users() if user.email]
    if not recipients:
        return
    parts = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            parts.append(_notice_of(enquiry))
    with translation.override(settings.LANGUAGE_CODE):
        link = settings.SITE_URL + reverse("admin:events_enquiry_change", args=[enquiry.pk])
    body = "\n\n".join([*parts, link])
    subject = f"{settings.SITE_NAMES[settings.LANGUAGE_CODE]}: {enquiry.reference}"
    letter = EmailMessage(subject, body, to=recipients, headers=AUTOMATIC)
    _is_sent(letter, f"The notice of {enquiry.reference}")


def _notice_of(enquiry) -> str:
    words = {
        "reference": enquiry.reference,
        "topic": enquiry.get_topic_display(),
        "date": date_format(timezone.localdate(enquiry.due_at)),
    }
    text = (
        _("An enquiry came in: %(reference)s, about %(topic)s. The person was promised an answer by %(date)s.") % words
    )
    return " ".join([text, _("It looks like spam.")]) if enquiry.is_suspicious else text


def _office() -> list[str]:
    return [settings.CONTACT_EMAIL] if settings.CONTACT_EMAIL else []


# --- The answer -------------------------------------------------------------------------------------------------------


class NotSent(Exception):  # noqa: N818 (it says what happened)
    """The mail server did not take the answer; nothing is noted as answered."""


class AnsweredMeanwhile(Exception):  # noqa: N818
    """Somebody else closed the enquiry first; nothing was sent."""


def send_answer(enquiry, by, outcome):
    """Sends the answer as it was saved, and notes that `by` gave it. The enquiry is closed first, so that of two who
    press the button only one sends, and opened again if the letter does not leave."""
    one = type(enquiry).objects.filter(pk=enquiry.pk)
    if not one.close(by, outcome):
        raise AnsweredMeanwhile
    subject = " ".join(enquiry.answer_subject.split())
    letter = EmailMessage(subject, enquiry.answer, to=[enquiry.email], reply_to=_office())
    if not _is_sent(letter, f"The answer to {enquiry.reference}"):
        one.reopen()
        raise NotSent
