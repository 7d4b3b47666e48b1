"""Reading a date as people write it: 2021年9月, Sep 2021, 3 September 2021, 2021/9/3. Pure Python.

The reverse of `PartialDate.words`: what the portal writes it can read back. What is not understood is an error that
says so; nothing is ever guessed: 03/09/2021 (March or September), 2021.1 (January, or October that a spreadsheet has
cut short) and "Sep-21" (2021, or the 21st) are refused.
"""

import re
import unicodedata
from datetime import date, timedelta

from django.utils.translation import gettext as _

from portal.partial_dates import PartialDate

LONGEST = 40  # characters
DAY_ZERO = date(1899, 12, 30)  # of spreadsheets, for every day after February 1900


class DateNotUnderstood(ValueError):  # noqa: N818 (reads as a sentence where it is raised)
    """The text is not a date that this module can read; the message is for the person who wrote it."""

    def __init__(self, text):
        message = _("“%(text)s” is not a date we can read. Write for example: 2021, 2021-09, 2021年9月, 2021-09-03.")
        super().__init__(message % {"text": text[:80]})


def read_partial_date(text: str) -> PartialDate:
    """The year, month or day that `text` states, in English or Chinese.

    A whole number of five digits is a day as spreadsheets count them (45611 is 15 November 2024). Raises
    `DateNotUnderstood`, and nothing else. Takes a bounded time for any text.
    """
    try:
        return _reading(_tidied(text))
    except ValueError:
        raise DateNotUnderstood(text) from None


_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH_NUMBERS = {spelling: n for n, name in enumerate(_MONTHS, 1) for spelling in (name, name[:3])} | {"sept": 9}
_YEAR = r"(?P<year>[0-9]{4})"
_NAMED = rf"(?P<name>{'|'.join(sorted(_MONTH_NUMBERS, key=len, reverse=True))})\.?"
_MIDNIGHT = r"(?:[t ]00?:00(?::00)?)?"  # what a spreadsheet adds to a day
_FORMS = [
    re.compile(form)
    for form in (
        rf"{_YEAR} ?年?",
        rf"{_YEAR}(?:[-/]|\.(?=0|1[0-2]|[2-9]))(?P<month>[0-9]{{1,2}})",
        rf"{_YEAR} ?年 ?(?P<month>[0-9]{{1,2}}) ?月",
        rf"{_YEAR}(?P<mark>[-/.])(?P<month>[0-9]{{1,2}})(?P=mark)(?P<day>[0-9]{{1,2}}){_MIDNIGHT}",
        rf"{_YEAR} ?年 ?(?P<month>[0-9]{{1,2}}) ?月 ?(?P<day>[0-9]{{1,2}}) ?[日号]",
        r"(?P<year>[12][0-9]{3})(?P<month>[01][0-9])(?P<day>[0-3][0-9])",
        rf"{_NAMED},? {_YEAR}",
        rf"(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)? {_NAMED},? {_YEAR}",
        rf"{_NAMED} (?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}",
    )
]
_SERIAL = re.compile("[2-7][0-9]{4}")  # 1954 to 2119


def _tidied(text) -> str:
    if len(text) > LONGEST:
        raise ValueError("longer than any date")
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def _reading(text) -> PartialDate:
    if _SERIAL.fullmatch(text):
        return PartialDate.from_date(DAY_ZERO + timedelta(days=int(text)))
    found = next(filter(None, (form.fullmatch(text) for form in _FORMS)), None)
    if found is None:
        raise ValueError("no form of a date")
    part = found.groupdict()
    month = _MONTH_NUMBERS[part["name"]] if part.get("name") else part.get("month")
    return PartialDate(*(int(each) for each in (part["year"], month, part.get("day")) if each))
