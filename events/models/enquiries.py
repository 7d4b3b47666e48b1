"""Questions from investors and residents. Never public, and erased when their time is over.

No history is kept of them on purpose: what was erased would live on there.
"""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, F, Q, When
from django.utils.crypto import get_random_string
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal import clock

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is taken for another when it is read out or copied
PERSONAL = ("message", "name", "organization", "email", "answer_subject", "answer", "note")


def new_reference() -> str:
    return f"E-{clock.today().year}-{get_random_string(4, LETTERS)}"


def new_sending() -> str:
    return get_random_string(22)


def end_of_retention():
    """The day on which an enquiry that comes in today is erased."""
    return clock.months_before(clock.today(), -settings.ENQUIRY_RETENTION_MONTHS)


# Those that wait come first, in the order of their deadlines; then what is over, the latest first.
BY_DEADLINE = [
    Case(When(answered_at=None, erased_at=None, then=0), default=1),
    Case(When(answered_at=None, then="due_at")),
    "-answered_at",
]


class EnquiryQuerySet(models.QuerySet):
    def open(self):
        """Those that wait for an answer."""
        return self.filter(answered_at=None, erased_at=None)

    def overdue(self):
        return self.open().filter(due_at__lt=clock.now())

    def due_within(self, days):
        """The open ones whose time ends in the next `days` days; not those for which it is over."""
        return self.open().filter(due_at__gte=clock.now(), due_at__lt=clock.now() + timedelta(days=days))

    def assigned_to(self, user):
        return self.filter(assigned_to=user)

    def unassigned(self):
        return self.filter(assigned_to=None)

    def suspicious(self):
        """The open ones that look like spam and that nobody has looked at."""
        return self.open().filter(is_suspicious=True)

    def answered(self):
        """Those that were answered, forwarded or told that they are not for us: everything that is over but spam."""
        return self.exclude(answered_at=None).exclude(outcome=Enquiry.Outcome.SPAM)

    def spam(self):
        return self.filter(outcome=Enquiry.Outcome.SPAM)

    def kept(self):
        return self.filter(erased_at=None)

    def erased(self):
        return self.exclude(erased_at=None)

    def due_for_erasure(self):
        return self.kept().filter(erase_on__lte=clock.today())

    def sent_by(self, sending):
        """The enquiry that this filled-in form became, however often it is sent."""
        return self.filter(sending=sending)

    def for_reply_times(self, since):
        """What a reply time is told from: what was answered since then, and what should have been by now."""
        is_overdue = Q(answered_at=None, erased_at=None, due_at__lt=clock.now())
        return self.exclude(outcome=Enquiry.Outcome.SPAM).filter(Q(answered_at__gte=since) | is_overdue)

    def waiting_counts(self, user, days) -> dict[str, int]:
        """How many are open, and of those how many are overdue, due within `days` days, assigned to nobody or to
        `user`, or look like spam; one query."""
        now = clock.now()
        return self.open().aggregate(
            open=Count("pk"),
            overdue=Count("pk", filter=Q(due_at__lt=now)),
            soon=Count("pk", filter=Q(due_at__gte=now, due_at__lt=now + timedelta(days=days))),
            unassigned=Count("pk", filter=Q(assigned_to=None)),
            mine=Count("pk", filter=Q(assigned_to=user)),
            suspicious=Count("pk", filter=Q(is_suspicious=True)),
        )

    def assign(self, user) -> int:
        """Gives the open ones to `user`, or to nobody; returns how many."""
        return self.open().update(assigned_to=user)

    def close(self, by, outcome) -> int:
        """Notes for the open ones that `by` has seen to them just now; returns how many, so that of two people who
        answer at once only one does."""
        return self.open().update(answered_at=clock.now(), answered_by=by, outcome=outcome)

    def reopen(self) -> int:
        return self.kept().update(answered_at=None, answered_by=None, outcome="")

    def erase(self) -> int:
        """Removes everything about the person who asked and everything that was said. What remains (the topic, the
        times, the outcome, the reference) keeps the reply times true."""
        return self.kept().update(erased_at=clock.now(), **dict.fromkeys(PERSONAL, ""))


