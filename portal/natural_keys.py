"""Natural keys: how fixtures, imports and exports name a record without its database number.

A model lists the paths of its key in `natural_key_paths` ("conference__slug", "slug"); a unique constraint stands
behind each list. Loading the same fixture twice therefore finds every record again and changes nothing.
"""

from functools import cache

from django.db import models
from django.db.models.base import ModelState
from django.utils.encoding import force_str

from portal.fields import untranslated_condition
from portal.history.records import History
from portal.partial_dates import PartialDate


class NaturalKeyQuerySet(models.QuerySet):
    def get_by_natural_key(self, *key):
        return self.get(**dict(zip(self.model.key_paths(), key, strict=True)))

    def untranslated(self, language):
        """The rows that say something in another language that they do not say in `language`."""
        return self.filter(untranslated_condition(self.model, language))


class NaturalKey(models.Model):
    """A record that staff keep: fixtures name it by its natural key, and every save of it leaves a historical row."""

    natural_key_paths: tuple[str, ...] = ("slug",)

    objects = NaturalKeyQuerySet.as_manager()
    history = History()

    class Meta:
        abstract = True

    @classmethod
    def key_paths(cls) -> tuple[str, ...]:
        return cls.natural_key_paths

    @classmethod
    def from_db(cls, db, field_names, values):
        """As Django's own, which looks at every field of the model, loaded or not, and takes twice as long. There is no
        more to do: no such model has an `__init__` of its own, and nobody listens to the making of its records."""
        record = cls.__new__(cls)
        record._state = state = ModelState()
        state.db, state.adding = db, False
        record.__dict__.update(zip(field_names, values, strict=True))
        return record

    def _get_FIELD_display(self, field):  # noqa: N802 (Django's name: `get_kind_display` and the like)
        """As Django's own, which looks up and hashes the label of every choice before it takes one."""
        value = getattr(self, field.attname)
        return force_str(_labels(field).get(value, value), strings_only=True)

    def natural_key(self):
        return tuple(_value(self, path) for path in self.key_paths())


@cache
def _labels(field) -> dict:
    """The labels of the choices of a field, by value."""
    return dict(field.flatchoices)


def _value(record, path):
    """The value at the end of `path`; None where a relation on the way is empty."""
    *relations, name = path.split("__")
    for relation in relations:
        record = getattr(record, relation)
        if record is None:
            return None
    value = getattr(record, name)
    if value is None or isinstance(value, PartialDate):
        return record._meta.get_field(name).get_prep_value(value)
    return value
