"""What matches which filters (`portal/filter_table.py`)."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.filter_table import SPARSE, FilterTable, Rows

FRUIT = [(1, "apple"), (2, "pear"), (3, "apple"), (5, "apple")]
COLOUR = [(1, "red", "Red", "红"), (2, "green", "Green", "绿"), (3, "green", "Green", "绿"), (3, "red", "Red", "红")]


@pytest.fixture
def table():
    return FilterTable([5, 3, 1, 2], {"fruit": FRUIT, "colour": COLOUR})


def keys(table, on, all_keys=(5, 3, 1, 2)):
    return Rows([all_keys], table.marks(on)).part(0, None)[0]


def test_rows_match_every_filter_and_keep_their_order(table):
    assert keys(table, {}) == [5, 3, 1, 2]
    assert keys(table, {"fruit": "apple"}) == [5, 3, 1]
    assert keys(table, {"fruit": "apple", "colour": "red"}) == [3, 1]
    assert keys(table, {"fruit": "pear", "colour": "red"}) == []
    assert keys(table, {"fruit": "plum"}) == []


def test_each_filter_is_counted_under_the_others(table):
    assert table.counts({}) == table.offered
    assert table.offered == {
        "fruit": [("apple", "", "", 3), ("pear", "", "", 1)],
        "colour": [("red", "Red", "红", 2), ("green", "Green", "绿", 2)],
    }
    assert table.counts({"colour": "red"})["fruit"] == [("apple", "", "", 2)]
    assert table.counts({"colour": "red"})["colour"] == table.offered["colour"]


def test_what_is_said_of_no_row_is_no_choice():
    table = FilterTable([1], {"fruit": [(1, "apple"), (2, "pear")]})

    assert table.offered == {"fruit": [("apple", "", "", 1)]}
    assert table.has("fruit", "apple")
    assert not table.has("fruit", "pear")


def test_a_row_is_found_by_one_of_its_parts_and_counted_once():
    """Somebody who moderated in 2024 and spoke in 2020 did not speak in 2024."""
    role = [(10, "moderator"), (11, "speaker"), (12, "speaker"), (13, "speaker")]
    year = [(10, "2024"), (11, "2020"), (12, "2024"), (13, "2024")]
    table = FilterTable([1, 2], {"role": role, "year": year}, parts=[(10, 1), (11, 1), (12, 2), (13, 2), (14, 3)])

    assert keys(table, {"role": "speaker", "year": "2024"}, [1, 2]) == [2]
    assert table.counts({"year": "2024"})["role"] == [("moderator", "", "", 1), ("speaker", "", "", 1)]


def test_a_list_without_rows_has_no_choices():
    table = FilterTable([], {"fruit": FRUIT})

    assert (table.offered, keys(table, {"fruit": "apple"}, ())) == ({"fruit": []}, [])


def test_a_part_of_the_rows_comes_with_what_is_remembered_of_them():
    rows = Rows([[5, 3, 1, 2], ["e", "c", "a", "b"]], b"\x00\x01\x01\x01")

    assert (len(rows), rows.part(1, 3)) == (3, [[1, 2], ["a", "b"]])
    assert rows.part(3, 9) == [[], []]


def test_what_is_pinned_comes_first_if_it_matches():
    assert Rows([[5, 3, 1, 2]], None, pinned=[2, 3]).part(0, 3) == [[2, 3, 5]]
    assert Rows([[5, 3, 1, 2]], b"\x01\x00\x01\x01", pinned=[2, 3]).part(0, None) == [[2, 5, 1]]


@given(st.lists(st.tuples(st.integers(0, 3 * SPARSE), st.sampled_from("ab"), st.sampled_from("xyz")), max_size=200))
def test_it_finds_and_counts_what_a_look_at_every_row_does(said):
    """Few places and many of them: both ways in which they are kept."""
    rows = list(range(3 * SPARSE))
    first, second = [(key, one) for key, one, _other in said], [(key, other) for key, _one, other in said]
    table = FilterTable(rows, {"first": first, "second": second})

    for one, other in combinations("abxyz", 2):
        on = {"first": one, "second": other}
        looked = [key for key in rows if (key, one) in first and (key, other) in second]
        assert keys(table, on, rows) == looked
        counted = {value: count for value, *_labels, count in table.counts(on)["first"]}
        assert counted.get(one, 0) == len(looked)
