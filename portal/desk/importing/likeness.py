"""What somebody may have meant by a name that nothing bears: the few known names that are most like it."""

from collections import Counter, defaultdict
from difflib import SequenceMatcher, get_close_matches

LIKE = 0.82  # of 1: a letter or two apart
TOO_COMMON = 200  # names that share a pair of letters, from where on the pair tells nothing
CANDIDATES = 5  # that are compared in full


class Likeness:
    """An index of `names` by the pairs of their letters, so that looking one up does not compare it with all others."""

    def __init__(self, names):
        self._names = list(dict.fromkeys(names))
        self._with_pair = defaultdict(list)
        for number, name in enumerate(self._names):
            for pair in _pairs(name):
                self._with_pair[pair].append(number)

    def names_like(self, name) -> list[str]:
        """Those most like `name`, the best first."""
        shared = Counter()
        for pair in _pairs(name):
            numbers = self._with_pair.get(pair, ())
            if len(numbers) <= TOO_COMMON:
                shared.update(numbers)
        candidates = [self._names[number] for number, _shared in shared.most_common(CANDIDATES)]
        rated = [(SequenceMatcher(None, name, each).ratio(), each) for each in candidates]
        return [each for rate, each in sorted(rated, reverse=True) if rate >= LIKE]


def _pairs(name) -> set[str]:
    return {name[n : n + 2] for n in range(len(name) - 1)} or {name}


def words_like(word, words) -> list[str]:
    """Those of a few `words` that are like `word`, the best first."""
    return get_close_matches(word, words, n=2, cutoff=0.6)
