"""Texts become markup in one way, and only markup stays as it is."""

import pytest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from portal.fields import TextIn
from portal.markup import escaped, filled


@given(st.text(), st.text())
def test_it_is_what_django_makes_of_the_same_texts(one, other):
    made = filled('<a title="{}">{}</a>', one, other)

    assert isinstance(made, SafeString)
    assert made == format_html('<a title="{}">{}</a>', one, other)


@pytest.mark.parametrize(
    ("value", "markup"),
    [
        ("<b>", "&lt;b&gt;"),
        (SafeString("<b>"), "<b>"),
        (TextIn.of("zh-hans", "<b>"), "&lt;b&gt;"),
        (gettext_lazy("News"), "News"),
        (428, "428"),
        (None, "None"),
    ],
)
def test_only_markup_stays_as_it_is(value, markup):
    assert escaped(value) == markup
    assert filled("{}", value) == markup
