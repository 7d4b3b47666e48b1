"""Indicators as data."""

from operator import attrgetter

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.api.places import place_field, place_named
from companies.models import Indicator
from companies.models.places import inside
from portal.api.fields import coded, plain, slug, texts
from portal.api.filters import by_record, chosen
from portal.api.record_fields import pages
from portal.api.resources import Resource
from portal.api.source_fields import sources


def _indicator_fields():
    return (
        slug("biopharma-companies"),
        texts("name", _("Name"), _("What is followed over time.")),
        texts("definition", _("Definition"), _("What is counted and what is not, as far as the sources say.")),
        texts("coverage", _("Coverage"), _("Whom the figure covers.")),
        coded("measure", _("Measure"), _("What the number is."), Indicator.Measure.choices),
        plain("currency", _("Currency"), _("ISO 4217, for money only."), example="CNY"),
        texts("unit", _("Unit"), _("What is counted."), example=("companies", "家")),
        coded("direction", _("Direction"), _("Whether more or less of it is better."), Indicator.Direction.choices),
        place_field(_("The place it describes."), find=attrgetter("public_place")),
        sources(),
        pages(),
    )


INDICATORS = Resource(
    name="indicators",
    singular="indicator",
    position=8,
    title=gettext_lazy("Indicators"),
    definition=gettext_lazy("What is followed over time, with its definition and unit; the values are observations."),
    records=Indicator.objects.published,
    loaded=lambda indicators: indicators.with_public("place").with_citations(),
    describe=_indicator_fields,
    filters=(
        chosen("measure", gettext_lazy("Measure"), gettext_lazy("What the number is."), Indicator.Measure.choices),
        by_record(
            "place",
            gettext_lazy("Place"),
            gettext_lazy("The identifier of a place; what lies inside it is included."),
            "baoshan",
            place_named,
            lambda rows, place: rows.filter(inside("place", place)),
        ),
    ),
)
