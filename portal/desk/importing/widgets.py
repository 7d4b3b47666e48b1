"""What the text of a cell means, and how a value is written into one: each widget reads what it writes.

`clean` gets the text of a cell that holds something, and `known` (`portal.desk.importing.known`) for what cells refer
to. It returns the value, or raises ValueError with a sentence that tells the editor what to write.
"""

import re
import unicodedata
from collections import defaultdict
from datetime import datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from import_export.widgets import Widget

from portal.desk.importing.known import BETWEEN, plain
from portal.desk.importing.likeness import words_like
from portal.partial_date_reading import read_partial_date
from portal.prose import clean_prose, text_of
from portal.quantities import plain as plain_number


def halfwidth(text) -> str:
    """`text` with the digits, letters and signs of the Latin keyboard: １２ is 12."""
    return unicodedata.normalize("NFKC", text).strip()


class Text(Widget):
    """Text on one line."""

    def clean(self, value, row=None, **kwargs):
        return re.sub(r"\s*\n\s*", " ", value)


class LongText(Widget):
    """Text with line breaks."""

    def clean(self, value, row=None, **kwargs):
        return value


class Prose(Widget):
    """A formatted text: a sheet shows its words alone, and words that say the same leave the formatting as it is."""

    def clean(self, value, row=None, **kwargs):
        try:
            return clean_prose(value)
        except ValidationError as error:
            raise ValueError(" ".join(error.messages)) from error

    def render(self, value, obj=None, **kwargs):
        return text_of(value or "")

    @staticmethod
    def is_same(before, value):
        return text_of(before or "").split() == text_of(value).split()


class Code(Widget):
    """A slug, an address, a number in a register: Latin letters, digits and signs without spaces around them."""

    def __init__(self, *, capitals=False):
        super().__init__()
        self.capitals = capitals

    def clean(self, value, row=None, **kwargs):
        return halfwidth(value).upper() if self.capitals else halfwidth(value)


class Codes(Code):
    """Several numbers, with semicolons between them."""

    def clean(self, value, row=None, **kwargs):
        return tuple(dict.fromkeys(super(Codes, self).clean(each) for each in BETWEEN.split(value) if each))

    def render(self, value, obj=None, **kwargs):
        return "; ".join(value or ())


class Quantity(Text):
    """The text of a quantity, which `QuantityColumns` reads."""

    example = "428; 超过70; nearly 400; 100亿元"


class Number(Widget):
    """A plain number; with `whole`, one without a fraction."""

    def __init__(self, *, whole=False):
        super().__init__()
        self.whole = whole

    def clean(self, value, row=None, **kwargs):
        figures = halfwidth(value).replace(",", "").removesuffix("%").strip()
        try:
            number = Decimal(figures)
            if not number.is_finite() or abs(number) >= 10**20 or (self.whole and number != int(number)):
                raise ValueError(figures)
        except (InvalidOperation, ValueError):
            example = "3" if self.whole else "49.8"
            message = _("“%(text)s” is not a number. Write for example: %(example)s.")
            raise ValueError(message % {"text": value[:80], "example": example}) from None
        return int(number) if self.whole else number

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else plain_number(Decimal(value))


