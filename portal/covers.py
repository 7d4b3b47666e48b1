"""Covers drawn from a slug: a moon over layered lake waves and a molecular lattice, in the palette of the site.

Deterministic: the same slug is the same picture, on every machine and in every year. Colours stand here and not in
`tokens.css` because an image cannot read a page's style sheet; they are the same palette.
"""

import hashlib
import math
import random

from django.utils.html import format_html, format_html_join

WIDTH, HEIGHT = 1600, 720
MOON, MOON_GLOW, LATTICE, NODE, BLOSSOM = "#fbe9ef", "#f6d5df", "#cfe8ec", "#dff1f3", "#f3b6c9"
CELL = 64  # the distance of two lattice nodes


def cover(slug: str) -> str:
    """The cover for `slug` as an SVG document of 1600 by 720 units, safe to crop from any side but the right."""
    chance = random.Random(hashlib.sha256(slug.encode()).digest())  # noqa: S311 (a picture, not a secret)
    hue = chance.choice([186, 190, 194, 198, 202])
    moon_x, moon_y = WIDTH * chance.uniform(0.68, 0.84), HEIGHT * chance.uniform(0.22, 0.32)
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}">'
        '<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">'
        '<stop offset="0" stop-color="hsl({deep},60%,11%)"/><stop offset=".62" stop-color="hsl({hue},58%,22%)"/>'
        '<stop offset="1" stop-color="hsl({light},45%,34%)"/></linearGradient>'
        '<radialGradient id="glow"><stop offset="0" stop-color="{glow}" stop-opacity=".9"/>'
        '<stop offset=".5" stop-color="{glow}" stop-opacity=".28"/><stop offset="1" '
        'stop-color="{glow}" stop-opacity="0"/></radialGradient></defs>'
        '<rect width="{w}" height="{h}" fill="url(#sky)"/>'
        '<circle cx="{x}" cy="{y}" r="250" fill="url(#glow)"/><circle cx="{x}" cy="{y}" r="46" fill="{moon}"/>'
        "{lattice}{waves}{reflection}</svg>",
        w=WIDTH,
        h=HEIGHT,
        deep=hue + 8,
        hue=hue,
        light=hue - 4,
        glow=MOON_GLOW,
        moon=MOON,
        x=round(moon_x),
        y=round(moon_y),
        lattice=_lattice(chance),
        waves=_waves(chance, hue),
        reflection=_reflection(moon_x),
    )


def _lattice(chance):
    """A honeycomb of nodes and bonds, denser towards the upper right, where no words stand."""
    nodes = {}
    for row in range(-1, int(HEIGHT * 0.72 / (CELL * 0.87))):
        for column in range(int(WIDTH / CELL) + 2):
            if (column + row) % 3 == 2:  # a honeycomb leaves out each third site
                continue
            x = column * CELL + (row % 2) * CELL / 2 + chance.uniform(-7, 7)
            y = row * CELL * 0.87 + chance.uniform(-7, 7)
            density = max(0, x / WIDTH) ** 1.7 * (1 - max(0, y / HEIGHT - 0.1) * 0.9)
            if chance.random() < density * 1.2:
                nodes[row, column] = x, y
    bonds = "".join(
        f"M{x:.0f} {y:.0f}L{other[0]:.0f} {other[1]:.0f}"
        for (row, column), (x, y) in nodes.items()
        for step in ((0, 1), (1, 0), (1, 1 if row % 2 else -1))
        if (other := nodes.get((row + step[0], column + step[1]))) and math.dist((x, y), other) < CELL * 1.35
    )
    dots = [(round(x), round(y), chance.choice([2.5, 3, 3.5, 5]), chance.random() < 0.1) for x, y in nodes.values()]
    return format_html('<path d="{}" stroke="{}" stroke-opacity=".24" stroke-width="1.4"/>', bonds, LATTICE) + (
        format_html_join(
            "",
            '<circle cx="{}" cy="{}" r="{}" fill="{}" fill-opacity="{}"/>',
            ((x, y, r + 2, BLOSSOM, 0.9) if blossom else (x, y, r, NODE, 0.55) for x, y, r, blossom in dots),
        )
    )


def _waves(chance, hue):
    """Six wave crests, the nearest the lightest."""
    waves = []
    for depth in range(6):
        level = HEIGHT * (0.60 + depth * 0.068)
        height = HEIGHT * (0.034 - depth * 0.0022)
        length, phase = WIDTH / chance.uniform(1.3, 2.4), chance.uniform(0, math.tau)
        crest = "".join(
            f"L{x} {level + height * (math.sin(phase + turn) + 0.4 * math.sin(2 * phase + 2.2 * turn)):.0f}"
            for x, turn in ((x, x / length * math.tau) for x in range(0, WIDTH + 1, 50))
        )
        colour = f"hsl({hue - depth},{52 - depth * 3}%,{19 + depth * 5.5:.0f}%)"
        waves.append((f"M0 {HEIGHT}{crest}V{HEIGHT}Z", colour))
    return format_html_join("", '<path d="{}" fill="{}" fill-opacity=".6"/>', waves)


def _reflection(moon_x):
    lines = "".join(
        f"M{moon_x - half:.0f} {HEIGHT * level:.0f}h{2 * half}"
        for half, level in ((62, 0.66), (46, 0.70), (32, 0.74), (18, 0.78))
    )
    return format_html(
        '<path d="{}" stroke="{}" stroke-opacity=".5" stroke-width="3" stroke-linecap="round"/>', lines, MOON_GLOW
    )
