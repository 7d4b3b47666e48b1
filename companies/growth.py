"""How an indicator has moved: in a sentence, and drawn. From loaded observations; no request, no template, no query
(but `charts_kept`, which pages draw with, asks for the content generation).

The sentence claims what the intervals of the published values allow, and no more.
"""

from dataclasses import dataclass, replace
from functools import partial

from django.utils import translation
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from companies.charts import PHONE, WIDE, Chart, Kind, Mark, chart_of, wordings_of
from companies.models import Place
from portal.fields import TextIn
from portal.intervals import growth_words
from portal.page_cache.kept import kept

WORTH_A_HOME_PAGE = 3  # so many values make a chart that the home page and the page of a place show


@dataclass(frozen=True)
class KeyEntry:
    """How the caption explains one kind of mark."""

    mark: Mark
    words: str


@dataclass(frozen=True)
class Growth:
    """An indicator in a sentence and drawn twice: wide, and for a phone."""

    indicator: object
    finding: str
    in_words: str
    charts: tuple[Chart, Chart]

    @property
    def key(self) -> list[KeyEntry]:
        """The kinds of marks that are drawn, each once, in a fixed order."""
        words = {
            Kind.EXACT: _("Filled: exact"),
            Kind.AT_MOST: _("Open, arrow down: an upper bound, as published (“fewer than”)"),
            Kind.AT_LEAST: _("Open, arrow up: a lower bound, as published (“more than”)"),
            Kind.RANGE: _("Bar: a range, as published"),
            Kind.APPROXIMATE: _("Open, with a wave: about this value"),
            Kind.TARGET: _("Diamond: a target, not a result"),
        }
        drawn = {mark.kind: mark for mark in self.charts[0].marks}
        return [KeyEntry(_in_the_key(drawn[kind]), text) for kind, text in words.items() if kind in drawn]

    @property
    def values_url(self) -> str:
        """The table of its values on its own page."""
        return f"{self.indicator.get_absolute_url()}#values"

    @property
    def disagrees(self) -> bool:
        return not all(mark.is_preferred for mark in self.charts[0].marks)

    @property
    def has_lines(self) -> bool:
        return bool(self.charts[0].segments)


def _in_the_key(mark):
    """`mark` in the middle of a drawing of 16 by 32 units, without its label."""
    if mark.y != mark.y_to:
        return replace(mark, x=8, y=26, y_to=6, label=())
    y = {"up": 24, "down": 8, "": 16}[mark.arrow]
    return replace(mark, x=8, y=y, y_to=y, label=())


def charts_of(indicator, observations) -> tuple[Chart, Chart]:
    """The two drawings of `observations`."""
    return tuple(chart_of(indicator, observations, size) for size in (WIDE, PHONE))


def charts_kept(indicator, observations) -> tuple[Chart, Chart]:
    """The same for a public page: drawn once for each content generation, because finding room for the labels takes as
    long as the rest of the page."""
    drawn = partial(charts_of, indicator, observations)
    return kept(f"companies.charts:{indicator.slug}:{get_language()}", drawn)


def growth_of(indicator, draw=charts_of) -> Growth | None:
    """The growth of an indicator loaded `with_observations()`; None while there are not two values to compare."""
    shown = [each for each in indicator.observations.all() if each.is_shown]
    if len(shown) < 2:
        return None
    told = [
        _("%(period)s: %(value)s") % {"period": each.period_words, "value": wordings_of(each)[0][0]} for each in shown
    ]
    return Growth(indicator, finding_of(indicator), "; ".join(told), draw(indicator, shown))


def first_growth(indicators, draw=charts_of) -> Growth | None:
    """The growth of the first of `indicators` that is worth a home page: those that have a place there come first."""
    by_position = sorted(indicators, key=lambda each: (each.home_position is None, each.home_position or 0))
    for indicator in by_position:
        if sum(each.is_shown for each in indicator.observations.all()) >= WORTH_A_HOME_PAGE:
            return growth_of(indicator, draw)
    return None


# --- In a sentence ----------------------------------------------------------------------------------------------------


def finding_of(indicator) -> str:
    """What the latest value says, and how it compares with the first, as far as intervals allow; "" without any."""
    latest, before = indicator.latest, indicator.earliest
    if latest is None:
        return ""
    if isinstance(indicator.name, TextIn):
        language = indicator.name.language
        with translation.override(language):
            return TextIn.of(language, finding_of(indicator))
    said = {"name": _name_with_place(indicator), "value": latest.words, "when": _when(latest)}
    if latest.is_target:
        return _("%(name)s: target of %(value)s %(when)s") % said
    growth = growth_words(before.quantity, latest.quantity) if before and before.leads_to(latest) else ""
    if not growth:
        return _("%(name)s: %(value)s %(when)s") % said
    if latest.quantity.is_exact:
        said["value"] = pgettext("an exact value that was reached", "%(value)s") % said
    said.update(growth=growth, before=before.words, earlier=_in_a_sentence(before.period))
    return _("%(name)s: %(value)s %(when)s, %(growth)s the %(earlier)s figure (%(before)s)") % said


def _name_with_place(indicator):
    """ "Biopharma companies in Baoshan District"; the places in a district name themselves in their indicators."""
    place = indicator.public_place
    if not place or place.kind != Place.Kind.DISTRICT or str(place.name) in indicator.name:
        return str(indicator.name)
    return _("%(name)s in %(place)s") % {"name": indicator.name, "place": place.name}


def _when(observation):
    period, until = observation.period, observation.period_until
    if until:
        ends = {"start": _in_a_sentence(period), "end": _in_a_sentence(until)}
        return _("from %(start)s to %(end)s") % ends
    words = _("on %(date)s") if period.is_exact else _("in %(date)s")
    return words % {"date": _in_a_sentence(period)}


def _in_a_sentence(period):
    """2020, in Chinese 2020年; months and days say what they are by themselves."""
    return period.words if period.month else pgettext("inside a sentence", "%(year)s") % {"year": period.year}
