"""Numbers of organizations in registers."""

_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V and Z, which are easily misread
_LENGTH = 18


def usci_is_valid(text: str) -> bool:
    """Whether `text` is a Unified Social Credit Identifier (统一社会信用代码) whose check character is right.

    GB 32100-2015: 18 characters out of 31; the one at position i (from 0) weighs 3**i modulo 31, and the check
    character at the end makes the weighted sum a multiple of 31.
    """
    if len(text) != _LENGTH or not set(text) <= set(_CHARACTERS):
        return False
    *body, check = (_CHARACTERS.index(character) for character in text)
    weighted = sum(value * pow(3, position, 31) for position, value in enumerate(body))
    return (weighted + check) % 31 == 0
