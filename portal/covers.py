"""Covers drawn from a slug: a moon over layered lake waves and a molecular lattice, in the palette of the site.

Deterministic: the same slug is the same picture, on every machine and in every year. What stands where is worked out
once (`Composition`); `cover` writes it as SVG, and `portal.painting` paints it where a picture cannot be SVG.
"""

import hashlib
import math
import random
from dataclasses import dataclass
from functools import cached_property

from django.utils.html import format_html, format_html_join

from portal import palette

HUES = (186, 190, 194, 198, 202)
CRESTS = 6
GLOW_REACH = 5.4  # how far the glow of the moon reaches, in radii of the moon
GLOW = ((0, 0.9), (0.25, 0.62), (0.5, 0.28), (0.75, 0.08), (1, 0))  # its opacity, from the moon outwards
REFLECTION = ((62, 0.66), (46, 0.70), (32, 0.74), (18, 0.78))  # half widths of lines on the water, and how far down
WATER_OPACITY, REFLECTION_OPACITY, BOND_OPACITY = 0.6, 0.5, 0.24
REFLECTION_WIDTH, BOND_WIDTH = 3, 1.4
DOTS = ((palette.NODE, 0.55), (palette.BLOSSOM, 0.9))  # colour and opacity of a node, and of one in blossom


@dataclass(frozen=True)
class Frame:
    """The size of a cover, the distance of two lattice nodes on it, the radius of its moon, how heavy its lines and
    dots are, and how far to the right the moon stands at least."""

    width: int
    height: int
    cell: int
    moon: int
    weight: float = 1
    moon_from: float = 0.68


WIDE = Frame(1600, 720, cell=64, moon=46)  # behind the words of a page; may be cropped from any side but the right
CARD = Frame(640, 360, cell=50, moon=32, weight=1.1)  # seen small: fewer and larger things
SHARED = Frame(1200, 630, cell=64, moon=46, moon_from=0.77)  # behind the words of a sharing image


@dataclass(frozen=True)
class Node:
    """An atom of the lattice; a few are in blossom."""

    x: float
    y: float
    radius: float
    in_blossom: bool


class Composition:
    """What the cover for `slug` shows and where, in the units of `frame`. Colours are (hue, saturation, lightness)."""

    def __init__(self, slug: str, frame: Frame):
        chance = random.Random(hashlib.sha256(slug.encode()).digest())  # noqa: S311 (a picture, not a secret)
        self.frame = frame
        self.hue = chance.choice(HUES)
        moon_x, moon_y = chance.uniform(0, 0.16), chance.uniform(0.22, 0.32)
        self.moon = frame.width * (frame.moon_from + moon_x), frame.height * moon_y
        self.crests = [self._crest(depth, chance) for depth in range(CRESTS)]
        self._sites = self._lattice(chance)

    @property
    def sky(self):
        """How far down, and the colour there."""
        return (0, (self.hue + 8, 60, 11)), (0.62, (self.hue, 58, 22)), (1, (self.hue - 4, 45, 34))

    def water(self, depth):
        """The colour of a wave; the nearest is the lightest."""
        return self.hue - depth, 52 - depth * 3, round(19 + depth * 5.5)

    @property
    def nodes(self) -> list[Node]:
        return list(self._sites.values())

    @cached_property
    def bonds(self) -> list[tuple[Node, Node]]:
        """The pairs of neighbouring nodes."""
        return [
            (node, other)
            for (row, column), node in self._sites.items()
            for step in ((0, 1), (1, 0), (1, 1 if row % 2 else -1))
            if (other := self._sites.get((row + step[0], column + step[1])))
            and math.dist((node.x, node.y), (other.x, other.y)) < self.frame.cell * 1.35
        ]

    @property
    def reflection(self) -> list[tuple[float, float, float]]:
        """The moon on the water as horizontal lines: left, right, how far down."""
        scale, x = self.frame.moon / WIDE.moon, self.moon[0]
        return [(x - half * scale, x + half * scale, self.frame.height * level) for half, level in REFLECTION]

    def _crest(self, depth, chance):
        """The crest of a wave, point by point from the left edge to the right one."""
        width, height = self.frame.width, self.frame.height
        level, swell = height * (0.60 + depth * 0.068), height * (0.034 - depth * 0.0022)
        length, phase = width / chance.uniform(1.3, 2.4), chance.uniform(0, math.tau)
        crest = []
        for step in range(49):
            x = width * step / 48
            turn = x / length * math.tau
            crest.append((x, level + swell * (math.sin(phase + turn) + 0.4 * math.sin(2 * phase + 2.2 * turn))))
        return crest

    def _lattice(self, chance):
        """Nodes by their row and column in a honeycomb: above the water, denser towards the upper right, where no
        words stand, and beside the moon."""
        width, height, cell = self.frame.width, self.frame.height, self.frame.cell
        nodes = {}
        for row in range(-1, int(height * 0.6 / (cell * 0.87))):
            for column in range(int(width / cell) + 2):
                if (column + row) % 3 == 2:  # a honeycomb leaves out each third site
                    continue
                x = column * cell + (row % 2) * cell / 2 + cell * chance.uniform(-0.11, 0.11)
                y = row * cell * 0.87 + cell * chance.uniform(-0.11, 0.11)
                radius, in_blossom = chance.choice((2.5, 3, 3.5, 5)), chance.random() < 0.1
                density = 1.2 * max(0, x / width) ** 1.7 * (1 - max(0, y / height - 0.1) * 0.9)
                if chance.random() < density and math.dist((x, y), self.moon) > self.frame.moon * 1.3:
                    nodes[row, column] = Node(x, y, (radius + 2 * in_blossom) * self.frame.weight, in_blossom)
        return nodes


