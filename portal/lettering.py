"""Words set in pictures, in one line or in balanced ones: Latin letters and Chinese characters on one baseline.

`fonts_for_pictures/` holds the two fonts, because a fresh machine has no Chinese one. The spacing is worked out here
and not by Pillow, which spaces letters as the machine's libraries allow: the same words are the same picture anywhere.
Characters that neither font has (emoji, Arabic) are left out.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONTS = Path(__file__).parent / "fonts_for_pictures"
LATIN, CHINESE = "latin.woff2", "chinese.woff2"
EM = 256  # the size in which letters are measured and drawn, before they are scaled down
SHADES = [round(shade / 17) * 17 for shade in range(256)]  # of the edges of letters: sixteen are enough, and weigh less
GAP = 0.1  # between a Chinese character and a Latin letter or a figure, in ems like all that follows

SEPARATOR = " · "  # of facts that stand side by side
LIKE_ITS_NEIGHBOUR = "“”‘’…—·"  # both fonts have these, and each draws them for its own script
NEVER_FIRST = "，。、；：？！）》」』】〉”’…—·%℃々,.;:?!)]"
NEVER_LAST = "（《「『【〈“‘([第"
COUNTED = "年月日号时点分亿万千元家个项届期岁"  # stand with the figure before them


@dataclass(frozen=True)
class Block:
    """Lines of words in one size, in pixels."""

    lines: tuple[str, ...]
    size: int

    @property
    def ascent(self) -> float:
        """From the top of a line to its baseline."""
        return self.size * (0.86 if self._is_chinese else 0.7)

    @property
    def leading(self) -> float:
        """From one baseline to the next."""
        return self.size * (1.32 if self._is_chinese else 1.14)

    @property
    def height(self) -> float:
        """From the top of the first line to the last baseline."""
        return self.ascent + self.leading * (len(self.lines) - 1) if self.lines else 0

    @property
    def _is_chinese(self):
        return any(map(_is_wide, "".join(self.lines)))

    def draw(self, picture, x, top, colour):
        for number, line in enumerate(self.lines):
            _draw_line(picture, line, (x, top + self.ascent + self.leading * number), self.size, colour)


def fitted(text, sizes, width, height) -> Block:
    """`text` in the first of `sizes` in which it fits, in as few lines as can be, balanced. Where it fits in none, it
    ends with an ellipsis."""
    letters = _set(legible(text))
    for size in sizes:
        block = Block(_balanced(_words(letters, width / size), width / size), size)
        if block.height <= height:
            return block
    while block.height > height:
        block = Block(block.lines[:-1], size)
    return Block((*block.lines[:-1], _with_ellipsis(block.lines[-1], width / size)), size)


def fitted_facts(text, sizes, width, height) -> Block:
    """The same for facts side by side (“2024 · Shanghai”), which are kept whole where there is room for that."""
    letters = _set(legible(text))
    facts = _divided(letters, lambda place: legible(text).endswith(SEPARATOR, 0, place))
    for size in sizes:
        block = Block(_balanced(facts, width / size), size)
        if block.height <= height and all(_width(fact) <= width / size for fact in facts):
            return block
    return fitted(text, sizes, width, height)


def legible(text) -> str:
    """`text` in one line, without the characters that neither font has."""
    kept = "".join(each for each in unicodedata.normalize("NFC", text) if each.isspace() or _face_of(each))
    return " ".join(kept.split())


# --- Lines ------------------------------------------------------------------------------------------------------------


def _balanced(pieces, width) -> tuple[str, ...]:
    """The fewest lines of at most `width`, as even as can be: the narrowest ones of that number."""
    fewest = len(_filled(pieces, width))
    too_narrow, wide_enough = 0, width
    while wide_enough - too_narrow > width / 200:
        tried = (too_narrow + wide_enough) / 2
        if len(_filled(pieces, tried)) > fewest or tried < max(map(_width, pieces), default=0):
            too_narrow = tried
        else:
            wide_enough = tried
    return tuple("".join(letter.character for letter in _seen(line)) for line in _filled(pieces, wide_enough))


def _filled(pieces, width):
    """Lines that each take as many pieces as they can."""
    lines = []
    for piece in pieces:
        if lines and _width([*lines[-1], *piece]) <= width:
            lines[-1].extend(piece)
        else:
            lines.append(list(piece))
    return lines


def _words(letters, width):
    """What stays in one line: words with the space after them, Chinese characters with their punctuation. A word that
    is wider than a line is taken apart."""
    words = _divided(letters, lambda place: _may_break(letters[place - 1].character, letters[place].character))
    return [part for word in words for part in ([word] if _width(word) <= width else ([each] for each in word))]


def _divided(letters, may_begin_at):
    pieces = []
    for place, letter in enumerate(letters):
        if pieces and not may_begin_at(place):
            pieces[-1].append(letter)
        else:
            pieces.append([letter])
    return pieces


def _may_break(before, after) -> bool:
    if after == " " or after in NEVER_FIRST or before in NEVER_LAST or (before.isdigit() and after in COUNTED):
        return False
    return before in " –/" or _is_wide(before) or _is_wide(after)


def _seen(line):
    """The letters of a line without what only leads on to the next."""
    end = len(line)
    while end and line[end - 1].character in SEPARATOR:
        end -= 1
    return line[:end]


def _width(line):
    seen = _seen(line)
    return seen[-1].right - seen[0].left if seen else 0


def _with_ellipsis(line, width):
    while line and _set(f"{line}…")[-1].right > width:
        line = line[:-1].rstrip(" ，、,;:·")
    return f"{line}…"


# --- Letters ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Letter:
    """A character in its face and place in a line, in ems."""

    character: str
    face: str
    left: float
    right: float


@lru_cache(maxsize=256)
def _set(text) -> tuple[Letter, ...]:
    """The letters of `text` in one line."""
    letters = []
    for before, character, after in zip(f" {text}", text, f"{text[1:]} ", strict=False):
        face = _face_of(character)
        if character in LIKE_ITS_NEIGHBOUR and not (_is_wide(before) or _is_wide(after)):
            face = LATIN
        left = letters[-1].right + _space_between(before, character) if letters else 0
        letters.append(Letter(character, face, left, left + _advance(face, character)))
    return tuple(letters)


def _space_between(before, after) -> float:
    if _is_wide(before) != _is_wide(after) and before.isalnum() and after.isalnum():
        return GAP if before not in COUNTED and after not in COUNTED else GAP / 3
    return _kerning().get((_base(before), _base(after)), 0)


def _draw_line(picture, text, start, size, colour):
    """Draws `text` with its baseline beginning at `start`."""
    letters = _set(text)
    if not letters:
        return
    width = ceil((letters[-1].right + 1) * size)  # half an em on either side, for what hangs out
    mask = Image.new("L", (round(width * EM / size), 2 * EM))
    draw = ImageDraw.Draw(mask)
    for letter in letters:
        draw.text(((letter.left + 0.5) * EM, 1.4 * EM), letter.character, 255, _font(letter.face), anchor="ls")
    mask = mask.resize((width, 2 * size), Image.Resampling.BOX, reducing_gap=1.0).point(SHADES)
    picture.paste(colour, (round(start[0] - size / 2), round(start[1] - 1.4 * size)), mask)


# --- Fonts ------------------------------------------------------------------------------------------------------------


@lru_cache
def _font(face):
    return ImageFont.truetype(FONTS / face, EM, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4096)
def _face_of(character) -> str:
    """The font that draws `character`, "" where neither does. What each draws for its own script counts as Chinese."""
    if character in LIKE_ITS_NEIGHBOUR:
        return CHINESE
    return next((face for face in (LATIN, CHINESE) if _has(face, character)), "")


def _has(face, character) -> bool:
    """Whether `face` draws `character` otherwise than what it does not know."""
    font = _font(face)
    unknown = "\uffff"
    return (font.getlength(character), font.getbbox(character)) != (font.getlength(unknown), font.getbbox(unknown))


@lru_cache(maxsize=4096)
def _advance(face, character) -> float:
    return _font(face).getlength(character) / EM


@lru_cache
def _kerning() -> dict[tuple[str, str], float]:
    """How much closer pairs of letters stand, out of lines such as `T -70:ae -58:o` (in thousandths)."""
    pairs = {}
    for line in (FONTS / "kerning.txt").read_text(encoding="utf-8").splitlines():
        first, *groups = line.split(" ")
        for group in groups:
            value, _, seconds = group.partition(":")
            pairs.update({(first, second): int(value) / 1000 for second in seconds})
    return pairs


@lru_cache(maxsize=4096)
def _base(character) -> str:
    """The letter without its accents, which change nothing about its sides."""
    return unicodedata.normalize("NFD", character)[0]


@lru_cache(maxsize=4096)
def _is_wide(character) -> bool:
    return unicodedata.east_asian_width(character) in "WF"
