from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.partial_dates import PartialDate
from tests.portal.strategies import partial_dates


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("2021", PartialDate(2021)),
        ("2020-09", PartialDate(2020, 9)),
        ("2024-11-15", PartialDate(2024, 11, 15)),
        ("2024-02-29", PartialDate(2024, 2, 29)),
        (" 2021-05 ", PartialDate(2021, 5)),
        ("1000", PartialDate(1000)),
        ("9999-12-31", PartialDate(9999, 12, 31)),
    ],
)
def test_a_year_a_month_or_a_day_is_read(text, parsed):
    assert PartialDate.parse(text) == parsed


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "21",
        "20211",
        "2021-1",
        "2021-13",
        "2021-00",
        "2021-5-1",
        "2021-05-00",
        "2021-05-32",
        "2021-02-30",
        "2023-02-29",
        "0999",
        "0000",
        "-2021",
        "2021-",
        "2021-05-",
        "2021/05",
        "202105",
        "2021-05-01T00:00",
        "2021年5月",
        "２０２１",
        "٢٠٢١",
        "2021\x00",
        "2021-05\n2021",
        "today",
    ],
)
def test_what_is_not_a_partial_date_is_refused(text):
    with pytest.raises(ValueError, match=r"is not YYYY|must be in|is out of range|needs four digits"):
        PartialDate.parse(text)


@pytest.mark.parametrize("parts", [(2021, None, 5), (2021, 0), (2021, 5, 0), (2021, 13), (999,), (10000,)])
def test_what_is_not_a_date_cannot_be_made(parts):
    with pytest.raises(ValueError, match=r"needs a month|must be in|is out of range|needs four digits"):
        PartialDate(*parts)


@given(partial_dates())
def test_the_written_form_reads_back(partial):
    assert PartialDate.parse(str(partial)) == partial


@given(st.text())
def test_any_text_is_either_read_or_refused_with_a_value_error(text):
    try:
        written = str(PartialDate.parse(text))
    except ValueError:
        written = text.strip()

    assert written == text.strip()


@given(st.dates(date(1000, 1, 1)))
def test_a_day_reads_back_as_itself(day):
    partial = PartialDate.from_date(day)

    assert (partial.earliest, partial.latest, partial.is_exact) == (day, day, True)


@given(partial_dates(), partial_dates())
def test_dates_sort_as_their_text_does(one, other):
    by_text = [str(one) < str(other), str(one) <= str(other), str(one) > str(other), str(one) >= str(other)]

    assert [one < other, one <= other, one > other, one >= other] == by_text


@given(partial_dates(), partial_dates())
def test_two_dates_are_equal_or_one_is_before_the_other(one, other):
    assert [one < other, one == other, one > other].count(True) == 1


@given(partial_dates(), partial_dates(), partial_dates())
def test_what_is_before_a_date_is_before_all_that_follow_it(one, other, third):
    first, second, last = sorted([one, other, third])

    assert first <= second <= last
    assert first <= last


@given(partial_dates(), partial_dates())
def test_in_their_order_dates_never_begin_earlier(one, other):
    first, last = sorted([one, other])

    assert first.earliest <= last.earliest


@given(partial_dates(), partial_dates())
def test_a_date_that_ends_before_another_begins_is_before_it(one, other):
    if one.latest < other.earliest:
        assert one < other


def test_a_year_stands_before_its_months_and_a_month_before_its_days():
    written = ["2021", "2020-09", "2020-09-01", "2020", "2020-10"]

    in_order = [str(partial) for partial in sorted(map(PartialDate.parse, written))]

    assert in_order == ["2020", "2020-09", "2020-09-01", "2020-10", "2021"]


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "is_exact"),
    [
        ("2021", date(2021, 1, 1), date(2021, 12, 31), False),
        ("2020-09", date(2020, 9, 1), date(2020, 9, 30), False),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), False),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28), False),
        ("2024-11-15", date(2024, 11, 15), date(2024, 11, 15), True),
    ],
)
def test_a_partial_date_spans_all_it_can_mean(text, earliest, latest, is_exact):
    partial = PartialDate.parse(text)

    assert (partial.earliest, partial.latest, partial.is_exact) == (earliest, latest, is_exact)


@given(partial_dates())
def test_the_first_day_is_never_after_the_last(partial):
    assert partial.earliest <= partial.latest


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("2021", "2021", "2021"),
        ("2020-09", "September 2020", "2020年9月"),
        ("2024-11-15", "15 November 2024", "2024年11月15日"),
        ("2024-05-01", "1 May 2024", "2024年5月1日"),
    ],
)
def test_a_partial_date_reads_as_people_write_it(text, english, chinese):
    words = []
    for language in ("en", "zh-hans"):
        with translation.override(language):
            words.append(PartialDate.parse(text).words)

    assert words == [english, chinese]
