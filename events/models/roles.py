"""What organizations do at a conference: hosting, organizing, supporting."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from companies.models import Organization
from events.models.conferences import Conference
from portal.publishing import PublishedQuerySet, PublishedWith


class ConferenceRoleQuerySet(PublishedQuerySet):
    def with_organization(self):
        return self.select_related("organization")

    def with_conference(self):
        """Loads the conferences, latest first."""
        return self.select_related("conference").order_by("-conference__starts_on", "position")


class ConferenceRole(PublishedWith):
    """What an organization does at a conference."""

    class Role(models.TextChoices):
        GUIDED_BY = "guided_by", _("guided by")
        HOST = "host", _("host")
        ORGANIZER = "organizer", _("organizer")
        CO_ORGANIZER = "co_organizer", _("co-organizer")
        SUPPORTER = "supporter", _("supporter")
        PARTNER = "partner", _("partner")
        EXHIBITOR = "exhibitor", _("exhibitor")

    published_with = ("conference", "organization")
    natural_key_paths = ("conference__slug", "organization__slug", "role")

    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="roles", verbose_name=_("conference")
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="conference_roles", verbose_name=_("organization")
    )
    role = models.CharField(_("role"), max_length=15, choices=Role)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = ConferenceRoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("organizer or partner")
        verbose_name_plural = _("organizers and partners")
        ordering = ["conference", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "organization", "role"],
                name="conference_role_is_listed_once",
                violation_error_message=_("This organization already has this role at this conference."),
            ),
        ]

    def __str__(self):
        return f"{self.organization} · {self.get_role_display()}"
