"""Investment projects: from the signature to the factory, by dated milestones."""

from datetime import timedelta

from django.db import models
from django.db.models import Case, Exists, ExpressionWrapper, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Concat, Greatest, Left, Length, NullIf, Replace, Substr
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from companies.models import Organization, Place
from companies.models.places import count_of_distinct
from events.models.signings import Signing
from events.stages import (
    BUILDING,
    LADDER,
    NEEDS_AN_OFFICIAL_SOURCE,
    Promise,
    Stage,
    bar_of,
    progress_of,
    progress_words,
    promise_of,
    stage_of,
    types_graded,
)
from portal import clock
from portal.addresses import path_of
from portal.corrections import Correction
from portal.fields import PartialDateField, Translated, UniqueWithPartialDates, columns, said_in_some_language
from portal.history.changed import with_changed_at
from portal.introductions import Introduced
from portal.provenance import Citation, CitedAs
from portal.publishing import Publishable, PublishedQuerySet, PublishedWith, public_relation
from portal.revisions import RevisionField, UidField
from portal.search.kinds import SearchedIn


class MilestoneQuerySet(PublishedQuerySet):
    def sufficient(self):
        """Those that were met, with evidence that is good enough for their kind."""
        return self.exclude(met_on="").filter(_good_enough())

    def with_evidence(self):
        """Adds `is_sufficient`, whether the sources are good enough for the step to count."""
        return self.annotate(is_sufficient=ExpressionWrapper(_good_enough(), models.BooleanField()))

    def promised(self):
        """Those with a date that was promised, the earliest first."""
        return self.exclude(due_on="").order_by("due_on", "pk").select_related("project")

    def with_documented_date(self):
        """Adds `documented_on`, when the same step of the same project was met by sufficient evidence; else empty."""
        same = Milestone.objects.published().sufficient().filter(project=OuterRef("project"), kind=OuterRef("kind"))
        first = Subquery(same.order_by("met_on").values("met_on")[:1], output_field=PartialDateField())
        return self.annotate(documented_on=first)

    def with_changed_at(self):
        """Adds `changed_at`, when the promise, its project or its evidence last changed."""
        return with_changed_at(self, "project", "citations")

    def undocumented(self):
        """The promised ones of which no sufficient source says that they were met."""
        return self.promised().with_documented_date().filter(documented_on__isnull=True)

    def overdue(self):
        """The undocumented ones whose time is over; a month or a year is over when its last day is."""
        return self.undocumented().filter(due_on__lt=_known_part_of(clock.today()))

    def due_within(self, days):
        """The undocumented ones whose time is not over and begins within `days` days."""
        today, last = clock.today(), clock.today() + timedelta(days=days)
        return self.undocumented().filter(due_on__gte=_known_part_of(today), due_on__lte=_known_part_of(last))

    def in_order(self):
        """By the dates they were met, or else promised for."""
        return self.order_by(Coalesce(NullIf("met_on", Value("")), "due_on"), "pk")


def _known_part_of(day):
    """As much of `day` as is known of the date that was promised."""
    return Left(Value(str(day)), Length("due_on"))


def _good_enough() -> Q:
    """The condition that the usable citations of a milestone make it count: see `events.stages`. The source of a
    promise is no evidence that it was kept, and neither is what was published before the day."""
    not_too_early = Q(source__published_on__gte=Left(OuterRef("met_on"), Length("source__published_on")))
    usable = MilestoneCitation.objects.usable().filter(record=OuterRef("pk")).exclude(fact="due_on")
    usable = usable.filter(Q(source__published_on="") | not_too_early)

    def from_sources(grades):
        return usable.filter(source__source_type__in=types_graded(grades))

    official = Q(kind__in=NEEDS_AN_OFFICIAL_SOURCE)
    publisher = Concat(*(f"source__{column}" for column in columns("publisher")))
    two_reports = GreaterThanOrEqual(count_of_distinct(publisher, from_sources("D")), 2)
    return (official & Q(Exists(from_sources("AB")))) | (~official & (Q(Exists(from_sources("ABC"))) | Q(two_reports)))


class Followed(models.Model):
    """Mixin for records that say how far an investment project has come: loaded `with_progress()`, ruled by
    `events.stages`."""

    class Meta:
        abstract = True

    @property
    def stage(self) -> str:
        """The derived stage."""
        return stage_of(self.newest_step, self.highest_step)

    @property
    def progress(self) -> str:
        """The stage, or what long silence means."""
        return progress_of(self.stage, self.evidence_on, clock.today())

    @property
    def progress_words(self) -> str:
        return progress_words(self.progress, self.stage, self.evidence_on)

    @property
    def bar(self):
        return bar_of(self.stage)


