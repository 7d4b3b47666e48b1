"""Numbers as people write them, and the refusal to guess."""

import time
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import example, given
from hypothesis import strategies as st

from portal.quantities import Measure, Quantity
from portal.quantity_reading import NotUnderstood, Reading, read_quantity
from tests.portal.strategies import figures, quantities


def read(value, comparator="=", value_to=None, approximate=False, currency=""):
    return Reading(Quantity(Decimal(value), comparator, value_to and Decimal(value_to), approximate), currency)


BILLION = 10**9


# --- What is read -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("428", read(428)),
        ("428家", read(428)),
        ("fewer than 100", read(100, "<")),
        ("不足百家", read(100, "<")),
        ("more than 70", read(70, ">")),
        ("超过70家", read(70, ">")),
        ("nearly 400", read(400, "<", approximate=True)),
        ("近400家", read(400, "<", approximate=True)),
        ("近400", read(400, "<", approximate=True)),
        ("about 100", read(100, approximate=True)),
        ("百家左右", read(100, approximate=True)),
        ("100家以上", read(100, ">=")),
        ("up to 30", read(30, "<=")),
        ("最高30家", read(30, "<=")),
        ("不超过30家", read(30, "<=")),
    ],
)
def test_the_published_forms_of_the_design_are_read(text, reading):
    assert read_quantity(text) == reading


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("超53%", read(53, ">")),
        ("超100%", read(100, ">")),
        ("20多家", read(20, ">")),
        ("四百余家", read(400, ">")),
        ("28家高新技术企业", read(28)),
        ("26个产业项目", read(26)),
        ("11个高端制造业项目", read(11)),
        ("344 major high-tech businesses", read(344)),
        ("52 projects", read(52)),
        ("6.86平方公里", read("6.86")),
        ("57 square kilometers", read(57)),
        ("37.51亿元", read(3_751_000_000, currency="CNY")),
        ("投资额50亿元", read(5 * BILLION, currency="CNY")),
        ("总投资超160亿元", read(16 * BILLION, ">", currency="CNY")),
        ("投资总额超100亿元", read(10 * BILLION, ">", currency="CNY")),
        ("产业规模突破1000亿元", read(100 * BILLION, ">", currency="CNY")),
        ("1.5 billion yuan", read(1_500_000_000, currency="CNY")),
        ("over 20 billion yuan", read(20 * BILLION, ">", currency="CNY")),
    ],
)
def test_the_sources_of_the_first_conference_are_read(text, reading):
    assert read_quantity(text) == reading


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("over CNY 6 billion", read(6 * BILLION, ">", currency="CNY")),
        ("more than 10 billion yuan", read(10 * BILLION, ">", currency="CNY")),
        ("up to 500 million", read(500_000_000, "<=")),
        ("US$2.25 billion", read(2_250_000_000, currency="USD")),
        ("US$500m", read(500_000_000, currency="USD")),
        ("$5bn", read(5 * BILLION, currency="USD")),
        ("€3.2 mn", read(3_200_000, currency="EUR")),
        ("HK$1 trillion", read(1000 * BILLION, currency="HKD")),
        ("chf 30 million", read(30_000_000, currency="CHF")),
        ("160亿元", read(16 * BILLION, currency="CNY")),
        ("3.4亿元", read(340_000_000, currency="CNY")),
        ("约5000万元", read(50_000_000, approximate=True, currency="CNY")),
        ("1.2万亿元", read(1200 * BILLION, currency="CNY")),
        ("人民币5亿元", read(500_000_000, currency="CNY")),
        ("5亿元人民币", read(500_000_000, currency="CNY")),
        ("3000万美元", read(30_000_000, currency="USD")),
        ("20余亿元", read(2 * BILLION, ">", currency="CNY")),
        ("3亿多元", read(300_000_000, ">", currency="CNY")),
        ("3亿5000万元", read(350_000_000, currency="CNY")),
        ("5千万元", read(50_000_000, currency="CNY")),
        ("超亿元", read(100_000_000, ">", currency="CNY")),
        ("近万亿元", read(1000 * BILLION, "<", approximate=True, currency="CNY")),
    ],
)
def test_amounts_of_money_are_read_in_full_figures_with_their_currency(text, reading):
    assert read_quantity(text) == reading


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("10-15", read(10, value_to=15)),
        ("10 – 15", read(10, value_to=15)),
        ("10～15家", read(10, value_to=15)),
        ("10至15家左右", read(10, value_to=15, approximate=True)),
        ("10家到15家", read(10, value_to=15)),
        ("三十至四十家", read(30, value_to=40)),
        ("between 10 and 15", read(10, value_to=15)),
        ("10-15%", read(10, value_to=15)),
        ("10%至15%", read(10, value_to=15)),
        ("-5% to 3%", read(-5, value_to=3)),
        ("10-15 billion", read(10 * BILLION, value_to=15 * BILLION)),
        ("CNY 10 to 15 billion", read(10 * BILLION, value_to=15 * BILLION, currency="CNY")),
        ("CNY 10 billion to CNY 15 billion", read(10 * BILLION, value_to=15 * BILLION, currency="CNY")),
        ("500 million-1 billion", read(500_000_000, value_to=BILLION)),
        ("100-150亿元", read(10 * BILLION, value_to=15 * BILLION, currency="CNY")),
        ("100亿元至150亿元", read(10 * BILLION, value_to=15 * BILLION, currency="CNY")),
        ("500元至1万元", read(500, value_to=10_000, currency="CNY")),
        ("500家至1万家", read(500, value_to=10_000)),
    ],
)
def test_ranges_share_the_scale_that_stands_at_their_end(text, reading):
    assert read_quantity(text) == reading


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("４２８家", read(428)),
        ("５３％", read(53)),
        ("＞７０", read(70, ">")),
        ("１０－１５", read(10, value_to=15)),
        ("１，２３４．５", read("1234.5")),
        ("1,234.5", read("1234.5")),
        ("1,234,567", read(1234567)),
        ("53%", read(53)),
        ("6.86 km2", read("6.86")),
        ("6.86 km²", read("6.86")),
        ("6.86㎢", read("6.86")),
        ("−3.5%", read("-3.5")),
        ("total 428", read(428)),
        ("  More  Than\u00a070\n", read(70, ">")),
        ("70+ companies", read(70, ">=")),
        ("70 or so", read(70, approximate=True)),
        ("约100家左右", read(100, approximate=True)),
        ("0.0001", read("0.0001")),
        ("-0", read(0)),
    ],
)
def test_full_width_signs_spaces_and_separators_make_no_difference(text, reading):
    assert read_quantity(text) == reading


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("零", 0),
        ("九家", 9),
        ("十家", 10),
        ("十五家", 15),
        ("二十家", 20),
        ("两百家", 200),
        ("三百零五家", 305),
        ("三百〇五家", 305),
        ("一千零五十家", 1050),
        ("三千五百家", 3500),
        ("四万五千家", 45_000),
        ("百万家", 1_000_000),
        ("五千万", 50_000_000),
        ("一亿两千万", 120_000_000),
    ],
)
def test_numbers_in_chinese_characters_are_read(text, value):
    assert read_quantity(text) == read(value)


