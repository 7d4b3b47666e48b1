"""Who signs, and in which role."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.models import Organization
from portal import clock
from portal.fields import Translated, columns
from portal.publishing import PublishedQuerySet, PublishedWith, parents_condition
from portal.quantities import plain


class AgreementPartyQuerySet(PublishedQuerySet):
    def with_public_names(self):
        """What lists of public agreements say of their parties; those that are not public themselves are left out."""
        is_public = parents_condition(self.model, ("organization",), clock.now())
        names = (*columns("name"), *(f"organization__{column}" for column in columns("name")))
        return self.filter(is_public).select_related("organization").only("agreement_id", *names)


class AgreementParty(PublishedWith):
    """Who signed, and as what; an organization of the portal or a name."""

    class Role(models.TextChoices):
        INVESTOR = "investor", _("investor")
        PROJECT_COMPANY = "project_company", _("project company")
        HOST_AUTHORITY = "host_authority", _("host authority")
        PARK_OPERATOR = "park_operator", _("park operator")
        RESEARCH_PARTNER = "research_partner", _("research partner")
        SERVICE_PARTNER = "service_partner", _("service partner")
        LENDER = "lender", _("lender")
        EQUITY_INVESTOR = "equity_investor", _("equity investor")
        WITNESS = "witness", _("witness")
        PARTY = "party", _("party")

    published_with = ("agreement", "organization")
    natural_key_paths = ("agreement__slug", "role", "organization__slug", *columns("name"))

    agreement = models.ForeignKey(
        "events.Agreement", on_delete=models.CASCADE, related_name="parties", verbose_name=_("agreement")
    )
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agreement_parties",
        verbose_name=_("organization"),
    )
    name = Translated(
        models.CharField(_("or its name"), max_length=200, help_text=_("Only when the portal has no page for it."))
    )
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.PARTY)
    share = models.DecimalField(
        _("share in %"), max_digits=6, decimal_places=3, null=True, blank=True, help_text=_("Of a joint venture: 49.8.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = AgreementPartyQuerySet.as_manager()

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(organization__isnull=False) & Q(**dict.fromkeys(columns("name"), "")))
                | (Q(organization=None) & ~Q(**dict.fromkeys(columns("name"), ""))),
                name="party_is_an_organization_or_a_name",
                violation_error_message=_("Choose an organization or write a name, not both."),
            ),
            models.CheckConstraint(
                condition=Q(share=None) | Q(share__gt=0, share__lte=100),
                name="party_share_is_a_percentage",
                violation_error_message=_("A share lies between 0 and 100 percent."),
            ),
            models.UniqueConstraint(
                fields=["agreement", "organization", "role"],
                condition=Q(organization__isnull=False),
                name="party_is_listed_once_per_role",
                violation_error_message=_("This organization is already listed in this role."),
            ),
            models.UniqueConstraint(
                fields=["agreement", "role", *columns("name")],
                condition=Q(organization=None),
                name="named_party_is_listed_once_per_role",
                violation_error_message=_("This name is already listed in this role."),
            ),
        ]

    def __str__(self):
        return str(self.title)

    @property
    def title(self) -> str:
        """The name of the organization of the portal, else the name that was written down."""
        return self.organization.name if self.organization else self.name

    @property
    def share_words(self) -> str:
        return f"{plain(self.share)}%" if self.share else ""
