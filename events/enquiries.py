"""What the office promises those who write to it, what it keeps of that promise, and how an enquiry is taken in.

The model is in `events.models.enquiries`, the form in `events.enquiry_form`, the letters in `events.enquiry_mail`.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median_high

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

from events.models import Enquiry
from events.models.enquiries import new_reference
from events.working_days import end_of_working_day, working_days_between
from portal import clock
from portal.corrections import title_of
from portal.sharing import pages_of_records

FEWEST = 5  # answers: a median of fewer would speak of single people


# --- The promise ------------------------------------------------------------------------------------------------------


def promised_reply():
    """The moment until which an enquiry that comes in now is to be answered."""
    return end_of_working_day(clock.now(), settings.ENQUIRY_REPLY_DAYS)


@dataclass(frozen=True)
class ReplyTimes:
    """How long people waited. `answered` of the last twelve months, half of them within `median` working days (None
    while they are fewer than five); `overdue` still wait although their time is over, whenever they wrote."""

    answered: int
    median: int | None
    overdue: int

    @property
    def sentences(self) -> list[str]:
        return list(filter(None, [self._of_answers, self._of_the_overdue]))

    @property
    def _of_answers(self) -> str:
        if self.median is None:
            return ""
        if self.median == 0:
            text = gettext(
                "At least half of the %(n)s enquiries answered in the last twelve months were answered on the "
                "day they came in."
            )
            return text % {"n": self.answered}
        text = ngettext(
            "At least half of the %(n)s enquiries answered in the last twelve months were answered within %(days)s "
            "working day.",
            "At least half of the %(n)s enquiries answered in the last twelve months were answered within %(days)s "
            "working days.",
            self.median,
        )
        return text % {"n": self.answered, "days": self.median}

    @property
    def _of_the_overdue(self) -> str:
        if not self.overdue:
            return ""
        text = ngettext(
            "%(n)s enquiry is still open past its promised day.",
            "%(n)s enquiries are still open past their promised days.",
            self.overdue,
        )
        return text % {"n": self.overdue}


def reply_times() -> ReplyTimes:
    """The reply times, in one query.

    An answer counts when it was given in the last 365 days, whatever it was: answered, forwarded, or that it is not for
    us. Spam counts nowhere. The time is counted in working days after the day of arrival, so that a question of Friday
    night that is answered on Monday took one. Of an even number the later middle is the median: what is said is never
    better than what was done. Who was never answered has no reply time and would make the median look better the
    longer they wait, so those whose time is over are counted beside it. Erased enquiries keep their times.
    """
    now = clock.now()
    rows = Enquiry.objects.for_reply_times(since=now - timedelta(days=365)).values_list("received_at", "answered_at")
    waits = [working_days_between(_day(received), _day(answered)) for received, answered in rows if answered]
    median = median_high(waits) if len(waits) >= FEWEST else None
    return ReplyTimes(len(waits), median, overdue=len(rows) - len(waits))


def _day(moment):
    return timezone.localdate(moment)


# --- What it is about -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Subject:
    """A public page that somebody asks about."""

    path: str
    title: str


def subject_at(path) -> Subject | None:
    """The record whose page is at `path`, in whichever language, as the active language calls it. None where `path` is
    no page of a record that visitors can see, and so for every address of another site."""
    language = translation.get_language_from_path(path)
    if language is None:
        return None
    try:
        with translation.override(language):
            match = resolve(path)
    except Resolver404:
        return None
    model = pages_of_records().get(match.view_name)
    if model is None:
        return None
    slugs = dict(zip(model.cited_as.slugs, match.kwargs.values(), strict=True))
    record = model.objects.published().filter(**slugs).first()
    return record and Subject(record.get_absolute_url(), str(title_of(record)))


# --- Who answers ------------------------------------------------------------------------------------------------------


def answering_users():
    """The people who may answer enquiries."""
    users = get_user_model().objects
    allowed = users.with_perm("events.change_enquiry", backend="django.contrib.auth.backends.ModelBackend")
    return allowed.filter(is_staff=True).order_by("username")


# --- Taking it in -----------------------------------------------------------------------------------------------------


def receive(sending, **said) -> tuple[Enquiry, bool]:
    """The enquiry that the form `sending` became, and whether it is new: sent twice, it is one. `said` is what it says
    and in which language."""
    reference = new_reference()
    while Enquiry.objects.filter(reference=reference).exists():
        reference = new_reference()
    now = clock.now()
    arrival = {"reference": reference, "consent_at": now, "received_at": now, "due_at": promised_reply()}
    return Enquiry.objects.get_or_create(sending=sending, defaults={**arrival, **said})


@dataclass(frozen=True)
class Receipt:
    """What somebody learns once they have written, and all of it: it stands signed in the address of their page, so
    that the page asks no database, needs no cookie, and looks the same to a program that was sent away."""

    reference: str
    topic: str
    due_on: date
    is_mailed: bool

    @classmethod
    def of(cls, enquiry, is_mailed) -> "Receipt":
        return cls(enquiry.reference, enquiry.topic, _day(enquiry.due_at), is_mailed)

    @classmethod
    def for_nothing(cls) -> "Receipt":
        """One that stands for no enquiry."""
        return cls(new_reference(), Enquiry.Topic.OTHER.value, _day(promised_reply()), is_mailed=True)

    @classmethod
    def read(cls, token) -> "Receipt":
        """The receipt that `token` is; 404 where it is none."""
        try:
            reference, topic, due_on, is_mailed = Signer(salt=cls.__qualname__).unsign_object(token)
        except BadSignature:
            raise Http404("no such receipt") from None
        return cls(reference, topic, date.fromisoformat(due_on), is_mailed)

    @property
    def token(self) -> str:
        said = [self.reference, self.topic, self.due_on.isoformat(), self.is_mailed]
        return Signer(salt=type(self).__qualname__).sign_object(said)

    @property
    def topic_words(self) -> str:
        return Enquiry.Topic(self.topic).label

    def get_absolute_url(self):
        return reverse("events:enquiry_receipt", args=[self.token])
