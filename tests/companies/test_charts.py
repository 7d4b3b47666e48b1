import itertools
import re
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.utils import translation

from companies.charts import PHONE, WIDE, Box, Kind, chart_of, joined_results
from companies.charts import round_steps as steps
from companies.growth import finding_of, first_growth, growth_of
from companies.models import Indicator
from portal.quantities import Quantity
from tests.factories import indicator, observation, place

pytestmark = pytest.mark.django_db


def loaded(record):
    """The indicator with its public observations, as a page loads it."""
    return Indicator.objects.with_observations().get(pk=record.pk)


def series(*rows, **of_indicator):
    """An indicator with one observation for each (period, quantity, overrides)."""
    record = indicator(**of_indicator)
    for period, quantity, *overrides in rows:
        observation(indicator=record, period=period, quantity=quantity, **dict(*overrides))
    return loaded(record)


def drawn(record, size=WIDE):
    return chart_of(record, list(record.observations.all()), size)


def exactly(value, **parts):
    return Quantity(Decimal(value), **parts)


def below(value, **parts):
    return Quantity(Decimal(value), "<", **parts)


def above(value, **parts):
    return Quantity(Decimal(value), ">", **parts)


PREFERRED = {"rank": "preferred"}
TARGET = {"is_target": True}


@pytest.fixture
def baoshan():
    call_command("loaddata", "district", verbosity=0)
    return Indicator.objects.with_observations().get(slug="biopharma-companies")


# --- marks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quantity", "kind", "arrow"),
    [
        (exactly(428), Kind.EXACT, ""),
        (below(100), Kind.AT_MOST, "down"),
        (below(400, approximate=True), Kind.AT_MOST, "down"),
        (Quantity(Decimal(500), "<="), Kind.AT_MOST, "down"),
        (above(70), Kind.AT_LEAST, "up"),
        (Quantity(Decimal(70), ">="), Kind.AT_LEAST, "up"),
        (exactly(10, value_to=Decimal(15)), Kind.RANGE, ""),
        (exactly(100, approximate=True), Kind.APPROXIMATE, ""),
    ],
)
def test_a_mark_shows_what_kind_of_number_was_published(quantity, kind, arrow):
    [mark] = drawn(series(("2024", quantity))).marks

    assert (mark.kind, mark.arrow) == (kind, arrow)


def test_a_target_is_a_mark_of_its_own_and_keeps_the_direction_of_its_bound():
    [mark] = drawn(series(("2035", above(100), TARGET))).marks

    assert (mark.kind, mark.arrow, mark.wordings[0]) == (Kind.TARGET, "up", ("target: more than 100",))


def test_every_kind_of_mark_has_an_outline_of_its_own():
    quantities = [
        exactly(20),
        below(20),
        above(20),
        exactly(20, approximate=True),
        exactly(20, value_to=Decimal(30)),
    ]
    shapes = {drawn(series(("2024", each, values))).marks[0].shape for each in quantities for values in ({}, TARGET)}

    assert len(shapes) == 8  # a target is one diamond or bar, with an arrow or none


def test_a_value_stands_at_its_height_and_at_the_middle_of_its_period():
    chart = drawn(
        series(("2021", exactly(0)), ("2022-06", exactly(50)), ("2022-12-31", exactly(100)), ("2023", exactly(25)))
    )

    left, top, right, bottom = chart.plot
    shares = [
        (round((mark.x - left) / (right - left) * 3, 1), (bottom - mark.y) / (bottom - top)) for mark in chart.marks
    ]

    assert [x for x, _y in shares] == [0.5, 1.5, 2.0, 2.5]
    assert [y for _x, y in shares] == pytest.approx([0, 0.5, 1, 0.25], abs=0.005)


def test_a_span_stands_at_its_middle():
    chart = drawn(series(("2021-01", exactly(5), {"period_until": "2021-12"}), ("2021", exactly(5), TARGET)))

    assert abs(chart.marks[0].x - chart.marks[1].x) == 16  # both mean July; beside one another


def test_a_range_is_drawn_from_end_to_end():
    chart = drawn(series(("2024", exactly(50, value_to=Decimal(100)))))

    assert (chart.marks[0].y_to, chart.marks[0].y) == (chart.plot.top, round((chart.plot.top + chart.plot.bottom) / 2))


def test_conflicting_values_of_one_period_are_both_visible_and_the_preferred_one_keeps_its_place():
    record = series(
        ("2020", exactly(100, approximate=True)), ("2020", below(100), PREFERRED), ("2022", exactly(172)), slug="two"
    )
    about, fewer, lone = drawn(record).marks

    assert (about.y, about.x - fewer.x) == (fewer.y, 16)
    assert not about.box.overlaps(fewer.box)
    assert [mark.is_preferred for mark in (about, fewer, lone)] == [False, True, True]
    assert growth_of(record).disagrees


