"""The observations of an indicator, drawn. From loaded observations; no request, no template, no query.

A picture may say no more than its sources. An exact value is a filled mark; a bound is open and points to where the
value lies; a target is a diamond. A line joins two exact results only where one follows the other: across a bound
("more than 400") it would draw values in between that nobody has published.
"""

import itertools
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import gettext as _

from portal.quantities import Measure, Quantity

ARROW = 15  # the length of the arrow of a bound, in units of the drawing


class Kind(StrEnum):
    """What a mark says of its value; also its class in the style sheet."""

    EXACT = "exact"
    AT_MOST = "at-most"
    AT_LEAST = "at-least"
    RANGE = "range"
    APPROXIMATE = "approximate"
    TARGET = "target"


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def overlaps_any(self, others: list["Box"]) -> bool:
        """The same for many; a label is held against hundreds."""
        left, top, right, bottom = self
        for its_left, its_top, its_right, its_bottom in others:
            if left < its_right and its_left < right and top < its_bottom and its_top < bottom:
                return True
        return False

    def lies_in(self, other: "Box") -> bool:
        return (
            self.left >= other.left
            and self.top >= other.top
            and self.right <= other.right
            and self.bottom <= other.bottom
        )


@dataclass(frozen=True)
class Size:
    """A drawing surface. `name` is its class in the style sheet, which chooses between the two."""

    name: str
    width: int
    height: int
    type_size: int
    radius: int


WIDE = Size("wide", 720, 340, 14, 6)
PHONE = Size("phone", 360, 330, 14, 5)


@dataclass(frozen=True)
class Tick:
    """A labelled place on an axis: x on the axis of time, y on the axis of values."""

    at: int
    label: str


@dataclass(frozen=True)
class Line:
    """One line of a label: its baseline, of which `x` is the start, the middle or the end."""

    x: int
    y: int
    anchor: str
    text: str


@dataclass(frozen=True)
class Mark:
    """One published value. `y` and `y_to` differ for a range only; `arrow` is "up", "down" or "". `wordings` are the
    ways its label can be set, on one line or on two; `label` is the one that found room, empty where none did."""

    x: int
    y: int
    y_to: int
    kind: Kind
    arrow: str
    wordings: tuple[tuple[str, ...], ...]
    is_preferred: bool
    radius: int
    label: tuple[Line, ...] = ()

    @property
    def shape(self) -> str:
        """The outline, as the data of an SVG path. A filled mark is a little larger: its edge has the ground colour."""
        x, y, r = self.x, self.y, self.radius + (self.kind == Kind.EXACT)
        ring = f"M{x - r} {y}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0z"
        diamond = f"M{x} {y - r - 1}l{r + 1} {r + 1}l{-r - 1} {r + 1}l{-r - 1} {-r - 1}z"
        head = self.radius - 2  # half as wide as the arrow's head
        arrow = {
            "up": f"M{x} {y - r}v{-ARROW}m{-head} 5l{head}-5l{head} 5",
            "down": f"M{x} {y + r}v{ARROW}m{-head}-5l{head} 5l{head}-5",
            "": "",
        }
        if self.y_to != self.y:
            return f"M{x - 4} {self.y}V{self.y_to}h8V{self.y}z"
        if self.kind == Kind.APPROXIMATE:
            return f"{ring}M{x - 3} {y + 1}q1.5-3 3-1t3-1"
        return (diamond if self.kind == Kind.TARGET else ring) + arrow[self.arrow]

    @property
    def box(self) -> Box:
        """The room it takes, with its arrow."""
        reach = self.radius + 1
        up, down = (ARROW if self.arrow == each else 0 for each in ("up", "down"))
        return Box(self.x - reach, self.y_to - reach - up, self.x + reach, self.y + reach + down)


@dataclass(frozen=True)
class Segment:
    """A line between two exact results that follow one another."""

    x1: int
    y1: int
    x2: int
    y2: int

    @property
    def shape(self) -> str:
        """As the data of an SVG path."""
        return f"M{self.x1} {self.y1}L{self.x2} {self.y2}"


@dataclass(frozen=True)
class Chart:
    """A drawing, in whole units. `plot` is the box inside the axes."""

    name: str
    width: int
    height: int
    plot: Box
    years: tuple[Tick, ...]
    values: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    segments: tuple[Segment, ...]

    @property
    def marks_in_layers(self) -> list[Mark]:
        """Exact ones last, so that no arrow of a neighbour lies over them."""
        return sorted(self.marks, key=lambda mark: mark.kind == Kind.EXACT)


# --- Drawn ------------------------------------------------------------------------------------------------------------


