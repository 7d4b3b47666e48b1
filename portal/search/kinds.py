"""What can be found: the kinds of records, and which of their texts are searched."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from portal.fields import columns


@dataclass(frozen=True)
class SearchedIn:
    """Which texts of a record are searched, the weightiest first. `searched_in` of a model is one of these.

    A text is a name ("summary", in every language) or a path to those of other records ("parties__organization__name"):
    of these the ones count that visitors may see.
    """

    title: str  # what a result is called by
    names: tuple[str, ...] = ()  # what else it is called: as weighty as the title
    related: tuple[str, ...] = ()  # the names of what it has to do with
    about: tuple[str, ...] = ()  # what it is about, in a few words
    texts: tuple[str, ...] = ()  # long texts
    dated: str = ""  # a partial date: of equally close records the latest stands first
    rests_on: tuple[str, ...] = ()  # relations that decide with `published_with` who may see it

    @property
    def weights(self) -> dict[str, tuple[str, ...]]:
        """The texts by weight, A the highest."""
        return {"A": (self.title, *self.names), "B": self.related, "C": self.about, "D": self.texts}

    @property
    def own(self) -> tuple[str, ...]:
        """The texts of the record itself, its title first."""
        return tuple(path for paths in self.weights.values() for path in paths if "__" not in path)


@dataclass(frozen=True)
class Kind:
    """One kind of records: which of them visitors may find, and what stands under the title of each.

    `number` is part of the keys of the index: give each kind its own and never another's.
    """

    number: int
    name: str
    label: Promise
    model: type[Model]
    records: Callable[[], QuerySet]
    details: Callable[[object], list[str]] = field(default=lambda record: [])

    @property
    def searched_in(self) -> SearchedIn:
        return self.model.searched_in

    def key_of(self, pk) -> int:
        """The key of the document of a record. Whoever goes through them in order meets all kinds side by side, and of
        a kind with few records all of them early."""
        return pk * MOST_KINDS + self.number


MOST_KINDS = 64

_kinds: list[Kind] = []


def register(*kinds: Kind):
    """Adds `kinds` to what can be found, in the order in which their results are shown."""
    _kinds.extend(kinds)


def registered() -> list[Kind]:
    return _kinds


def languages_of(model, name) -> dict[str, str]:
    """The columns of the text `name` of `model`, each with its language; that is empty for a plain column."""
    stored = {each.name: each for each in model._meta.concrete_fields}
    names = (name,) if name in stored else columns(name)
    return {each: getattr(stored[each], "_translated_field_language_code", "") for each in names}
