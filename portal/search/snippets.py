"""What was found, in its place: words marked in a title, and the piece of a text around them."""

import re
from functools import cache, lru_cache
from itertools import pairwise

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from translated_fields import to_attribute

from portal.fields import TextIn
from portal.markup import escaped
from portal.prose import in_plain_words
from portal.search.kinds import languages_of
from portal.search.pinyin import place_of_sound
from portal.search.words import folded

LONGEST_NAME = 250  # characters; in longer texts nobody looks for pinyin


@lru_cache(maxsize=10_000)
def _letter(letter):
    return folded(letter)


class Hits:
    """The places where any of `words` stands, however its case, accents and width were typed; in a short text that has
    none of them also where it sounds so."""

    def __init__(self, words):
        longest_first = sorted({folded(word) for word in words}, key=len, reverse=True)
        self.pattern = re.compile("|".join(map(re.escape, filter(None, longest_first))) or r"(?!)")
        sounds = ["".join(map(folded, words)), *longest_first]
        self.sounds = tuple(dict.fromkeys(each for each in sounds if each.isascii() and each.isalpha()))

    def places_in(self, text) -> list[tuple[int, int]]:
        """Where they begin and end."""
        if text.isascii():
            return [match.span() for match in self.pattern.finditer(text.casefold())]
        letters = [_letter(letter) for letter in text]
        owners = [at for at, letter in enumerate(letters) for _ in letter]
        spans = [match.span() for match in self.pattern.finditer("".join(letters))]
        if not spans and self.sounds and len(text) <= LONGEST_NAME:
            return [place for sound in self.sounds if (place := place_of_sound(text, sound))][:1]
        return [(owners[start], owners[end - 1] + 1) for start, end in spans]

    def first_in(self, text):
        return next(iter(self.places_in(text)), None)


def hits_of(words) -> Hits:
    """The hits of `words` in any text: a page asks for them hundreds of times."""
    return _hits_of(tuple(words))


_hits_of = lru_cache(maxsize=100)(Hits)


def with_marks(text, words) -> SafeString:
    """`text` as HTML, with each of `words` in it inside `<mark>`."""
    edges = [0, *(edge for place in hits_of(words).places_in(text) for edge in place), len(text)]
    parts = [escaped(text[start:end]) for start, end in pairwise(edges)]
    parts[1::2] = [f"<mark>{hit}</mark>" for hit in parts[1::2]]
    return SafeString("".join(parts))


def excerpt_of(record, words, length=160) -> str:
    """Where `words` occur in `record` outside the title that is shown: about `length` characters around the first one.
    Texts in another language count only where that title has none of the words; empty where there is nothing."""
    hits = hits_of(words)
    title = str(getattr(record, record.searched_in.title))
    for text in _texts_of(record, with_other_languages=not hits.first_in(title)):
        if place := hits.first_in(text):
            return _around(text, place, length)
    return ""


def excerpt_of_names(title, names, words, length=160) -> str:
    """Of `names` (each with its language) the one that has the words, where `title` has none of them: in the language
    of the page if it is there."""
    hits = hits_of(words)
    if hits.first_in(str(title)):
        return ""
    active = get_language()
    for language, name in sorted(names, key=lambda each: each[0] not in ("", active)):
        if place := hits.first_in(name):
            text = name if language in ("", active) else TextIn.of(language, name)
            return _around(text, place, length)
    return ""


def names_of(record) -> list[str]:
    """What `record` itself is called, in every language."""
    searched = record.searched_in
    own = (name for name in searched.weights["A"] if "__" not in name)
    return [str(getattr(record, column)) for name in own for column in languages_of(type(record), name)]


def _texts_of(record, with_other_languages):
    """The searched texts of `record` but for the title that is shown: those in the active language first."""
    title, *others = record.searched_in.own
    stored = _stored_in(type(record))
    active = get_language()
    yield from (in_plain_words(record, name if name in stored else to_attribute(name, active)) for name in others)
    if with_other_languages:
        translated = [name for name in (title, *others) if name not in stored]
        for language, _name in settings.LANGUAGES:
            if language != active:
                texts = (in_plain_words(record, to_attribute(name, language)) for name in translated)
                yield from (TextIn.of(language, text) for text in texts)


@cache
def _stored_in(model) -> set[str]:
    """The names of the columns of `model`: what is translated has none of its own name."""
    return {field.name for field in model._meta.concrete_fields}


def _around(text, place, length):
    """About `length` characters of `text` around `place`, from word to word where words have spaces between them."""
    begins, ends = place
    start, end = max(0, begins - length // 3), max(begins + length * 2 // 3, ends)
    if start:
        start = text.find(" ", start, begins) + 1 or start
    if end < len(text):
        end = max(text.rfind(" ", ends, end), 0) or end
    cut = ("…" if start else "") + " ".join(text[start:end].split()) + ("…" if end < len(text) else "")
    return TextIn.of(text.language, cut) if isinstance(text, TextIn) else cut
