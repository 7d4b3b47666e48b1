"""Figures that are followed over time. Conflicting observations stand side by side; one of them is preferred."""

import operator
from collections import defaultdict

from django.db import models
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.models.places import Place, inside
from portal.addresses import path_of
from portal.corrections import Correction, CorrectionQuerySet
from portal.fields import (
    PartialDateField,
    QuantityField,
    Translated,
    UniqueWithPartialDates,
    not_before,
    quantity_rules,
    said_in_some_language,
)
from portal.introductions import Introduced
from portal.prose import ProseField
from portal.provenance import Citation, CitedAs
from portal.publishing import Publishable, PublishedQuerySet, public_relation
from portal.quantities import Measure
from portal.search.kinds import SearchedIn


class IndicatorQuerySet(PublishedQuerySet):
    def for_place(self, place):
        """The indicators of a place and of the places inside it."""
        return self.filter(inside("place", place)).select_related("place")

    def on_home_page(self):
        """The few that the home page shows, in their order there."""
        return self.exclude(home_position=None).order_by("home_position", "pk")

    def introduced(self):
        return self.prefetch_related(models.Prefetch("observations", queryset=Observation.objects.published()))

    def with_observations(self):
        """Loads the public observations, oldest first, with their sources; and the place that a sentence names."""
        observations = Observation.objects.published().with_citations()
        return self.with_public("place").prefetch_related(models.Prefetch("observations", queryset=observations))