def test_a_deprecated_value_is_not_drawn():
    record = series(("2020", exactly(1)), ("2021", exactly(2)), ("2022", exactly(900), {"rank": "deprecated"}))

    assert [mark.wordings for mark in growth_of(record).charts[0].marks] == [(("1",),), (("2",),)]


# --- lines ------------------------------------------------------------------------------------------------------------


def joined(*rows, **of_indicator):
    record = series(*rows, **of_indicator)
    return [(str(a.period), str(b.period)) for a, b in joined_results(list(record.observations.all()))]


def test_a_line_joins_exact_results_in_the_order_of_time():
    rows = [("2023", exactly(3)), ("2021", exactly(1)), ("2022", exactly(2))]

    assert joined(*rows) == [("2021", "2022"), ("2022", "2023")]


@pytest.mark.parametrize("between", [below(400), above(400), exactly(400, approximate=True), exactly(1, value_to=2)])
def test_no_line_begins_at_ends_at_or_crosses_a_bound(between):
    assert joined(("2021", exactly(1)), ("2022", between), ("2023", exactly(3))) == []


def test_no_line_begins_at_or_ends_at_a_target():
    rows = [("2021", exactly(1)), ("2022", exactly(2), TARGET), ("2023", exactly(3), TARGET)]

    assert joined(*rows) == []


def test_a_plan_between_two_results_does_not_part_them():
    assert joined(("2021", exactly(1)), ("2022", exactly(9), TARGET), ("2023", exactly(3))) == [("2021", "2023")]


def test_a_line_runs_through_the_preferred_value_and_stops_where_none_is_preferred():
    settled = [("2021", exactly(1)), ("2022", exactly(9)), ("2022", exactly(2), PREFERRED), ("2023", exactly(3))]
    disputed = [("2021", exactly(1)), ("2022", exactly(9)), ("2022", exactly(2)), ("2023", exactly(3))]

    assert (len(joined(*settled)), joined(*disputed)) == (2, [])


@pytest.mark.parametrize(
    ("one", "other"), [(("2021", None), ("2022-01", "2022-09")), (("2021-01", "2021-09"), ("2022-01", "2022-06"))]
)
def test_sums_over_periods_of_different_length_are_not_joined(one, other):
    rows = [(period, exactly(1), {"period_until": until}) for period, until in (one, other)]

    assert joined(*rows) == []


def test_money_is_joined_over_periods_of_one_length_only():
    money = {"measure": "money", "currency": "CNY", "unit_en": "", "unit_zh_hans": ""}

    years = joined(("2021", exactly(1)), ("2022", exactly(2)), **money)
    a_month_and_a_year = joined(("2021-01", exactly(1)), ("2022", exactly(2)), **money)

    assert (years, a_month_and_a_year) == ([("2021", "2022")], [])


def test_a_line_leads_from_mark_to_mark():
    chart = drawn(series(("2021", exactly(1)), ("2022", exactly(2))))

    [line], [one, other] = chart.segments, chart.marks

    assert (line.x1, line.y1, line.x2, line.y2) == (one.x, one.y, other.x, other.y)


# --- axes -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ("50", "428", "0 100 200 300 400 500"),
        ("0", "0", "0 1"),
        ("1", "2", "0 0.5 1 1.5 2"),
        ("-30", "40", "-40 -20 0 20 40"),
        ("-8", "-3", "-8 -6 -4 -2 0"),
        ("0.002", "0.003", "0 0.001 0.002 0.003"),
    ],
)
def test_the_axis_of_values_has_round_steps_and_holds_zero(low, high, expected):
    assert [f"{step.normalize():f}" for step in steps(Decimal(low), Decimal(high))] == expected.split()


def test_things_that_are_counted_have_no_halves():
    chart = drawn(series(("2023", exactly(1)), ("2024", exactly(2))))

    assert [tick.label for tick in chart.values] == ["0", "1", "2"]


def test_large_values_are_shortened_on_the_axis():
    record = series(("2024", exactly(10**10)), measure="money", currency="CNY")
    labels = []

    for language in ("en", "zh-hans"):
        with translation.override(language):
            labels.append([tick.label for tick in drawn(record).values][1])

    assert labels == ["2 billion", "20亿"]


def test_percentages_are_marked_on_the_axis():
    assert [tick.label for tick in drawn(series(("2024", exactly(10)), measure="percent")).values][:2] == ["0%", "2%"]


