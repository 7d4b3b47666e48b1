"""A call costs the same however deep it is nested."""

from statistics import median
from time import process_time

import pytest

from portal.call_stack import with_room


def leaf():
    return 1


def seconds_at(depth):
    """Of a thousand calls, `depth` calls deep."""
    if depth:
        return seconds_at(depth - 1)
    began = process_time()
    for _ in range(1000):
        leaf()
    return process_time() - began


def slowest_against_usual(ask):
    each = [min(ask(depth) for _ in range(3)) for depth in range(400)]
    return max(each) / median(each)


def test_no_depth_is_slower_than_another():
    assert slowest_against_usual(with_room(seconds_at)) < 5


def test_it_hands_on_what_it_is_given_and_what_comes_back_or_is_raised():
    assert with_room(divmod)(7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        with_room(divmod)(7, 0)
