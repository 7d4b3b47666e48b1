"""A component and the states that it can be in, each with what its template is given; and how they become HTML.

    @component("cards")
    def place_card():
        yield _("with an area"), {"place": …}

The function is called as its component, and runs inside `exampleland()`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.template.loader import get_template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# What a component stands in on its pages.
FRAMES = {
    "edge": "{}",  # of the window
    "wrap": '<div class="wrap">{}</div>',
    "figures": '<div class="wrap"><dl class="figure-row">{}</dl></div>',
    "programme": '<div class="wrap programme"><ol>{}</ol></div>',
    "conferences": '<div class="wrap"><ul class="ruled-list">{}</ul></div>',
    "announcements": '<div class="wrap"><ul class="ruled-list announcement-list">{}</ul></div>',
    "appearances": '<div class="wrap"><ul class="ruled-list">{}</ul></div>',
    "videos": '<div class="wrap video-list">{}</div>',
    # those that stand side by side
    "column": "{}",
    "cards": '<ul class="stack">{}</ul>',
    "panel": '<div class="panel">{}</div>',
}
NARROW = ("column", "cards", "panel")

# What there can be only one of on a page: a name, and a landmark of a name.
_SINGULAR = (r'\bid="([^"]+)"', r'<(?:nav|section|form|div)\b[^>]*\baria-label="([^"]+)"')


class OnThePage(dict):
    """The context of a component that stands around every page: the page of this state passes it on."""


@dataclass(frozen=True)
class Specimen:
    """A component in one state. `around` is what it passes to the page that it stands around itself, and then `html` is
    empty."""

    number: int
    state: str
    html: SafeString
    around: OnThePage | None

    @property
    def singular(self) -> set[str]:
        names = {name for pattern in _SINGULAR for name in re.findall(pattern, self.html)}
        return names | {"around the page"} if self.around else names


@dataclass(frozen=True)
class Component:
    name: str
    states: Callable[[], Iterator[tuple[str, dict]]]
    frame: str

    @property
    def _template(self):
        return get_template(f"components/{self.name}.html")

    @property
    def contract(self) -> SafeString:
        """What the first line of its template says of it; names that stand between ` there are marked as code."""
        words = self._template.template.source.partition("\n")[0].strip("{# }").split("`")
        return format_html_join("", "{}", ((_code(part) if number % 2 else part,) for number, part in enumerate(words)))

    @property
    def is_narrow(self) -> bool:
        return self.frame in NARROW

    @property
    def specimens(self) -> list[Specimen]:
        """All its states, made; inside `exampleland()`."""
        return [self._specimen(*each) for each in enumerate(self.states(), 1)]

    def _specimen(self, number, state):
        words, context = state
        if isinstance(context, OnThePage):
            return Specimen(number, words, SafeString(), context)
        html = self._template.render(context)
        return Specimen(number, words, format_html(FRAMES[self.frame], html), None)


def component(frame="wrap"):
    """Makes a Component of a function that yields the states of the component it is named after."""
    return lambda states: Component(states.__name__, states, frame)


def _code(name):
    return format_html("<code>{}</code>", name)


def can_stand_together(specimens) -> bool:
    """Whether nothing that a page may hold only once is in two of `specimens`."""
    found = Counter(name for each in specimens for name in each.singular)
    return all(number == 1 for number in found.values())


@dataclass(frozen=True)
class Sheet:
    """A page of a component: those of its `specimens` that are `shown` on it."""

    component: Component
    specimens: list[Specimen]
    shown: list[Specimen]

    @property
    def shows_all(self) -> bool:
        return len(self.shown) == len(self.specimens)

    @property
    def around(self) -> dict:
        """What the component passes to the page that it stands around."""
        return self.shown[0].around or {}


def sheet_of(component, number) -> Sheet:
    """All states of a component below one another; where a page cannot hold two of them, the one of this number, or the
    first. Inside `exampleland()`."""
    specimens = component.specimens
    if can_stand_together(specimens):
        return Sheet(component, specimens, specimens)
    return Sheet(component, specimens, [each for each in specimens if str(each.number) == number] or specimens[:1])
