"""The company directory as one sees it: filtered by links, each with the number of organizations behind it."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Count
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from companies.models import Organization, Place, Sector


@dataclass(frozen=True)
class Choice:
    """One link of a filter: where it leads, how many are behind it, whether it is on."""

    label: str
    query: str
    count: int
    is_active: bool


@dataclass(frozen=True)
class Filter:
    label: str
    choices: list[Choice]


class Directory:
    """The organizations that `parameters` ask for (`kind`, `sector`, `place`); unknown values are ignored."""

    def __init__(self, parameters):
        kind = parameters.get("kind", "")
        self.active = {
            "kind": kind if kind in Organization.Kind.values else None,
            "sector": Sector.objects.filter(slug=parameters.get("sector", "")).first(),
            "place": Place.objects.published().filter(slug=parameters.get("place", "")).first(),
        }

    @property
    def is_filtered(self) -> bool:
        return any(self.active.values())

    @property
    def query(self) -> str:
        """The active filters as a query string."""
        return urlencode(self._on)

    @property
    def _on(self) -> dict[str, str]:
        return {name: getattr(value, "slug", value) for name, value in self.active.items() if value}

    @cached_property
    def organizations(self):
        """Who is present in the district and matches every active filter."""
        return self._matching(self.active)

    @cached_property
    def filters(self) -> list[Filter]:
        """Every filter with its choices; a count says how many the other active filters leave behind that link."""
        kinds = self._matching(self.active | {"kind": None}).order_by().values_list("kind").annotate(Count("pk"))
        sectors = Sector.objects.with_count_of(self._matching(self.active | {"sector": None}))
        places = Place.objects.published().with_count_of(self._matching(self.active | {"place": None}))
        return [
            self._filter("kind", _("Kind"), [(kind, capfirst(Organization.Kind(kind).label), n) for kind, n in kinds]),
            self._filter("sector", _("Sector"), [(each.slug, each.name, each.count) for each in sectors]),
            self._filter("place", _("Place"), [(each.slug, each.name, each.count) for each in places]),
        ]

    def _matching(self, active):
        found = Organization.objects.published().in_district()
        if active["kind"]:
            found = found.of_kind(active["kind"])
        if active["sector"]:
            found = found.in_sector(active["sector"])
        if active["place"]:
            found = found.at_place(active["place"])
        return found

    def _filter(self, name, label, options):
        """The largest choices first; a choice that is on leads back to where it is off."""
        choices = []
        for value, text, count in sorted(options, key=lambda option: (-option[2], option[0])):
            is_active = self._on.get(name) == value
            others = {each: slug for each, slug in self._on.items() if each != name}
            query = urlencode(others if is_active else others | {name: value})
            choices.append(Choice(text, query, count, is_active))
        return Filter(label, choices)
