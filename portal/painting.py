"""What the portal draws, painted with Pillow for where a picture cannot be SVG: covers, a veil over them, the emblem.

Everything is painted larger than it is shown and then reduced, which makes its edges smooth.
"""

import colorsys
from itertools import pairwise

from PIL import Image, ImageChops, ImageColor, ImageDraw

from portal import palette
from portal.covers import (
    BOND_OPACITY,
    BOND_WIDTH,
    DOTS,
    GLOW,
    GLOW_REACH,
    REFLECTION_OPACITY,
    REFLECTION_WIDTH,
    WATER_OPACITY,
    Composition,
)

LARGER = 3
VEIL = (  # how far to the right, and how dense it is there
    (0, 0.82),
    (0.2, 0.8),
    (0.4, 0.7),
    (0.55, 0.52),
    (0.7, 0.3),
    (0.82, 0.12),
    (0.92, 0.03),
    (1, 0),
)
RADIAL_EDGE = 181  # what Pillow's radial gradient holds in the middle of an edge; 0 in the centre, 255 in a corner


def painted(composition: Composition) -> Image.Image:
    """A cover in the size of its frame."""
    frame = composition.frame
    size = frame.width * LARGER, frame.height * LARGER
    sky = [(at, _rgb(colour)) for at, colour in composition.sky]
    rows = _strip("RGB", (1, size[1]), lambda at: tuple(map(round, _between(sky, at))))
    picture = rows.resize(size, Image.Resampling.NEAREST)
    light, corner = _light(composition, LARGER)
    picture.paste(palette.MOON_GLOW, corner, light)
    brush = Brush(picture, LARGER)
    brush.disc(composition.moon, frame.moon, palette.MOON)
    for one, other in composition.bonds:
        brush.line((one.x, one.y), (other.x, other.y), BOND_WIDTH * frame.weight, palette.BOND, BOND_OPACITY)
    for node in composition.nodes:
        brush.disc((node.x, node.y), node.radius, *DOTS[node.in_blossom])
    for depth, crest in enumerate(composition.crests):
        outline = [(0, frame.height), *crest, (frame.width, frame.height)]
        brush.polygon(outline, _rgb(composition.water(depth)), WATER_OPACITY)
    for left, right, y in composition.reflection:
        brush.line((left, y), (right, y), REFLECTION_WIDTH, palette.MOON_GLOW, REFLECTION_OPACITY)
    return picture.reduce(LARGER)


def veiled(picture: Image.Image, composition: Composition) -> Image.Image:
    """A painted cover under a veil that is dense on the left, where words stand; the moon shines through."""
    veil = _strip("L", (picture.width, 1), lambda at: _opacity(VEIL, at)).resize(picture.size)
    light, corner = _light(composition, 1)
    clearing = Image.new("L", picture.size)
    clearing.paste(light, corner)
    return Image.composite(
        Image.new("RGB", picture.size, palette.LAKE_950), picture, ImageChops.subtract(veil, clearing)
    )


def emblem(size: int) -> Image.Image:
    """The emblem of the site, a moon over the lake in a disc; transparent around it."""
    larger = 8 if size < 64 else LARGER
    mask = Image.new("L", (size * larger, size * larger))
    ImageDraw.Draw(mask).ellipse((0, 0, size * larger - 1, size * larger - 1), fill=255)
    picture = square_emblem(size)
    picture.putalpha(mask.reduce(larger))
    return picture


def square_emblem(size: int) -> Image.Image:
    """The emblem without its disc, to the edges of a square: for devices that cut icons into a shape of their own."""
    larger = 8 if size < 64 else LARGER
    picture = Image.new("RGB", (size * larger, size * larger), palette.LAKE_700)
    brush = Brush(picture, size * larger / 32)  # in the units of static/icon.svg
    brush.disc((21, 11), 4.5, palette.MAGNOLIA_200)
    brush.polygon([(0, 32), *_emblem_crest(), (32, 32)], palette.LAKE_300)
    return picture.reduce(larger)


def _emblem_crest():
    """The `q4-3 8 0t8 0 8 0 8 0` of static/icon.svg as points."""
    for start, rise in ((0, -6), (8, 6), (16, -6), (24, 6)):
        yield from ((start + 8 * at, 18 + rise * at * (1 - at)) for at in (step / 16 for step in range(17)))


class Brush:
    """Paints on `picture` in units of `scale` pixels; what is not opaque lets shine through what is there."""

    def __init__(self, picture: Image.Image, scale: float):
        self._draw = ImageDraw.Draw(picture, "RGBA")
        self._scale = scale

    def disc(self, centre, radius, colour, opacity=1.0):
        x, y = centre
        self._draw.ellipse(self._scaled([(x - radius, y - radius), (x + radius, y + radius)]), _rgba(colour, opacity))

    def line(self, start, end, width, colour, opacity=1.0):
        self._draw.line(self._scaled([start, end]), _rgba(colour, opacity), round(width * self._scale))

    def polygon(self, corners, colour, opacity=1.0):
        self._draw.polygon(self._scaled(corners), _rgba(colour, opacity))

    def _scaled(self, points):
        return [(x * self._scale, y * self._scale) for x, y in points]


def _light(composition, scale):
    """The light around the moon as a mask, and where its corner lies."""
    reach = round(composition.frame.moon * GLOW_REACH * scale)
    opacities = [_opacity(GLOW, min(1, distance / RADIAL_EDGE)) for distance in range(256)]
    x, y = (round(value * scale) for value in composition.moon)
    return Image.radial_gradient("L").resize((2 * reach, 2 * reach)).point(opacities), (x - reach, y - reach)


def _strip(mode, size, value_at):
    """A picture one pixel wide or high, with the value of each pixel by how far along it lies."""
    strip = Image.new(mode, size)
    length = max(size)
    strip.putdata([value_at(place / (length - 1)) for place in range(length)])
    return strip


def _between(stops, at) -> list[float]:
    """The numbers at `at`, of those that change evenly from stop to stop: (where, numbers)."""
    for (start, before), (end, after) in pairwise(stops):
        if at <= end:
            share = (at - start) / (end - start)
            return [one + (other - one) * share for one, other in zip(before, after, strict=True)]
    raise ValueError(f"{at} lies beyond the last stop")


def _opacity(stops, at) -> int:
    """The opacity at `at` of what changes evenly from stop to stop, from 0 to 255."""
    return round(255 * _between([(where, [opacity]) for where, opacity in stops], at)[0])


def _rgb(colour) -> tuple[int, int, int]:
    hue, saturation, lightness = colour
    return tuple(round(255 * part) for part in colorsys.hls_to_rgb(hue / 360, lightness / 100, saturation / 100))


def _rgba(colour, opacity) -> tuple[int, int, int, int]:
    rgb = ImageColor.getrgb(colour) if isinstance(colour, str) else colour
    return *rgb, round(255 * opacity)
