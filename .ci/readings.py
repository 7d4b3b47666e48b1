"""Writes portal/search/readings_of_characters/ from the dictionaries of pypinyin: `python .ci/readings.py`."""

import sys
from collections import defaultdict
from pathlib import Path

from pypinyin import lazy_pinyin
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from portal.search import readings  # noqa: E402 (it is found now)


def write_characters():
    by_syllable = defaultdict(list)
    for character in map(chr, sorted(PINYIN_DICT)):
        [syllable] = lazy_pinyin(character)
        by_syllable[syllable].append(character)
    write("characters.tsv", ((syllable, "".join(by_syllable[syllable])) for syllable in sorted(by_syllable)))


def write_phrases():
    """The shorter ones first: a phrase that is read right by those is left out. So are those with a comma in them."""
    phrases, longest = {}, max(map(len, PHRASES_DICT))
    readings._phrases = lambda: (phrases, longest)
    for phrase in sorted(PHRASES_DICT, key=lambda phrase: (len(phrase), phrase)):
        syllables = lazy_pinyin(phrase)
        if "，" not in phrase and readings.readings_of(phrase) != syllables:
            phrases[phrase] = " ".join(syllables)
    write("phrases.tsv", sorted(phrases.items()))


def write(name, rows):
    (readings.FOLDER / name).write_text("".join(f"{first}\t{second}\n" for first, second in rows))


if __name__ == "__main__":
    write_characters()
    write_phrases()
