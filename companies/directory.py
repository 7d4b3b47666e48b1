"""The company directory as one sees it: filtered by links, each with the number of organizations behind it."""

from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Count
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from companies.models import Organization, Place, Sector
from portal.facets import Facet, facet


class Directory:
    """The organizations that `parameters` ask for (`kind`, `sector`, `place`), as cards or as a table (`view=table`);
    unknown values are ignored."""

    def __init__(self, parameters):
        self.is_table = parameters.get("view") == "table"
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
    def query_of_view(self) -> str:
        """The active filters and the chosen view as a query string."""
        return urlencode(self._shown)

    @property
    def query_of_other_view(self) -> str:
        """What leads to the same organizations as a table instead of cards, or back."""
        return urlencode(self._on | ({} if self.is_table else {"view": "table"}))

    @property
    def _shown(self) -> dict[str, str]:
        return self._on | ({"view": "table"} if self.is_table else {})

    @property
    def _on(self) -> dict[str, str]:
        return {name: getattr(value, "slug", value) for name, value in self.active.items() if value}

    @cached_property
    def organizations(self):
        """Who is present in the district and matches every active filter."""
        return self._matching(self.active)

    @cached_property
    def filters(self) -> list[Facet]:
        """Every filter with its choices; a count says how many the other active filters leave behind that link."""
        kinds = self._matching(self.active | {"kind": None}).order_by().values_list("kind").annotate(Count("pk"))
        sectors = Sector.objects.with_count_of(self._matching(self.active | {"sector": None}))
        places = Place.objects.published().with_count_of(self._matching(self.active | {"place": None}))
        return [
            facet(
                "kind",
                _("Kind"),
                [(kind, capfirst(Organization.Kind(kind).label), n) for kind, n in kinds],
                self._shown,
            ),
            facet("sector", _("Sector"), [(each.slug, each.name, each.count) for each in sectors], self._shown),
            facet("place", _("Place"), [(each.slug, each.name, each.count) for each in places], self._shown),
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