def test_a_number_is_read_as_it_is_stored():
    values = [str(read_quantity(text).quantity.value) for text in ("1.50 billion", "428.00", "6.8600")]

    assert values == ["1500000000", "428", "6.86"]


# --- What is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "many",
        "若干家",
        "12 of 26",
        "1..2",
        "1,23",
        "1 234",
        "12,345,6",
        "70 or so maybe",
        "双双入选……前30",
        "5億5500万元と5億5000万元",
        "428 (2024)",
        "not 428",
        "428 in 2024",
    ],
)
def test_what_states_no_number_or_more_than_one_is_refused(text):
    with pytest.raises(NotUnderstood):
        read_quantity(text)


@pytest.mark.parametrize(
    "text",
    [
        "三四百家",  # 300 to 400
        "三四家",
        "一百二",  # 120, or 102
        "一万二",
        "二〇二四",  # a year
        "十几家",
        "数百家",
        "10²",
        "428①",  # a footnote
        "½",
        "¥500",  # yuan, or yen
        "500m",  # millions, or metres
        "10 and 15",
        "between 10",
        "10 billion to 15",
        "-5 million to 3",
        "5亿20亿",
        "US$10 to US$15 billion",
        "6.86平方米",
        "٤٢٨",
    ],
)
def test_what_may_mean_two_things_is_refused(text):
    with pytest.raises(NotUnderstood):
        read_quantity(text)


@pytest.mark.parametrize(
    "text",
    [
        "近400家以上",
        "more than 70 or less",
        "超过10-15",
        "10-15多家",
        "10-15亿余元",
        "10多-15家",
        "15-10",
        "10-10",
        "CNY 3 billion dollars",
        "约70余家",
    ],
)
def test_what_contradicts_itself_is_refused(text):
    with pytest.raises(NotUnderstood):
        read_quantity(text)


def test_more_digits_than_can_be_kept_are_refused():
    assert read_quantity("9" * 24) == read("9" * 24)
    with pytest.raises(NotUnderstood):
        read_quantity("9" * 25)


def test_the_refusal_tells_what_can_be_written():
    with pytest.raises(NotUnderstood) as refusal:
        read_quantity("many")

    assert str(refusal.value) == (
        "“many” is not a number we can read. Write for example: 428, more than 70, 近400, CNY 6 billion, 10-15."
    )


