"""Dates as sources give them: a year, a month or a day. Pure Python.

The written form is EDTF level 0 (ISO 8601-2): `2021`, `2020-09`, `2024-11-15`. It sorts as text.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, total_ordering

from django.utils import formats
from django.utils.translation import get_language

_FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@lru_cache(maxsize=5_000)
def _in_words(day, date_format, _language) -> str:
    """Looked up once: the same few dates stand on page after page."""
    return formats.date_format(day, date_format)


@total_ordering
@dataclass(frozen=True)
class PartialDate:
    """A year, a month of a year, or a day. `PartialDate(2020, 9)` is September 2020."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self):
        if self.day is not None and self.month is None:
            raise ValueError("a day needs a month")
        # raises ValueError for 2021-02-30 and for 2021-00
        date(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)
        if self.year < 1000:
            raise ValueError("the year needs four digits")

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Read `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; anything else is a ValueError."""
        match = _FORM.fullmatch(text.strip()) if text.isascii() else None
        if not match:
            raise ValueError(f"{text!r} is not YYYY, YYYY-MM or YYYY-MM-DD")
        return cls(*(int(part) for part in match.groups() if part))

    @classmethod
    def from_date(cls, day: date) -> "PartialDate":
        return cls(day.year, day.month, day.day)

    @property
    def earliest(self) -> date:
        """The first day it can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """The last day it can mean."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    @property
    def is_exact(self) -> bool:
        return self.day is not None

    @property
    def words(self) -> str:
        """As people write it in the active language: 15 November 2024, 2020年9月, 2021."""
        if self.month:
            return _in_words(self.earliest, "DATE_FORMAT" if self.day else "YEAR_MONTH_FORMAT", get_language())
        return str(self.year)

    def __str__(self) -> str:
        return "-".join([f"{self.year:04}"] + [f"{part:02}" for part in (self.month, self.day) if part is not None])

    def __lt__(self, other: "PartialDate") -> bool:
        """The order of the written form: a year stands before its months, a month before its days."""
        return str(self) < str(other)