def test_every_year_is_named_while_there_is_room_and_then_every_second_fifth_or_tenth():
    years = {last: series(("2000", exactly(1)), (last, exactly(2))) for last in ("2005", "2012", "2034", "9999")}

    named = {last: [tick.label for tick in drawn(record, PHONE).years][:3] for last, record in years.items()}

    assert named == {
        "2005": ["2000", "2001", "2002"],
        "2012": ["2000", "2002", "2004"],
        "2034": ["2000", "2005", "2010"],
        "9999": ["2000", "4000", "6000"],
    }


def test_the_years_are_counted_from_the_first_so_that_a_plan_names_its_years():
    chart = drawn(series(("2025", above(100), TARGET), ("2035", above(200), TARGET)), PHONE)

    assert [tick.label for tick in chart.years] == ["2025", "2027", "2029", "2031", "2033", "2035"]


@pytest.mark.parametrize("value", ["999999999999999999", "-999999999999999999", "0.0001", "0", "-3"])
@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_any_value_is_drawn_inside_the_drawing(value, size):
    chart = drawn(series(("2023", exactly(value)), ("2024", exactly(7))), size)

    assert all(0 <= mark.x <= size.width and 0 <= mark.y <= size.height for mark in chart.marks)
    assert 0 < chart.plot.left <= size.width / 3


# --- labels -----------------------------------------------------------------------------------------------------------


def label_boxes(chart, type_size):
    """The room that every label takes on the page, by the width of its signs."""
    boxes = []
    for mark in chart.marks:
        for line in mark.label:
            width = sum(1 if ord(sign) > 0x2E7F else 0.56 for sign in line.text) * type_size
            left = line.x - {"start": 0, "middle": width / 2, "end": width}[line.anchor]
            boxes.append(Box(left, line.y - 0.8 * type_size, left + width, line.y + 0.2 * type_size))
    return boxes


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_the_labels_of_the_baoshan_series_are_all_there_and_touch_nothing(baoshan, language, size):
    with translation.override(language):
        chart = drawn(baoshan, size)

    boxes = label_boxes(chart, size.type_size)

    assert [bool(mark.label) for mark in chart.marks] == [True] * 8
    assert [pair for pair in itertools.combinations(boxes, 2) if pair[0].overlaps(pair[1])] == []
    assert [box for box in boxes for mark in chart.marks if box.overlaps(mark.box)] == []
    assert all(box.left >= 0 and box.right <= size.width and box.top >= 0 for box in boxes)


def test_a_label_without_room_is_left_out_and_its_mark_stays():
    days = [(f"2024-01-{day:02}", above(1000 + day)) for day in range(1, 29)]

    chart = drawn(series(*days), PHONE)
    boxes = label_boxes(chart, PHONE.type_size)

    assert len(chart.marks) == 28
    assert any(not mark.label for mark in chart.marks)
    assert [pair for pair in itertools.combinations(boxes, 2) if pair[0].overlaps(pair[1])] == []


def test_no_label_lies_on_a_line():
    chart = drawn(series(("2020", exactly(100)), ("2021", exactly(120)), ("2022", exactly(10))), PHONE)

    for box, segment in itertools.product(label_boxes(chart, PHONE.type_size), chart.segments):
        for share in range(101):
            x = segment.x1 + (segment.x2 - segment.x1) * share / 100
            y = segment.y1 + (segment.y2 - segment.y1) * share / 100
            assert not (box.left < x < box.right and box.top < y < box.bottom)


def test_a_label_says_the_value_in_the_language_of_the_page():
    record = series(("2020", below(100)))
    labels = []

    for language in ("en", "zh-hans"):
        with translation.override(language):
            labels.append([line.text for line in drawn(record).marks[0].label])

    assert labels == [["fewer than 100"], ["不足100家"]]


def test_the_same_observations_are_drawn_the_same(baoshan):
    again = Indicator.objects.with_observations().get(slug="biopharma-companies")

    assert growth_of(baoshan).charts == growth_of(again).charts


# --- growth -----------------------------------------------------------------------------------------------------------


def test_no_chart_is_drawn_of_fewer_than_two_values():
    none, one = series(), series(("2024", exactly(428)))
    one_left = series(("2024", exactly(428)), ("2023", exactly(400), {"rank": "deprecated"}))

    assert [growth_of(each) for each in (none, one, one_left)] == [None, None, None]


def test_the_home_page_draws_its_first_indicator_with_three_values():
    rows = [("2020", exactly(1)), ("2021", exactly(2)), ("2022", exactly(3))]
    elsewhere = series(*rows)
    series(*rows[:2], home_position=1)
    second = series(*rows, home_position=2)
    indicators = list(Indicator.objects.with_observations())

    assert first_growth(indicators).indicator == second
    assert first_growth([elsewhere]).indicator == elsewhere
    assert first_growth([]) is None


