"""The design tokens: what stands on what can be told apart, in both themes."""

import re
from pathlib import Path

import pytest

from portal.tokens import TEXT_ON, Colour, Tokens, contrast, tokens

CSS = Path(__file__).parents[2] / "portal" / "static" / "css"
RULES = re.compile(r"\{([^{}]*)\}")
EXAMPLE = """
:root {
  /* Palette: two */
  --lake: #08171f;
  --paper: #fcfbf8;

  /* Roles */
  --ground: light-dark(var(--paper), var(--lake));
  --text: light-dark(#000000, var(--paper));
  --glass: #ffffff40;

  /* Space, in steps of 4 px */
  --s1: 0.25rem;
  --gutter: clamp(1rem, 4vw, 3rem);
}

@media (forced-colors: active) {
  :root {
    --text: CanvasText;
  }
}
"""


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#000000", "#ffffff", 21), ("#ffffff", "#000000", 21), ("#14242c", "#14242c", 1), ("#777777", "#ffffff", 4.47)],
)
def test_contrast_is_that_of_wcag_and_never_rounded_up(one, other, expected):
    assert contrast(one, other) == expected


def test_a_role_has_a_colour_in_each_theme():
    example = Tokens(EXAMPLE)

    assert example.palette == [Colour("lake", "#08171f", "#08171f"), Colour("paper", "#fcfbf8", "#fcfbf8")]
    assert example.roles == [Colour("ground", "#fcfbf8", "#08171f"), Colour("text", "#000000", "#fcfbf8")]
    assert example.spaces == {"s1": "0.25rem"}


def test_every_text_and_every_drawing_can_be_told_from_its_ground_in_both_themes():
    too_weak = {
        (pair.front.name, pair.back.name): (pair.in_light, pair.in_dark) for pair in tokens().pairs if not pair.passes
    }

    assert too_weak == {}


def test_every_text_that_a_style_sheet_puts_on_a_ground_is_among_those():
    unknown = set()
    for path in CSS.parent.rglob("*.css"):
        for rule in RULES.findall(path.read_text()):
            grounds = re.findall(r"(?<![\w-])background(?:-color)?: var\(--([\w-]+)\)", rule)
            texts = re.findall(r"(?<![\w-])color: var\(--([\w-]+)\)", rule)
            unknown |= {
                (path.name, text, ground) for ground in grounds for text in texts if text not in TEXT_ON.get(ground, ())
            }

    assert unknown == set()


def test_the_focus_is_seen_on_every_ground_that_is_dark_in_both_themes():
    blind = set()
    for path in (CSS / "components").glob("*.css"):
        css = path.read_text()
        is_dark = re.search(r"background: var\(--(deep|lake-900)\)", css)
        if is_dark and not re.search(r"(--focus|outline-color): var\(--on-deep-accent\)", css):
            blind.add(path.name)

    assert blind == set()
