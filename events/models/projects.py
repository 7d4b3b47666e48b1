"""Investment projects: from the signature to the factory, by dated milestones."""

from django.db import models
from django.db.models import Prefetch, Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from companies.models import Organization, Place
from portal.fields import PartialDateField, Translated, UniqueWithPartialDates, said_in_some_language
from portal.provenance import Citation, CitedAs
from portal.publishing import Publishable, PublishedQuerySet, PublishedWith


class InvestmentProjectQuerySet(PublishedQuerySet):
    def with_milestones(self):
        """Loads the milestones in the order of their dates, with their sources."""
        happens_on = Coalesce(NullIf("met_on", Value("")), "due_on")
        milestones = Milestone.objects.published().with_citations().order_by(happens_on, "pk")
        return self.prefetch_related(Prefetch("milestones", queryset=milestones))


class InvestmentProject(Publishable):
    """Something that is built or moved into: a plant, a park, a laboratory."""

    class Route(models.TextChoices):
        NEW_BUILD = "new_build", _("new building")
        FIT_OUT = "fit_out", _("fit-out of a building")
        EXISTING = "existing", _("existing premises")
        NOT_STATED = "not_stated", _("not stated")

    cited_as = CitedAs("title", "events:project")

    title = Translated(models.CharField(_("title"), max_length=250, help_text=_("SPH CanSino vaccine plant.")))
    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="projects", verbose_name=_("place")
    )
    organizations = models.ManyToManyField(
        Organization, blank=True, related_name="projects", verbose_name=_("organizations")
    )
    route = models.CharField(
        _("route"),
        max_length=12,
        choices=Route,
        default=Route.NOT_STATED,
        help_text=_("Decides which milestones apply: a tenant of an existing building is not late for construction."),
    )
    summary = Translated(models.TextField(_("summary")))

    objects = InvestmentProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("investment project")
        verbose_name_plural = _("investment projects")
        ordering = ["slug"]
        constraints = [
            said_in_some_language(
                "title", "project_has_a_title", _("Give the project a title in at least one language.")
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("events:project", args=[self.slug])

    @property
    def public_place(self):
        return self.place if self.place and self.place.is_public else None


class InvestmentProjectCitation(Citation):
    record = models.ForeignKey(
        InvestmentProject, on_delete=models.CASCADE, related_name="citations", verbose_name=_("investment project")
    )


class Milestone(PublishedWith):
    """A step of a project, with the day it was due and the day it was met. The stage is derived from these."""

    class Kind(models.TextChoices):
        ANNOUNCED = "announced", _("announced")
        REGISTERED = "registered", _("registered")
        APPROVED = "approved", _("approved")
        GROUNDBREAKING = "groundbreaking", _("ground-breaking ceremony")
        CONSTRUCTION_STARTED = "construction_started", _("construction started")
        COMPLETED = "completed", _("completed")
        OPERATING = "operating", _("operating")
        AT_SCALE = "at_scale", _("at scale")
        ON_HOLD = "on_hold", _("on hold")
        LAPSED = "lapsed", _("lapsed")

    published_with = ("project",)
    natural_key_paths = ("project__slug", "kind", "due_on", "met_on")
    cited_as = CitedAs("project__title", "events:project", ("project__slug",))

    project = models.ForeignKey(
        InvestmentProject, on_delete=models.CASCADE, related_name="milestones", verbose_name=_("project")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    due_on = PartialDateField(_("due on"), blank=True, help_text=_("The date that was promised."))
    met_on = PartialDateField(_("met on"), blank=True, help_text=_("The date that a source reports."))
    note = Translated(models.CharField(_("note"), max_length=300))

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["project", "met_on", "due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(due_on="", met_on=""),
                name="milestone_has_a_date",
                violation_error_message=_("Give the date it was due or the date it was met."),
            ),
            UniqueWithPartialDates(
                fields=["project", "kind", "due_on", "met_on"],
                name="milestone_is_recorded_once",
                violation_error_message=_("This milestone is already recorded. Add your source to it as a citation."),
            ),
        ]

    def __str__(self):
        return f"{self.project}: {self.get_kind_display()} {self.met_on or self.due_on}"

    def get_absolute_url(self):
        return self.project.get_absolute_url()


class MilestoneCitation(Citation):
    record = models.ForeignKey(
        Milestone, on_delete=models.CASCADE, related_name="citations", verbose_name=_("milestone")
    )