def chart_of(indicator, observations, size: Size) -> Chart:
    """The drawing of `observations` (at least one) on a surface of `size`."""
    steps = round_steps(*_reach(observations), least=1 if indicator.measure == Measure.COUNT else 0)
    values = [(step, _value_label(step, indicator.measure)) for step in steps]
    margin = min(max(width_of(label, size.type_size) for _step, label in values) + 10, size.width / 3)
    bottom = size.height - 2 * size.type_size
    free = float((steps[-1] - _reach(observations)[1]) / (steps[-1] - steps[0])) * bottom
    headroom = max(size.type_size, 3 * size.type_size - free)  # for the arrow and the label of the highest mark
    plot = Box(round(margin), round(headroom), size.width - 8, bottom)
    x_of, years = _time_axis(observations, plot, size)
    y_of = _scale(steps[0], steps[-1], plot.bottom, plot.top)
    marks = _apart(tuple(_mark(each, observations, x_of, y_of, size) for each in observations))
    segments = tuple(
        Segment(a.x, a.y, b.x, b.y)
        for one, other in joined_results(observations)
        for a, b in [(marks[observations.index(one)], marks[observations.index(other)])]
    )
    return Chart(
        name=size.name,
        width=size.width,
        height=size.height,
        plot=plot,
        years=years,
        values=tuple(Tick(y_of(step), label) for step, label in values),
        marks=labelled(marks, segments, plot._replace(top=0, right=size.width), size.type_size),
        segments=segments,
    )


def joined_results(observations) -> list[tuple]:
    """The pairs of exact results that a line may join: comparable, preferred, and nothing but targets between them."""
    results = sorted((each for each in observations if each.is_measured), key=_middle)
    by_period = [list(group) for _period, group in itertools.groupby(results, key=_middle)]
    standing = [next((each for each in group if _stands(each, group)), None) for group in by_period]
    return [
        (one, other)
        for one, other in itertools.pairwise(standing)
        if one and other and one.quantity.is_exact and other.quantity.is_exact and one.leads_to(other)
    ]


def _mark(observation, observations, x_of, y_of, size):
    quantity = observation.quantity
    y = y_of(quantity.value)
    y_to = y if quantity.value_to is None else min(y_of(quantity.value_to), y - 4)
    arrow = "down" if quantity.low is None else "up" if quantity.high is None else ""
    return Mark(
        x=x_of(_middle(observation)),
        y=y,
        y_to=y_to,
        kind=Kind.TARGET if observation.is_target else _kind(quantity),
        arrow=arrow,
        wordings=wordings_of(observation),
        is_preferred=_stands(observation, observations),
        radius=size.radius,
    )


def _kind(quantity):
    if quantity.low is None:
        return Kind.AT_MOST
    if quantity.high is None:
        return Kind.AT_LEAST
    if quantity.value_to is not None:
        return Kind.RANGE
    return Kind.APPROXIMATE if quantity.approximate else Kind.EXACT


def _stands(observation, others):
    """Whether it is the value of its period: the preferred one, or the only one."""
    if observation.is_preferred:
        return True
    rivals = [
        each
        for each in others
        if (each.period, each.period_until, each.is_target)
        == (observation.period, observation.period_until, observation.is_target)
    ]
    return len(rivals) == 1


def wordings_of(observation):
    if observation.is_target:
        return (_("target: %(value)s") % {"value": observation.words},), (_("target"), observation.words)
    if not observation.qualifier:
        return ((observation.words,),)
    return (observation.words,), (observation.qualifier, observation.number)


# --- Axes -------------------------------------------------------------------------------------------------------------


def round_steps(low: Decimal, high: Decimal, least: int = 0, wanted: int = 5) -> list[Decimal]:
    """About `wanted` round steps (1, 2 or 5 times a power of ten, `least` at least) from `low` to `high`, with zero."""
    low, high = min(low, Decimal(0)), max(high, Decimal(0))
    rough = max((high - low) / wanted, Decimal(least)) or Decimal(1)
    power = Decimal(1).scaleb(rough.adjusted())
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = max((high / step).to_integral_value(ROUND_CEILING), first + 1)
    return [step * number for number in range(int(first), int(last) + 1)]


def _reach(observations):
    values = [each.quantity.value for each in observations]
    ends = [each.quantity.value_to for each in observations if each.quantity.value_to is not None]
    return min(values), max(values + ends)


def _value_label(value, measure):
    """A step of the axis without its unit. Large counts are shortened as amounts are: 20 million, 2000万."""
    scale = measure if measure in (Measure.PERCENT, Measure.AREA) else Measure.MONEY
    return Quantity(value).words(scale)


def _scale(first, last, at_first, at_last):
    """The function that takes a value between `first` and `last` to a place between `at_first` and `at_last`."""
    span = last - first
    return lambda value: round(at_first + float((value - first) / span) * (at_last - at_first))


def _middle(observation):
    """The middle of its period, in days: of a year the beginning of July."""
    first, last = observation.period.earliest, observation.last_period.latest
    return Decimal(first.toordinal() + last.toordinal() + 1) / 2


