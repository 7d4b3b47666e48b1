"""What a record says, fact by fact, as editors know it: under its label, in words, a quantity as one fact."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.db import models
from django.utils.formats import date_format, time_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from translated_fields import show_language_code

from portal.fields import LANGUAGE_NAMES, PartialDateField, QuantityField
from portal.history.differences import marked
from portal.languages import language_tag
from portal.prose import ProseField, text_of
from portal.provenance import citable_facts
from portal.quantities import plain
from portal.uploads import DocumentUpload, ImageUpload


@dataclass(frozen=True)
class Fact:
    """One fact of the records of a model: the columns it is kept in and how to say it."""

    name: str
    columns: tuple[str, ...]
    say: Callable  # (record, names, related) -> str
    title: Callable  # () -> str
    language: str = ""  # its code, for text that is kept once for each
    is_text: bool = False

    @property
    def label(self) -> str:
        with show_language_code(False):
            return capfirst(self.title())

    @property
    def language_name(self) -> str:
        return LANGUAGE_NAMES.get(self.language, "")

    @property
    def language_tag(self) -> str:
        return language_tag(self.language)

    def stored(self, record, related):
        """What is compared."""
        if not self.columns:
            return frozenset(related.get(self.name, ()))
        fields = [record._meta.get_field(column) for column in self.columns]
        return tuple(field.get_prep_value(getattr(record, field.attname)) for field in fields)


@dataclass(frozen=True)
class Change:
    """A fact before and after, in words; empty where there is none. `marked` shows both in one text, where that reads
    better than one after the other."""

    fact: Fact
    before: str
    after: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def marked(self):
        return marked(self.before, self.after) if self.fact.is_text and self.before and self.after else ""


@dataclass(frozen=True)
class Version:
    """A record at one moment: its columns, and the keys its many-to-many relations led to."""

    record: models.Model
    related: dict[str, frozenset]


def changes(before: Version | None, after: Version | None, names, only=None) -> list[Change]:
    """The facts that differ, in the order of the form; `only` limits them to these columns. Without `before` every fact
    that `after` states, and the other way round."""
    model = type((after or before).record)
    found = []
    for fact in facts_of(model):
        if only is not None and not {fact.name, *fact.columns} & only:
            continue
        if before and after and fact.stored(*_parts(before)) == fact.stored(*_parts(after)):
            continue
        if not fact.columns:
            found += _change_of_relation(model, fact, before, after, names)
            continue
        was, is_now = ((version and fact.say(version.record, names)) or "" for version in (before, after))
        if was != is_now:
            found.append(Change(fact, was, is_now))
        elif was and before and after:
            found.append(Change(fact, "", _("the same words, formatted differently")))
    return found


def _parts(version):
    return version.record, version.related


def _change_of_relation(model, fact, before, after, names):
    related = model._meta.get_field(fact.name).related_model
    was, is_now = (
        version.related.get(fact.name, frozenset()) if version else frozenset() for version in (before, after)
    )
    added, removed = (tuple(sorted(names.of(related, key) for key in keys)) for keys in (is_now - was, was - is_now))
    if added or removed:
        yield Change(fact, "", "", added, removed)


@cache
def facts_of(model) -> tuple[Fact, ...]:
    """The facts of `model`, in the order in which an editor fills them in."""
    grouped = {}  # columns that are a part of another fact
    facts = {}
    for name, quantity in _quantities(model).items():
        grouped |= dict.fromkeys((f"{name}_{part}" for part in quantity.columns if part != "words"), name)
        facts[name] = _quantity(model, name)
    for field in model._meta.concrete_fields:
        if isinstance(field, ImageUpload):
            name = f"{field.name}_focus"
            grouped |= dict.fromkeys((f"{name}_x", f"{name}_y"), name)
            facts[name] = _focus(field, name)
    ordered = {}
    for field in [*model._meta.concrete_fields, *model._meta.many_to_many]:
        if field.name in grouped:
            ordered[grouped[field.name]] = facts[grouped[field.name]]
        elif field.many_to_many and field.name in getattr(model, "_history_m2m_fields", ()):
            ordered[field.name] = Fact(field.name, (), None, _title(field))
        elif field.concrete and not field.many_to_many and field.editable and not field.primary_key:
            ordered[field.name] = _plain(model, field)
    if publication := ordered.pop("published_at", None):  # an inherited column, and the last of a form
        ordered["published_at"] = publication
    return tuple(ordered.values())


def _quantities(model) -> dict[str, QuantityField]:
    attributes = {name: value for each in reversed(model.__mro__) for name, value in vars(each).items()}
    return {name: value for name, value in attributes.items() if isinstance(value, QuantityField)}


def _title(field):
    return lambda: str(field.verbose_name)


def _quantity(model, name):
    def say(record, names):
        quantity = getattr(record, name)
        if quantity is None:
            return ""
        in_words = f"{name}_in_words" if hasattr(model, f"{name}_in_words") else "words"  # with its currency or unit
        return str(getattr(record, in_words, "") or quantity.words())

    columns = tuple(f"{name}_{part}" for part in ("comparator", "value", "value_to", "approximate"))
    return Fact(name, columns, say, _title(model._meta.get_field(f"{name}_value")))


def _focus(picture, name):
    def say(record, names):
        x, y = (getattr(record, f"{name}_{axis}") for axis in "xy")
        where = {"x": x, "y": y}
        return _("%(x)s%% from the left, %(y)s%% from the top") % where if getattr(record, picture.name) else ""

    def title():
        return _("%(picture)s: focal point") % {"picture": picture.verbose_name}

    return Fact(name, (f"{name}_x", f"{name}_y"), say, title)


def _plain(model, field):
    language = getattr(field, "_translated_field_language_code", "")
    is_text = isinstance(field, (models.CharField, models.TextField)) and not field.choices
    is_text = is_text and not isinstance(field, PartialDateField)

    def say(record, names):
        return _in_words(model, field, getattr(record, field.attname), names)

    title = _title(field)
    if field.name.endswith("_words") and field.name.removesuffix("_words") in _quantities(model):
        of_what = model._meta.get_field(field.name.removesuffix("words") + "value")

        def title():
            return _("%(number)s: as published") % {"number": of_what.verbose_name}

    return Fact(field.name, (field.name,), say, title, language, is_text)


def _in_words(model, field, value, names) -> str:
    if field.name == "fact" and hasattr(model, "record_model"):
        return str(citable_facts(model.record_model()).get(value, value)) if value else _("the record as a whole")
    if value is None or value == "":
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if field.many_to_one:
        return names.of(field.related_model, value)
    match field:
        case models.BooleanField():
            return _("yes") if value else _("no")
        case PartialDateField():
            return value.words
        case models.DateTimeField():
            return date_format(localtime(value), "DATETIME_FORMAT")
        case models.DateField():
            return date_format(value)
        case models.TimeField():
            return time_format(value, "TIME_FORMAT")
        case models.DecimalField():
            return plain(value)
        case ImageUpload():
            return _("a picture, %(name)s") % {"name": value} if value else ""
        case DocumentUpload():
            return _("a file, %(name)s") % {"name": value} if value else ""
        case ProseField():
            return text_of(value)
    return str(value)
