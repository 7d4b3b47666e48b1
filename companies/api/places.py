"""Places as data."""

from decimal import Decimal
from operator import attrgetter

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.models import Place
from portal.api.fields import coded, plain, slug, texts
from portal.api.filters import by_record, chosen
from portal.api.quantity_fields import quantity
from portal.api.record_fields import pages, reference
from portal.api.resources import Resource
from portal.api.source_fields import sources
from portal.downloads import Kind


def place_field(explanation, name="place", heading="", find=attrgetter("place"), **known):
    """A place that a record names, which is loaded only where it is public."""
    return reference(name, heading or _("Place"), explanation, find, "places", **known)


def place_named(slug):
    return Place.objects.published().filter(slug=slug).first()


def _place_fields():
    return (
        slug("north-shanghai-biopharma-park"),
        texts("name", _("Name"), _("The name people know. Empty where none is recorded in this language.")),
        coded("kind", _("Kind"), _("What kind of place it is."), Place.Kind.choices),
        place_field(_("The place it lies in."), "part_of", _("Part of"), attrgetter("public_part_of")),
        quantity(
            "area",
            _("Area"),
            _("In km²."),
            attrgetter("area"),
            attrgetter("area_in_words"),
            as_published=attrgetter("area_words"),
        ),
        texts("address", _("Postal address"), _("Empty where none was published.")),
        plain("latitude", _("Latitude"), _("In degrees (WGS 84)."), kind=Kind.NUMBER, example=Decimal("31.4")),
        plain("longitude", _("Longitude"), _("In degrees (WGS 84)."), kind=Kind.NUMBER, example=Decimal("121.5")),
        plain("website", _("Website"), _("Its own."), kind=Kind.URL),
        texts("description", _("Description"), _("What its page says of it, without markup.")),
        sources(),
        pages(),
    )


PLACES = Resource(
    name="places",
    singular="place",
    position=7,
    title=gettext_lazy("Places"),
    definition=gettext_lazy("The district, its towns and parks, and the venues, centres and plants in them."),
    records=Place.objects.published,
    loaded=lambda places: places.with_parents().with_citations(),
    describe=_place_fields,
    filters=(
        chosen("kind", gettext_lazy("Kind"), gettext_lazy("What kind of place it is."), Place.Kind.choices),
        by_record(
            "place",
            gettext_lazy("Place"),
            gettext_lazy("The identifier of a place: what lies inside it."),
            "baoshan",
            place_named,
            lambda rows, place: rows.parts_of(place),
        ),
    ),
    page="companies:district",
)
