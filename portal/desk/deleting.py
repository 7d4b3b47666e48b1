"""What goes with a record when it is deleted, as the desk asks about it."""

from django.apps import apps
from django.utils.text import capfirst


def without_joins(found):
    """What Django found to be deleted, without the rows that only join two records: their names say nothing."""
    deleted, counts, *refusals = found
    joins = [model._meta for model in apps.get_models(include_auto_created=True) if model._meta.auto_created]
    names = tuple(f"{capfirst(join.verbose_name)}: " for join in joins)
    plurals = {str(join.verbose_name_plural) for join in joins}
    counts = {name: number for name, number in counts.items() if str(name) not in plurals}
    return _without(deleted, names), counts, *refusals


def _without(deleted, names) -> list:
    """The nested list `deleted` without what begins with one of `names`."""
    kept = [_without(each, names) if isinstance(each, list) else each for each in deleted]
    return [each for each in kept if each and not (isinstance(each, str) and each.startswith(names))]
