from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given

from portal.quantities import Bound, Comparator, Measure, Quantity, plain
from tests.portal.strategies import figures, quantities


def quantity(value, comparator="=", value_to=None, approximate=False):
    return Quantity(Decimal(value), comparator, value_to and Decimal(value_to), approximate)


COUNTS = [
    (quantity("428"), "428", "428家"),
    (quantity("100", approximate=True), "about 100", "约100家"),
    (quantity("100", "<"), "fewer than 100", "不足100家"),
    (quantity("400", "<", approximate=True), "nearly 400", "近400家"),
    (quantity("30", "<="), "up to 30", "最高30家"),
    (quantity("30", "<=", approximate=True), "up to about 30", "最高约30家"),
    (quantity("50", ">="), "at least 50", "至少50家"),
    (quantity("50", ">=", approximate=True), "at least about 50", "至少约50家"),
    (quantity("70", ">"), "more than 70", "超过70家"),
    (quantity("70", ">", approximate=True), "slightly more than 70", "略超70家"),
    (quantity("10", value_to="15"), "10 to 15", "10至15家"),
    (quantity("10", value_to="15", approximate=True), "about 10 to 15", "约10至15家"),
    (quantity("9999"), "9999", "9999家"),
    (quantity("12345"), "12,345", "12345家"),
    (quantity("0"), "0", "0家"),
]


@pytest.mark.parametrize(("number", "english", "chinese"), COUNTS, ids=[english for _, english, _ in COUNTS])
def test_a_count_reads_as_people_write_it(number, english, chinese):
    words = number.words(counted="家", language="en"), number.words(counted="家", language="zh-hans")

    assert words == (english, chinese)


AMOUNTS = [
    (quantity("16000000000"), "CNY 16 billion", "160亿元"),
    (quantity("10000000000", ">"), "more than CNY 10 billion", "超过100亿元"),
    (quantity("6000000000", ">="), "at least CNY 6 billion", "至少60亿元"),
    (quantity("1500000000"), "CNY 1.5 billion", "15亿元"),
    (quantity("340000000"), "CNY 340 million", "3.4亿元"),
    (quantity("500000000", "<="), "up to CNY 500 million", "最高5亿元"),
    (quantity("50000000", "<"), "less than CNY 50 million", "不足5000万元"),
    (quantity("100000000", "<", approximate=True), "nearly CNY 100 million", "近1亿元"),
    (quantity("100000000", approximate=True), "about CNY 100 million", "约1亿元"),
    (quantity("1200000000000"), "CNY 1.2 trillion", "1.2万亿元"),
    (quantity("250000"), "CNY 250,000", "25万元"),
    (quantity("9800"), "CNY 9800", "9800元"),
    (
        quantity("10000000000", value_to="15000000000"),
        "CNY 10 billion to 15 billion",
        "100亿至150亿元",
    ),
    (quantity("500", value_to="1500000"), "CNY 500 to 1,500,000", "500至1500000元"),
    (quantity("50000", value_to="1500000"), "CNY 50,000 to 1,500,000", "5万至150万元"),
    (quantity("500000000", value_to="1500000000"), "CNY 500 million to 1.5 billion", "5亿至15亿元"),
    (quantity("-5000000", value_to="3"), "CNY -5,000,000 to 3", "-5000000至3元"),
]


@pytest.mark.parametrize(("number", "english", "chinese"), AMOUNTS, ids=[english for _, english, _ in AMOUNTS])
def test_an_amount_of_money_reads_as_people_write_it(number, english, chinese):
    words = tuple(number.words(Measure.MONEY, currency="CNY", language=language) for language in ("en", "zh-hans"))

    assert words == (english, chinese)


@pytest.mark.parametrize(
    ("currency", "english", "chinese"),
    [
        ("USD", "USD 30 million", "3000万美元"),
        ("EUR", "EUR 30 million", "3000万欧元"),
        ("HKD", "HKD 30 million", "3000万港元"),
        ("JPY", "JPY 30 million", "3000万日元"),
        ("GBP", "GBP 30 million", "3000万英镑"),
        ("CHF", "CHF 30 million", "3000万CHF"),
    ],
)
def test_an_amount_names_its_currency(currency, english, chinese):
    number = quantity("30000000")

    words = tuple(number.words(Measure.MONEY, currency=currency, language=language) for language in ("en", "zh-hans"))

    assert words == (english, chinese)


SHARES_AND_AREAS = [
    (quantity("6.5"), Measure.PERCENT, "6.5%", "6.5%"),
    (quantity("5", "<"), Measure.PERCENT, "less than 5%", "不足5%"),
    (quantity("20", ">"), Measure.PERCENT, "more than 20%", "超过20%"),
    (quantity("10", value_to="15"), Measure.PERCENT, "10 to 15%", "10%至15%"),
    (quantity("6.86"), Measure.AREA, "6.86 km²", "6.86平方公里"),
    (quantity("3.751"), Measure.AREA, "3.751 km²", "3.751平方公里"),
    (quantity("300", "<", approximate=True), Measure.AREA, "nearly 300 km²", "近300平方公里"),
    (quantity("2", value_to="3"), Measure.AREA, "2 to 3 km²", "2至3平方公里"),
]


