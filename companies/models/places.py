"""Where things are: districts, towns, parks, venues, centres and plants, all asked in one way."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.fields import QuantityField, Translated, quantity_rules, said_in_some_language
from portal.provenance import Citation, CitedAs
from portal.publishing import Publishable, PublishedQuerySet


class PlaceQuerySet(PublishedQuerySet):
    def districts(self):
        return self.filter(kind=Place.Kind.DISTRICT)

    def home_district(self):
        """The district that `/district/` opens on: the configured one, else the first; None before there is one."""
        districts = self.districts().order_by(models.Case(models.When(slug=settings.DISTRICT, then=0), default=1), "pk")
        return districts.first()

    def parts_of(self, place):
        """The places directly inside `place` and one level further down, parents first."""
        return self.filter(Q(part_of=place) | Q(part_of__part_of=place)).select_related("part_of")


class Place(Publishable):
    """A district, town, park, venue, centre or plant."""

    class Kind(models.TextChoices):
        DISTRICT = "district", _("district")
        TOWN = "town", _("town")
        AREA = "area", _("development area")
        PARK = "park", _("industrial park")
        CENTRE = "centre", _("innovation or service centre")
        VENUE = "venue", _("venue")
        PLANT = "plant", _("plant")

    cited_as = CitedAs("name", "companies:place")

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
        models.TextField(_("description"), help_text=_("What a visitor should know, in two or three sentences."))
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
                condition=Q(latitude=None, longitude=None) | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
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
        return reverse("companies:place", args=[self.slug])


class PlaceCitation(Citation):
    record = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="citations", verbose_name=_("place"))
