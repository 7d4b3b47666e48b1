"""The company directory as one sees it: filtered by links, each with the number of organizations behind it."""

from array import array
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from companies.models import Organization, Place, Presence, Sector
from companies.models.organizations import SectorMembership
from portal.facets import FilteredList
from portal.filter_table import FilterTable, inside_each_other
from portal.markup import filled, side_by_side
from portal.prepared import prepared
from portal.templatetags.portal import initials, marked


def _on_cards(organizations):
    return Organization.objects.still_public(organizations).with_directory_details()


def _sectors():
    return Sector.objects.all()


def _places():
    return Place.objects.published()


class Directory(FilteredList):
    """The organizations of the district, as cards or as a table (`view=table`)."""

    NAMES = ("kind", "sector", "place")
    view = "companies:companies"
    model = Organization

    def __init__(self, parameters):
        self.is_table = parameters.get("view") == "table"
        self.kept = [("view", "table")] if self.is_table else []
        self.active = dict.fromkeys(self.NAMES)
        super().__init__(parameters)

    @property
    def organizations(self):
        """Who is present in the district and matches every active filter."""
        return self.rows

    def load(self, records):
        return prepared(_on_cards, records)

    @property
    def query_of_other_view(self) -> str:
        """What leads to the same organizations as a table instead of cards, or back."""
        return urlencode(self.on | ({} if self.is_table else {"view": "table"}))

    def knows(self, name, value):
        """Keeps what the filter stands for in `active`."""
        if name == "kind":
            self.active[name] = value if value in Organization.Kind.values else None
        else:
            found = prepared(_sectors if name == "sector" else _places, slug=value)
            self.active[name] = found[0] if found else None
        return self.active[name] is not None

    def headings(self):
        return {"kind": _("Kind"), "sector": _("Sector"), "place": _("Place")}

    def label_of(self, name, value):
        return capfirst(Organization.Kind(value).label) if name == "kind" else str(self.active[name].name)

    def matching(self, on):
        found = Organization.objects.published().in_district()
        if "kind" in on:
            found = found.of_kind(on["kind"])
        if "sector" in on:
            found = found.in_sector(self.active["sector"])
        if "place" in on:
            found = found.at_place(self.active["place"])
        return found

    def find(self):
        return (array("q", self.matching({}).values_list("pk", flat=True)),)

    def filterable(self, keys):
        members = SectorMembership.objects.order_by().values_list("organization_id", "sector_id")
        there = Presence.objects.published().order_by().values_list("organization_id", "place_id")
        said = {
            "kind": Organization.objects.order_by().values_list("pk", "kind"),
            "sector": inside_each_other(Sector.objects.all(), "parent_id", members),
            "place": inside_each_other(Place.objects.published(), "part_of_id", there),
        }
        return FilterTable(keys, said)


# --- Cards ------------------------------------------------------------------------------------------------------------


def cards_of(organizations) -> list[dict]:
    """What the directory shows of `organizations` (`with_directory_details()`), for `each`."""
    kinds = {value: capfirst(str(label)) for value, label in Organization.Kind.choices}
    return [
        {
            "logo": _logo_of(organization),
            "url": organization.get_absolute_url(),
            "name": marked(organization.name),
            "sorted_as": side_by_side(kinds[organization.kind], *_names_of(organization.sectors.all())),
            "presences": SafeString("".join(map(_presence, organization.presences.all()))),
        }
        for organization in organizations
    ]


def _logo_of(organization) -> SafeString:
    """The logo, or the initials."""
    if not organization.logo:
        return filled('<span class="monogram" aria-hidden="true">{}</span>', initials(organization.name))
    return render_to_string("components/picture.html", {"picture": organization.logo, "sizes": "3rem"})


def _names_of(records):
    return (marked(record.name) for record in records)


def _presence(presence) -> SafeString:
    kind = presence.kind != Presence.Kind.BRANCH and presence.get_kind_display()
    return filled("<p>{}</p>", side_by_side(marked(presence.place.name), kind))
