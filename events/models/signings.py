"""The moments of signing: on which stage, and when."""

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from companies.models import Place
from events.models.sessions import OnStage, not_both
from portal import clock
from portal.fields import PartialDateField, Translated
from portal.publishing import PublishedQuerySet, PublishedWith, parents_condition


class SigningQuerySet(PublishedQuerySet):
    def on_public_stage(self, at=None):
        """Those whose stage is public, or that had none; says nothing about the agreement itself."""
        return self.filter(parents_condition(Signing, OnStage.published_with, at or clock.now()))

    def with_stage(self):
        return self.select_related("conference", "session__conference", "place")

    def in_order(self):
        """The first one first; one without a date stands where its conference does."""
        began_on = Coalesce(NullIf("signed_on", Value("")), "session__conference__starts_on", "conference__starts_on")
        return self.order_by(began_on, "pk")


class Signing(OnStage, PublishedWith):
    """The moment an agreement was signed. The same paper can be signed on several stages; only the first counts."""

    published_with = ("agreement", *OnStage.published_with)
    natural_key_paths = (
        "agreement__slug",
        "session__conference__slug",
        "session__slug",
        "conference__slug",
        "signed_on",
    )

    agreement = models.ForeignKey(
        "events.Agreement", on_delete=models.CASCADE, related_name="signings", verbose_name=_("agreement")
    )
    signed_on = PartialDateField(_("signed on"), blank=True)
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="signings", verbose_name=_("place")
    )
    note = Translated(models.CharField(_("note"), max_length=300, help_text=_("Reported on 28 November 2020.")))

    objects = SigningQuerySet.as_manager()

    class Meta:
        verbose_name = _("signing")
        verbose_name_plural = _("signings")
        ordering = ["signed_on", "id"]
        constraints = [
            not_both("signing_is_at_a_session_or_a_conference"),
            models.CheckConstraint(
                condition=~Q(signed_on="") | Q(conference__isnull=False) | Q(session__isnull=False),
                name="signing_has_a_date_or_a_stage",
                violation_error_message=_("Say when it was signed, or at which conference."),
            ),
            models.UniqueConstraint(
                fields=["agreement", "session"],
                condition=Q(session__isnull=False),
                name="signing_at_a_session_is_recorded_once",
                violation_error_message=_("The signing of this agreement in this session is already recorded."),
            ),
            models.UniqueConstraint(
                fields=["agreement", "conference"],
                condition=Q(conference__isnull=False),
                name="signing_at_a_conference_is_recorded_once",
                violation_error_message=_("The signing of this agreement at this conference is already recorded."),
            ),
            models.UniqueConstraint(
                fields=["agreement", "signed_on"],
                condition=Q(conference=None, session=None),
                name="signing_away_from_a_stage_is_recorded_once",
                violation_error_message=_("This signing is already recorded."),
            ),
        ]

    def __str__(self):
        return f"{self.agreement} · {self.signed_on or self.held_at}"
