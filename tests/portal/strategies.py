"""What hypothesis draws: partial dates of any precision, quantities that a source could print, and what they mean."""

from datetime import date
from decimal import Decimal

from hypothesis import assume
from hypothesis import strategies as st

from portal.partial_dates import PartialDate
from portal.quantities import Comparator, Quantity


def partial_dates(first=date(1000, 1, 1), last=date(9999, 12, 31)):
    """A year, a month or a day between the days `first` and `last`."""

    def cut(day, precision):
        return PartialDate(*(day.year, day.month, day.day)[:precision])

    return st.builds(cut, st.dates(first, last), st.integers(1, 3))


def figures(low="0", high="99999999999"):
    """Numbers as sources print them, at most four digits behind the point (and few enough in front for SQLite)."""
    return st.decimals(Decimal(low), Decimal(high), places=4)


def quantities():
    """Any quantity: with each comparator, approximate or not, and ranges."""
    single = st.builds(Quantity, figures(), st.sampled_from(Comparator), st.none(), st.booleans())
    ranges = st.builds(
        lambda start, width, approximate: Quantity(start, Comparator.EXACTLY, start + width, approximate),
        figures(high="9999999999"),
        figures(low="0.0001", high="9999999999"),
        st.booleans(),
    )
    return single | ranges


@st.composite
def known(draw, numbers=None):
    """A quantity and a value that it can stand for; nothing is counted or paid below zero."""
    quantity = draw(quantities() if numbers is None else numbers)
    low, high = quantity.low, quantity.high
    start = low.value if low else Decimal(0)
    end = high.value if high else start + draw(figures(low="0.0001"))
    value = draw(st.sampled_from([start, end]) | st.decimals(start, end, places=4))
    assume(not (low and value == low.value and not low.closed))
    assume(not (high and value == high.value and not high.closed))
    return quantity, value