class Choice(Widget):
    """One of `choices`, by its code, by its name in any language or by another name that people `also` give it."""

    def __init__(self, choices, also=()):
        super().__init__()
        self.choices, self.also = dict(choices), dict(also)

    def clean(self, value, row=None, **kwargs):
        codes = self.spellings.get(plain(value), ())
        if len(codes) == 1:
            return codes[0]
        if codes:
            message = _("“%(text)s” means several things here. Write one of these: %(names)s.")
            raise ValueError(message % {"text": value[:80], "names": ", ".join(codes)})
        like = [self.render(self.spellings[each][0]) for each in words_like(plain(value), list(self.spellings))]
        if like:
            message = _("“%(text)s” cannot be chosen here. Did you mean %(meant)s?")
            raise ValueError(message % {"text": value[:80], "meant": _(" or ").join(dict.fromkeys(like))})
        message = _("“%(text)s” cannot be chosen here. Write one of these: %(names)s.")
        raise ValueError(message % {"text": value[:80], "names": ", ".join(map(self.render, self.choices))})

    @cached_property
    def spellings(self) -> dict:
        """The codes that each spelling can mean; made once, because it takes every language. Two choices may have one
        name in a language: 主持人 is a moderator or a master of ceremonies."""
        codes = defaultdict(list)
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                for code, name in self.choices.items():
                    codes[plain(str(name))].append(code)
        for word, code in self.also.items():
            codes[plain(word)].append(code)
        found = {spelling: tuple(dict.fromkeys(several)) for spelling, several in codes.items()}
        return found | {plain(str(code)): (code,) for code in self.choices}

    def render(self, value, obj=None, **kwargs):
        """The name of a choice, where that means no other one; else its code."""
        name = str(self.choices.get(value) or value or "")
        return name if self.spellings.get(plain(name), (value,)) == (value,) else str(value)


class YesNo(Widget):
    _WORDS = dict.fromkeys(["yes", "y", "true", "1", "是", "有", "对", "√", "✓"], True) | dict.fromkeys(
        ["no", "n", "false", "0", "否", "无", "不是"], False
    )

    def clean(self, value, row=None, **kwargs):
        try:
            return self._WORDS[plain(value)]
        except KeyError:
            raise ValueError(_("Write yes or no (是 or 否), not “%s”.") % value[:80]) from None

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else _("yes") if value else _("no")


# --- Moments ----------------------------------------------------------------------------------------------------------


class PartialDay(Widget):
    """A year, a month or a day, as a source gives it."""

    example = "2021; 2021年9月; Sep 2021; 2021-09-03"

    def clean(self, value, row=None, **kwargs):
        return read_partial_date(value)


class Day(Widget):
    example = "2024-11-15"

    def clean(self, value, row=None, **kwargs):
        found = read_partial_date(value)
        if not found.is_exact:
            raise ValueError(_("Write the whole day, for example 2024-11-15, not “%s”.") % value[:80])
        return found.earliest

    def render(self, value, obj=None, **kwargs):
        return value.isoformat() if value else ""


class ClockTime(Widget):
    """A time of day: 09:30, 9:30 AM, 下午2:30, or the part of the day as spreadsheets count it (0.395833)."""

    example = "09:30; 2:30 PM"

    _FORM = re.compile(
        r"(?P<before>上午|下午|晚上|中午)? ?(?P<hour>[0-9]{1,2})"
        r"(?:[:.](?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?|[点时h](?P<minutes>[0-9]{2})?分?|(?= ?[ap]))"
        r" ?(?P<after>[ap]\.?m\.?)?"
    )

    def clean(self, value, row=None, **kwargs):
        text = plain(value)
        try:
            return self._part_of_day(text) if re.fullmatch(r"0?\.[0-9]+", text) else self._written(text)
        except (AttributeError, ValueError):
            message = _("“%s” is not a time of day. Write for example: 09:30, 14:00.")
            raise ValueError(message % value[:80]) from None

    @staticmethod
    def _part_of_day(text):
        minutes = round(float(text) * 24 * 60)
        return (datetime.min + timedelta(minutes=minutes)).time()

    def _written(self, text):
        part = self._FORM.fullmatch(text).groupdict()
        hour, half = int(part["hour"]), part["before"] or part["after"]
        if half and not 1 <= hour <= 12:
            raise ValueError("13 PM")
        if half in ("下午", "晚上") or (half == "中午" and hour < 3) or (half or "").startswith("p"):
            hour = hour % 12 + 12
        elif half and half != "中午":
            hour %= 12
        return time(hour, int(part["minute"] or part["minutes"] or 0), int(part["second"] or 0))

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else f"{value:%H:%M:%S}".removesuffix(":00")
