"""The registers as one sees them: filtered by links, with the totals of exactly what is shown."""

from array import array
from collections import Counter
from functools import cached_property
from sys import intern

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Cast, Coalesce, Left
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from companies.models import Place, Sector
from events.models import Agreement, Amount, Conference, InvestmentProject, Signing
from events.stages import PROGRESS, Stage, progress_of, stage_of
from events.totals import Totals, totals_of
from portal import clock
from portal.facets import FilteredList, grouped, inside_each_other, is_year
from portal.fields import columns
from portal.page_cache.kept import kept
from portal.partial_dates import PartialDate
from portal.prepared import prepared

FOLLOWED = ("newest_step", "highest_step", "evidence_on")


def facts_by_project() -> dict[int, tuple]:
    """What says how far each public project has come (`FOLLOWED`), once for each content generation: the rules of
    evidence take long to ask, and pages show it of few."""
    return kept("events.projects.followed", _facts_by_project)


def _facts_by_project():
    projects = InvestmentProject.objects.published().with_progress().order_by()
    return {pk: tuple(facts) for pk, *facts in projects.values_list("pk", *FOLLOWED)}


def progress_by_project(facts=None) -> dict[int, str]:
    """How far each public project has come. The rules of stages and silence are those of `events.stages`: the filters
    count with what comes out of them."""
    facts = facts_by_project() if facts is None else facts
    return {
        pk: progress_of(stage_of(newest, highest), evidence_on, clock.today())
        for pk, (newest, highest, evidence_on) in facts.items()
    }


def followed(records, facts, project):
    """`records` as `with_progress` would load them, by the `facts` of all projects; `project` finds the key of the
    project of each."""
    for record in records:
        record.newest_step, record.highest_step, record.evidence_on = facts.get(project(record), (None, None, None))
    return records


def _on_board(projects):
    return InvestmentProject.objects.still_public(projects).with_public("place")


def _on_cards(agreements):
    return Agreement.objects.still_public(agreements).for_cards()


def _without_parties(agreements):
    return Agreement.objects.still_public(agreements).for_cards(with_parties=False)


class ProjectList(FilteredList):
    """The public investment projects, by how far they have come."""

    NAMES = ("stage",)
    view = "events:projects"
    model = InvestmentProject

    @property
    def projects(self):
        return self.rows.with_progress()

    def knows(self, name, value):
        return value in PROGRESS

    def headings(self):
        return {"stage": _("What became of it")}

    def label_of(self, name, value):
        return capfirst(str(PROGRESS[value]))

    def load(self, records):
        return followed(prepared(_on_board, records), facts_by_project(), lambda project: project.pk)

    def matching(self, on):
        everything = InvestmentProject.objects.published()
        if not on:
            return everything
        return everything.filter(pk__in=[pk for pk, reached in self._progress.items() if reached == on["stage"]])

    @cached_property
    def _progress(self) -> dict[int, str]:
        return progress_by_project()

    def counts(self):
        return {"stage": [(value, "", "", count) for value, count in Counter(self._progress.values()).items()]}


_RECORDS = {
    "conference": lambda: Conference.objects.published(),
    "sector": lambda: Sector.objects.all(),
    "place": lambda: Place.objects.published(),
}


class Register(FilteredList):
    """The public agreements, with what they add up to."""

    NAMES = ("conference", "year", "kind", "sector", "place", "stage", "disclosed")
    view = "events:agreements"
    model = Agreement
    shown = staticmethod(_on_cards)  # what a page loads

    def __init__(self, parameters):
        self._records = {}  # by the name of the filter that they are chosen in
        super().__init__(parameters)

    @property
    def agreements(self):
        return self.rows

    def in_order(self):
        return self.agreements.latest_signed_first()

    def find(self):
        """With the day of the first signing of each, and the key of its project, 0 where it led to none."""
        rows = list(self.in_order().values_list("pk", "signed_on", "project"))
        days = [intern(str(day or "")) for _pk, day, _project in rows]
        return array("q", (pk for pk, *_ in rows)), days, array("q", (project or 0 for *_, project in rows))

    def load(self, records, days, projects):
        followed_by = dict(zip((record.pk for record in records), zip(days, projects, strict=True), strict=True))
        agreements = followed(prepared(self.shown, records), self.facts, lambda each: followed_by[each.pk][1])
        for agreement in agreements:
            day, _project = followed_by[agreement.pk]
            agreement.signed_on = PartialDate.parse(day) if day else None
        return agreements

    @cached_property
    def facts(self) -> dict[int, tuple]:
        return facts_by_project()

    @cached_property
    def totals(self) -> Totals:
        return self.once("totals", lambda: totals_of(self.agreements))

    def knows(self, name, value):
        if name in _RECORDS:
            found = prepared(_RECORDS[name], slug=value)
            self._records[name] = found[0] if found else None
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
            found = found.at_stage(on["stage"], self.progress_by_project)
        if "disclosed" in on:
            found = found.disclosed() if on["disclosed"] == "yes" else found.undisclosed()
        return found

    @cached_property
    def progress_by_project(self) -> dict[int, str]:
        return progress_by_project(self.facts)

    # --- Counts -------------------------------------------------------------------------------------------------------

    def counts(self):
        """Stages are counted by project, and put together here."""
        counts = super().counts()
        stages = Counter()
        for project, *_labels, count in counts["stage"]:
            stages[self.progress_by_project.get(int(project or 0), Stage.SIGNED.value)] += count
        counts["stage"] = [(stage, "", "", count) for stage, count in stages.items()]
        return counts

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
        members = Agreement.sectors.through.objects.filter(agreement__in=agreements.values("pk"))
        return inside_each_other(Sector.objects.all(), "sector", "parent_id", members, "sector_id", "agreement_id")

    def _count_by_place(self, agreements):
        there = Agreement.objects.filter(pk__in=agreements.values("pk"))
        return inside_each_other(Place.objects.published(), "place", "part_of_id", there, "place_id", "pk")


class SignedAt(Register):
    """The public agreements that were signed at `conference`, in the order of signing."""

    view = "events:conference_agreements"

    def __init__(self, conference, with_parties=True):
        self.conference = conference
        if not with_parties:
            self.shown = _without_parties
        super().__init__({})
        self.slugs = {"slug": conference.slug}

    def matching(self, on):
        return super().matching(on).signed_at(self.conference)

    def in_order(self):
        return self.agreements.in_signing_order()
