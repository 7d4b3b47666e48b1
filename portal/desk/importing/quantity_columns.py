"""A quantity as people write it, in two columns: the number ("超过70家", "more than CNY 10 billion", 428) and, where
they differ, the words of the source."""

import copy

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.desk.importing import widgets
from portal.desk.importing.columns import Column, is_cleared
from portal.desk.importing.sheets import Faulty
from portal.quantities import Measure, plain
from portal.quantity_reading import NotUnderstood, read_quantity

AS_PUBLISHED = gettext_lazy("as published")


class QuantityColumns:
    """The columns `name` and `<name>_as_published` for the `QuantityField` `field` of `model`.

    `currency` is the column that a currency in the number fills in (it must be filled before this one), and what both
    say must agree. `measure` says how an export writes the number.
    """

    def __init__(self, name, model, field, heading, explanation, *, currency=None, measure=Measure.COUNT, also=()):
        self.field, self.currency, self.measure = field, currency, measure
        self.is_required = not model._meta.get_field(f"{field}_value").null
        self.value = Column(name, widgets.Quantity(), heading, explanation, also=also)
        self.value.attribute = field
        self.words = Column.of(
            model,
            f"{field}_words",
            name=f"{name}_as_published",
            heading=format_lazy("{}: {}", heading, AS_PUBLISHED),
        )

    @property
    def columns(self):
        return (self.value, self.words)

    def numbered(self, *number) -> "QuantityColumns":
        twin = copy.copy(self)
        twin.value, twin.words = self.value.numbered(*number), self.words.numbered(*number)
        twin.currency = self.currency and self.currency.numbered(*number)
        return twin

    def cells(self, record) -> dict:
        texts = (self.write(getattr(record, self.field)), self.words.value_of(record))
        return {column.column_name: text for column, text in zip(self.columns, texts, strict=True)}

    def write(self, quantity) -> str:
        """The text that reads back as `quantity`."""
        if quantity is None:
            return ""
        return plain(quantity.value) if quantity.is_exact else quantity.words(self.measure)

    def fill(self, filling, texts):
        typed, words = texts.get(self.value.column_name), texts.get(self.words.column_name)
        if typed and is_cleared(typed):
            self._clear(filling, typed)
        elif typed:
            self._take_number(filling, typed, words)
        elif words and not is_cleared(words) and words != self.words.value_of(filling.record):
            self._take_words(filling, words)
        self.words.fill(filling, texts)

    def _clear(self, filling, typed):
        if self.is_required:
            filling.fail(self.value, typed, _("This cannot be empty."))
            return
        self._set(filling, None)
        self._set_words(filling, "")

    def _take_number(self, filling, typed, words):
        """The number that was typed. Without words beside it, it brings its own; old ones are untrue from now on."""
        try:
            reading = _read(typed)
        except ValueError as error:
            filling.fail(self.value, typed, error)
            return
        is_new = reading.quantity != getattr(filling.record, self.field)
        self._take(filling, self.value, typed, reading)
        if not is_new:
            return
        if not words:
            self._set_words(filling, "" if reading.quantity.is_exact and not reading.currency else typed)
        elif _contradicts(words, reading.quantity):
            filling.fail(self.words, words, _("The words say something else than the number. Correct one of them."))

    def _take_words(self, filling, words):
        """The number that the words state, where no number was typed. Where they state none that can be read, what is
        recorded stays; a record that needs a number gets it from the editor."""
        try:
            reading = _read(words)
        except ValueError as error:
            if self.is_required and getattr(filling.record, self.field) is None:
                what_to_do = _("Keep the words of the source and write the number in “%s”.") % self.value.heading
                filling.fail(self.words, words, f"{error} {what_to_do}")
            return
        self._take(filling, self.words, words, reading)

    def _take(self, filling, column, typed, reading):
        self._set(filling, reading.quantity)
        recorded = self.currency_of(filling.record)
        if not reading.currency or reading.currency == recorded:
            return
        if self.currency is None or self.currency.column_name in filling.typed:
            text = _("This names the currency %(read)s, but %(recorded)s is recorded for it. Correct one of them.")
            filling.fail(column, typed, text % {"read": reading.currency, "recorded": recorded or _("none")})
            return
        filling.change(self.currency, recorded, reading.currency)
        self.currency.put(filling.record, reading.currency)

    def currency_of(self, record) -> str:
        return self.currency.value_of(record) if self.currency else ""

    def _set(self, filling, quantity):
        before = getattr(filling.record, self.field)
        if quantity != before:
            filling.change(self.value, self.write(before), self.write(quantity))
            setattr(filling.record, self.field, quantity)

    def _set_words(self, filling, words):
        before = self.words.value_of(filling.record)
        if words != before:
            filling.change(self.words, before, words)
            self.words.put(filling.record, words)


def _read(typed):
    if isinstance(typed, Faulty):
        raise ValueError(typed.fault)
    return read_quantity(typed)


def _contradicts(words, quantity) -> bool:
    try:
        return read_quantity(words).quantity != quantity
    except NotUnderstood:
        return False
