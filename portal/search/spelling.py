"""Misspelt names: the nearest word of a title for one that nothing has.

Each word is kept with some of its letters left out; two words are near when they share such a variant (the symmetric
deletes of Wolf Garbe). Only the first letters are varied, so that a word has thirty variants at most. Words of titles
that visitors do not see are kept too, but a correction is only offered when visitors find something by it.
"""

from itertools import chain, combinations

from portal.search.models import Variant
from portal.search.words import LONGEST_WORD, is_without_blanks

SHORTEST = 4  # letters; in a shorter word one wrong letter makes another word
LONG = 8  # letters that bear two wrong ones
VARIED = 7  # letters at the beginning that are left out in turn
MOST_CANDIDATES = 500
TOGETHER = 500


def can_be_misspelt(word) -> bool:
    return SHORTEST <= len(word) <= LONGEST_WORD and word.isalpha() and not is_without_blanks(word)


def distance_borne(word) -> int:
    """How many letters may be wrong."""
    return 2 if len(word) >= LONG else 1


def variants_of(word) -> set[str]:
    beginning = word[:VARIED]
    return {
        "".join(letter for at, letter in enumerate(beginning) if at not in left_out)
        for number in range(distance_borne(word) + 1)
        for left_out in combinations(range(len(beginning)), number)
    }


def learn(words):
    """Keeps those of `words` that are new."""
    words = sorted({word for word in words if can_be_misspelt(word)})
    for start in range(0, len(words), TOGETHER):
        some = words[start : start + TOGETHER]
        beginnings = {word[:VARIED] for word in some}
        known = Variant.objects.filter(variant__in=beginnings, word__in=some)
        new = set(some) - set(known.values_list("word", flat=True))
        rows = chain.from_iterable(
            (Variant(variant=variant, word=word) for variant in variants_of(word)) for word in new
        )
        Variant.objects.bulk_create(rows, batch_size=TOGETHER, ignore_conflicts=True)


def nearest_to(word) -> str:
    """The word of a title that is nearest to `word`; empty where none is near."""
    if not can_be_misspelt(word):
        return ""
    near = Variant.objects.filter(variant__in=variants_of(word)).values_list("word", flat=True).distinct()
    measured = [(distance(word, other), other) for other in near[:MOST_CANDIDATES] if other != word]
    # the first letter is seldom wrong
    close = [
        (far, other[0] != word[0], abs(len(other) - len(word)), other)
        for far, other in measured
        if far <= distance_borne(word)
    ]
    return min(close)[-1] if close else ""


def distance(one, other) -> int:
    """How many letters are wrong, missing, too many, or changed places with their neighbour."""
    before, row = [], list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, row, last = row, [at], before
        for to, opposite in enumerate(other, 1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != opposite))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == opposite:
                cost = min(cost, last[to - 2] + 1)
            row.append(cost)
    return row[-1]
