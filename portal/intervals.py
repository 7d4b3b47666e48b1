"""Arithmetic with what is only partly known. Pure Python.

A source that says "fewer than 100" leaves a whole interval open, and so does every sum or ratio made from it. These
operations are sound: wherever the true values lie inside their intervals, the true result lies inside the result. The
rules are those of interval arithmetic (R. E. Moore, *Interval Analysis*, 1966); ends are rounded outwards (IEEE 1788).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, Inexact, localcontext
from fractions import Fraction
from functools import reduce
from operator import add, truediv

from django.utils.translation import get_language

from portal.quantities import Bound, Comparator, Quantity, plain

ZERO = Bound(Decimal(0), closed=True)
_HARD = (Comparator.LESS, Comparator.MORE)
_DIGITS = 50  # twice what the database holds, so that sums of stored numbers are never rounded


@dataclass(frozen=True)
class Interval:
    """All values between two ends, in the unit of the quantities it was made of; None where there is no end.

    `approximate` says that the ends are themselves only "about" right. An end below the start is a ValueError.
    """

    low: Bound | None = ZERO
    high: Bound | None = None
    approximate: bool = False

    def __post_init__(self):
        if self.low and self.high and self.low.value > self.high.value:
            raise ValueError("an interval does not end below its start")

    @classmethod
    def of(cls, quantity: Quantity, *, can_be_negative=False) -> "Interval":
        """What a published quantity can be.

        Where it sets no lower end ("up to 500 million"), that end is zero: nobody counts or pays less than nothing.
        `can_be_negative` is for rates of growth. "Nearly 400" is below 400 for sure, so its end is not approximate.
        """
        low = quantity.low
        if low is None and not can_be_negative and (quantity.high.value > 0 or quantity.high == ZERO):
            low = ZERO
        return cls(low, quantity.high, quantity.approximate and quantity.comparator not in _HARD)

    @classmethod
    def exactly(cls, value) -> "Interval":
        end = Bound(Decimal(value), closed=True)
        return cls(end, end)

    def __contains__(self, value) -> bool:
        """Whether it can be `value` (a Decimal, an int or a Fraction)."""
        value = Fraction(value)
        above = self.low is None or _is_before(self.low, Fraction(self.low.value), value)
        below = self.high is None or _is_before(self.high, value, Fraction(self.high.value))
        return above and below

    @property
    def is_point(self) -> bool:
        """Whether one value alone is left, exact or approximate."""
        return self.low is not None and self.high is not None and self.low.value == self.high.value

    @property
    def is_exact(self) -> bool:
        return self.is_point and not self.approximate

    @property
    def is_never_negative(self) -> bool:
        return self.low is not None and self.low.value >= 0

    def __add__(self, other: "Interval") -> "Interval":
        """The sum, in the common unit."""
        return Interval(
            _combined(add, self.low, other.low, ROUND_FLOOR),
            _combined(add, self.high, other.high, ROUND_CEILING),
            self.approximate or other.approximate,
        )

    def __truediv__(self, other: "Interval") -> "Interval":
        """The ratio, without a unit: `= 428` to `< 100` is more than 4.28.

        The ratio to what can be zero has no upper end. The ratio to zero itself is a ZeroDivisionError; that of or to
        what can be negative a ValueError, because its ends would say nothing a reader could use.
        """
        if not (self.is_never_negative and other.is_never_negative):
            raise ValueError("a ratio is of numbers that are never negative")
        if other.high and other.high.value == 0:
            raise ZeroDivisionError("the ratio to zero says nothing")
        low, high = Bound(Decimal(0), self.low == ZERO), None
        if self.low.value and other.high:
            low = _combined(truediv, self.low, other.high, ROUND_FLOOR)
        if other.low.value:
            high = _combined(truediv, self.high, other.low, ROUND_CEILING)
        return Interval(low, high, self.approximate or other.approximate)

    def surely_below(self, other: "Interval") -> bool:
        """Whether every value of this one is below every value of the other; of what is approximate nobody is sure."""
        if self.high is None or other.low is None or self.approximate or other.approximate:
            return False
        touching = self.high.closed and other.low.closed
        return self.high.value < other.low.value or (self.high.value == other.low.value and not touching)

    def rounded(self, places) -> "Interval":
        """The ends rounded outwards to `places` decimals (-3: to thousands), so that the result holds every value."""
        return Interval(
            _rounded(self.low, places, ROUND_FLOOR), _rounded(self.high, places, ROUND_CEILING), self.approximate
        )

    def as_quantity(self) -> Quantity | None:
        """The narrowest quantity that says no more than this interval, for its words; None if nothing can be said.

        An approximate end reads "at least about" or "up to about": "nearly" would claim that the value is close to it.
        """
        if self.is_point:
            return Quantity(self.low.value, approximate=self.approximate)
        if self.high is None:
            if self.low is None:
                return None
            hedged = self.low.closed or self.approximate
            comparator = Comparator.AT_LEAST if hedged else Comparator.MORE
            return Quantity(self.low.value, comparator, approximate=self.approximate)
        if self.low is None or self.low.value == 0:
            hedged = self.high.closed or self.approximate
            comparator = Comparator.AT_MOST if hedged else Comparator.LESS
            return Quantity(self.high.value, comparator, approximate=self.approximate)
        return Quantity(self.low.value, value_to=self.high.value, approximate=self.approximate)


def total(intervals: Iterable[Interval]) -> Interval:
    """The sum of numbers in one unit; of nothing, exactly zero."""
    return reduce(add, intervals, Interval.exactly(0))


def _is_before(end, one, other) -> bool:
    """Whether `one` is before `other`, or both are `end` and that is reached."""
    return one < other or (end.closed and one == other)


def _combined(operation, one, other, rounding) -> Bound | None:
    """An end made of two ends, rounded outwards. It is reached only if both are and nothing was rounded."""
    if one is None or other is None:
        return None
    with localcontext(Context(prec=_DIGITS, rounding=rounding)) as context:
        value = operation(one.value, other.value)
        return Bound(value, one.closed and other.closed and not context.flags[Inexact])


def _rounded(end, places, rounding) -> Bound | None:
    """An end that moved lies strictly outside of the values, so it is not one of them."""
    if end is None:
        return None
    value = end.value.quantize(Decimal(1).scaleb(-places), context=Context(prec=2 * _DIGITS, rounding=rounding))
    return Bound(value, end.closed and value == end.value)


# --- Growth -----------------------------------------------------------------------------------------------------------


def growth_words(earlier: Quantity, later: Quantity, language=None) -> str:
    """How many times the earlier number the later one is, in `language` (default: the active one).

    From `< 100` and `= 428` "more than 4.2 times" / "增长至4.2倍以上"; from `= 100` and `= 428` "4.28 times". Only
    what the intervals allow is said, never a percentage, and "" where the later number may not be above the earlier
    one. Rule: "Quantity" in the design of the numbers; a bound has two significant figures, a known ratio three.
    """
    try:
        ratio = Interval.of(later) / Interval.of(earlier)
    except (ValueError, ZeroDivisionError):
        return ""
    if ratio.low.value <= 1:
        return ""
    both_known = Interval.of(earlier).is_point and Interval.of(later).is_point
    growth = _known_growth(ratio) if both_known else ratio.rounded(_places(ratio.low.value)).as_quantity()
    if growth.value <= 1:
        return ""
    chinese = (language or get_language() or "en").startswith("zh")
    return _chinese_growth(growth) if chinese else f"{growth.words(language='en')} times"


def _known_growth(ratio) -> Quantity:
    """The ratio of two numbers, rounded to the nearest; "about" if that changed it."""
    value = ratio.low.value
    figures = 2 if ratio.approximate else 3
    nearest = value.quantize(Decimal(1).scaleb(value.adjusted() + 1 - figures), context=Context(prec=2 * _DIGITS))
    return Quantity(nearest, approximate=not (ratio.is_exact and nearest == value))


def _places(value) -> int:
    """The decimals that leave two significant figures, beside a leading 1: of 1.07 they would leave nothing."""
    figures = 3 if value.as_tuple().digits[0] == 1 else 2
    return figures - 1 - value.adjusted()


def _chinese_growth(growth) -> str:
    about = "约" if growth.approximate else ""
    number = plain(growth.value) + (f"到{plain(growth.value_to)}" if growth.value_to else "")
    return f"增长至{about}{number}倍{'' if growth.high else '以上'}"
