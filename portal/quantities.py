"""What a published number says, and how to say it again. Pure Python: no request, no template, no query.

Sources rarely give a plain number. "Fewer than 100", "nearly 400" and "up to CNY 500 million" are different claims, and
each is kept as it was made: a value, a comparator (the FHIR set), whether it is approximate, and the end of a printed
range. Readers get words, never a sign. `docs/decisions.md` names the sources of the rules.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from django.utils.translation import get_language


class Comparator(StrEnum):
    EXACTLY = "="
    LESS = "<"
    AT_MOST = "<="
    AT_LEAST = ">="
    MORE = ">"


class Measure(StrEnum):
    """What the number counts, which decides how it is written."""

    COUNT = "count"
    MONEY = "money"
    PERCENT = "percent"
    AREA = "area"


@dataclass(frozen=True)
class Bound:
    """One end of what a quantity can be; `closed` when the end itself is possible."""

    value: Decimal
    closed: bool


@dataclass(frozen=True)
class Quantity:
    """A number as it was published. `Quantity(Decimal(100), "<")` is "fewer than 100"."""

    value: Decimal
    comparator: Comparator = Comparator.EXACTLY
    value_to: Decimal | None = None
    approximate: bool = False

    def __post_init__(self):
        object.__setattr__(self, "comparator", Comparator(self.comparator))
        if self.value_to is not None:
            if self.comparator != Comparator.EXACTLY:
                raise ValueError("a range has no comparator")
            if self.value_to <= self.value:
                raise ValueError("the end of a range must be above its start")

    @property
    def low(self) -> Bound | None:
        """The lower end; None where the source sets none ("fewer than 100")."""
        if self.comparator in (Comparator.LESS, Comparator.AT_MOST):
            return None
        return Bound(self.value, closed=self.comparator != Comparator.MORE)

    @property
    def high(self) -> Bound | None:
        """The upper end; None where the source sets none ("more than 70")."""
        if self.comparator in (Comparator.MORE, Comparator.AT_LEAST):
            return None
        if self.value_to is not None:
            return Bound(self.value_to, closed=True)
        return Bound(self.value, closed=self.comparator != Comparator.LESS)

    @property
    def is_exact(self) -> bool:
        return self.comparator == Comparator.EXACTLY and self.value_to is None and not self.approximate

    def words(self, measure=Measure.COUNT, *, currency="", counted="", language=None) -> str:
        """The quantity as a reader of `language` (default: the active one) writes it.

        `currency` is an ISO 4217 code for money; `counted` is the Chinese measure word that follows a count (家, 个).
        "fewer than 100" / "不足100家"; "more than CNY 10 billion" / "超过100亿元"; "nearly 400" / "近400家".
        """
        return _written(self, Measure(measure), currency, counted, language or get_language() or "en")

    def qualifier(self, measure=Measure.COUNT, *, language=None) -> str:
        """Only the words before the number ("fewer than", "近"); empty for an exact number."""
        if (language or get_language() or "en").startswith("zh"):
            return _chinese_qualifier(self)
        return _english_qualifier(self, Measure(measure))

    def number(self, measure=Measure.COUNT, *, currency="", counted="", language=None) -> str:
        """Only the number with its unit, without the qualifier."""
        bare = Quantity(self.value, value_to=self.value_to)
        return bare.words(measure, currency=currency, counted=counted, language=language)


_ENGLISH_QUALIFIERS = {
    # (comparator, approximate): (for counts, for amounts)
    (Comparator.EXACTLY, False): ("", ""),
    (Comparator.EXACTLY, True): ("about", "about"),
    (Comparator.LESS, False): ("fewer than", "less than"),
    (Comparator.LESS, True): ("nearly", "nearly"),
    (Comparator.AT_MOST, False): ("up to", "up to"),
    (Comparator.AT_MOST, True): ("up to about", "up to about"),
    (Comparator.AT_LEAST, False): ("at least", "at least"),
    (Comparator.AT_LEAST, True): ("at least about", "at least about"),
    (Comparator.MORE, False): ("more than", "more than"),
    (Comparator.MORE, True): ("slightly more than", "slightly more than"),
}
_CHINESE_QUALIFIERS = {
    (Comparator.EXACTLY, False): "",
    (Comparator.EXACTLY, True): "约",
    (Comparator.LESS, False): "不足",
    (Comparator.LESS, True): "近",
    (Comparator.AT_MOST, False): "最高",
    (Comparator.AT_MOST, True): "最高约",
    (Comparator.AT_LEAST, False): "至少",
    (Comparator.AT_LEAST, True): "至少约",
    (Comparator.MORE, False): "超过",
    (Comparator.MORE, True): "略超",
}


@lru_cache(maxsize=5_000)
def _written(quantity, measure, currency, counted, language) -> str:
    """Worded once: the same figure stands in a sentence, beside a mark and in a table."""
    write = _chinese if language.startswith("zh") else _english
    return write(quantity, measure, currency, counted)


def _english_qualifier(quantity, measure):
    for_counts, for_amounts = _ENGLISH_QUALIFIERS[quantity.comparator, quantity.approximate]
    return for_counts if measure == Measure.COUNT else for_amounts


def _chinese_qualifier(quantity):
    return _CHINESE_QUALIFIERS[quantity.comparator, quantity.approximate]


def _english(quantity, measure, currency, counted):
    scales = _scales(_ENGLISH_SCALES, quantity, measure)
    number = _scaled(quantity.value, scales, thousands=",")
    if quantity.value_to is not None:
        number = f"{number} to {_scaled(quantity.value_to, scales, thousands=',')}"
    number = {
        Measure.MONEY: f"{currency} {number}".strip(),
        Measure.PERCENT: f"{number}%",
        Measure.AREA: f"{number} km²",
    }.get(measure, number)
    return f"{_english_qualifier(quantity, measure)} {number}".strip()


_CHINESE_CURRENCIES = {"CNY": "元", "USD": "美元", "EUR": "欧元", "HKD": "港元", "JPY": "日元", "GBP": "英镑"}


def _chinese(quantity, measure, currency, counted):
    scales = _scales(_CHINESE_SCALES, quantity, measure)
    number = _scaled(quantity.value, scales)
    if quantity.value_to is not None:
        to = "%至" if measure == Measure.PERCENT else "至"
        number = f"{number}{to}{_scaled(quantity.value_to, scales)}"
    unit = {
        Measure.COUNT: counted,
        Measure.MONEY: _CHINESE_CURRENCIES.get(currency, currency),
        Measure.PERCENT: "%",
        Measure.AREA: "平方公里",
    }[measure]
    return f"{_chinese_qualifier(quantity)}{number}{unit}"


# 160亿, 3.4亿 and 5000万 or 16 billion for money; counts stay in figures, as the reports write them (428家).
_ENGLISH_SCALES = {Decimal(10**12): " trillion", Decimal(10**9): " billion", Decimal(10**6): " million"}
_CHINESE_SCALES = {Decimal(10**12): "万亿", Decimal(10**8): "亿", Decimal(10**4): "万"}


def _scales(scales, quantity, measure):
    """The scales that money is written in; none where one end of a range would go without: "500 to 1.5 million" reads
    as millions at both ends."""
    ends = [abs(quantity.value)] + ([] if quantity.value_to is None else [abs(quantity.value_to)])
    return scales if measure == Measure.MONEY and min(ends) >= min(scales) else {}


def _scaled(value, scales, thousands="") -> str:
    for scale, word in scales.items():
        if abs(value) >= scale:
            return plain(value / scale) + word
    return plain(value, thousands)


def plain(value: Decimal, thousands="") -> str:
    """Figures without trailing zeros or exponent: 428, 3.751, 6.86. `thousands` is the separator from 10,000 up."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if thousands and abs(value) >= 10_000:
        whole, _, fraction = text.partition(".")
        text = f"{int(whole):{thousands}}" + (f".{fraction}" if fraction else "")
    return text
