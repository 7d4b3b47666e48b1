import html
import re

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from companies.models import Organization
from events.models import Conference
from portal.fields import TextIn
from portal.searching import LONGEST_QUERY, MOST_WORDS, excerpt_of, with_marks, words_of
from tests.factories import conference, organization

# --- Words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", []),
        ("  \t\u3000 ", []),
        ("BioBAY 生物", ["BioBAY", "生物"]),
        ("ＢｉｏＢＡＹ　生物", ["BioBAY", "生物"]),
        ("vaccine plant vaccine", ["vaccine", "plant"]),
        ("上海（宝山）园区", ["上海", "宝山", "园区"]),
        ("上海(宝山)园区", ["上海", "宝山", "园区"]),
        ("“签约”：100亿元。", ["签约", "100亿元"]),
        ("R&D COVID-19 49.8% O'Brien", ["R&D", "COVID-19", "49.8%", "O'Brien"]),
        ("a b c d e f g h i j", ["a", "b", "c", "d", "e", "f", "g", "h"]),
        ("x" * 300, ["x" * 200]),
    ],
)
def test_a_query_is_words(query, words):
    assert words_of(query) == words


@given(st.text())
def test_words_are_few_and_hold_no_space(query):
    words = words_of(query)

    assert len(words) <= MOST_WORDS
    assert sum(map(len, words)) <= LONGEST_QUERY
    assert [word for word in words if not word or re.search(r"\s", word)] == []


# --- Matching ---------------------------------------------------------------------------------------------------------


def names_found(query):
    return [str(record) for record in Organization.objects.published().matching(words_of(query))]


@pytest.mark.parametrize(
    "query", ["biobay", "BAY", "生物", "ＢＩＯbay 生物港", "港 park", "Registered", "园区 biobay", "invented  PARK"]
)
def test_every_word_must_occur_somewhere_in_some_language(db, query):
    organization(
        name_en="BioBAY invented park",
        name_zh_hans="虚构生物港",
        legal_name="Registered BioBAY",
        summary_zh_hans="园区",
    )
    organization(name_en="Other")

    assert names_found(query) == ["BioBAY invented park"]


@pytest.mark.parametrize(
    "query", ["biobay other", "生港", "%", "_", "\\", "biobay%", "' or 1=1 --", "🧬", "\u202eYABoib"]
)
def test_a_word_that_does_not_occur_finds_nothing(db, query):
    organization(name_en="BioBAY", name_zh_hans="生物港")
    organization(name_en="Other")

    assert names_found(query) == []


@pytest.mark.parametrize("name", ["100% sure", "a_b", r"back\slash", "O'Brien", 'the "quoted" one', "🧬 lab"])
def test_odd_characters_are_found_as_they_stand(db, name):
    organization(name_en=name)
    organization(name_en="100 aXb backslash OBrien lab")

    assert names_found(name) == [name]


def test_the_closest_come_first(db):
    for name, summary in [
        ("About others", "the vaccine plant"),
        ("Plant for a vaccine", ""),
        ("Vaccine plant two", ""),
        ("Vaccine plant", ""),
    ]:
        organization(name_en=name, summary_en=summary)

    assert names_found("vaccine plant") == ["Vaccine plant", "Vaccine plant two", "Plant for a vaccine", "About others"]


def test_equally_close_ones_stand_in_the_order_of_their_kind(db):
    for year in ("2021", "2024", "2023"):
        conference(title_en=f"Lake conference {year}", starts_on=year)

    found = Conference.objects.published().matching(["lake"])

    assert [record.title for record in found] == [f"Lake conference {year}" for year in (2024, 2023, 2021)]


def test_each_row_says_how_many_were_found_in_all(db, django_assert_num_queries):
    for number in range(5):
        organization(name_en=f"Park {number}")

    with django_assert_num_queries(1):
        found = list(Organization.objects.published().matching(["park"])[:2])

    assert [row.number_found for row in found] == [5, 5]


# --- In its place -----------------------------------------------------------------------------------------------------


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
    assert any(word.casefold() in excerpt.casefold() for word in words)
