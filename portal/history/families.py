"""Which records stand beneath another one, and share its history: citations, parties, milestones, sessions.

A record beneath that is published by itself has a history of its own; the one above only says that it changed.
"""

from dataclasses import dataclass
from functools import cache

from django.db import models

from portal.natural_keys import NaturalKey


@dataclass(frozen=True)
class Beneath:
    """The records of `model` whose foreign key `name` leads to the record above them."""

    model: type[models.Model]
    name: str

    @property
    def column(self) -> str:
        return self.model._meta.get_field(self.name).attname

    @property
    def stands_alone(self) -> bool:
        """Whether its records are published by themselves, so that nothing above them changes them."""
        return any(field.name == "published_at" for field in self.model._meta.concrete_fields)


@cache
def beneath(model) -> tuple[Beneath, ...]:
    """What is deleted together with a record of `model`. Where several foreign keys of one model lead to it (an
    agreement, and the one it is related to), its natural key begins with that of its owner."""
    found = {}
    for relation in model._meta.related_objects:
        below, name = relation.related_model, relation.field.name
        if relation.on_delete is models.CASCADE and issubclass(below, NaturalKey):
            is_owner = below.key_paths()[0].startswith(f"{name}__")
            if is_owner or below not in found:
                found[below] = Beneath(below, name)
    return tuple(found.values())


@cache
def owner_of(model) -> str:
    """The name of the foreign key to what records of `model` stand beneath; empty where they stand on their own."""
    for field in model._meta.concrete_fields:
        if field.many_to_one and any(each.model is model and each.name == field.name for each in _beneath_of(field)):
            return field.name
    return ""


def _beneath_of(field):
    return beneath(field.related_model) if issubclass(field.related_model, NaturalKey) else ()