def test_the_refusal_of_a_long_text_repeats_its_beginning_only():
    with pytest.raises(NotUnderstood) as refusal:
        read_quantity("many " * 1000)

    assert len(str(refusal.value)) < 200


# --- Words and reading agree ------------------------------------------------------------------------------------------


def any_quantity():
    """Also below zero, and with as many digits as can be stored."""
    most = st.decimals(Decimal("-99999999999999999999.9999"), Decimal("99999999999999999999.9999"), places=4)
    ends = st.tuples(most, most | figures(high="100")).map(sorted).filter(lambda pair: pair[0] < pair[1])
    ranges = st.builds(lambda pair, about: Quantity(pair[0], "=", pair[1], about), ends, st.booleans())
    single = st.builds(Quantity, most, st.sampled_from(["=", "<", "<=", ">=", ">"]), st.none(), st.booleans())
    return quantities() | single | ranges


@given(any_quantity(), st.sampled_from(["en", "zh-hans"]), st.sampled_from(["", "家", "个", "项"]))
def test_a_count_in_words_reads_back(quantity, language, counted):
    words = quantity.words(counted=counted, language=language)

    assert read_quantity(words) == Reading(quantity)


@given(
    any_quantity(),
    st.sampled_from(["en", "zh-hans"]),
    st.sampled_from(["", "CNY", "USD", "EUR", "HKD", "JPY", "GBP", "CHF", "SGD", "KRW"]),
)
@example(Quantity(Decimal(500), value_to=Decimal(1_500_000)), "en", "CNY")
@example(Quantity(Decimal(500), value_to=Decimal(1_500_000)), "zh-hans", "")
@example(Quantity(Decimal(-5_000_000), value_to=Decimal(3)), "en", "")
def test_an_amount_of_money_in_words_reads_back(quantity, language, currency):
    words = quantity.words(Measure.MONEY, currency=currency, language=language)

    assert read_quantity(words) == Reading(quantity, currency)


@given(any_quantity(), st.sampled_from(["en", "zh-hans"]), st.sampled_from([Measure.PERCENT, Measure.AREA]))
def test_a_share_or_an_area_in_words_reads_back(quantity, language, measure):
    words = quantity.words(measure, language=language)

    assert read_quantity(words) == Reading(quantity)


@given(st.integers(1, 9999))
def test_a_whole_number_means_the_same_in_full_width_figures(number):
    full_width = str(number).translate({ord("0") + digit: chr(ord("０") + digit) for digit in range(10)})

    assert read_quantity(full_width) == read(number)


# --- Any text ---------------------------------------------------------------------------------------------------------

PIECES = [
    *[
        "1",
        "0",
        "12,345",
        ".5",
        "-",
        "–",
        "~",
        "%",
        "+",
        " ",
        "百",
        "一",
        "三",
        "零",
        "万",
        "亿",
        "元",
        "家",
        "余",
        "多",
    ],
    *[
        "近",
        "约",
        "超过",
        "以上",
        "左右",
        "至",
        "up to ",
        "about ",
        "more than ",
        "between ",
        " and ",
        " to ",
        " or more",
    ],
    *[" billion", " m", "k", "cny ", "US$", "km²", "共", "企业", "²", "½", "①", "９", "\x00", "\u3000"],
]


@given(st.text() | st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_any_text_is_read_or_refused_but_never_an_error(text):
    try:
        understood = bool(read_quantity(text).quantity)
    except NotUnderstood:
        understood = False

    assert not understood or any(sign.isnumeric() or sign in "万亿" for sign in text)


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join), st.sampled_from(["en", "zh-hans"]))
def test_what_is_read_can_be_said_and_read_again(text, language):
    try:
        reading = read_quantity(text)
    except NotUnderstood:
        return

    words = reading.quantity.words(Measure.MONEY, currency=reading.currency, language=language)

    assert read_quantity(words) == reading


@pytest.mark.parametrize(
    "piece",
    ["1", "1,", "1,111", "一", "百", "二百", "1万", "共", "企业 ", "项目企业", " ", "-", "up to ", "between ", "ﷺ"],
)
@pytest.mark.parametrize("length", [200, 10_000])
def test_a_hostile_text_takes_no_time(piece, length):
    text = (piece * length)[: length - 1] + "!"

    started = time.process_time()
    with pytest.raises(NotUnderstood):
        read_quantity(text)

    assert time.process_time() - started < 0.5


def test_the_refusal_is_in_the_language_of_the_page():
    with translation.override("zh-hans"), pytest.raises(NotUnderstood) as refusal:
        read_quantity("many")

    assert "many" in str(refusal.value)
