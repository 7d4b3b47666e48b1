"""Arithmetic with what is only partly known, and what may be said about growth."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.intervals import ZERO, Interval, growth_words, total
from portal.quantities import Bound, Quantity
from portal.quantity_reading import read_quantity
from tests.portal.strategies import figures, known, quantities

ONE_THIRD = Interval.exactly(1) / Interval.exactly(3)


def of(words) -> Interval:
    return Interval.of(read_quantity(words).quantity)


def closed(value):
    return Bound(Decimal(value), closed=True)


def open_(value):
    return Bound(Decimal(value), closed=False)


# --- What a quantity can be -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "interval"),
    [
        ("428", Interval(closed(428), closed(428))),
        ("about 100", Interval(closed(100), closed(100), approximate=True)),
        ("fewer than 100", Interval(closed(0), open_(100))),
        ("nearly 400", Interval(closed(0), open_(400))),
        ("up to 30", Interval(closed(0), closed(30))),
        ("up to about 30", Interval(closed(0), closed(30), approximate=True)),
        ("at least 50", Interval(closed(50), None)),
        ("more than 70", Interval(open_(70), None)),
        ("slightly more than 70", Interval(open_(70), None)),
        ("10 to 15", Interval(closed(10), closed(15))),
        ("about 10 to 15", Interval(closed(10), closed(15), approximate=True)),
        ("-5%", Interval(closed(-5), closed(-5))),
        ("less than -5%", Interval(None, open_(-5))),
        ("less than 0", Interval(None, open_(0))),
        ("up to 0", Interval(closed(0), closed(0))),
    ],
)
def test_a_published_number_leaves_an_interval_open(words, interval):
    assert of(words) == interval


def test_only_a_rate_of_growth_can_be_below_zero_unsaid():
    below_five = Quantity(Decimal(5), "<")

    lows = Interval.of(below_five).low, Interval.of(below_five, can_be_negative=True).low

    assert lows == (ZERO, None)


def test_an_interval_does_not_end_below_its_start():
    with pytest.raises(ValueError, match=r"^an interval does not end below its start$"):
        Interval(closed(2), closed(1))


@pytest.mark.parametrize(
    ("words", "inside", "outside"),
    [
        ("428", [428], [427, 429]),
        ("fewer than 100", [0, Decimal("99.9999")], [-1, 100]),
        ("up to 30", [0, 30], [31]),
        ("more than 70", [Decimal("70.0001"), 10**30], [70]),
        ("at least 50", [50, 10**30], [Fraction(99, 2)]),
        ("10 to 15", [10, Fraction(37, 3), 15], [Decimal("9.9999"), Decimal("15.0001")]),
        ("less than -5%", [-6, -(10**30)], [-5, 0]),
    ],
)
def test_an_interval_holds_what_the_source_does_not_rule_out(words, inside, outside):
    assert [value in of(words) for value in [*inside, *outside]] == [True] * len(inside) + [False] * len(outside)


@given(known())
def test_what_a_quantity_stands_for_lies_in_its_interval(drawn):
    quantity, value = drawn

    assert value in Interval.of(quantity)


@pytest.mark.parametrize(
    ("words", "is_point", "is_exact"), [("428", True, True), ("about 428", True, False), ("over 428", False, False)]
)
def test_an_exact_interval_is_one_value_without_doubt(words, is_point, is_exact):
    assert (of(words).is_point, of(words).is_exact) == (is_point, is_exact)


# --- Sums -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "together"),
    [
        ([], "0"),
        (["428"], "428"),
        (["16 billion", "1.5 billion"], "17.5 billion"),
        (["over 16 billion", "1.5 billion"], "over 17.5 billion"),
        (["at least 16 billion", "1.5 billion"], "at least 17.5 billion"),
        (["over 16 billion", "at least 6 billion"], "over 22 billion"),
        (["up to 500 million", "up to 300 million"], "up to 800 million"),
        (["up to 500 million", "less than 300 million"], "less than 800 million"),
        (["up to 500 million", "100 million"], "100 million to 600 million"),
        (["up to 500 million", "over 100 million"], "over 100 million"),
        (["10 to 15", "3"], "13 to 18"),
        (["about 100", "28"], "about 128"),
        (["about 100", "more than 28"], "at least about 128"),
        (["nearly 400", "nearly 50"], "fewer than 450"),
        (["nearly 400", "fewer than 100"], "fewer than 500"),
        (["up to about 30", "fewer than 5"], "up to about 35"),
        (["5%", "-8%"], "-3%"),
        (["5%", "less than -8%"], "less than -3%"),
    ],
)
def test_a_sum_says_what_its_parts_allow(words, together):
    assert total(map(of, words)).as_quantity() == read_quantity(together).quantity


@given(st.lists(known(), max_size=5))
def test_the_sum_of_the_true_values_lies_in_the_sum(drawn):
    together = total(Interval.of(quantity) for quantity, _ in drawn)

    assert sum(value for _, value in drawn) in together


def test_a_sum_of_stored_numbers_is_never_rounded():
    largest, smallest = Interval.exactly("99999999999999999999"), Interval.exactly("0.0001")

    assert (largest + smallest).as_quantity() == Quantity(Decimal("99999999999999999999.0001"))


def test_a_sum_that_must_be_rounded_holds_the_true_value():
    huge = Interval.exactly(10**60) + Interval.exactly(1)

    assert 10**60 + 1 in huge
    assert not huge.is_exact


# --- Ratios -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("428", "100", Interval.exactly("4.28")),
        ("428", "fewer than 100", Interval(open_("4.28"), None)),
        ("428", "up to 100", Interval(closed("4.28"), None)),
        ("428", "more than 100", Interval(open_(0), open_("4.28"))),
        ("428", "at least 100", Interval(open_(0), closed("4.28"))),
        ("more than 400", "100", Interval(open_(4), None)),
        ("more than 400", "more than 100", Interval(open_(0), None)),
        ("fewer than 400", "100", Interval(closed(0), open_(4))),
        ("400 to 500", "100", Interval(closed(4), closed(5))),
        ("400", "80 to 100", Interval(closed(4), closed(5))),
        ("0", "fewer than 100", Interval(closed(0), None)),
        ("400", "about 100", Interval(closed(4), closed(4), approximate=True)),
    ],
)
def test_a_ratio_says_what_its_parts_allow(one, other, ratio):
    assert of(one) / of(other) == ratio


@given(known(), known())
def test_the_ratio_of_the_true_values_lies_in_the_ratio(one, other):
    (later, later_value), (earlier, earlier_value) = one, other
    if earlier_value:
        assert Fraction(later_value) / Fraction(earlier_value) in Interval.of(later) / Interval.of(earlier)


def test_a_ratio_without_end_in_decimals_lies_between_its_ends():
    assert Fraction(1, 3) in ONE_THIRD
    assert (ONE_THIRD.low.closed, ONE_THIRD.high.closed, ONE_THIRD.is_point) == (False, False, False)
    assert ONE_THIRD.high.value - ONE_THIRD.low.value == Decimal("1E-50")


def test_the_ratio_to_zero_says_nothing():
    with pytest.raises(ZeroDivisionError, match=r"^the ratio to zero says nothing$"):
        of("428") / of("0")


@pytest.mark.parametrize(("one", "other"), [("-5%", "10%"), ("10%", "-5%"), ("less than -5%", "10%")])
def test_a_ratio_of_what_can_be_negative_is_refused(one, other):
    with pytest.raises(ValueError, match=r"^a ratio is of numbers that are never negative$"):
        of(one) / of(other)


# --- Order ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "is_below"),
    [
        ("100", "428", True),
        ("428", "100", False),
        ("428", "428", False),
        ("fewer than 100", "428", True),
        ("fewer than 100", "100", True),
        ("up to 100", "100", False),
        ("up to 100", "more than 100", True),
        ("nearly 400", "400", True),
        ("more than 100", "428", False),
        ("100", "fewer than 428", False),
        ("10 to 15", "15 to 20", False),
        ("10 to 15", "16 to 20", True),
        ("about 100", "101", False),
        ("less than -5%", "3%", True),
        ("3%", "less than -5%", False),
    ],
)
def test_one_number_is_below_another_only_if_it_surely_is(one, other, is_below):
    assert of(one).surely_below(of(other)) is is_below


@given(known(), known())
def test_what_is_surely_below_has_the_smaller_value(one, other):
    (lesser, lesser_value), (greater, greater_value) = one, other
    if Interval.of(lesser).surely_below(Interval.of(greater)):
        assert lesser_value < greater_value


# --- Rounding ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("interval", "places", "rounded"),
    [
        (Interval(open_("4.28"), None), 1, Interval(open_("4.2"), None)),
        (Interval(closed("4.28"), None), 1, Interval(open_("4.2"), None)),
        (Interval(closed("4.2"), None), 1, Interval(closed("4.2"), None)),
        (Interval(closed("4.21"), closed("4.89")), 1, Interval(open_("4.2"), open_("4.9"))),
        (Interval(closed("1234"), closed("5678")), -3, Interval(open_("1000"), open_("6000"))),
        (Interval(None, closed("-4.21")), 1, Interval(None, open_("-4.2"))),
        (Interval(closed("5"), closed("5"), approximate=True), 1, Interval(closed("5"), closed("5"), approximate=True)),
        (ONE_THIRD, 2, Interval(open_("0.33"), open_("0.34"))),
    ],
)
def test_ends_are_rounded_outwards_and_an_end_that_moved_is_open(interval, places, rounded):
    assert interval.rounded(places) == rounded


@given(known(), st.integers(-12, 6))
def test_rounding_keeps_every_value(drawn, places):
    quantity, value = drawn

    assert value in Interval.of(quantity).rounded(places)


# --- Words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        (Interval(), "at least 0"),
        (Interval(open_(5), None), "more than 5"),
        (Interval(open_(5), None, approximate=True), "at least about 5"),
        (Interval(closed(0), open_(5)), "fewer than 5"),
        (Interval(open_(0), closed(5)), "up to 5"),
        (Interval(closed(0), open_(5), approximate=True), "up to about 5"),
        (Interval(open_(3), open_(5)), "3 to 5"),
        (Interval(closed(-3), closed(5), approximate=True), "about -3 to 5"),
        (Interval(closed(0), closed(0)), "0"),
    ],
)
def test_an_interval_has_words(interval, words):
    assert interval.as_quantity().words(language="en") == words


def test_of_an_interval_without_ends_nothing_is_said():
    assert Interval(None, None).as_quantity() is None


@given(st.lists(known(), min_size=1, max_size=3))
def test_a_sum_in_words_never_rules_out_the_true_value(drawn):
    words = total(Interval.of(quantity) for quantity, _ in drawn).as_quantity()

    assert sum(value for _, value in drawn) in Interval.of(words)


@given(quantities().filter(lambda quantity: quantity.value > 0))
def test_words_say_all_of_a_single_quantity_but_that_it_is_close(quantity):
    hard = quantity.comparator in "<>"
    expected = Quantity(quantity.value, quantity.comparator, quantity.value_to, quantity.approximate and not hard)

    assert Interval.of(quantity).as_quantity() == expected


# --- Growth -----------------------------------------------------------------------------------------------------------

GROWTH = [
    # earlier, later, English, Chinese
    ("fewer than 100", "428", "more than 4.2 times", "增长至4.2倍以上"),
    ("nearly 100", "428", "more than 4.2 times", "增长至4.2倍以上"),
    ("up to 100", "428", "more than 4.2 times", "增长至4.2倍以上"),
    ("up to 100", "400", "at least 4 times", "增长至4倍以上"),
    ("100", "428", "4.28 times", "增长至4.28倍"),
    ("about 100", "428", "about 4.3 times", "增长至约4.3倍"),
    ("100", "about 400", "about 4 times", "增长至约4倍"),
    ("300", "428", "about 1.43 times", "增长至约1.43倍"),
    ("300", "600", "2 times", "增长至2倍"),
    ("7", "86419", "about 12,300 times", "增长至约12300倍"),
    ("100", "more than 400", "more than 4 times", "增长至4倍以上"),
    ("100", "at least 400", "at least 4 times", "增长至4倍以上"),
    ("100", "400 to 500", "4 to 5 times", "增长至4到5倍"),
    ("90 to 110", "428", "3.8 to 4.8 times", "增长至3.8到4.8倍"),
    ("100", "about 400 to 500", "about 4 to 5 times", "增长至约4到5倍"),
    ("fewer than 100", "about 428", "at least about 4.2 times", "增长至约4.2倍以上"),
    ("fewer than 400", "428", "more than 1.07 times", "增长至1.07倍以上"),
    ("fewer than 3", "1000000", "more than 330,000 times", "增长至330000倍以上"),
]


@pytest.mark.parametrize(("earlier", "later", "english", "chinese"), GROWTH)
def test_growth_is_said_as_far_as_the_bounds_allow(earlier, later, english, chinese):
    numbers = read_quantity(earlier).quantity, read_quantity(later).quantity

    assert (growth_words(*numbers, "en"), growth_words(*numbers, "zh-hans")) == (english, chinese)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("more than 100", "428"),  # the earlier one may have been larger
        ("at least 100", "more than 428"),
        ("100", "fewer than 428"),
        ("100", "up to 428"),
        ("fewer than 100", "70"),
        ("fewer than 100", "100"),  # more than once is no claim of growth
        ("90 to 110", "100"),
        ("428", "100"),
        ("100", "100"),
        ("1000000", "1000001"),
        ("about 100", "101"),
        ("0", "428"),
        ("-5%", "10%"),
        ("5%", "-10%"),
    ],
)
def test_nothing_is_said_where_growth_is_not_sure(earlier, later):
    numbers = read_quantity(earlier).quantity, read_quantity(later).quantity

    assert (growth_words(*numbers, "en"), growth_words(*numbers, "zh-hans")) == ("", "")


def test_growth_is_told_in_the_language_of_the_page():
    with translation.override("zh-hans"):
        words = growth_words(Quantity(Decimal(100)), Quantity(Decimal(428)))

    assert words == "增长至4.28倍"


@given(known(), known())
def test_growth_never_claims_more_than_the_true_values_show(earlier, later):
    (before, before_value), (after, after_value) = earlier, later
    words = growth_words(before, after, "en")
    if words and "about" not in words:
        claim = read_quantity(words.removesuffix(" times")).quantity

        assert Fraction(after_value) / Fraction(before_value) in Interval.of(claim)


@given(figures(low="0.0001"), figures(low="0.0001"))
def test_a_rounded_ratio_is_within_half_a_percent_of_the_true_one(before, after):
    words = growth_words(Quantity(before), Quantity(after), "en")
    if words:
        claimed = Fraction(read_quantity(words.removesuffix(" times")).quantity.value)

        assert abs(claimed / (Fraction(after) / Fraction(before)) - 1) <= Fraction(1, 200)


@given(quantities(), quantities())
def test_growth_is_never_told_in_percent(before, after):
    assert "%" not in growth_words(before, after, "en") + growth_words(before, after, "zh-hans")
