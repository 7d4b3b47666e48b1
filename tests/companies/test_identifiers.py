"""Numbers of organizations in registers."""

import pytest

from companies.identifiers import usci_is_valid

REGISTERED = ["9144030071526726XG", "91330100799655058B", "914403001922038216"]


@pytest.mark.parametrize("number", REGISTERED)
def test_numbers_from_the_register_are_valid(number):
    assert usci_is_valid(number)


@pytest.mark.parametrize("number", REGISTERED)
@pytest.mark.parametrize("position", range(18))
def test_one_wrong_character_is_found(number, position):
    wrong = "1" if number[position] != "1" else "2"

    assert not usci_is_valid(number[:position] + wrong + number[position + 1 :])


@pytest.mark.parametrize(
    "text", ["", "91330100799655058", "91330100799655058BB", "91330100799655058b", "9133010079965505OB", "９" * 18]
)
def test_what_has_another_form_is_not_valid(text):
    assert not usci_is_valid(text)
