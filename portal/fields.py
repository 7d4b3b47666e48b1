"""Model fields for what sources publish: translated text, partial dates, quantities."""

import copy
from decimal import Decimal
from operator import attrgetter

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left, Length
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from translated_fields import TranslatedField, to_attribute

from portal.partial_dates import PartialDate
from portal.quantities import Comparator, Quantity

# --- Translated text --------------------------------------------------------------------------------------------------


class TextIn(str):
    """Text that is not in the language of the page; `language` is what it is in. Templates mark it with `lang`."""

    language: str

    @classmethod
    def of(cls, language, text):
        text = cls(text)
        text.language = language
        return text


def _in_active_language_or_any(name, field):
    attributes = {language: to_attribute(name, language) for language in field.languages}

    def text_of(record):
        active = attributes.get(get_language() or field.languages[0])
        if active and (text := getattr(record, active)):
            return text
        for language, attribute in attributes.items():
            if text := getattr(record, attribute):
                return TextIn.of(language, text)
        return ""

    return text_of


def text_in_active_language(texts) -> str:
    """Of the same text in each of the languages, in their order, the one to show."""
    by_language = dict(zip((code for code, _name in settings.LANGUAGES), texts, strict=True))
    if text := by_language.get(get_language()):
        return text
    return next((TextIn.of(language, text) for language, text in by_language.items() if text), "")


def Translated(field, **kwargs):  # noqa: N802 (reads as a field)
    """`field` once per language (`title_en`, `title_zh_hans`); reading `title` falls back to any filled language."""
    field.blank = True
    return TranslatedField(field, attrgetter=_in_active_language_or_any, **kwargs)


def columns(name) -> tuple[str, ...]:
    """The columns of a translated field: `columns("title")` is `("title_en", "title_zh_hans")`."""
    return tuple(to_attribute(name, language) for language, _name in settings.LANGUAGES)


LANGUAGE_NAMES = dict(settings.LANGUAGES)


def translated_names(model) -> list[str]:
    """The names of the translated fields of `model`: "title"."""
    first = settings.LANGUAGES[0][0]
    return [
        each.name.removesuffix(to_attribute("", first))
        for each in model._meta.concrete_fields
        if getattr(each, "_translated_field_language_code", "") == first
    ]


def untranslated_condition(model, language) -> Q:
    """The condition that rows of `model` say something in another language that they do not say in `language`."""
    condition = Q(pk__in=[])
    for name in translated_names(model):
        column = to_attribute(name, language)
        for other in columns(name):
            if other != column:
                condition |= Q(**{column: ""}) & ~Q(**{other: ""})
    return condition


def said_in_some_language(name, constraint, message) -> models.CheckConstraint:
    """The rule that a translated field is filled in at least one language."""
    empty = Q(**dict.fromkeys(columns(name), ""))
    return models.CheckConstraint(condition=~empty, name=constraint, violation_error_message=message)


# --- Partial dates ----------------------------------------------------------------------------------------------------


class PartialDateFormField(forms.CharField):
    def to_python(self, value):
        value = super().to_python(value)
        try:
            return PartialDate.parse(value) if value else None
        except ValueError:
            raise ValidationError(PartialDateField.default_error_messages["invalid"], code="invalid") from None

    def has_changed(self, initial, data):
        return str(initial or "") != (data or "").strip()


class PartialDateField(models.CharField):
    """A `PartialDate`, or None; stored as text that sorts ("2020-09")."""

    default_error_messages = {
        "invalid": _("Write a year, a month or a day: 2021, 2020-09 or 2024-11-15."),
    }
    empty_strings_allowed = True

    def __init__(self, *args, **kwargs):
        kwargs["max_length"] = 10
        if kwargs.get("blank"):
            kwargs.setdefault("default", None)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def from_db_value(self, value, expression, connection):
        return PartialDate.parse(value) if value else None

    def to_python(self, value):
        if value is None or isinstance(value, PartialDate):
            return value
        if value == "":
            return None
        try:
            return PartialDate.parse(str(value))
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def get_prep_value(self, value):
        value = self.to_python(value)
        return "" if value is None else str(value)

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj))

    def run_validators(self, value):
        return super().run_validators("" if value is None else str(value))

    def formfield(self, **kwargs):
        defaults = {
            "form_class": PartialDateFormField,
            "help_text": self.help_text or _("2021, 2020-09 or 2024-11-15."),
        }
        return super().formfield(**{**defaults, **kwargs})


def not_before(start, end, constraint, message) -> models.CheckConstraint:
    """The rule that the partial date `end` is not before `start`, compared as far as both are known: something that
    began in 2021-05 may have ended in 2021."""
    known_part_of_start = Left(start, Length(end))
    return models.CheckConstraint(
        condition=Q(**{start: ""}) | Q(**{end: ""}) | Q(**{f"{end}__gte": known_part_of_start}),
        name=constraint,
        violation_error_message=message,
    )


