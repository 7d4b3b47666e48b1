"""Where things are: districts, towns, parks, venues, centres and plants, all asked in one way."""

import functools
import operator

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from portal.addresses import path_of
from portal.corrections import Correction
from portal.fields import QuantityField, Translated, quantity_rules, said_in_some_language
from portal.introductions import Introduced, joined
from portal.prose import ProseField
from portal.provenance import Citation, CitedAs
from portal.publishing import Publishable, PublishedQuerySet, public_relation
from portal.quantities import Measure
from portal.search.kinds import SearchedIn

LEVELS = 5  # plant, park, larger park, town, district


def inside(path, place) -> Q:
    """The condition that the place at `path` is `place` or lies inside it."""
    return functools.reduce(operator.or_, (Q(**{path + "__part_of" * level: place}) for level in range(LEVELS)))


def count_of_distinct(field, rows):
    """The number of distinct values of `field` in `rows`, as a subquery."""
    counted = rows.order_by().values(all=Value(1)).annotate(n=Count(field, distinct=True)).values("n")
    return Coalesce(Subquery(counted), 0)


class PlaceQuerySet(PublishedQuerySet):
    def districts(self):
        return self.filter(kind=Place.Kind.DISTRICT)

    def introduced(self):
        return self.with_parents()

    def with_parents(self):
        return self.with_public("part_of")

    def home_districts(self):
        """The districts; the first one is what `/district/` opens on: the configured one, else the oldest."""
        return self.districts().order_by(models.Case(models.When(slug=settings.DISTRICT, then=0), default=1), "pk")

    def parts_of(self, place):
        """The places that lie inside `place`, on any level."""
        return self.filter(inside("part_of", place)).select_related("part_of")


class Place(Introduced, Publishable):
    """A district, town, park, venue, centre or plant."""

    class Kind(models.TextChoices):
        DISTRICT = "district", _("district")
        TOWN = "town", _("town")
        AREA = "area", _("development area")
        PARK = "park", _("industrial park")
        CENTRE = "centre", _("innovation or service centre")
        VENUE = "venue", _("venue")
        PLANT = "plant", _("plant")

    required_to_publish = ("name",)
    cited_as = CitedAs("name", "companies:place")
    told_in = ("description",)
    searched_in = SearchedIn("name", related=("part_of__name",), about=("address",), texts=("description",))

    name = Translated(models.CharField(_("name"), max_length=200, help_text=_("North Shanghai Biopharma Park.")))
    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    part_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("part of"),
        help_text=_("The park of a plant, the town of a park, the district of a town."),
    )
    description = Translated(
        ProseField(_("description"), help_text=_("What a visitor should know, in two or three sentences."))
    )
    area = QuantityField(_("area in km²"))
    address = Translated(models.CharField(_("postal address"), max_length=200))
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    website = models.URLField(_("website"), max_length=300, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["kind", "slug"]
        constraints = [
            said_in_some_language("name", "place_has_a_name", _("Name the place in at least one language.")),
            models.CheckConstraint(
                condition=~Q(part_of=F("id")) | Q(part_of=None),
                name="place_is_not_part_of_itself",
                violation_error_message=_("A place cannot be part of itself."),
            ),
            models.CheckConstraint(
                # asked for in full, because a comparison with NULL is unknown and a check lets the unknown pass
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__isnull=False, longitude__isnull=False)
                & Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="place_has_both_coordinates_or_none",
                violation_error_message=_(
                    "Give latitude (−90 to 90) and longitude (−180 to 180) together, or neither."
                ),
            ),
            *quantity_rules("place", "area"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return path_of("companies:place", self.slug)

    @property
    def area_in_words(self) -> str:
        return self.area.words(Measure.AREA) if self.area else ""

    @property
    def public_part_of(self):
        return public_relation(self, "part_of")

    @property
    def kicker(self) -> str:
        return capfirst(self.get_kind_display())

    @property
    def key_line(self) -> str:
        around = self.public_part_of
        return joined(around and around.name, self.area_in_words)


class PlaceCitation(Citation):
    record = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="citations", verbose_name=_("place"))


class PlaceCorrection(Correction):
    record = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="corrections", verbose_name=_("place"))
