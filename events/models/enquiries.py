"""Questions from investors and residents. Never public."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal import clock


class EnquiryQuerySet(models.QuerySet):
    def open(self):
        return self.filter(answered_at=None)

    def overdue(self):
        return self.open().filter(due_at__lt=clock.now())


class Enquiry(models.Model):
    """A question somebody asked the office, and what became of it."""

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

    topic = models.CharField(_("topic"), max_length=12, choices=Topic)
    message = models.TextField(_("message"), max_length=5000)
    name = models.CharField(_("name"), max_length=120, blank=True)
    organization = models.CharField(_("organization"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"))
    consent_at = models.DateTimeField(
        _("consented at"), help_text=_("When they agreed that we keep this to answer them.")
    )
    received_at = models.DateTimeField(_("received at"), default=clock.now, editable=False)
    due_at = models.DateTimeField(_("answer due"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        ordering = ["due_at", "id"]
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
        ]

    def __str__(self):
        return f"{self.get_topic_display()} · {self.received_at:%Y-%m-%d}"
