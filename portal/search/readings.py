"""How Chinese characters are read, without tones: 重庆 is chong qing, though 重 alone is zhong.

The readings of pypinyin, in a form that takes 1 MB of memory; its own dictionaries take 58, in each process that has
ever indexed or marked a Chinese name. `readings_of_characters/README.md` says where the files come from.
"""

from functools import cache, lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "readings_of_characters"


def readings_of(text) -> list[str]:
    """A syllable for each character of `text`; empty for what is no Chinese. Of phrases that begin at one place the
    longest counts."""
    syllables = []
    while len(syllables) < len(text):
        syllables += _phrase_at(text, len(syllables)) or [_reading_of(text[len(syllables)])]
    return syllables


def _phrase_at(text, start) -> list[str] | None:
    phrases, longest = _phrases()
    for end in range(min(start + longest, len(text)), start + 1, -1):
        if syllables := phrases.get(text[start:end]):
            return syllables.split()
    return None


@cache
def _phrases() -> tuple[dict[str, str], int]:
    """The syllables of each phrase that is not read as its characters are, and how long the longest is."""
    lines = (FOLDER / "phrases.tsv").read_text().splitlines()
    phrases = dict(line.split("\t") for line in lines)
    return phrases, max(map(len, phrases))


@lru_cache(maxsize=10_000)
def _reading_of(character) -> str:
    characters = _characters()
    at = -1 if character.isascii() else characters.find(character)
    return characters[characters.rfind("\n", 0, at) + 1 : at].partition("\t")[0] if at >= 0 else ""


@cache
def _characters() -> str:
    """Lines of a syllable and all characters that are read so. A dictionary of them would take ten times the memory."""
    return (FOLDER / "characters.tsv").read_text()
