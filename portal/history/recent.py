"""What was done lately, over all records."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from django.apps import apps
from django.db.models import CharField, Count, Max, Min, Value
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.history.entries import reason_in_words
from portal.history.families import owner_of
from portal.history.names import Names
from portal.history.records import history_of
from portal.history.timeline import address_of, names_of_people
from portal.natural_keys import NaturalKey

KINDS_OF_A_SAVE = 20  # as many kinds of record may be in each save, on average


@dataclass
class RecentChange:
    """One save: of one record with what stands beneath it, or of several at once (`title` then counts them, and there
    is no `address`)."""

    date: datetime
    by: str  # empty where nobody was signed in
    why: str  # where it came from: "Loaded from district.json"
    what: str  # created, changed, deleted
    kind: str  # of the record: "Agreement"; empty for several
    title: str
    address: str  # of its history


@dataclass
class _Save:
    date: datetime
    user: int | None
    reason: str = ""
    types: dict = field(default_factory=dict)  # by record: the types of its own rows
    beneath: list = field(default_factory=list)  # records and what they stand beneath
    counts: Counter = field(default_factory=Counter)


def recent_changes(limit, users=None, models=None) -> list[RecentChange]:
    """The newest `limit` saves (of `users` alone, and of records of `models` and what stands beneath them, if given),
    newest first. A constant number of queries: two to find them, one for the people, and one for the records of each
    kind among them."""
    found = _moments(users, _kinds(models), KINDS_OF_A_SAVE * limit)
    newest = list(dict.fromkeys((date, user) for date, user, _label in found))[:limit]
    if not newest:
        return []
    saves = {moment: _Save(*moment) for moment in newest}
    labels = sorted({label for date, user, label in found if (date, user) in saves})
    since = [_since(model, _rows(model, users), newest[-1][0]) for model in map(apps.get_model, labels)]
    for row in since[0].union(*since[1:], all=True) if since[1:] else since[0]:
        _sort_in(saves, *row)
    people = names_of_people(save.user for save in saves.values())
    subjects = {moment: _subjects(save) for moment, save in saves.items()}
    single = [records[0] for records in subjects.values() if len(records) == 1 and records[0][1] is not None]
    names = Names([], also=[(model, [key]) for model, key in single])
    return [_told(saves[moment], subjects[moment], names, people) for moment in newest]


def _kinds(models) -> list:
    """Every kind of record with a history; only `models` and those beneath them, if given."""
    kept = [model for model in apps.get_models() if issubclass(model, NaturalKey)]
    if models is None:
        return kept
    above = {model: owner_of(model) and model._meta.get_field(owner_of(model)).related_model for model in kept}
    return [model for model in kept if model in models or above[model] in models]


def _moments(users, models, number):
    """The newest dates, people and kinds of record, as rows that the database need not sort as a whole: each table is
    indexed by its dates."""
    if not models:
        return []
    kinds = [
        _rows(model, users).values_list(
            "history_date", "history_user_id", Value(model._meta.label_lower, output_field=CharField())
        )
        for model in models
    ]
    rows = kinds[0].union(*kinds[1:]) if kinds[1:] else kinds[0].distinct()
    return list(rows.order_by("-history_date")[:number])


def _rows(model, users):
    rows = history_of(model)._base_manager.order_by()
    return rows if users is None else rows.filter(history_user_id__in=[user.pk for user in users])


def _since(model, rows, date):
    """The rows since `date`, one line for each save: how many, of which record and beneath which one, where there is
    only one of them."""
    owner = owner_of(model)
    above = model._meta.get_field(owner).attname if owner else "id"
    grouped = rows.filter(history_date__gte=date).values("history_date", "history_user_id", "history_change_reason")
    return grouped.annotate(
        label=Value(model._meta.label_lower, output_field=CharField()),
        number=Count("id", distinct=True),
        first=Min("id"),
        last=Max("id"),
        first_above=Min(above),
        last_above=Max(above),
        first_type=Min("history_type"),
        last_type=Max("history_type"),
    ).values_list(
        "history_date",
        "history_user_id",
        "history_change_reason",
        "label",
        "number",
        "first",
        "last",
        "first_above",
        "last_above",
        "first_type",
        "last_type",
    )


def _sort_in(saves, date, user, reason, label, number, first, last, first_above, last_above, *types):
    if (save := saves.get((date, user))) is None:
        return
    model = apps.get_model(label)
    save.reason = save.reason or reason or ""
    save.counts[model] += number
    record = (model, first if first == last else None)
    save.types.setdefault(record, set()).update(types)
    if owner := owner_of(model):
        above = (model._meta.get_field(owner).related_model, first_above if first_above == last_above else None)
        save.beneath.append((record, above))


def _subjects(save) -> list[tuple]:
    """The records that a save was about: rows beneath one of them, or without a page of their own, stand for it."""
    about = dict.fromkeys(save.types)
    for record, above in save.beneath:
        if above in about or not address_of(record[0], 0):
            about.pop(record, None)
            about[above] = None
    for record, above in save.beneath:  # a row whose owner came in only now
        if record in about and above in about:
            about.pop(record)
    return list(about)


def _told(save, subjects, names, people) -> RecentChange:
    model, key = subjects[0]
    shared = {"date": save.date, "by": people.get(save.user, ""), "why": reason_in_words(save.reason)}
    if len(subjects) == 1 and key is not None:
        types = save.types.get((model, key), set())
        what = _("deleted") if "-" in types else _("created") if "+" in types else _("changed")
        kind = capfirst(model._meta.verbose_name)
        return RecentChange(**shared, what=what, kind=kind, title=names.of(model, key), address=address_of(model, key))
    number = sum(save.counts[each] for each in {model for model, _key in subjects}) or sum(save.counts.values())
    title = ngettext("%d record", "%d records", number) % number
    what = _("created") if all(types == {"+"} for types in save.types.values()) else _("changed")
    return RecentChange(**shared, what=what, kind="", title=title, address="")
