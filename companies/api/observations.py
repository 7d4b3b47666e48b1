"""The values of indicators as data, each addressed by what tells it apart."""

from decimal import Decimal, InvalidOperation
from operator import attrgetter

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.models import Indicator, Observation
from portal.api.fields import coded, plain, texts
from portal.api.filters import YES_NO, Filter, by_record, chosen
from portal.api.quantity_fields import quantity
from portal.api.record_fields import pages, reference
from portal.api.resources import Resource
from portal.api.source_fields import sources
from portal.downloads import Kind
from portal.partial_dates import PartialDate
from portal.quantities import Comparator
from portal.quantities import plain as in_figures


def value_fields():
    """What is said of one value of an indicator, besides which one it is of."""
    target = _("A plan for the period, not a result.")
    return (
        plain("period", _("Period"), _("The year, month or day it describes."), kind=Kind.DATE, example="2024"),
        plain("period_until", _("Until"), _("The end of a span."), kind=Kind.DATE),
        plain("is_target", _("Target"), target, kind=Kind.BOOLEAN, example=False),
        coded(
            "rank", _("Rank"), _("Where sources disagree, each is listed and one preferred."), Observation.Rank.choices
        ),
        quantity(
            "quantity",
            _("Value"),
            _("The value as it was published."),
            attrgetter("quantity"),
            attrgetter("words"),
            as_published=attrgetter("quantity_words"),
        ),
        *_unit_fields(),
        texts("note", _("Note"), _("Why values differ, and what else a reader must know.")),
        sources(),
    )


def _unit_fields():
    of = attrgetter("indicator")
    measure = _("What the number is: count, money, percent or area.")
    unit = texts("unit", _("Unit"), _("What is counted."), example=("companies", "家"), through=of)
    return (
        plain("measure", _("Measure"), measure, lambda row: of(row).measure, example="count"),
        plain("currency", _("Currency"), _("ISO 4217, for money only."), lambda row: of(row).currency, example="CNY"),
        unit,
    )


def _observation_fields():
    return (
        plain(
            "id",
            _("Identifier"),
            _("Made from what tells it apart: indicator, period, result or target, qualifier and figures."),
            identifier_of,
            shape={"type": "string"},
            example="biopharma-companies~2024~result~eq~428",
        ),
        reference("indicator", _("Indicator"), _("What the value is of."), attrgetter("indicator"), "indicators"),
        *value_fields(),
        pages(),
    )


COMPARATORS = {
    Comparator.EXACTLY: "eq",
    Comparator.LESS: "lt",
    Comparator.AT_MOST: "le",
    Comparator.AT_LEAST: "ge",
    Comparator.MORE: "gt",
}


def identifier_of(observation) -> str:
    """What addresses an observation: its natural key, in characters that need no escaping."""
    quantity = observation.quantity
    parts = [
        observation.indicator.slug,
        "_".join(filter(None, [str(observation.period), str(observation.period_until or "")])),
        "target" if observation.is_target else "result",
        COMPARATORS[quantity.comparator],
        in_figures(quantity.value),
        *(["about"] if quantity.approximate else []),
    ]
    return "~".join(parts)


def observation_with(identifier) -> dict | None:
    """The lookup of the observation with this identifier; None where it has not its form."""
    try:
        indicator, periods, kind, comparator, figures, *about = identifier.split("~")
        period, *until = (PartialDate.parse(each) for each in periods.split("_"))
        value = Decimal(figures)
    except (ValueError, InvalidOperation):
        return None
    comparators = {word: sign for sign, word in COMPARATORS.items()}
    known = kind in ("target", "result") and comparator in comparators and about in ([], ["about"])
    if not known or len(until) > 1 or not value.is_finite() or abs(value.adjusted()) > LONGEST:
        return None
    return {
        "indicator__slug": indicator,
        "period": period,
        "period_until": until[0] if until else "",
        "is_target": kind == "target",
        "quantity_comparator": comparators[comparator].value,
        "quantity_value": value,
        "quantity_approximate": bool(about),
    }


LONGEST = 20  # digits before the decimal point that are stored


def _indicator_named(slug):
    return Indicator.objects.published().filter(slug=slug).first()


def _is_target(rows, value):
    return rows.filter(is_target=value == "yes") if value in YES_NO else None


OBSERVATIONS = Resource(
    name="observations",
    singular="observation",
    position=9,
    title=gettext_lazy("Observations"),
    definition=gettext_lazy(
        "Every published value of every indicator, with its period: results and targets, also those that contradict "
        "one another."
    ),
    records=Observation.objects.published,
    loaded=lambda observations: observations.with_indicator().with_citations(),
    describe=_observation_fields,
    filters=(
        by_record(
            "indicator",
            gettext_lazy("Indicator"),
            gettext_lazy("The identifier of an indicator."),
            "biopharma-companies",
            _indicator_named,
            lambda rows, indicator: rows.filter(indicator=indicator),
        ),
        Filter(
            "is_target",
            gettext_lazy("Target"),
            gettext_lazy("Only targets, or only results."),
            YES_NO,
            narrowed=_is_target,
        ),
        chosen(
            "rank",
            gettext_lazy("Rank"),
            gettext_lazy("Where sources disagree, each is listed and one preferred."),
            Observation.Rank.choices,
        ),
    ),
    order=("indicator__slug", "period", "pk"),
    key=("id",),
    lookup=observation_with,
)
