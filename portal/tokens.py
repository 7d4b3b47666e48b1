"""The design tokens as `tokens.css` declares them, and how well they can be told apart. Pure Python.

For the staff's page of all components, and for the test that holds every text readable in both themes.
"""

import re
from dataclasses import dataclass
from itertools import product
from pathlib import Path

STYLE_SHEET = Path(__file__).parent / "static" / "css" / "tokens.css"

# Which roles stand on which. What a style sheet puts there besides belongs here too (`tests/portal/test_tokens.py`).
ON_PAPER = ("text", "soft", "link", "accent")
ON_DEEP = ("on-deep", "on-deep-soft", "on-deep-accent")
SIGNALS = ("success", "warning", "error")
TEXT_ON = {
    "ground": ON_PAPER + SIGNALS,
    "surface": ON_PAPER + SIGNALS,
    "sunken": ON_PAPER + SIGNALS,
    "chip": ON_PAPER,
    "accent-soft": ON_PAPER,
    "success-soft": ("text", "soft", "success"),
    "warning-soft": ("text", "soft", "warning"),
    "error-soft": ("text", "soft", "error"),
    "error": ("on-error",),
    "link-ground": ("on-link-ground",),
    "deep": ON_DEEP,
    "lake-900": ON_DEEP,
    "on-deep": ("deep",),
}
DRAWN = ("rule-strong", "focus", "chart-exact", "chart-bound", "chart-target")
DRAWN_ON = {"ground": DRAWN, "surface": ("rule-strong", "focus"), "sunken": ("focus",), "deep": ("on-deep-accent",)}

FOR_TEXT, FOR_DRAWINGS = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11, level AA


@dataclass(frozen=True)
class Colour:
    """A token that is a colour; the same in both themes unless it is a role."""

    name: str
    light: str
    dark: str

    @property
    def words(self) -> str:
        return self.light if self.light == self.dark else f"{self.light} / {self.dark}"


@dataclass(frozen=True)
class Pair:
    """A colour on another one, with the contrast that it has and the one that it needs."""

    front: Colour
    back: Colour
    needed: float

    @property
    def in_light(self) -> float:
        return contrast(self.front.light, self.back.light)

    @property
    def in_dark(self) -> float:
        return contrast(self.front.dark, self.back.dark)

    @property
    def passes(self) -> bool:
        return min(self.in_light, self.in_dark) >= self.needed


class Tokens:
    """The tokens of a style sheet, group by group as its comments name them; the first declaration counts."""

    def __init__(self, css: str):
        self.groups: dict[str, dict[str, str]] = {}
        self._values: dict[str, str] = {}
        root = css[css.index(":root {") :]
        group = {}
        for heading, name, value in _PARTS.findall(root[: root.index("\n}")]):
            if heading:
                group = self.groups.setdefault(heading, {})
            elif name not in self._values:
                group[name] = self._values[name] = " ".join(value.split())

    def _named(self, beginning):
        return next(group for heading, group in self.groups.items() if heading.startswith(beginning))

    def colours(self, beginning: str) -> list[Colour]:
        """The opaque colours of a group, in the order of the style sheet."""
        found = (self.colour(name) for name in self._named(beginning))
        return [colour for colour in found if _OPAQUE.fullmatch(colour.light) and _OPAQUE.fullmatch(colour.dark)]

    def colour(self, name: str) -> Colour:
        return Colour(name, self._resolved(self._values[name], "light"), self._resolved(self._values[name], "dark"))

    @property
    def palette(self) -> list[Colour]:
        return self.colours("Palette")

    @property
    def roles(self) -> list[Colour]:
        return self.colours("Roles")

    @property
    def sizes(self) -> dict[str, str]:
        return {name: value for name, value in self._named("Type").items() if name.startswith("size-")}

    @property
    def spaces(self) -> dict[str, str]:
        return {name: value for name, value in self._named("Space").items() if re.fullmatch(r"s\d", name)}

    @property
    def pairs(self) -> list[Pair]:
        """What stands on what: texts, then drawings."""
        return [*self._pairs(TEXT_ON, FOR_TEXT), *self._pairs(DRAWN_ON, FOR_DRAWINGS)]

    def _pairs(self, on, needed):
        pairs = (pair for back, fronts in on.items() for pair in product(fronts, [back]))
        return [Pair(self.colour(front), self.colour(back), needed) for front, back in pairs]

    def _resolved(self, value, theme):
        if both := _LIGHT_DARK.fullmatch(value):
            return self._resolved(both[theme], theme)
        if other := _VAR.fullmatch(value):
            return self._resolved(self._values[other["name"]], theme)
        return value


_PARTS = re.compile(r"/\*\s*([^*]+?)\s*\*/|--([\w-]+):\s*([^;]+);")
_LIGHT_DARK = re.compile(r"light-dark\((?P<light>[^,]+),\s*(?P<dark>[^,]+)\)")
_VAR = re.compile(r"var\(--(?P<name>[\w-]+)\)")
_OPAQUE = re.compile(r"#[0-9a-f]{6}")


def tokens() -> Tokens:
    """Those of the portal, as they are at this moment."""
    return Tokens(STYLE_SHEET.read_text())


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (#14242c), from 1 to 21, as WCAG 2 defines it; cut, not rounded, to two digits."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return int((lighter + 0.05) / (darker + 0.05) * 100) / 100


def _luminance(colour) -> float:
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
