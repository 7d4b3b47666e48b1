"""What a query asks of the index: words that must all occur, some of them in one of several spellings."""

from dataclasses import dataclass
from itertools import groupby

from portal.search.pinyin import SYLLABLES, windows_of
from portal.search.words import folded, is_without_blanks, runs_of, words_of_run

MOST_TOKENS = 40  # of one query: a long line of Chinese would be one word for each character
SHORTEST_BEGINNING = 2  # letters of a word that somebody is still typing


@dataclass(frozen=True)
class Word:
    """A word of the index; with `is_beginning` any that begins so."""

    text: str
    is_beginning: bool = False


@dataclass(frozen=True)
class All:
    parts: tuple


@dataclass(frozen=True)
class Any:
    parts: tuple


def asked_by(words):
    """What `words` ask for: all of them, the last one as somebody types it. None where they hold no letter."""
    parts = _parts(words)
    return All(tuple(part for _word, part in parts)) if parts else None


def asked_by_all_but_one(words):
    """What they ask for where one of them may be missing; None for a single word."""
    parts = [part for _word, part in _parts(words)]
    if len(parts) < 2:
        return None
    return Any(tuple(All(tuple(parts[:at] + parts[at + 1 :])) for at in range(len(parts))))


def _parts(words) -> list:
    """The words that hold a letter, each with what it asks for; pinyin that was typed in syllables is one of them."""
    asked = [word for word in words if runs_of(folded(word))]
    parts = []
    for in_syllables, group in groupby(asked, key=lambda word: folded(word) in SYLLABLES):
        group = list(group)
        is_last = group[-1] is asked[-1]
        each = [_asked_by_word(word, is_last and word is group[-1]) for word in group]
        if in_syllables and len(group) > 1:
            joined = _asked_in_pinyin("".join(map(folded, group)), is_last)
            parts.append((" ".join(group), Any((All(tuple(each)), joined))))
        else:
            parts += zip(group, each, strict=True)
    return parts


def _asked_by_word(word, is_last):
    """`is_last`: it may be only the beginning of a word."""
    runs = runs_of(folded(word))
    plain = []
    for run in runs:
        for token in words_of_run(run)[:MOST_TOKENS]:
            plain.append(_word(token, is_last and run is runs[-1]))
    ways = [All(tuple(plain[:MOST_TOKENS]))]
    joined = "".join(runs)
    if not any(map(is_without_blanks, runs)):
        if len(runs) > 1:
            ways.append(_word(joined, is_last))
        elif windows_of(joined, is_last):
            ways.append(_asked_in_pinyin(joined, is_last))
    return ways[0] if len(ways) == 1 else Any(tuple(ways))


def _asked_in_pinyin(syllables, is_last):
    windows = windows_of(syllables, is_last) or [syllables]
    return All(tuple(_word(window, is_last and window is windows[-1]) for window in windows))


def _word(token, is_last) -> Word:
    is_beginning = is_last and len(token) >= SHORTEST_BEGINNING and not is_without_blanks(token)
    return Word(token[:40], is_beginning)