def _time_axis(observations, plot, size):
    """The function that takes a day to its x, and the years below it: whole ones, each over the middle of its year."""
    first = min(each.period.year for each in observations)
    last = max(each.last_period.year for each in observations)
    x_of = _scale(_new_year(first), _new_year(last + 1), plot.left, plot.right)
    fitting = max(1, int((plot.right - plot.left) / (width_of("2024", size.type_size) * 1.4)))
    powers = (factor * 10**power for power in range(4) for factor in (1, 2, 5))
    step = next(each for each in powers if (last - first + 1) / each <= fitting)
    labelled_years = [year for year in range(first, last + 1) if (year - first) % step == 0]
    return x_of, tuple(Tick(x_of((_new_year(y) + _new_year(y + 1)) / 2), str(y)) for y in labelled_years)


def _new_year(year):
    return Decimal(date(year - 1, 12, 31).toordinal() + 1)


# --- Labels -----------------------------------------------------------------------------------------------------------


def width_of(text: str, type_size: int) -> float:
    """How wide `text` will be at most: fonts differ, Chinese signs are square."""
    return sum(1 if ord(sign) > 0x2E7F else 0.56 for sign in text) * type_size


def _apart(marks):
    """Marks of one period that would cover one another stand side by side, the preferred one in its place."""
    placed = {}
    for index in sorted(range(len(marks)), key=lambda index: not marks[index].is_preferred):
        mark = marks[index]
        rivals = [other.box for number, other in placed.items() if marks[number].x == mark.x]
        aside = (
            mark.x + 2 * (mark.radius + 2) * step for step in itertools.chain([0], *((n, -n) for n in range(1, 99)))
        )
        options = (mark if x == mark.x else replace(mark, x=x) for x in aside)
        placed[index] = next(each for each in options if not each.box.overlaps_any(rivals))
    return tuple(placed[index] for index in range(len(marks)))


def labelled(marks, segments, room: Box, type_size: int) -> tuple[Mark, ...]:
    """`marks` with their words where these touch nothing: no mark, no line, no other label. Preferred, exact and
    later ones choose first; a label that finds no room is left out, because the table has it."""
    taken = [mark.box for mark in marks] + [box for segment in segments for box in _along(segment)]
    labels = {}
    for index in sorted(range(len(marks)), key=lambda index: _turn(marks[index])):
        options = (
            (anchor, box, lines)
            for lines in marks[index].wordings
            for anchor, box in _beside(marks[index], lines, type_size)
            if box.lies_in(room) and not box.overlaps_any(taken)
        )
        if found := next(options, None):
            taken.append(found[1])
            labels[index] = _lines(*found, type_size)
    return tuple(replace(mark, label=labels.get(index, ())) for index, mark in enumerate(marks))


def _turn(mark):
    return not mark.is_preferred, mark.kind != Kind.EXACT, -mark.x


def _beside(mark, lines, type_size):
    """The boxes a label can have and how it is set in them, the best first: around the mark, the corners, beside its
    arrow."""
    width = max(width_of(line, type_size) for line in lines)
    height = len(lines) * type_size * 1.15
    body = mark.box
    centred, right, left = mark.x - width / 2, body.right + 3, body.left - 3 - width
    above, level, below = body.top - 2 - height, (mark.y + mark.y_to - height) / 2, body.bottom + 2
    inwards, by_arrow = body.right - width, (body.top + body.bottom - height) / 2
    opposite = [("middle", centred, below), ("end", left, level)]  # never beyond an arrow, while there is room
    for anchor, x, y in [
        *(("middle", centred, above), ("start", right, level)),
        *(opposite if mark.arrow == "up" else reversed(opposite)),
        *(("start", body.left, above), ("end", inwards, above), ("start", body.left, below), ("end", inwards, below)),
        *(("start", right, by_arrow), ("end", left, by_arrow)),
    ]:
        yield anchor, Box(x, y, x + width, y + height)


def _lines(anchor, box, lines, type_size):
    x = round({"start": box.left, "middle": (box.left + box.right) / 2, "end": box.right}[anchor])
    baselines = (round(box.top + type_size * (0.95 + 1.15 * number)) for number in range(len(lines)))
    return tuple(Line(x, y, anchor, text) for y, text in zip(baselines, lines, strict=True))


def _along(segment):
    """Small boxes along a line, so that no label lies on it."""
    steps = max(abs(segment.x2 - segment.x1), abs(segment.y2 - segment.y1)) // 4 or 1
    for step in range(steps + 1):
        x = segment.x1 + (segment.x2 - segment.x1) * step / steps
        y = segment.y1 + (segment.y2 - segment.y1) * step / steps
        yield Box(x - 2, y - 2, x + 2, y + 2)