def followed(rows, project):
    """`rows` with what `Followed` needs of the investment project whose key they hold at `project` ("pk",
    "project_id"): the newest and the highest step that count, and the date of the newest evidence."""
    ranks = [When(kind=stage, then=rank) for rank, stage in enumerate(Stage)]
    met = Milestone.objects.published().sufficient().filter(project=OuterRef(project), kind__in=Stage.values)
    met = met.exclude(project__route=InvestmentProject.Route.EXISTING, kind__in=BUILDING).annotate(rank=Case(*ranks))
    return rows.annotate(
        newest_step=Subquery(met.order_by("-met_on", "-rank").values("kind")[:1]),
        highest_step=Subquery(met.filter(kind__in=LADDER).order_by("-rank").values("kind")[:1]),
        evidence_on=_newest_evidence_of(project),
    )


def _newest_evidence_of(project):
    """The newest date among signings, milestones that a usable source reports, and the usable sources themselves; empty
    where visitors see no project. A date counts as the latest day it can mean: 2022 is newer than 2022-09."""

    def newest(rows, column):
        latest = Concat(column, Substr(Value("-99-99"), Length(column) - 3))
        found = rows.exclude(**{column: ""}).annotate(latest=latest).order_by("-latest").values("latest")[:1]
        return Coalesce(Subquery(found, output_field=models.CharField()), Value(""))

    this = OuterRef(project)
    reports = MilestoneCitation.objects.usable().filter(record__project=this)
    latest = Greatest(
        newest(reports, "record__met_on"),
        newest(reports, "source__published_on"),
        newest(InvestmentProjectCitation.objects.usable().filter(record=this), "source__published_on"),
        newest(Signing.objects.published().filter(agreement__project=this), "signed_on"),
    )
    is_public = Exists(InvestmentProject.objects.published().filter(pk=this))
    written = Replace(latest, Value("-99"), Value(""))
    return Case(When(is_public, then=written), default=Value(""), output_field=PartialDateField())


class InvestmentProjectQuerySet(PublishedQuerySet):
    def not_reviewed_since(self, day):
        """Those for whose news nobody has looked since `day`, or ever."""
        return self.filter(Q(reviewed_on=None) | Q(reviewed_on__lt=day))

    def with_milestones(self):
        """Loads the milestones in the order of their dates, with their sources and whether they count."""
        milestones = Milestone.objects.published().with_citations().with_evidence().in_order()
        return self.prefetch_related(Prefetch("milestones", queryset=milestones))

    def with_progress(self):
        """Adds what the derived `stage`, `progress` and `evidence_on` rest on."""
        return followed(self, "pk")

    def introduced(self):
        return self.with_progress()

    def with_first_signing(self):
        """Adds `signed_on`, the date of the first signing of any of its agreements."""
        first = Signing.objects.published().filter(agreement__project=OuterRef("pk")).in_order()
        return self.annotate(signed_on=Subquery(first.values("signed_on")[:1], output_field=PartialDateField()))


class InvestmentProject(Followed, Introduced, Publishable):
    """Something that is built or moved into: a plant, a park, a laboratory."""

    class Route(models.TextChoices):
        NEW_BUILD = "new_build", _("new building")
        FIT_OUT = "fit_out", _("fit-out of a building")
        EXISTING = "existing", _("existing premises")
        NOT_STATED = "not_stated", _("not stated")

    _history_m2m_fields = ("organizations",)
    required_to_publish = ("title",)
    cited_as = CitedAs("title", "events:project")
    searched_in = SearchedIn("title", related=("organizations__name", "place__name"), about=("summary",))

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
    reviewed_on = models.DateField(
        _("reviewed on"),
        null=True,
        blank=True,
        help_text=_("When somebody last looked for news of it, whether or not there was any. Visitors do not see it."),
    )

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
        return path_of("events:project", self.slug)

    @property
    def kicker(self) -> str:
        return capfirst(self._meta.verbose_name)

    @property
    def key_line(self) -> str:
        return self.progress_words

    @property
    def public_place(self):
        return public_relation(self, "place")


class InvestmentProjectCitation(Citation):
    record = models.ForeignKey(
        InvestmentProject, on_delete=models.CASCADE, related_name="citations", verbose_name=_("investment project")
    )


class InvestmentProjectCorrection(Correction):
    record = models.ForeignKey(
        InvestmentProject, on_delete=models.CASCADE, related_name="corrections", verbose_name=_("investment project")
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
    revision = RevisionField(_("revision"), watched=("due_on",), help_text=_("Rises when another date is promised."))
    uid = UidField(unique=True)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["project", "met_on", "due_on", "id"]
        indexes = [models.Index(fields=["due_on"], name="milestone_by_promise")]
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

    @property
    def promise(self) -> Promise:
        """What became of the promised date; needs `with_documented_date()`."""
        return promise_of(self.due_on, self.documented_on, clock.today())

    @property
    def promise_words(self) -> str:
        return self.promise.label


class MilestoneCitation(Citation):
    record = models.ForeignKey(
        Milestone, on_delete=models.CASCADE, related_name="citations", verbose_name=_("milestone")
    )
