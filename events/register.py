"""The register of agreements as one sees it: filtered by links, with the totals of exactly what is shown."""

import re
from collections import Counter
from functools import cached_property
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Cast, Coalesce, Left
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from companies.models import Place, Sector
from companies.models.places import count_of_distinct, inside
from events.models import Agreement, Amount, Conference, InvestmentProject, Signing
from events.stages import PROGRESS, Stage
from events.totals import Totals, totals_of
from portal.facets import Facet, facet
from portal.fields import columns, text_in_active_language


def progress_by_project() -> dict[int, str]:
    """How far each public project has come; one query. The rules of stages and silence are those of
    `events.stages`: the filters count with what comes out of them."""
    return {project.pk: project.progress for project in InvestmentProject.objects.published().with_progress()}


class ProjectList:
    """The public investment projects, by how far they have come; an unknown `stage` is ignored."""

    def __init__(self, parameters):
        stage = parameters.get("stage", "")
        self.on = {"stage": stage} if stage in PROGRESS else {}

    @cached_property
    def projects(self):
        everything = InvestmentProject.objects.published().with_progress()
        if not self.on:
            return everything
        return everything.filter(pk__in=[pk for pk, progress in self._progress.items() if progress == self.on["stage"]])

    @cached_property
    def _progress(self) -> dict[int, str]:
        return progress_by_project()

    @cached_property
    def filters(self) -> list[Facet]:
        counts = Counter(self._progress.values())
        counts = dict.fromkeys(self.on.values(), 0) | counts  # what is on can be taken off, whatever it finds
        options = [(value, capfirst(str(PROGRESS[value])), count) for value, count in counts.items()]
        return [facet("stage", _("What became of it"), options, self.on)]

    @property
    def description(self) -> list[tuple[str, str]]:
        return [(_("What became of it"), str(PROGRESS[self.on["stage"]]))] if self.on else []

    @property
    def query(self) -> str:
        return urlencode(self.on)

    @property
    def url(self) -> str:
        return settings.SITE_URL + reverse("events:projects") + (f"?{self.query}" if self.on else "")


