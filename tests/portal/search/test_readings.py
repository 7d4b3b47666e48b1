"""How Chinese characters are read, beside pypinyin, which the files of `portal/search/readings.py` come from."""

import json
import re

import pytest
from django.conf import settings
from pypinyin import lazy_pinyin
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

from portal.search.readings import readings_of


@pytest.mark.parametrize(
    ("text", "syllables"),
    [
        ("重庆", "chong qing"),
        ("重工", "zhong gong"),
        ("浦东银行行长", "pu dong yin hang hang zhang"),
        ("都江堰", "du jiang yan"),
        ("厦门大厦", "xia men da sha"),
        ("长沙长大", "chang sha zhang da"),
        ("旅行", "lv xing"),
        ("𬭎", "hong"),
    ],
)
def test_a_character_is_read_as_it_is_in_the_phrase(text, syllables):
    assert readings_of(text) == syllables.split()


def test_each_character_has_its_place_and_what_is_no_chinese_has_no_sound():
    assert readings_of("A 美-ß\t\n湖，é１カ") == ["", "", "mei", "", "", "", "", "hu", "", "", "", ""]
    assert readings_of("") == []


def test_every_character_is_read_as_pypinyin_reads_it():
    characters = [chr(code) for code in PINYIN_DICT]

    assert [readings_of(each) for each in characters] == [lazy_pinyin(each) for each in characters]


def test_every_phrase_is_read_as_pypinyin_reads_it():
    phrases = [phrase for phrase in PHRASES_DICT if "，" not in phrase]

    assert len(phrases) > 45_000
    assert [phrase for phrase in phrases if readings_of(phrase) != lazy_pinyin(phrase)] == []


def test_every_name_of_the_fixtures_is_read_as_pypinyin_reads_it():
    names = set()
    for name in ("district", "meilan_lake"):
        for record in json.loads((settings.BASE_DIR / "fixtures" / f"{name}.json").read_text()):
            texts = [str(text) for field, text in record["fields"].items() if field.startswith(("name", "title"))]
            names.update(run for text in texts for run in re.findall(r"[\u4e00-\u9fff]+", text))

    assert len(names) > 200
    assert {name for name in names if readings_of(name) != lazy_pinyin(name)} == set()