class Indicator(Introduced, Publishable):
    """A figure that is followed over time, such as the number of biopharma companies in the district."""

    class Direction(models.TextChoices):
        HIGHER = "higher", _("more is better")
        LOWER = "lower", _("less is better")
        NEITHER = "neither", _("neither")

    class Measure(models.TextChoices):
        COUNT = Measure.COUNT.value, _("a count")
        MONEY = Measure.MONEY.value, _("an amount of money")
        PERCENT = Measure.PERCENT.value, _("a percentage")
        AREA = Measure.AREA.value, _("an area in km²")

    required_to_publish = ("name",)
    cited_as = CitedAs("name", "companies:indicator")
    told_in = ("definition",)
    searched_in = SearchedIn("name", related=("place__name",), about=("coverage",), texts=("definition",))

    name = Translated(models.CharField(_("name"), max_length=200, help_text=_("Biopharma companies.")))
    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    definition = Translated(
        ProseField(_("definition"), help_text=_("What is counted and what is not, as far as the sources say."))
    )
    coverage = Translated(
        models.CharField(_("coverage"), max_length=200, help_text=_("Whom the figure covers: all of Baoshan."))
    )
    measure = models.CharField(_("measure"), max_length=10, choices=Measure, default=Measure.COUNT)
    unit = Translated(
        models.CharField(
            _("unit"), max_length=40, help_text=_("What is counted: companies, 家. Empty for money and percent.")
        )
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True, help_text=_("For money: CNY, USD, EUR."))
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="indicators", verbose_name=_("place")
    )
    direction = models.CharField(_("direction"), max_length=8, choices=Direction, default=Direction.NEITHER)
    home_position = models.PositiveSmallIntegerField(
        _("place on the home page"),
        null=True,
        blank=True,
        help_text=_("1 for the first of the key numbers there. Empty: it is not shown there."),
    )

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["slug"]
        constraints = [
            said_in_some_language("name", "indicator_has_a_name", _("Name the indicator in at least one language.")),
            models.CheckConstraint(
                condition=(Q(measure=Measure.MONEY.value) & Q(currency__regex=r"^[A-Z]{3}$"))
                | (~Q(measure=Measure.MONEY.value) & Q(currency="")),
                name="indicator_has_a_currency_when_it_is_money",
                violation_error_message=_("An amount of money needs a currency (CNY); nothing else has one."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return path_of("companies:indicator", self.slug)

    @property
    def public_place(self):
        return public_relation(self, "place")

    @property
    def kicker(self) -> str:
        return self.coverage or capfirst(self._meta.verbose_name)

    @property
    def key_figure(self) -> str:
        return capfirst(self.latest.words) if self.latest else ""

    @property
    def key_line(self) -> str:
        if not self.latest:
            return ""
        period = self.latest.period_words
        return gettext("Target for %(period)s") % {"period": period} if self.latest.is_target else period

    def words_for(self, quantity) -> str:
        """`quantity` in the unit of this indicator, in words."""
        return quantity.words(self.measure, currency=self.currency, counted=self.unit_zh_hans)

    @property
    def latest(self):
        """The observation that stands for it, out of those already loaded: results before targets, preferred ones
        before others, then the latest; None without any."""
        shown = [each for each in self.observations.all() if each.is_shown]
        key = operator.attrgetter("is_measured", "is_preferred", "period", "pk")
        return max(shown, key=key, default=None)

    @property
    def earliest(self):
        """The first preferred result, to compare the latest with, out of those already loaded."""
        results = [each for each in self.observations.all() if each.is_measured and each.is_preferred]
        return min(results, key=operator.attrgetter("period", "pk"), default=None)

    @property
    def disagreements(self) -> list[list["Observation"]]:
        """The periods for which sources give several results, the preferred one first, out of those already loaded."""
        by_period = defaultdict(list)
        for each in self.observations.all():
            if each.is_measured and each.is_shown:
                by_period[each.period, each.period_until].append(each)
        several = [values for values in by_period.values() if len(values) > 1]
        return [sorted(values, key=lambda each: not each.is_preferred) for values in several]


class IndicatorCitation(Citation):
    record = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, related_name="citations", verbose_name=_("indicator")
    )


class IndicatorCorrection(Correction):
    record = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, related_name="corrections", verbose_name=_("indicator")
    )


class ObservationQuerySet(PublishedQuerySet):
    def with_indicator(self):
        return self.select_related("indicator")

    def preferred(self):
        return self.filter(rank=Observation.Rank.PREFERRED)

    def measured(self):
        """What was observed, without targets."""
        return self.filter(is_target=False)

    def latest_first(self):
        return self.order_by("-period", "-id")


class Observation(Publishable):
    """One published value of an indicator for one period."""

    class Rank(models.TextChoices):
        PREFERRED = "preferred", _("preferred")
        NORMAL = "normal", _("normal")
        DEPRECATED = "deprecated", _("deprecated")

    published_with = ("indicator",)
    natural_key_paths = (
        "indicator__slug",
        "period",
        "period_until",
        "is_target",
        "quantity_comparator",
        "quantity_value",
        "quantity_approximate",
    )
    cited_as = CitedAs("indicator__name", "companies:indicator", ("indicator__slug",))

    indicator = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, related_name="observations", verbose_name=_("indicator")
    )
    period = PartialDateField(
        _("period"), help_text=_("The year, month or day it describes: 2020, 2023-10, 2024-11-15.")
    )
    period_until = PartialDateField(_("until"), blank=True, help_text=_("For a span: from 2021-01 until 2021-09."))
    quantity = QuantityField(_("value"), required=True)
    is_target = models.BooleanField(
        _("is a target"), default=False, help_text=_("A plan for the period, not a result.")
    )
    rank = models.CharField(
        _("rank"),
        max_length=10,
        choices=Rank,
        default=Rank.NORMAL,
        help_text=_("Where sources disagree, all are shown and one is preferred. Say why in the note."),
    )
    note = Translated(models.CharField(_("note"), max_length=300))

    objects = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        ordering = ["indicator", "period", "id"]
        constraints = [
            UniqueWithPartialDates(
                fields=[
                    "indicator",
                    "period",
                    "period_until",
                    "is_target",
                    "quantity_comparator",
                    "quantity_value",
                    "quantity_approximate",
                ],
                name="observation_is_recorded_once",
                violation_error_message=_(
                    "This value is already recorded for this period. Add your source to it as a citation."
                ),
            ),
            UniqueWithPartialDates(
                fields=["indicator", "period", "period_until", "is_target"],
                condition=Q(rank="preferred"),
                name="observation_has_one_preferred_value_per_period",
                violation_error_message=_("Another observation of this period is already the preferred one."),
            ),
            models.CheckConstraint(
                condition=~Q(period=""),
                name="observation_has_a_period",
                violation_error_message=_("Say which year, month or day the value describes."),
            ),
            not_before(
                "period",
                "period_until",
                "observation_span_ends_after_it_begins",
                _("The span cannot end before it begins."),
            ),
            *quantity_rules("observation", "quantity"),
        ]

    def __str__(self):
        return f"{self.indicator} {self.period}: {self.words}"

    def get_absolute_url(self):
        return self.indicator.get_absolute_url()

    @property
    def words(self) -> str:
        return self.indicator.words_for(self.quantity)

    @property
    def number(self) -> str:
        """The figure with its unit, without the qualifier."""
        indicator = self.indicator
        return self.quantity.number(indicator.measure, currency=indicator.currency, counted=indicator.unit_zh_hans)

    @property
    def qualifier(self) -> str:
        """The words before the figure; empty when it is exact."""
        return self.quantity.qualifier(self.indicator.measure)

    @property
    def is_measured(self) -> bool:
        return not self.is_target

    @property
    def is_preferred(self) -> bool:
        return self.rank == self.Rank.PREFERRED

    @property
    def is_shown(self) -> bool:
        """Outside the table, which keeps what was given up."""
        return self.rank != self.Rank.DEPRECATED

    @property
    def last_period(self):
        return self.period_until or self.period

    @property
    def length(self):
        """The months of a span; else whether it is of a year, a month or a day."""
        if self.period_until:
            years = self.period_until.year - self.period.year
            return 12 * years + (self.period_until.month or 12) - (self.period.month or 1) + 1
        return "day" if self.period.day else "month" if self.period.month else "year"

    def leads_to(self, later: "Observation") -> bool:
        """Whether a change from it to `later` can be told: two results, one after the other. Spans and amounts of money
        add up over their period, so only those of one length compare."""
        in_order = self.last_period.latest < later.period.earliest
        adds_up = self.period_until or later.period_until or self.indicator.measure == Measure.MONEY
        return self.is_measured and later.is_measured and in_order and not (adds_up and self.length != later.length)

    @property
    def period_words(self) -> str:
        if not self.period_until:
            return self.period.words
        return f"{self.period.words} – {self.period_until.words}"


class ObservationCitation(Citation):
    record = models.ForeignKey(
        Observation, on_delete=models.CASCADE, related_name="citations", verbose_name=_("observation")
    )


class ObservationCorrectionQuerySet(CorrectionQuerySet):
    def for_indicator(self, indicator):
        """Those of its observations that are public or were withdrawn: the page of the indicator shows both, because an
        observation has no page that could become a tombstone."""
        seen = Observation.objects.released().filter(indicator=indicator)
        return self.filter(record__in=seen).select_related("record")


class ObservationCorrection(Correction):
    record = models.ForeignKey(
        Observation, on_delete=models.CASCADE, related_name="corrections", verbose_name=_("observation")
    )

    objects = ObservationCorrectionQuerySet.as_manager()

    @property
    def subject(self) -> str:
        return self.record.period_words