class Register:
    """The public agreements that `parameters` ask for; values that mean nothing are ignored."""

    NAMES = ("conference", "year", "kind", "sector", "place", "stage", "disclosed")

    def __init__(self, parameters):
        asked = {name: parameters.get(name, "") for name in self.NAMES}
        self._conference = _named(asked["conference"], Conference.objects.published())
        self._sector = _named(asked["sector"], Sector.objects.all())
        self._place = _named(asked["place"], Place.objects.published())
        known = {
            "conference": self._conference is not None,
            "year": re.fullmatch(r"[0-9]{4}", asked["year"]),
            "kind": asked["kind"] in Agreement.Kind.values,
            "sector": self._sector is not None,
            "place": self._place is not None,
            "stage": asked["stage"] in PROGRESS,
            "disclosed": asked["disclosed"] in ("yes", "no"),
        }
        self.on = {name: value for name, value in asked.items() if known[name]}

    @property
    def is_filtered(self) -> bool:
        return bool(self.on)

    @property
    def query(self) -> str:
        """The active filters as a query string."""
        return urlencode(self.on)

    @property
    def url(self) -> str:
        """The absolute address of the page that shows the same agreements."""
        query = f"?{self.query}" if self.on else ""
        return settings.SITE_URL + reverse("events:agreements") + query

    @cached_property
    def agreements(self):
        return self._matching(self.on)

    @cached_property
    def totals(self) -> Totals:
        return totals_of(self.agreements)

    @property
    def description(self) -> list[tuple[str, str]]:
        """The active filters in words, for downloads."""
        return [(each.label, choice.label) for each in self.filters for choice in each.choices if choice.is_active]

    def _matching(self, on):
        found = Agreement.objects.published()
        if "conference" in on:
            found = found.signed_at(self._conference)
        if "year" in on:
            found = found.signed_in(on["year"])
        if "kind" in on:
            found = found.of_kind(on["kind"])
        if "sector" in on:
            found = found.in_sector(self._sector)
        if "place" in on:
            found = found.at_place(self._place)
        if "stage" in on:
            found = found.at_stage(on["stage"], self._progress)
        if "disclosed" in on:
            found = found.disclosed() if on["disclosed"] == "yes" else found.undisclosed()
        return found

    @cached_property
    def _progress(self) -> dict[int, str]:
        return progress_by_project()

    # --- Filters ------------------------------------------------------------------------------------------------------

    @cached_property
    def filters(self) -> list[Facet]:
        """Every filter with its choices and counts; all counts come from one query."""
        rows = {name: [] for name in self.NAMES}
        stages = Counter()
        for name, value, *labels, count in self._counts():
            if name == "stage":  # counted by project
                stages[self._progress.get(int(value or 0), Stage.SIGNED.value)] += count
            else:
                rows[name].append((value, text_in_active_language(labels) or self._label(name, value), count))
        rows["stage"] = [(stage, self._label("stage", stage), count) for stage, count in stages.items()]
        for name, value in self.on.items():  # what is on can be taken off and is named, even where it finds nothing
            if value not in [row[0] for row in rows[name]]:
                rows[name].append((value, self._label(name, value), 0))
        headings = {
            "stage": _("What became of it"),
            "year": _("Year of signing"),
            "kind": _("Kind of paper"),
            "disclosed": _("Amount"),
            "conference": _("Conference"),
            "sector": _("Sector"),
            "place": _("Place"),
        }
        return [facet(name, label, rows[name], self.on) for name, label in headings.items()]

    def _label(self, name, value) -> str:
        labels = {
            "kind": dict(Agreement.Kind.choices),
            "stage": PROGRESS,
            "disclosed": {"yes": _("disclosed"), "no": _("not disclosed")},
        }
        records = {"conference": self._conference, "sector": self._sector, "place": self._place}
        return capfirst(str(labels[name][value])) if name in labels else str(records.get(name) or value)

    def _counts(self):
        """Rows of (filter, value, label in each language, count), each filter counted under the others."""
        kinds = [getattr(self, f"_count_by_{name}")(self._without(name)) for name in self.NAMES]
        return kinds[0].union(*kinds[1:], all=True)

    def _without(self, name):
        return self._matching({each: value for each, value in self.on.items() if each != name}).order_by()

    def _count_by_kind(self, agreements):
        return _grouped(agreements, "kind", F("kind"))

    def _count_by_year(self, agreements):
        dated = agreements.with_first_signing().exclude(Q(signed_on=None) | Q(signed_on=""))
        return _grouped(dated, "year", Left("signed_on", 4, output_field=CharField()))

    def _count_by_stage(self, agreements):
        return _grouped(agreements, "stage", Coalesce(Cast("project_id", CharField()), Value("")))

    def _count_by_disclosed(self, agreements):
        states = Exists(Amount.objects.filter(agreement=OuterRef("pk")))
        return _grouped(agreements, "disclosed", Case(When(states, then=Value("yes")), default=Value("no")))

    def _count_by_conference(self, agreements):
        signings = Signing.objects.published().filter(agreement__in=agreements.values("pk")).order_by()
        held = signings.exclude(conference=None, session=None)

        def of_conference(column):
            return Coalesce(f"session__conference__{column}", f"conference__{column}")

        titles = [of_conference(column) for column in columns("title")]
        return _grouped(held, "conference", of_conference("slug"), titles, count="agreement")

    def _count_by_sector(self, agreements):
        memberships = Agreement.sectors.through.objects.filter(agreement__in=agreements.values("pk"))
        of_this = memberships.filter(Q(sector=OuterRef("pk")) | Q(sector__parent=OuterRef("pk")))
        return _counted(Sector.objects.order_by(), "sector", of_this, "agreement")

    def _count_by_place(self, agreements):
        there = Agreement.objects.filter(inside("place", OuterRef("pk")), pk__in=agreements.values("pk"))
        return _counted(Place.objects.published().order_by(), "place", there, "pk")


def _named(slug, records):
    return records.filter(slug=slug).first() if slug else None


_COLUMNS = ("facet", "value", "label_1", "label_2", "n")


def _grouped(rows, name, value, labels=None, count="pk"):
    """`rows` counted by `value`, in the columns that all filters share."""
    label_1, label_2 = labels or (Value(""), Value(""))
    rows = rows.annotate(facet=Value(name), value=value, label_1=label_1, label_2=label_2)
    return rows.values(*_COLUMNS[:-1]).annotate(n=Count(count, distinct=True)).values_list(*_COLUMNS)


def _counted(records, name, rows, field):
    """`records` (with slug and name) that have any of `rows`, in the columns that all filters share."""
    names = [F(column) for column in columns("name")]
    counted = records.annotate(facet=Value(name), value=F("slug"), label_1=names[0], label_2=names[1])
    return counted.annotate(n=count_of_distinct(field, rows)).filter(n__gt=0).values_list(*_COLUMNS)