def test_a_drawing_costs_no_query(django_assert_num_queries):
    record = series(("2020", below(100), PREFERRED), ("2024", exactly(428), PREFERRED), place=place(kind="district"))

    with django_assert_num_queries(0):
        growth = growth_of(record)
        assert growth.key
        assert record.disagreements == []


def test_the_caption_explains_the_marks_that_are_drawn_and_no_others():
    record = series(("2020", below(100)), ("2023", exactly(172)), ("2024", exactly(428)), ("2030", above(500), TARGET))

    growth = growth_of(record)

    assert [entry.mark.kind for entry in growth.key] == [Kind.EXACT, Kind.AT_MOST, Kind.TARGET]
    assert (growth.has_lines, growth.disagrees) == (True, False)


def test_the_drawing_is_told_in_words():
    growth = growth_of(series(("2020", below(100)), ("2024", exactly(428)), ("2030", above(500), TARGET)))

    assert growth.in_words == "2020: fewer than 100; 2024: 428; 2030: target: more than 500"


def test_periods_with_several_results_are_found_with_the_preferred_first():
    record = series(
        ("2020", exactly(100, approximate=True)),
        ("2020", below(100), PREFERRED),
        ("2020", exactly(300), {"rank": "deprecated"}),
        ("2020", exactly(90), TARGET),
        ("2024", exactly(428)),
    )

    assert [[each.words for each in period] for period in record.disagreements] == [["fewer than 100", "about 100"]]


# --- sentences --------------------------------------------------------------------------------------------------------

BIOPHARMA = {"name_en": "Biopharma companies", "name_zh_hans": "生物医药企业数量"}


def district():
    return place(kind="district", name_en="Baoshan District", name_zh_hans="宝山区")


@pytest.mark.parametrize(
    ("first", "latest", "sentence"),
    [
        (below(100), exactly(428), "Biopharma companies in Baoshan District: 428 on 15 November 2024, more than 4.2 times the 2020 figure (fewer than 100)"),  # noqa: E501
        (exactly(100), exactly(250), "Biopharma companies in Baoshan District: 250 on 15 November 2024, 2.5 times the 2020 figure (100)"),  # noqa: E501
        (above(100), exactly(428), "Biopharma companies in Baoshan District: 428 on 15 November 2024"),
        (exactly(100), below(400), "Biopharma companies in Baoshan District: fewer than 400 on 15 November 2024"),
        (exactly(0), exactly(428), "Biopharma companies in Baoshan District: 428 on 15 November 2024"),
        (exactly(-5), exactly(428), "Biopharma companies in Baoshan District: 428 on 15 November 2024"),
    ],
)  # fmt: skip
def test_a_sentence_says_as_much_growth_as_the_intervals_allow(first, latest, sentence):
    record = series(("2020", first, PREFERRED), ("2024-11-15", latest, PREFERRED), place=district(), **BIOPHARMA)

    assert finding_of(record) == sentence


def test_growth_is_not_claimed_between_sums_of_different_periods():
    money = {"measure": "money", "currency": "CNY", "name_en": "Output"}

    record = series(("2020-01", exactly(10**6), PREFERRED), ("2022", exactly(9 * 10**6), PREFERRED), **money)

    assert finding_of(record) == "Output: CNY 9 million in 2022"


@pytest.mark.parametrize(
    ("period", "overrides", "sentence"),
    [
        ("2024", {}, "Output: 428 in 2024"),
        ("2024-09", {}, "Output: 428 in September 2024"),
        ("2021-01", {"period_until": "2021-09"}, "Output: 428 from January 2021 to September 2021"),
        ("2025", TARGET, "Output: target of 428 in 2025"),
    ],
)
def test_a_sentence_says_when(period, overrides, sentence):
    assert finding_of(series((period, exactly(428), overrides), name_en="Output")) == sentence


def test_a_place_is_named_once_and_only_when_it_is_a_public_district():
    inside_name = {"name_en": "Output of Baoshan District", "place": district()}
    park = {"name_en": "Output", "place": place(kind="park")}
    draft = {"name_en": "Output", "place": place(kind="district", published_at=None)}

    found = [finding_of(series(("2024", exactly(1)), **each)) for each in (inside_name, park, draft)]

    assert found == ["Output of Baoshan District: 1 in 2024", "Output: 1 in 2024", "Output: 1 in 2024"]


def test_an_indicator_without_values_says_nothing():
    assert finding_of(series()) == ""


def test_a_sentence_falls_back_as_a_whole_with_its_name():
    record = series(("2024", exactly(428)), name_en="", name_zh_hans="企业数量")

    finding = finding_of(record)

    assert (finding.language, bool(re.search(r"企业数量.*428家", finding))) == ("zh-hans", True)