# --- As SVG -----------------------------------------------------------------------------------------------------------


def cover(slug: str, frame: Frame = WIDE) -> str:
    """The cover for `slug` as an SVG document."""
    composition = Composition(slug, frame)
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}">{}{}{}{}</svg>',
        _sky(composition),
        _lattice(composition),
        _waves(composition),
        _reflection(composition),
        w=frame.width,
        h=frame.height,
    )


def _sky(composition):
    sky = ((at, _hsl(colour)) for at, colour in composition.sky)
    glow = ((at, palette.MOON_GLOW, opacity) for at, opacity in GLOW)
    x, y = composition.moon
    return format_html(
        '<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">{}</linearGradient>'
        '<radialGradient id="glow">{}</radialGradient></defs>'
        '<rect width="100%" height="100%" fill="url(#sky)"/>'
        '<circle cx="{x}" cy="{y}" r="{reach}" fill="url(#glow)"/><circle cx="{x}" cy="{y}" r="{r}" fill="{moon}"/>',
        format_html_join("", '<stop offset="{}" stop-color="{}"/>', sky),
        format_html_join("", '<stop offset="{}" stop-color="{}" stop-opacity="{}"/>', glow),
        x=round(x),
        y=round(y),
        r=composition.frame.moon,
        reach=round(composition.frame.moon * GLOW_REACH),
        moon=palette.MOON,
    )


def _lattice(composition):
    bonds = "".join(f"M{a.x:.0f} {a.y:.0f}L{b.x:.0f} {b.y:.0f}" for a, b in composition.bonds)
    dots = ((round(each.x), round(each.y), round(each.radius, 1), *DOTS[each.in_blossom]) for each in composition.nodes)
    return format_html(
        '<path d="{}" stroke="{}" stroke-opacity="{}" stroke-width="{}"/>{}',
        bonds,
        palette.BOND,
        BOND_OPACITY,
        round(BOND_WIDTH * composition.frame.weight, 1),
        format_html_join("", '<circle cx="{}" cy="{}" r="{}" fill="{}" fill-opacity="{}"/>', dots),
    )


def _waves(composition):
    bottom = composition.frame.height
    waves = (
        (
            f"M0 {bottom}" + "".join(f"L{x:.0f} {y:.1f}" for x, y in crest) + f"V{bottom}Z",
            _hsl(composition.water(depth)),
        )
        for depth, crest in enumerate(composition.crests)
    )
    return format_html_join("", f'<path d="{{}}" fill="{{}}" fill-opacity="{WATER_OPACITY}"/>', waves)


def _reflection(composition):
    lines = "".join(f"M{left:.0f} {y:.0f}H{right:.0f}" for left, right, y in composition.reflection)
    return format_html(
        '<path d="{}" stroke="{}" stroke-opacity="{}" stroke-width="{}" stroke-linecap="round"/>',
        lines,
        palette.MOON_GLOW,
        REFLECTION_OPACITY,
        REFLECTION_WIDTH,
    )


def _hsl(colour):
    hue, saturation, lightness = colour
    return f"hsl({hue},{saturation}%,{lightness}%)"
