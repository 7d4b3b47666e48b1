import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search.models import Variant
from portal.search.spelling import can_be_misspelt, distance, learn, nearest_to, variants_of


@pytest.mark.parametrize(
    ("one", "other", "wrong"),
    [("", "", 0), ("park", "park", 0), ("park", "prak", 1), ("park", "pork", 1), ("park", "parks", 1), ("ab", "", 2)],
)
def test_how_far_words_are_apart(one, other, wrong):
    assert distance(one, other) == distance(other, one) == wrong


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("diasorni", "diasorin"),
        ("disorin", "diasorin"),
        ("diasorrin", "diasorin"),
        ("dyasoryn", "diasorin"),
        ("biobya", "biobay"),
        ("byobya", ""),  # two wrong letters of six
        ("diasorin", ""),  # itself
        ("bio", ""),
        ("生物医药", ""),
        ("1234567", ""),
    ],
)
def test_the_nearest_word_is_found(db, typed, meant):
    learn(["diasorin", "biobay", "biopharma", "bay", "2024", "生物"])

    assert nearest_to(typed) == meant


def test_what_is_known_is_kept_once(db):
    learn(["diasorin"])
    before = Variant.objects.count()

    learn(["diasorin", "diasorin"])

    assert Variant.objects.count() == before


@given(st.text(alphabet="abcdefg", min_size=4, max_size=12), st.data())
def test_a_word_with_one_letter_wrong_shares_a_variant_with_it(word, data):
    at = data.draw(st.integers(0, len(word) - 1))
    typed = word[:at] + data.draw(st.sampled_from(["", "x", word[at] + "x"])) + word[at + 1 :]

    if can_be_misspelt(typed):
        assert variants_of(word) & variants_of(typed)