@pytest.mark.parametrize(
    ("number", "measure", "english", "chinese"), SHARES_AND_AREAS, ids=[english for *_, english, _ in SHARES_AND_AREAS]
)
def test_a_share_or_an_area_carries_its_unit(number, measure, english, chinese):
    words = number.words(measure, language="en"), number.words(measure, language="zh-hans")

    assert words == (english, chinese)


def test_words_are_in_the_language_of_the_page_unless_one_is_named():
    number = quantity("100", "<")

    with translation.override("zh-hans"):
        words = number.words(counted="家"), number.words(language="en")

    assert words == ("不足100家", "fewer than 100")


def test_words_are_english_where_no_language_is_active():
    with translation.override(None):
        words = quantity("100", "<").words()

    assert words == "fewer than 100"


def test_the_measure_may_be_named_as_it_is_stored():
    assert quantity("5").words("percent", language="en") == "5%"


def test_qualifier_and_number_can_be_set_apart_from_each_other():
    number = quantity("10000000000", ">")

    english = (
        number.qualifier(Measure.MONEY, language="en"),
        number.number(Measure.MONEY, currency="CNY", language="en"),
    )
    chinese = (
        number.qualifier(Measure.MONEY, language="zh-hans"),
        number.number(Measure.MONEY, currency="CNY", language="zh-hans"),
    )

    assert (english, chinese) == (("more than", "CNY 10 billion"), ("超过", "100亿元"))


def test_an_exact_number_has_no_qualifier():
    number = quantity("428")

    assert (number.qualifier(language="en"), number.qualifier(language="zh-hans")) == ("", "")


def test_the_number_of_a_range_keeps_its_end():
    assert quantity("10", value_to="15", approximate=True).number(language="en") == "10 to 15"


# --- bounds -----------------------------------------------------------------------------------------------------------


def closed(value):
    return Bound(Decimal(value), closed=True)


def open_(value):
    return Bound(Decimal(value), closed=False)


@pytest.mark.parametrize(
    ("number", "low", "high"),
    [
        (quantity("428"), closed("428"), closed("428")),
        (quantity("100", "<"), None, open_("100")),
        (quantity("100", "<="), None, closed("100")),
        (quantity("100", ">="), closed("100"), None),
        (quantity("100", ">"), open_("100"), None),
        (quantity("10", value_to="15"), closed("10"), closed("15")),
        (quantity("400", "<", approximate=True), None, open_("400")),
    ],
    ids=str,
)
def test_bounds_say_what_the_source_rules_out(number, low, high):
    assert (number.low, number.high) == (low, high)


@given(quantities())
def test_the_low_end_is_never_above_the_high_end(number):
    ends = [bound.value for bound in (number.low, number.high) if bound]

    assert ends == sorted(ends)


@given(quantities())
def test_every_quantity_has_at_least_one_end(number):
    assert (number.low, number.high) != (None, None)


@given(quantities())
def test_only_a_number_without_qualifier_range_or_doubt_is_exact(number):
    is_a_point = number.low == number.high and not number.approximate

    assert number.is_exact == is_a_point


@given(quantities())
def test_no_reader_ever_meets_a_sign_of_comparison(number):
    words = "".join(number.words(measure, language=language) for measure in Measure for language in ("en", "zh-hans"))

    assert not set(words) & set("<>=≤≥~")


@given(quantities())
def test_words_are_the_qualifier_followed_by_the_number(number):
    english = f"{number.qualifier(language='en')} {number.number(language='en')}".strip()
    chinese = f"{number.qualifier(language='zh-hans')}{number.number(counted='家', language='zh-hans')}"

    assert (number.words(language="en"), number.words(counted="家", language="zh-hans")) == (english, chinese)


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("100", "~"), "'~' is not a valid Comparator"),
        (("10", "<", "15"), "a range has no comparator"),
        (("10", ">=", "15"), "a range has no comparator"),
        (("15", "=", "10"), "the end of a range must be above its start"),
        (("15", "=", "15"), "the end of a range must be above its start"),
    ],
)
def test_a_contradictory_quantity_is_refused(arguments, reason):
    with pytest.raises(ValueError, match=f"^{reason}$"):
        quantity(*arguments)


def test_a_comparator_may_be_given_as_it_is_stored():
    assert quantity("70", ">").comparator is Comparator.MORE


# --- figures ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "figure"),
    [
        ("428", "428"),
        ("428.0000", "428"),
        ("6.8600", "6.86"),
        ("3.751", "3.751"),
        ("100", "100"),
        ("1E+3", "1000"),
        ("0.0001", "0.0001"),
        ("0", "0"),
        ("0.0000", "0"),
        ("-12.50", "-12.5"),
    ],
)
def test_plain_figures_have_neither_trailing_zeros_nor_an_exponent(value, figure):
    assert plain(Decimal(value)) == figure


@pytest.mark.parametrize(
    ("value", "figure"),
    [("9999", "9999"), ("10000", "10,000"), ("1234567.8900", "1,234,567.89"), ("-10000", "-10,000")],
)
def test_thousands_are_separated_from_ten_thousand_up(value, figure):
    assert plain(Decimal(value), thousands=",") == figure


@given(figures())
def test_plain_figures_keep_the_value(value):
    assert (Decimal(plain(value)), Decimal(plain(value, thousands=",").replace(",", ""))) == (value, value)


@given(figures())
def test_plain_figures_are_the_same_however_many_zeros_were_stored(value):
    assert plain(value) == plain(value.normalize())
