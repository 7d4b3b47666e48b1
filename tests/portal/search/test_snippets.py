import html
import re

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from companies.models import Organization
from portal.fields import TextIn
from portal.search.snippets import excerpt_of, excerpt_of_names, with_marks
from portal.search.words import folded, words_of


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("SPH CanSino", ["cansino"], "SPH <mark>CanSino</mark>"),
        ("虚构生物医药大会", ["生物", "大会"], "虚构<mark>生物</mark>医药<mark>大会</mark>"),
        ("bio and biobay", ["bio", "biobay"], "<mark>bio</mark> and <mark>biobay</mark>"),
        ("<b>R&D</b>", ["r&d", "b"], "&lt;<mark>b</mark>&gt;<mark>R&amp;D</mark>&lt;/<mark>b</mark>&gt;"),
        ("a.c abc", ["a.c"], "<mark>a.c</mark> abc"),
        ("nothing", [], "nothing"),
        ("nothing", ["else"], "nothing"),
        ("Zürich and ＢｉｏＢＡＹ", ["zurich", "biobay"], "<mark>Zürich</mark> and <mark>ＢｉｏＢＡＹ</mark>"),
        ("上海美兰湖国际会议中心", ["meilanhu"], "上海<mark>美兰湖</mark>国际会议中心"),
        ("美兰湖", ["mei", "lan"], "<mark>美兰</mark>湖"),
        ("美兰湖", ["meilanh"], "<mark>美兰湖</mark>"),
        ("美兰湖 Meilan", ["meilan"], "美兰湖 <mark>Meilan</mark>"),
        ("美", ["mei"], "美"),
    ],
)
def test_words_are_marked(text, words, marked):
    assert with_marks(text, words) == marked


@given(st.text(alphabet="aAbß<>&\"'生物%.\\ "), st.lists(st.text(alphabet="aAß<>&生.\\", min_size=1), max_size=4))
def test_marking_changes_nothing_but_the_marks(text, words):
    marked = with_marks(text, words)

    assert html.unescape(re.sub("</?mark>", "", marked)) == text
    assert re.findall("<(?!/?mark>)", marked) == []


LONG = "It begins far away. " * 20 + "Here stands the vaccine plant of nobody. " + "It goes on for long. " * 20


@pytest.mark.parametrize(
    ("texts", "query", "excerpt"),
    [
        ({"summary_en": "A vaccine plant."}, "vaccine", "A vaccine plant."),
        ({"summary_en": "A park."}, "vaccine", ""),
        ({"name_en": "Vaccine", "summary_zh_hans": "vaccine"}, "vaccine", ""),
        ({"name_en": "Park", "name_zh_hans": "生物园", "summary_en": "A park."}, "生物", "生物园"),
        ({"name_en": "Park", "legal_name": "Registered park"}, "registered", "Registered park"),
        (
            {"name_en": "Park", "description_en": LONG},
            "vaccine",
            "…far away. It begins far away. Here stands the vaccine plant of nobody. It goes on for long. "
            "It goes on for long. It goes on for long. It goes on for…",
        ),
        (
            {"name_en": "Park", "description_zh_hans": "甲" * 200 + "生物" + "乙" * 200},
            "生物",
            "…" + "甲" * 53 + "生物" + "乙" * 104 + "…",
        ),
    ],
)
def test_an_excerpt_shows_where_the_words_occur(texts, query, excerpt):
    assert excerpt_of(Organization(**texts), words_of(query)) == excerpt


def test_an_excerpt_in_another_language_says_so():
    excerpt = excerpt_of(Organization(name_en="Park", summary_zh_hans="生物"), ["生物"])

    assert isinstance(excerpt, TextIn)
    assert excerpt.language == "zh-hans"


def test_an_excerpt_prefers_the_language_of_the_page():
    park = Organization(
        name_en="Park", name_zh_hans="园区", summary_en="BioBAY in English", summary_zh_hans="BioBAY中文"
    )

    with translation.override("zh-hans"):
        assert excerpt_of(park, ["BioBAY"]) == "BioBAY中文"


@given(st.text(), st.text(alphabet="ab 生", min_size=1, max_size=3), st.text())
def test_an_excerpt_is_short_and_holds_a_word(before, word, after):
    if not (words := words_of(word)):
        return

    excerpt = excerpt_of(Organization(name_en="Park", description_en=before + word + after), words)

    assert len(excerpt) <= 170
    assert any(folded(word) in folded(excerpt) for word in words)


NAMES = [["en", "Baoshan District"], ["zh-hans", "宝山区"], ["", "EX 591"]]


@pytest.mark.parametrize(
    ("words", "excerpt"),
    [(["baoshan"], "Baoshan District"), (["宝山"], "宝山区"), (["ex"], "EX 591"), (["paper"], ""), (["other"], "")],
)
def test_a_name_that_a_record_is_found_by_is_its_excerpt(words, excerpt):
    assert excerpt_of_names("Paper", NAMES, words) == excerpt


def test_a_name_in_another_language_says_so():
    with translation.override("zh-hans"):
        excerpts = [excerpt_of_names("协议", NAMES, words) for words in (["district"], ["591"])]

    assert [getattr(excerpt, "language", "") for excerpt in excerpts] == ["en", ""]
