"""When records last changed, as their histories have it: for programs that ask what is newer than what they know."""

from datetime import UTC, datetime

from django.db.models import DateTimeField, F, Max, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Greatest

from portal import clock
from portal.history.records import history_of
from portal.page_cache.kept import kept

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # of what has no history: it was written past all of our code


def with_changed_at(records, *also):
    """Adds `changed_at` to each of `records`: when it, or any of `also`, was last saved or became public. `also` are
    names of foreign keys and of what stands beneath the record."""
    model = records.model
    moments = [_newest_of(model, "pk", "id"), *_appeared(model, "")]
    for name in also:
        field = model._meta.get_field(name)
        if field.many_to_one:
            moments += [_newest_of(field.related_model, field.attname, "id")]
            moments += _appeared(field.related_model, f"{name}__")
        else:
            moments.append(_newest_of(field.related_model, "pk", field.field.attname))
    return records.annotate(changed_at=Greatest(Value(LONG_AGO, DateTimeField()), *map(_or_long_ago, moments)))


def newest_change(*models) -> datetime:
    """When anything that visitors can see of `models` last changed, came or went, or was corrected; one query, once for
    each content generation.

    It is never earlier than the change of a page of them, and it can be later: also a record that was taken back or
    withdrawn counts, but not one that has never been public.
    """
    names = ",".join(model._meta.label_lower for model in models)
    return kept(f"portal.history.newest:{names}", lambda: _newest_change(models))


def _newest_change(models) -> datetime:
    now = clock.now()
    corrections = [each.related_model for model in models for each in model._meta.related_objects if _corrects(each)]
    rows = [row for model in (*models, *corrections) for row in _newest_in(model, now)]
    found = [moment for (moment,) in rows[0].union(*rows[1:], all=True) if moment]
    return max(found, default=LONG_AGO).replace(microsecond=0)


def _newest_of(model, path, column):
    """The date of the newest historical row of `model` whose `column` is `path` of the record."""
    rows = history_of(model)._base_manager.filter(**{column: OuterRef(path)}).order_by().values(column)
    return Subquery(rows.annotate(newest=Max("history_date")).values("newest"))


def _appeared(model, prefix) -> list:
    return [F(f"{prefix}published_at")] if _is_published(model) else []


def _or_long_ago(moment):
    return Coalesce(moment, Value(LONG_AGO, DateTimeField()), output_field=DateTimeField())


def _newest_in(model, now):
    rows = history_of(model)._base_manager.order_by()
    if not _is_published(model):
        above = model._meta.get_field(model.published_with[0])
        if _is_published(above.related_model):
            rows = rows.filter(**{f"{above.attname}__in": _appeared_rows(above.related_model, now).values("id")})
        return [rows.values_list(Max("history_date"))]
    appeared = _appeared_rows(model, now)
    taken_back = rows.exclude(published_at__lte=now).filter(id__in=appeared.values("id"))
    return [
        appeared.values_list(Max("history_date")),
        appeared.values_list(Max("published_at")),
        taken_back.values_list(Max("history_date")),
    ]


def _appeared_rows(model, now):
    """The historical rows of records that were public, or would have been, had nothing above them been hidden."""
    return history_of(model)._base_manager.order_by().filter(published_at__lte=now)


def _corrects(relation) -> bool:
    return relation.get_accessor_name() == "corrections"


def _is_published(model) -> bool:
    return any(field.name == "published_at" for field in model._meta.concrete_fields)
