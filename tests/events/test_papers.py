from events.models import Agreement
from events.papers import IN_PLAIN_WORDS, in_plain_words


def test_every_kind_of_paper_is_explained_in_words_of_its_own():
    assert set(IN_PLAIN_WORDS) == set(Agreement.Kind)
    assert len({str(words) for words in IN_PLAIN_WORDS.values()}) == len(Agreement.Kind)


def test_an_intent_is_not_explained_as_a_promise():
    intent = Agreement(kind=Agreement.Kind.SETTLEMENT_INTENT)

    assert in_plain_words(intent) == "A company says that it wants to open a site here. It may still decide otherwise."
