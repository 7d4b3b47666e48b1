"""The columns of a sheet: what each is called, how its cells are read and written, and where their values belong."""

import copy
import operator
import re
import unicodedata
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from import_export.fields import Field
from translated_fields import show_language_code

from portal.desk.importing import widgets
from portal.desk.importing.references import Reference
from portal.desk.importing.sheets import Faulty
from portal.fields import LANGUAGE_NAMES, PartialDateField
from portal.prose import ProseField

CLEARED = frozenset(["-", "–", "—", "——", "(empty)", "(空)", "（空）", "－"])  # in a cell: make it empty
_LANGUAGE_WORDS = {"en": ("en", "English", "英文", "英语"), "zh-hans": ("zh", "Chinese", "中文", "简体中文", "汉语")}


def spelled(text) -> str:
    """A heading as it is compared: only its letters and digits, in one form and in small letters."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


# --- What becomes of a row --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Problem:
    """What is wrong with a cell, or with a row as a whole (`column` is None then)."""

    column: "Column | None"
    typed: str
    message: str


@dataclass(frozen=True)
class Change:
    """What a row does to one cell; its words are made for those alone that somebody reads."""

    column: "Column"
    old: object
    new: object

    @property
    def heading(self) -> str:
        return self.column.heading

    @property
    def before(self) -> str:
        return self.column.write(self.old)

    @property
    def after(self) -> str:
        return self.column.write(self.new)

    @property
    def mark(self) -> tuple:
        """The same for changes that do the same."""
        return (self.column.column_name, _mark(self.old), _mark(self.new))


def _mark(value):
    if isinstance(value, tuple):
        return tuple(map(_mark, value))
    return (value.pk or str(value)) if isinstance(value, models.Model) else str(value)


@dataclass
class Filling:
    """A record that the cells of a row are filled into, and what came of it."""

    record: models.Model
    known: object
    typed: frozenset = frozenset()  # the names of the columns that the row has something in
    changes: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    values: dict = field(default_factory=dict)  # new values of columns that are rows of other tables

    def fail(self, column, typed, message):
        self.problems.append(Problem(column, typed, str(message)))

    def change(self, column, before, after):
        self.changes.append(Change(column, before, after))


# --- Columns ----------------------------------------------------------------------------------------------------------


class Column(Field):
    """One column, for one attribute of a record (or for several `parts`, whose values are a tuple).

    `heading` and `explanation` are lazy texts; `language` belongs to a column of a translated field; `also` are other
    headings that people give it.
    """

    number = None  # in a group: which of its repetitions
    is_counted = False  # whether its heading says so

    def __init__(
        self, name, widget, heading, explanation="", *, parts=(), language="", model_field=None, example="", also=()
    ):
        super().__init__(attribute=name, column_name=name, widget=widget)
        self.name, self.parts = name, parts
        self._heading, self._headings, self._explanation = heading, {}, explanation
        self.language, self.model_field, self._example, self.also = language, model_field, example, also

    @classmethod
    def of(cls, model, attribute, **given):
        """The column for `attribute` of `model`, with the words and the widget of the model field. `name` gives it
        another name in sheets."""
        model_field = model._meta.get_field(attribute)
        name = given.pop("name", attribute)
        column = cls(
            name,
            given.pop("widget", None) or widget_of(model_field),
            given.pop("heading", model_field.verbose_name),
            given.pop("explanation", model_field.help_text),
            language=getattr(model_field, "_translated_field_language_code", ""),
            model_field=model_field,
            **given,
        )
        column.attribute = attribute
        return column

    def numbered(self, number, is_counted=True) -> "Column":
        """The same column for the repetition `number` of its group."""
        twin = copy.copy(self)
        twin._headings = {}
        twin.number, twin.is_counted, twin.column_name = number, is_counted, f"{self.name}_{number}"
        return twin

    @property
    def columns(self):
        return (self,)

    # --- Words ---

    @property
    def heading(self) -> str:
        language = get_language()
        if language not in self._headings:  # ten thousand changes name it
            self._headings[language] = self._worded()
        return self._headings[language]

    def _worded(self) -> str:
        with show_language_code(False):
            words = str(self._heading)
        if self.language:
            words = f"{words} ({LANGUAGE_NAMES[self.language]})"
        return f"{words} {self.number}" if self.is_counted else words

    @property
    def explanation(self) -> str:
        return str(self._explanation)

    @property
    def example(self) -> str:
        return str(self._example or getattr(self.widget, "example", ""))

    @property
    def holds_numbers(self) -> bool:
        return isinstance(self.widget, (widgets.Number, widgets.Quantity))

    @cached_property
    def spellings(self) -> set[str]:
        """Every heading it is known by, in any language, without its number. What names a text without its language
        means the one in the language of that heading: “名称” is the Chinese name."""
        words, with_language = {self.name, *self.also}, set()
        for code, _language in settings.LANGUAGES:
            with translation.override(code), show_language_code(False):
                heading = str(self._heading)
            if self.language in ("", code):
                words.add(heading)
            if self.language:
                names = (*_LANGUAGE_WORDS[self.language], LANGUAGE_NAMES[self.language])
                with_language |= {f"{heading}{name}" for name in names} | {f"{name}{heading}" for name in names}
        return {spelled(word) for word in words | with_language}

    # --- Values ---

    def value_of(self, record):
        if self.parts:
            return tuple(getattr(record, part, None) for part in self.parts)
        return getattr(record, self.attribute, None)  # a relation that a new record needs is none yet

    def is_about(self, name) -> bool:
        """Whether `name` is the attribute of this column, or one of its parts."""
        return name in self.parts or name == self.attribute or name.startswith(f"{self.attribute}_")

    def put(self, record, value):
        for part, each in zip(self.parts, value, strict=True) if self.parts else [(self.attribute, value)]:
            setattr(record, part, each)

    def read(self, text, known):
        """The value that `text` stands for; ValueError with a sentence for the editor where it stands for none."""
        if isinstance(text, Faulty):
            raise ValueError(text.fault)
        value = self.empty() if is_cleared(text) else self.widget.clean(text, known=known)
        if self.model_field is None or self.model_field.is_relation:
            return value
        try:
            return self.model_field.to_python(value)
        except ValidationError as error:
            raise ValueError(" ".join(error.messages)) from None

    def empty(self):
        """The value of a cell that was cleared."""
        found = self.model_field
        if found is None:
            return tuple(None if n == 0 else "" for n, _part in enumerate(self.parts)) if self.parts else None
        if not found.blank:
            raise ValueError(_("This cannot be empty."))
        return (
            None if found.null or isinstance(found, PartialDateField) else "" if found.empty_strings_allowed else None
        )

    def write(self, value) -> str:
        """The text of a cell, which reads back as `value`."""
        return self.widget.render(value)

    def fill(self, filling, texts):
        """Puts what the cell of this column says into the record; an empty cell leaves everything as it is."""
        text = texts.get(self.column_name)
        if not text:
            return
        try:
            value = self.read(text, filling.known)
        except ValueError as error:
            filling.fail(self, text, error)
            return
        before = self.value_of(filling.record)
        is_same = getattr(self.widget, "is_same", operator.eq)
        if not is_same(before, value):
            filling.change(self, before, value)
            self.put(filling.record, value)

    def cells(self, record) -> dict:
        """What an export writes for `record`, by the name of the column."""
        return {self.column_name: self.write(self.value_of(record))}


def is_cleared(text) -> bool:
    return text in CLEARED


def widget_of(model_field):
    """The widget for the cells of a column of the database."""
    if model_field.choices:
        return widgets.Choice(model_field.choices)
    if model_field.is_relation:
        return Reference(model_field.related_model)
    for kind, make in _WIDGETS:
        if isinstance(model_field, kind):
            return make()
    raise TypeError(f"no widget for {model_field}")


_WIDGETS = [
    (PartialDateField, widgets.PartialDay),
    (models.DateField, widgets.Day),
    (models.TimeField, widgets.ClockTime),
    (models.BooleanField, widgets.YesNo),
    ((models.SlugField, models.URLField), widgets.Code),
    (models.DecimalField, widgets.Number),
    (models.IntegerField, lambda: widgets.Number(whole=True)),
    (ProseField, widgets.Prose),
    (models.TextField, widgets.LongText),
    (models.CharField, widgets.Text),
]


def of(model, *attributes) -> list[Column]:
    """The columns for `attributes` of `model`."""
    return [Column.of(model, attribute) for attribute in attributes]
