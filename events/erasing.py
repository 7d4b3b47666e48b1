"""Removing a person who asks for it, with everything that the portal keeps of them.

Deleted are the speaker, the appearances with what was quoted of them, citations and corrections, the portrait with its
narrower versions, drawn sharing images, redirects, and what was recorded of all this: histories and the log of the
desk. Enquiries about the person's page forget which page it was. The index of the search follows by itself.

What stays is what other records say in their own words; `mentions()` finds it, and people decide about each.
"""

import json
from dataclasses import dataclass
from functools import partial, reduce
from operator import or_

from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Q
from django.utils import translation

from events.models import Enquiry, Speaker
from portal.fields import columns
from portal.history.families import beneath
from portal.history.records import history_of
from portal.media_in_use import versions_of
from portal.models import Redirect
from portal.natural_keys import NaturalKey
from portal.search.waiting import catch_up
from portal.sharing import card_of, kept_as

SHORTEST = 2  # letters of a name that is looked for elsewhere; a single one is in every text


@dataclass(frozen=True)
class Erased:
    """What was removed, in numbers, for whoever has to answer for it."""

    records: int
    past_states: int
    files: int
    log_entries: int


def erase(speaker) -> Erased:
    """Removes `speaker`, all of it or nothing; files are deleted once the rows are gone for good."""
    with transaction.atomic():
        names, slugs = names_of(speaker), _slugs_of(speaker)
        files = _files_of(speaker)
        keys = _keys_beneath(Speaker, {speaker.pk})
        log = _forget_in_log(keys, names)
        _total, counts = speaker.delete()  # writes a last state of each into the histories
        past = sum(_forget_history(model, of_model) for model, of_model in keys.items())
        _forget_addresses(slugs)
        transaction.on_commit(partial(_delete_files, files))
        transaction.on_commit(catch_up)  # the index of the search would else forget them at the next search
    return Erased(sum(counts.values()), past, len(files), log)


def names_of(speaker) -> list[str]:
    """What the person is and was called here, each once, without what is too short to mean them alone."""
    rows = [speaker, *history_of(Speaker)._base_manager.filter(id=speaker.pk)]
    names = (getattr(row, column) for row in rows for column in columns("name"))
    return [name for name in dict.fromkeys(names) if len(name) >= SHORTEST]


def mentions(speaker) -> list[models.Model]:
    """The other records whose texts name the person: titles, texts, captions, sources."""
    own = _keys_beneath(Speaker, {speaker.pk})
    found = []
    for model in apps.get_models():
        if issubclass(model, NaturalKey) and not model.__name__.startswith("Historical"):
            rows = model._base_manager.exclude(pk__in=own.get(model, ()))
            found += rows.filter(_says_any_of(model, names_of(speaker)))
    return found


def _says_any_of(model, names) -> Q:
    texts = [each for each in model._meta.concrete_fields if isinstance(each, (models.CharField, models.TextField))]
    conditions = (Q(**{f"{each.name}__contains": name}) for each in texts if not each.choices for name in names)
    return reduce(or_, conditions, Q(pk__in=[]))


def _keys_beneath(model, keys) -> dict[type[models.Model], set[int]]:
    """The keys of the records of `model`, and of all that stand or ever stood beneath them, by their model."""
    found = {model: set(keys)}
    for relation in beneath(model):
        ever = history_of(relation.model)._base_manager.filter(**{f"{relation.column}__in": keys})
        now = relation.model._base_manager.filter(**{f"{relation.column}__in": keys})
        under = {*ever.values_list("id", flat=True), *now.values_list("pk", flat=True)}
        for below, of_below in _keys_beneath(relation.model, under).items():
            found.setdefault(below, set()).update(of_below)
    return found


def _forget_history(model, keys) -> int:
    return history_of(model)._base_manager.filter(id__in=keys).delete()[0]


def _forget_in_log(keys, names) -> int:
    """Deletes what the log of the desk says about the records, and empties entries about others that name the person
    (an appearance is logged with its session)."""
    about = [
        Q(content_type__app_label=model._meta.app_label, content_type__model=model._meta.model_name)
        & Q(object_id__in=map(str, of_model))
        for model, of_model in keys.items()
    ]
    number = LogEntry.objects.filter(reduce(or_, about)).delete()[0]
    spelled = {spelling for name in names for spelling in (name, json.dumps(name)[1:-1])}
    naming = reduce(or_, (Q(change_message__contains=each) for each in spelled), Q(pk__in=[]))
    return number + LogEntry.objects.filter(naming).update(change_message="")


def _slugs_of(speaker) -> set[str]:
    return {speaker.slug, *history_of(Speaker)._base_manager.filter(id=speaker.pk).values_list("slug", flat=True)}


def _forget_addresses(slugs):
    """Redirects to the page, with their histories, and the page as what an enquiry was about."""
    for slug in slugs:
        path = f"speakers/{slug}"
        redirects = Redirect.objects.filter(Q(old_path=path) | Q(new_path=path))
        keys = set(redirects.values_list("pk", flat=True))
        redirects.delete()
        rows = history_of(Redirect)._base_manager
        rows.filter(Q(id__in=keys) | Q(old_path=path) | Q(new_path=path)).delete()
        Enquiry.objects.filter(about_path__endswith=f"/{path}/").update(about_path="", about_title="")


def _files_of(speaker) -> set[str]:
    """The names of all stored files: of the portrait now and before, and the sharing images that are drawn now."""
    rows = [speaker, *history_of(Speaker)._base_manager.filter(id=speaker.pk)]
    portraits = {str(row.portrait): row.portrait_width for row in rows if row.portrait}
    found = {name for master, width in portraits.items() for name in versions_of(master, width)}
    introduced = Speaker._base_manager.filter(pk=speaker.pk).prefetch_related("appearances")
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found |= {kept_as(card_of(each)) for each in introduced if each.appearances.all()}
    return found


def _delete_files(names):
    for name in names:
        default_storage.delete(name)
