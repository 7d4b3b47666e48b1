"""The names of related records, loaded for a whole page at once."""

from collections import defaultdict

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _

from portal.history.entries import newest_rows


class Names:
    """What the foreign keys of `instances` (and `also`, pairs of a model and keys) lead to; one query for each model,
    and two more for those of its records that were deleted."""

    def __init__(self, instances, also=()):
        instances = [instance for instance in instances if instance is not None]
        wanted = defaultdict(set)
        for model, keys in also:
            wanted[model] |= set(keys)
        for instance in instances:
            for field in _foreign_keys(type(instance)):
                wanted[field.related_model].add(getattr(instance, field.attname))
        self._found, self._deleted = {}, {}
        for model, keys in wanted.items():
            self._load(model, keys - {None})
        for instance in instances:
            self._hand_to(instance)

    def name(self, record) -> str:
        """How `record` calls itself; it may lead to anything that these names were loaded for."""
        self._hand_to(record)
        return name_of(record)

    def of(self, model, key) -> str:
        """The name of the record of `model` with this key; for one that was deleted, its last one."""
        if found := self._found.get((model, key)):
            return str(found)
        if deleted := self._deleted.get((model, key)):
            return _("%(name)s (deleted)") % {"name": name_of(deleted)}
        return _("%(kind)s that was deleted") % {"kind": model._meta.verbose_name}

    def exists(self, model, key) -> bool:
        return (model, key) in self._found

    def _load(self, model, keys):
        related = model._base_manager.select_related(*_relations_in_names(model))
        self._found |= {(model, record.pk): record for record in related.filter(pk__in=keys)}
        missing = [key for key in keys if (model, key) not in self._found]
        if missing and hasattr(model, "history"):
            self._deleted |= {(model, row.instance.pk): row.instance for row in newest_rows(model, missing)}

    def _hand_to(self, instance):
        """What was loaded, so that `instance` can say its own name without a query."""
        for field in _foreign_keys(type(instance)):
            key = getattr(instance, field.attname)
            related = self._found.get((field.related_model, key)) or self._deleted.get((field.related_model, key))
            if related:
                field.set_cached_value(instance, related)


def name_of(record) -> str:
    """How a record calls itself, even if what it hangs on is gone."""
    try:
        return str(record) or str(record._meta.verbose_name)
    except (AttributeError, ObjectDoesNotExist):
        return str(record._meta.verbose_name)


def _foreign_keys(model):
    return [field for field in model._meta.concrete_fields if field.many_to_one]


def _relations_in_names(model) -> list[str]:
    """The relations that a record of `model` names itself by, as far as its natural key tells."""
    paths = model.key_paths() if hasattr(model, "key_paths") else ()
    return [path.rpartition("__")[0] for path in paths if "__" in path]
