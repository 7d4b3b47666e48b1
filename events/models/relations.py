"""How agreements stand to one another: upgrades, successors, frameworks, batches."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from events.models.agreements import Agreement
from portal.publishing import PublishedWith


class AgreementRelation(PublishedWith):
    """How one agreement stands to another."""

    class Kind(models.TextChoices):
        UPGRADES = "upgrades", _("upgrades")
        SUPERSEDES = "supersedes", _("supersedes")
        PART_OF_FRAMEWORK = "part_of_framework", _("is part of the framework")
        BATCH_MEMBER = "batch_member", _("is one of the batch")

    published_with = ("agreement", "to")
    natural_key_paths = ("agreement__slug", "kind", "to__slug")

    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="relations", verbose_name=_("agreement")
    )
    kind = models.CharField(_("relation"), max_length=20, choices=Kind)
    to = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="relations_to", verbose_name=_("to agreement")
    )

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        ordering = ["agreement", "kind", "to"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "kind", "to"],
                name="relation_is_recorded_once",
                violation_error_message=_("This relation is already recorded."),
            ),
            models.CheckConstraint(
                condition=~Q(agreement=F("to")),
                name="relation_is_to_another_agreement",
                violation_error_message=_("An agreement cannot be related to itself."),
            ),
        ]

    def __str__(self):
        return f"{self.agreement} {self.get_kind_display()} {self.to}"
