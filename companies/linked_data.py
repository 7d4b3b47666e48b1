"""The district's pages as schema.org (`portal.schema_org`): organizations, places, figures."""

from django.utils.translation import gettext as _

from companies.models import Organization, Place, Presence
from portal import clock
from portal.schema_org import (
    Described,
    dataset,
    describes,
    description_of,
    named,
    node,
    picture_of,
    step,
)

ORGANIZATION_TYPES = {
    Organization.Kind.UNIVERSITY: "CollegeOrUniversity",
    Organization.Kind.PUBLIC_BODY: "GovernmentOrganization",
    Organization.Kind.HOSPITAL: "Hospital",
}
PLACE_TYPES = {
    Place.Kind.DISTRICT: "AdministrativeArea",
    Place.Kind.TOWN: "AdministrativeArea",
    Place.Kind.VENUE: "EventVenue",
}


def organization_node(organization, **properties) -> dict:
    """An organization with its name and its page."""
    return named(ORGANIZATION_TYPES.get(organization.kind, "Organization"), organization, **properties)


def place_node(place, **properties) -> dict:
    """A place with its name, its page and its address."""
    return named(PLACE_TYPES.get(place.kind, "Place"), place, address=place.address, **properties)


@describes("companies:companies")
def companies(page):
    directory = page["directory"]
    definition = _("Companies, institutes and public bodies with a recorded presence in the district.")
    register = dataset(_("Companies"), page["request"].path, definition)
    return Described(
        title=_("Companies"),
        things=[] if directory.is_filtered else [register],
        rows=page["companies"],
        kind="CollectionPage",
    )


@describes("companies:company")
def company(page):
    record = page["company"]
    about = organization_node(
        record,
        alternateName=record.short_name,
        legalName=record.legal_name,
        description=description_of(record),
        foundingDate=record.founded_on,
        sameAs=record.website,
        logo=picture_of(record.logo),
        keywords=[sector.name for sector in page["sectors"]],
        location=[place_node(each.place) for each in page["presences"] if is_there(each)],
    )
    return Described(above=[step(_("Companies"), "companies:companies")], record=record, things=[about])


def is_there(presence) -> bool:
    """Whether the organization is at that place now, as far as the record says."""
    has_left = presence.until is not None and presence.until.latest < clock.today()
    return presence.kind != Presence.Kind.PLANNED and not has_left


@describes("companies:district", "companies:place")
def place(page):
    record = page["place"]
    around = record.public_part_of
    about = place_node(
        record,
        description=description_of(record),
        sameAs=record.website,
        geo=_coordinates(record),
        containedInPlace=place_node(around) if around else None,
    )
    is_home = page["request"].resolver_match.view_name == "companies:district"
    above = [] if is_home else [step(_("District"), "companies:district")]
    return Described(above=above, record=record, things=[about])


def _coordinates(place) -> dict | None:
    if place.latitude is None:
        return None
    return node("GeoCoordinates", latitude=float(place.latitude), longitude=float(place.longitude))


@describes("companies:indicator")
def indicator(page):
    record = page["indicator"]
    values = [each for each in record.observations.all() if each.is_shown]
    periods = sorted({str(each.period) for each in values} | {str(each.last_period) for each in values})
    around = record.public_place
    about = dataset(
        record.name,
        record.get_absolute_url(),
        description_of(record),
        temporalCoverage=f"{periods[0]}/{periods[-1]}" if periods[1:] else "".join(periods),
        spatialCoverage=place_node(around) if around else None,
        variableMeasured=node("PropertyValue", name=record.name, unitText=record.unit or record.currency),
    )
    return Described(above=[step(_("District"), "companies:district")], record=record, things=[about])
