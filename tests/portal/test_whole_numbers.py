"""No line ends between a number and its Chinese unit: `with_whole_numbers`."""

import pytest
from django.template import Context, Template

TEMPLATE = Template("{{ text|with_whole_numbers }}")


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("由不足100家增长至4.2倍以上", ["100家", "4.2倍"]),
        ("2024年11月15日达428家", ["2024年", "11月", "15日", "428家"]),
        ("合计超过855亿元，另有1,200万元", ["855亿元", "1,200万元"]),
        ("428 on 15 November 2024", []),
        ("超过400", []),
    ],
)
def test_a_number_stays_with_its_unit(text, whole):
    html = TEMPLATE.render(Context({"text": text}))

    assert [part.partition("</span>")[0] for part in html.split('<span class="unbroken">')[1:]] == whole
    assert html.replace('<span class="unbroken">', "").replace("</span>", "") == text


def test_a_text_is_no_markup():
    assert TEMPLATE.render(Context({"text": "<b>100家"})) == '&lt;b&gt;<span class="unbroken">100家</span>'
