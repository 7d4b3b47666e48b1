import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search.pinyin import SYLLABLES, WINDOW, place_of_sound, sounds_of, windows_of
from portal.search.words import (
    LONGEST_KEY,
    LONGEST_QUERY,
    LONGEST_WORD,
    MOST_WORDS,
    folded,
    key_of,
    sounds_in,
    words_in,
    words_of,
)

# --- Of a query -------------------------------------------------------------------------------------------------------


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


# --- Of the index -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("Vaccine Plant, vaccine", "vaccine plant"),
        ("Zürich ＢｉｏＢＡＹ ﬁne", "zurich biobay fine"),
        ("mRNA-1273", "mrna 1273 mrna1273"),
        ("R&D", "r d rd"),
        ("R & D", "r d"),
        ("a_b", "a b ab"),
        ("https://a.example/x", "https a example x aexamplex"),
        ("生", "生"),
        ("生物医药", "生 物 医 药 生物 物医 医药"),
        ("BioBAY生物", "biobay 生 物 生物"),
        ("上海（宝山）", "上 海 上海 宝 山 宝山"),
        ("100亿元", "100 亿 元 亿元"),
        ("🧬 <b> 'x' \"y\" * ( : ^", "b x y"),
        ("ガン", "カ ン カン"),
        ("x" * 50, "x" * LONGEST_WORD),
    ],
)
def test_a_text_is_words(text, words):
    assert " ".join(words_in(text)) == words


@given(st.text())
def test_a_word_of_the_index_holds_letters_and_digits_alone(text):
    for word in words_in(text):
        assert re.fullmatch(r"[^\W_]{1,40}", word), word


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert folded(folded(text)) == folded(text)


def test_the_key_of_a_title_is_its_letters():
    assert key_of("SPH – CanSino: “Vaccine” (2021)") == "sphcansinovaccine2021"
    assert len(key_of("x" * 300)) == LONGEST_KEY


# --- Pinyin -----------------------------------------------------------------------------------------------------------


def test_a_name_sounds_in_each_of_its_parts_and_in_its_initials():
    assert sounds_of("美兰湖") == ["meilan", "lanhu", "meilanhu", "mlh"]
    assert "beishanghaisheng" in sounds_of("北上海生物医药产业园")
    assert "bshswyycyy" in sounds_of("北上海生物医药产业园")
    assert sounds_of("园") == []


def test_only_the_chinese_of_a_title_sounds():
    assert list(sounds_in("BioBAY 宝山 Park")) == ["baoshan", "bs"]


@pytest.mark.parametrize(
    ("word", "windows"),
    [
        ("baoshan", []),
        ("meilanhuguoji", ["meilanhuguo", "lanhuguoji"]),
        ("meilanhuguoj", []),
        ("vaccineplant", []),
        ("ä", []),
        ("", []),
        ("a" * 61, []),
    ],
)
def test_long_pinyin_is_looked_for_in_pieces(word, windows):
    assert windows_of(word) == windows


def test_the_last_syllable_may_be_only_begun():
    assert windows_of("meilanhuguoj", may_end_within=True) == ["meilanhuguo", "lanhuguoj"]


@given(st.lists(st.sampled_from(sorted(SYLLABLES)), min_size=WINDOW + 1, max_size=9))
def test_every_row_of_syllables_can_be_split(syllables):
    windows = windows_of("".join(syllables))

    # one row of letters can be split in several ways; whichever it is, the pieces overlap to the whole
    assert windows == [] or "".join(syllables).startswith(windows[0])
    assert windows == [] or "".join(syllables).endswith(windows[-1])


@pytest.mark.parametrize(
    ("text", "sound", "place"),
    [("上海美兰湖", "meilanhu", (2, 5)), ("上海美兰湖", "meil", (2, 4)), ("上海", "meilan", None), ("美", "mei", None)],
)
def test_characters_are_found_by_their_sound(text, sound, place):
    assert place_of_sound(text, sound) == place
