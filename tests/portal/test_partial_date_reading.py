"""Reading dates as people write them; what is not clear is refused."""

from contextlib import suppress

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.partial_date_reading import DateNotUnderstood, read_partial_date
from portal.partial_dates import PartialDate
from tests.portal.strategies import partial_dates


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2021", "2021"),
        ("２０２１年", "2021"),
        ("2021-09", "2021-09"),
        ("2021年9月", "2021-09"),
        ("2021.09", "2021-09"),
        ("2021.9", "2021-09"),
        ("Sep 2021", "2021-09"),
        ("September, 2021", "2021-09"),
        ("2021/9/3", "2021-09-03"),
        ("2021 年 9 月 3 日", "2021-09-03"),
        ("20210903", "2021-09-03"),
        ("3 Sept. 2021", "2021-09-03"),
        ("September 3rd, 2021", "2021-09-03"),
        ("2021-09-03 00:00:00", "2021-09-03"),
        ("45611", "2024-11-15"),
    ],
)
def test_a_date_is_read_as_far_as_it_is_said(text, date):
    assert read_partial_date(text) == PartialDate.parse(date)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "03/09/2021", "Sep-21", "2021.1", "202109", "2021-02-30", "2021年13月", "21年9月", "2021-9-3-1"],
)
def test_what_is_not_clear_is_refused(text):
    with pytest.raises(DateNotUnderstood, match="is not a date we can read"):
        read_partial_date(text)


@given(partial_dates(), st.sampled_from(["en", "zh-hans"]))
def test_what_the_portal_writes_it_can_read_back(date, language):
    with translation.override(language):
        assert read_partial_date(date.words) == read_partial_date(str(date)) == date


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_refused(text):
    with suppress(DateNotUnderstood):
        assert isinstance(read_partial_date(text), PartialDate)
