"""What a word is: the same for both databases, for what is indexed and for what is searched.

Text is folded (full-width and accented letters are plain ones, case does not count). Between blanks and punctuation
stand words; parts that a sign joins count by themselves and together (mRNA-1273: mrna, 1273, mrna1273). Chinese has no
blanks: each character is a word, and each two neighbours (生物医药: 生, 生物, 物, 物医, ...).
"""

import re
import unicodedata
from itertools import pairwise

from portal.search.pinyin import sounds_of

LONGEST_QUERY = 200
MOST_WORDS = 8
LONGEST_WORD = 40
LONGEST_KEY = 80

_CHINESE = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_WITHOUT_BLANKS = rf"{_CHINESE}\u3040-\u30ff\u31f0-\u31ff\uac00-\ud7af\u0e00-\u0eff"
_RUN = re.compile(rf"[{_WITHOUT_BLANKS}]+|[^\W_{_WITHOUT_BLANKS}]+")
_CHINESE_RUN = re.compile(rf"[{_CHINESE}]+")
_JOINED = re.compile(r"[^\W_]+(?:[&\-‐‑_./'’+@:][^\W_]+)*")
_LETTERS = re.compile(r"[^\W_]+")

# Brackets, quotes and stops too, so that 上海（宝山）园区 is found however its brackets were typed; R&D stays one word.
_BETWEEN_WORDS = re.compile(r"""[\s"“”‘’()<>《》〈〉「」『』\[\]【】{},、;:。!?·|]+""")


def folded(text) -> str:
    """`text` without what people leave out when they type: case, accents, the width of letters."""
    if text.isascii():
        return text.casefold()
    letters = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFC", "".join(each for each in letters if unicodedata.category(each) != "Mn"))


def runs_of(text) -> list[str]:
    """The runs of `text`, which is folded, that are of one kind of writing: "biobay生物港" is biobay and 生物港."""
    return _RUN.findall(text)


def is_without_blanks(run) -> bool:
    """Whether the run is in a writing that has no blanks between its words."""
    return "\u0e00" <= run[0] <= "\u0eff" or run[0] >= "\u3040"


def words_of_run(run) -> list[str]:
    if not is_without_blanks(run):
        return [run[:LONGEST_WORD]]
    return [run] if len(run) == 1 else [first + second for first, second in pairwise(run)]


def words_in(text) -> dict[str, None]:
    """Every word of `text`, once each, in order."""
    words = {}
    for match in _JOINED.finditer(folded(text)):
        runs = runs_of(match[0])
        for run in runs:
            if is_without_blanks(run):
                words.update(dict.fromkeys(run))
            words.update(dict.fromkeys(words_of_run(run)))
        if len(runs) > 1 and not any(map(is_without_blanks, runs)):
            words["".join(runs)[:LONGEST_WORD]] = None
    return words


def sounds_in(text) -> dict[str, None]:
    """What may be typed, in pinyin, for the Chinese of `text`."""
    return dict.fromkeys(sound for run in _CHINESE_RUN.findall(text) for sound in sounds_of(run))


def key_of(text) -> str:
    """`text` by its letters alone: two titles with one key are the same to somebody who types."""
    return "".join(_LETTERS.findall(folded(text)))[:LONGEST_KEY]


def title_word(key) -> str:
    """The word that stands for a whole title: it begins with a letter of private use, which no text keeps."""
    return f"\ue000{key}"


def words_of(query) -> list[str]:
    """The words to look for, as they were typed, each once: at most 8, out of the first 200 characters of `query`."""
    text = unicodedata.normalize("NFKC", query)[:LONGEST_QUERY]  # full-width letters are letters
    return list(dict.fromkeys(word for word in _BETWEEN_WORDS.split(text) if word))[:MOST_WORDS]