class Enquiry(models.Model):
    """A question somebody asked the office, and what became of it."""

    is_for_staff_alone = True  # the pages that count enquiries are not kept (`portal.page_cache`)

    class Topic(models.TextChoices):
        INVEST = "invest", _("investing here")
        CONFERENCE = "conference", _("a conference")
        DATA = "data", _("the data on this site")
        OTHER = "other", _("something else")

    class Outcome(models.TextChoices):
        ANSWERED = "answered", _("answered")
        FORWARDED = "forwarded", _("forwarded")
        NOT_FOR_US = "not_for_us", _("not for us")
        SPAM = "spam", _("spam")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        OVERDUE = "overdue", _("overdue")
        ANSWERED = "answered", _("answered")
        SPAM = "spam", _("spam")
        ERASED = "erased", _("erased")

    reference = models.CharField(_("reference"), max_length=12, unique=True, default=new_reference, editable=False)
    sending = models.CharField(max_length=22, unique=True, default=new_sending, editable=False)
    language = models.CharField(_("language"), max_length=10, default=settings.LANGUAGE_CODE, editable=False)
    topic = models.CharField(_("topic"), max_length=12, choices=Topic)
    about_path = models.CharField(_("page it is about"), max_length=300, blank=True, editable=False)
    about_title = models.CharField(_("what it is about"), max_length=300, blank=True, editable=False)
    message = models.TextField(_("message"), max_length=5000, blank=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    organization = models.CharField(_("organization"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    consent_at = models.DateTimeField(
        _("consented at"), help_text=_("When they agreed that we keep this to answer them.")
    )
    is_suspicious = models.BooleanField(
        _("looks like spam"), default=False, editable=False, help_text=_("It holds more links than a question needs.")
    )
    received_at = models.DateTimeField(_("received at"), default=clock.now, editable=False)
    due_at = models.DateTimeField(
        _("answer due"), help_text=_("What the person was promised. Move it only once you have told them.")
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assigned to"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="enquiries",
    )
    note = models.TextField(
        _("note"), blank=True, help_text=_("For colleagues; never sent. It is erased with the enquiry.")
    )
    answer_subject = models.CharField(_("subject"), max_length=150, blank=True)
    answer = models.TextField(_("answer"), max_length=20_000, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="answered_enquiries",
    )
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)
    erase_on = models.DateField(
        _("erase on"), default=end_of_retention, help_text=_("The day on which what they wrote is erased.")
    )
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True, editable=False)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        ordering = ["due_at", "id"]
        permissions = [("erase_enquiry", _("May erase what somebody wrote before its time"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, outcome="") | (Q(answered_at__isnull=False) & ~Q(outcome="")),
                name="enquiry_is_answered_with_an_outcome",
                violation_error_message=_(
                    "An answered enquiry needs its outcome, and an outcome the time of the answer."
                ),
            ),
            models.CheckConstraint(
                condition=Q(due_at__gte=F("received_at")),
                name="enquiry_is_due_after_it_came_in",
                violation_error_message=_("The answer cannot be due before the enquiry came in."),
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=False) | (~Q(message="") & ~Q(email="")),
                name="enquiry_has_a_message_until_it_is_erased",
                violation_error_message=_("An enquiry has a message and an e-mail address until it is erased."),
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(**dict.fromkeys(PERSONAL, "")),
                name="enquiry_that_was_erased_holds_nothing_personal",
                violation_error_message=_("This enquiry was erased: nothing personal can be written into it again."),
            ),
        ]

    def __str__(self):
        return f"{self.reference} · {self.get_topic_display()}"

    @cached_property
    def state(self) -> State:
        if self.erased_at:
            return self.State.ERASED
        if self.outcome == self.Outcome.SPAM:
            return self.State.SPAM
        if self.answered_at:
            return self.State.ANSWERED
        return self.State.OVERDUE if self.due_at < clock.now() else self.State.OPEN

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.erased_at is None
