"""Filters as links: each choice says how many rows are behind it, and leads back to where it is off once it is on."""

from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True)
class Choice:
    label: str
    query: str
    count: int
    is_active: bool


@dataclass(frozen=True)
class Facet:
    """One filter of a list with its choices."""

    label: str
    choices: list[Choice]

    @property
    def is_active(self) -> bool:
        return any(choice.is_active for choice in self.choices)


def facet(name, label, options, on, *, largest_first=True) -> Facet:
    """The filter `name` with `options` (value, label, count). `on` holds every active filter as name: value."""
    if largest_first:
        options = sorted(options, key=lambda option: (-option[2], option[0]))
    others = {each: value for each, value in on.items() if each != name}
    choices = []
    for value, text, count in options:
        is_active = on.get(name) == value
        choices.append(Choice(text, urlencode(others if is_active else others | {name: value}), count, is_active))
    return Facet(label, choices)
