"""Arithmetic with what is only partly known. Pure Python.

A source that says "fewer than 100" leaves a whole interval open, and so does every sum or ratio made from it. These
operations are sound: whatever the true values are, as long as each lies in its interval, the true result lies in the
result. Rules from interval arithmetic (Moore, *Interval Analysis*, 1966) for numbers that are never negative.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import reduce

from portal.quantities import Bound, Comparator, Quantity

ZERO = Bound(Decimal(0), closed=True)


@dataclass(frozen=True)
class Interval:
    """All values between two ends; an end that is None is unbounded above. Nothing here is below zero."""

    low: Bound = ZERO
    high: Bound | None = None
    approximate: bool = False

    @classmethod
    def of(cls, quantity: Quantity) -> "Interval":
        """What a published quantity can be. Where it sets no lower end ("up to 500 million"), that end is zero."""
        return cls(quantity.low or ZERO, quantity.high, quantity.approximate)

    @classmethod
    def exactly(cls, value) -> "Interval":
        end = Bound(Decimal(value), closed=True)
        return cls(end, end)

    def __contains__(self, value) -> bool:
        above = value > self.low.value or (self.low.closed and value == self.low.value)
        below = self.high is None or value < self.high.value or (self.high.closed and value == self.high.value)
        return above and below

    @property
    def is_exact(self) -> bool:
        return self.high is not None and self.low == self.high and self.low.closed

    def __add__(self, other: "Interval") -> "Interval":
        return Interval(
            _both(self.low, other.low, self.low.value + other.low.value),
            _both(self.high, other.high, self.high.value + other.high.value) if self.high and other.high else None,
            self.approximate or other.approximate,
        )

    def __truediv__(self, other: "Interval") -> "Interval":
        """The ratio of two intervals: from `= 428` and `< 100` comes "more than 4.28 times". Dividing by what can be
        zero leaves the ratio unbounded; dividing by zero itself is a ZeroDivisionError."""
        if other.is_exact and other.low.value == 0:
            raise ZeroDivisionError("the ratio to zero says nothing")
        low = ZERO
        if other.high and self.low.value:
            low = _both(self.low, other.high, self.low.value / other.high.value)
        high = None
        if self.high and other.low.value:
            high = _both(self.high, other.low, self.high.value / other.low.value)
        return Interval(low, high, self.approximate or other.approximate)

    def surely_below(self, other: "Interval") -> bool:
        """Whether every value of this one is below every value of the other."""
        if self.high is None:
            return False
        touches = self.high.value == other.low.value and self.high.closed and other.low.closed
        return self.high.value <= other.low.value and not touches

    def rounded(self, places=1) -> "Interval":
        """The ends rounded outwards to `places` decimals, so that the result still holds every value."""
        step = Decimal(1).scaleb(-places)

        def outwards(end, rounding):
            value = end.value.quantize(step, rounding)
            return Bound(value, end.closed or value != end.value) if value != end.value else end

        return Interval(
            outwards(self.low, ROUND_FLOOR),
            outwards(self.high, ROUND_CEILING) if self.high else None,
            self.approximate,
        )

    def as_quantity(self) -> Quantity:
        """The narrowest quantity that says no more than this interval; for its words."""
        if self.high is None:
            comparator = Comparator.AT_LEAST if self.low.closed else Comparator.MORE
            return Quantity(self.low.value, comparator, approximate=self.approximate)
        if self.is_exact:
            return Quantity(self.low.value, approximate=self.approximate)
        if self.low == ZERO:
            comparator = Comparator.AT_MOST if self.high.closed else Comparator.LESS
            return Quantity(self.high.value, comparator, approximate=self.approximate)
        return Quantity(self.low.value, value_to=self.high.value, approximate=self.approximate)


def total(intervals: Iterable[Interval]) -> Interval:
    """The sum; of nothing, exactly zero."""
    return reduce(Interval.__add__, intervals, Interval.exactly(0))


def _both(one: Bound, other: Bound, value: Decimal) -> Bound:
    """An end made of two ends: reached only if both are."""
    return Bound(value, one.closed and other.closed)
