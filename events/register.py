"""The registers as one sees them: filtered by links, with the totals of exactly what is shown."""

from array import array
from functools import cached_property
from sys import intern

from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.models import Place, Sector
from events.models import Agreement, Amount, Conference, InvestmentProject, Signing
from events.stages import PROGRESS, Stage, progress_of, stage_of
from events.totals import MANY, Totals, totals_of
from portal import clock
from portal.facets import FilteredList, is_year
from portal.fields import columns
from portal.filter_table import FilterTable, inside_each_other
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
    today = clock.today()
    return {
        pk: progress_of(stage_of(newest, highest), evidence_on, today)
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

    def find(self):
        return (array("q", self.matching({}).values_list("pk", flat=True)),)

    def filterable(self, keys):
        return FilterTable(keys, {"stage": self._progress.items()})


_RECORDS = {
    "conference": lambda: Conference.objects.published(),
    "sector": lambda: Sector.objects.all(),
    "place": lambda: Place.objects.published(),
}
_LABELS = {
    "kind": dict(Agreement.Kind.choices),
    "stage": PROGRESS,
    "disclosed": {"yes": gettext_lazy("disclosed"), "no": gettext_lazy("not disclosed")},
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
        """All of them, in the order of the page."""
        return self.matching({}).latest_signed_first()

    def find(self):
        """With the day of the first signing of each, and the key of its project, 0 where it led to none."""
        rows = list(self.in_order().values_list("pk", "signed_on", "project"))
        days = [intern(str(day or "")) for _pk, day, _project in rows]
        return array("q", (pk for pk, *_ in rows)), days, array("q", (project or 0 for *_, project in rows))

    def filterable(self, keys, days, projects):
        is_disclosed = Exists(Amount.objects.filter(agreement=OuterRef("pk")))
        rows = list(Agreement.objects.order_by().values_list("pk", "kind", "place", is_disclosed))
        progress = self.progress_by_project
        at_places = ((pk, place) for pk, _kind, place, _states in rows if place)
        said = {
            "conference": _conferences_of_signings(),
            "year": ((key, day[:4]) for key, day in zip(keys, days, strict=True) if day),
            "kind": ((pk, kind) for pk, kind, *_ in rows),
            "sector": inside_each_other(Sector.objects.all(), "parent_id", _sectors_of_agreements()),
            "place": inside_each_other(Place.objects.published(), "part_of_id", at_places),
            "stage": (
                (key, progress.get(project, Stage.SIGNED.value)) for key, project in zip(keys, projects, strict=True)
            ),
            "disclosed": ((pk, "yes" if states else "no") for pk, *_, states in rows),
        }
        return FilterTable(keys, said)

    def load(self, records, days, projects):
        followed_by = dict(zip((record.pk for record in records), zip(days, projects, strict=True), strict=True))
        agreements = followed(prepared(self.shown, records), self.facts, lambda each: followed_by[each.pk][1])
        for agreement in agreements:
            day, _project = followed_by[agreement.pk]
            agreement.signed_on = PartialDate.parse(day) if day else None
        return agreements

    @property
    def projects(self) -> list[int]:
        """The key of the project of each agreement, 0 where it led to none."""
        return self.found.part(0, None)[2]

    @cached_property
    def facts(self) -> dict[int, tuple]:
        return facts_by_project()

    @cached_property
    def totals(self) -> Totals:
        return self.once("totals", lambda: totals_of(self._few_by_key()))

    def _few_by_key(self):
        """The agreements for a query in which their condition would stand several times: few are named in it."""
        keys = self.found.part(0, MANY + 1)[0]
        return self.agreements if len(keys) > MANY else Agreement.objects.filter(pk__in=keys)

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
        if name in _LABELS:
            return capfirst(str(_LABELS[name].get(value, value)))
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


def _conferences_of_signings():
    signings = Signing.objects.published().order_by().exclude(conference=None, session=None)

    def of_conference(column):
        return Coalesce(f"session__conference__{column}", f"conference__{column}")

    return signings.values_list("agreement_id", *map(of_conference, ("slug", *columns("title"))))


def _sectors_of_agreements():
    return Agreement.sectors.through.objects.order_by().values_list("agreement_id", "sector_id")


class SignedAt(Register):
    """The public agreements that were signed at `conference`, in the order of signing, without filters."""

    NAMES = ()
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
        return self.matching({}).in_signing_order()
