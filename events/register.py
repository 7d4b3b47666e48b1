"""The registers as one sees them: filtered by links, with the totals of exactly what is shown."""

from collections import Counter
from functools import cached_property

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Cast, Coalesce, Left
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from companies.models import Place, Sector
from companies.models.places import count_of_distinct, inside
from events.models import Agreement, Amount, Conference, InvestmentProject, Signing
from events.stages import PROGRESS, Stage
from events.totals import Totals, totals_of
from portal.facets import FilteredList, counted, grouped, is_year
from portal.fields import columns


def progress_by_project() -> dict[int, str]:
    """How far each public project has come; one query. The rules of stages and silence are those of
    `events.stages`: the filters count with what comes out of them."""
    return {project.pk: project.progress for project in InvestmentProject.objects.published().with_progress()}


class ProjectList(FilteredList):
    """The public investment projects, by how far they have come."""

    NAMES = ("stage",)
    view = "events:projects"

    @property
    def projects(self):
        return self.rows

    def knows(self, name, value):
        return value in PROGRESS

    def headings(self):
        return {"stage": _("What became of it")}

    def label_of(self, name, value):
        return capfirst(str(PROGRESS[value]))

    def matching(self, on):
        everything = InvestmentProject.objects.published().with_progress()
        if not on:
            return everything
        return everything.filter(pk__in=[pk for pk, reached in self._progress.items() if reached == on["stage"]])

    @cached_property
    def _progress(self) -> dict[int, str]:
        return progress_by_project()

    def options(self):
        counts = Counter(self._progress.values())
        return {"stage": [(value, self.label_of("stage", value), count) for value, count in counts.items()]}


class Register(FilteredList):
    """The public agreements, with what they add up to."""

    NAMES = ("conference", "year", "kind", "sector", "place", "stage", "disclosed")
    view = "events:agreements"

    def __init__(self, parameters):
        self._records = {}  # by the name of the filter that they are chosen in
        super().__init__(parameters)

    @property
    def agreements(self):
        return self.rows

    @cached_property
    def totals(self) -> Totals:
        return totals_of(self.agreements)

    def knows(self, name, value):
        records = {"conference": Conference.objects, "sector": Sector.objects, "place": Place.objects}
        if name in records:
            found = records[name].all() if name == "sector" else records[name].published()
            self._records[name] = found.filter(slug=value).first()
            return self._records[name] is not None
        if name == "year":
            return is_year(value)
        return value in {"kind": Agreement.Kind.values, "stage": PROGRESS, "disclosed": ("yes", "no")}[name]

    def headings(self):
        return {
            "stage": _("What became of it"),
            "year": _("Year of signing"),
            "kind": _("Kind of paper"),
            "disclosed": _("Amount"),
            "conference": _("Conference"),
            "sector": _("Sector"),
            "place": _("Place"),
        }

    def label_of(self, name, value):
        labels = {
            "kind": dict(Agreement.Kind.choices),
            "stage": PROGRESS,
            "disclosed": {"yes": _("disclosed"), "no": _("not disclosed")},
        }
        if name in labels:
            return capfirst(str(labels[name].get(value, value)))
        return str(self._records.get(name) or value)

    def matching(self, on):
        found = Agreement.objects.published()
        if "conference" in on:
            found = found.signed_at(self._records["conference"])
        if "year" in on:
            found = found.signed_in(on["year"])
        if "kind" in on:
            found = found.of_kind(on["kind"])
        if "sector" in on:
            found = found.in_sector(self._records["sector"])
        if "place" in on:
            found = found.at_place(self._records["place"])
        if "stage" in on:
            found = found.at_stage(on["stage"], self._progress)
        if "disclosed" in on:
            found = found.disclosed() if on["disclosed"] == "yes" else found.undisclosed()
        return found

    @cached_property
    def _progress(self) -> dict[int, str]:
        return progress_by_project()

    # --- Counts -------------------------------------------------------------------------------------------------------

    def options(self):
        """Stages are counted by project, and put together here."""
        options = super().options()
        stages = Counter()
        for project, _label, count in options["stage"]:
            stages[self._progress.get(int(project or 0), Stage.SIGNED.value)] += count
        options["stage"] = [(stage, self.label_of("stage", stage), count) for stage, count in stages.items()]
        return options

    def counts_of(self, name, rows):
        return getattr(self, f"_count_by_{name}")(rows)

    def _count_by_kind(self, agreements):
        return grouped(agreements, "kind", F("kind"))

    def _count_by_year(self, agreements):
        dated = agreements.with_first_signing().exclude(Q(signed_on=None) | Q(signed_on=""))
        return grouped(dated, "year", Left("signed_on", 4, output_field=CharField()))

    def _count_by_stage(self, agreements):
        return grouped(agreements, "stage", Coalesce(Cast("project_id", CharField()), Value("")))

    def _count_by_disclosed(self, agreements):
        states = Exists(Amount.objects.filter(agreement=OuterRef("pk")))
        return grouped(agreements, "disclosed", Case(When(states, then=Value("yes")), default=Value("no")))

    def _count_by_conference(self, agreements):
        signings = Signing.objects.published().filter(agreement__in=agreements.values("pk")).order_by()
        held = signings.exclude(conference=None, session=None)

        def of_conference(column):
            return Coalesce(f"session__conference__{column}", f"conference__{column}")

        titles = [of_conference(column) for column in columns("title")]
        return grouped(held, "conference", of_conference("slug"), titles, count="agreement")

    def _count_by_sector(self, agreements):
        memberships = Agreement.sectors.through.objects.filter(agreement__in=agreements.values("pk"))
        of_this = memberships.filter(Q(sector=OuterRef("pk")) | Q(sector__parent=OuterRef("pk")))
        return counted(Sector.objects.all(), "sector", count_of_distinct("agreement", of_this))

    def _count_by_place(self, agreements):
        there = Agreement.objects.filter(inside("place", OuterRef("pk")), pk__in=agreements.values("pk"))
        return counted(Place.objects.published(), "place", count_of_distinct("pk", there))