class UniqueWithPartialDates(models.UniqueConstraint):
    """A unique constraint over partial dates that may be absent. Absent is stored as "", so that the database takes two
    absent dates for equal; Django sees None, takes it for NULL and would leave the editor without the message."""

    def deconstruct(self):
        _path, args, kwargs = super().deconstruct()
        return "django.db.models.UniqueConstraint", args, kwargs

    def validate(self, model, instance, **kwargs):
        as_stored = copy.copy(instance)
        for name in self.fields:
            field = model._meta.get_field(name)
            if isinstance(field, PartialDateField):
                setattr(as_stored, name, field.get_prep_value(getattr(instance, name)))
        super().validate(model, as_stored, **kwargs)


# --- Quantities -------------------------------------------------------------------------------------------------------


class ExactDecimalField(models.DecimalField):
    """A decimal that reads back as it was written: 428, not 428.0000."""

    def __init__(self, *args, **kwargs):
        kwargs.update(max_digits=24, decimal_places=4)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_digits"], kwargs["decimal_places"]
        return name, path, args, kwargs

    def from_db_value(self, value, expression, connection):
        if value is None:
            return None
        return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


class QuantityField:
    """A `Quantity` in four columns and the words it was published in, or None.

    `batch_size = QuantityField(_("projects in the batch"))` adds `batch_size_comparator`, `batch_size_value`,
    `batch_size_value_to`, `batch_size_approximate` and `batch_size_words`. Reading `record.batch_size` gives a
    `Quantity` or None; assigning a `Quantity` or None fills the columns.
    """

    COMPARATORS = (
        (Comparator.EXACTLY, _("exactly")),
        (Comparator.LESS, _("fewer/less than (不足)")),
        (Comparator.AT_MOST, _("up to (最高, 不超过)")),
        (Comparator.AT_LEAST, _("at least (以上)")),
        (Comparator.MORE, _("more than (超过)")),
    )

    def __init__(self, verbose_name, *, required=False):
        self.columns = {
            "comparator": models.CharField(
                _("qualifier"), max_length=2, choices=self.COMPARATORS, default=Comparator.EXACTLY.value
            ),
            "value": ExactDecimalField(
                verbose_name,
                null=not required,
                blank=not required,
                help_text=_("In full figures: 6000000000 for CNY 6 billion. Empty when it was not disclosed."),
            ),
            "value_to": ExactDecimalField(
                _("to"), null=True, blank=True, help_text=_("Only for a printed range: 10 to 15.")
            ),
            "approximate": models.BooleanField(
                _("approximate"),
                default=False,
                help_text=_("“About 100”. With “fewer than” it reads “nearly 400” (近400)."),
            ),
            "words": models.CharField(
                _("as published"),
                max_length=200,
                blank=True,
                help_text=_("The number in the words of the source: 不足百家, over 6 billion yuan."),
            ),
        }

    def contribute_to_class(self, cls, name):
        self.name = name
        for part, field in self.columns.items():
            field.contribute_to_class(cls, f"{name}_{part}")
        self.parts_of = attrgetter(*(f"{name}_{part}" for part in ("value", "comparator", "value_to", "approximate")))
        setattr(cls, name, self)

    def __get__(self, record, owner=None):
        if record is None:
            return self
        parts = self.parts_of(record)
        read = record.__dict__.get(f"_read_{self.name}")
        if read is None or read[0] != parts:
            read = record.__dict__[f"_read_{self.name}"] = parts, self._read(*parts)
        return read[1]

    def _read(self, value, comparator, value_to, approximate):
        if value is None:
            return None
        try:
            return Quantity(Decimal(value), comparator, None if value_to is None else Decimal(value_to), approximate)
        except ValueError:  # only in a form that was refused: it still shows the name of its record
            return Quantity(Decimal(value))

    def __set__(self, record, quantity):
        quantity = quantity or None
        for part in ("value", "value_to"):
            setattr(record, f"{self.name}_{part}", getattr(quantity, part, None))
        setattr(record, f"{self.name}_comparator", str(quantity.comparator) if quantity else Comparator.EXACTLY.value)
        setattr(record, f"{self.name}_approximate", bool(quantity and quantity.approximate))


def quantity_rules(model_name, field_name) -> list[models.CheckConstraint]:
    """The rules of a `QuantityField`, for the constraints of its model."""

    def rule(condition, name, message):
        return models.CheckConstraint(
            condition=condition, name=f"{model_name}_{field_name}_{name}", violation_error_message=message
        )

    value, value_to, comparator = (f"{field_name}_{part}" for part in ("value", "value_to", "comparator"))
    no_end = Q(**{f"{value_to}__isnull": True})
    return [
        rule(
            no_end | Q(**{f"{value_to}__gt": F(value)}),
            "range_ends_above_its_start",
            _("The end of the range must be above its start: “10 to 15”."),
        ),
        rule(
            no_end | Q(**{comparator: Comparator.EXACTLY.value, f"{value}__isnull": False}),
            "range_has_no_qualifier",
            _("A range (“10 to 15”) has a start and an end and no qualifier; set the qualifier to “exactly”."),
        ),
        rule(
            Q(**{f"{comparator}__in": [c.value for c in Comparator]}),
            "qualifier_is_known",
            _("Choose one of the qualifiers: exactly, fewer than, up to, at least, more than."),
        ),
    ]
