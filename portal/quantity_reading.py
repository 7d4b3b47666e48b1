"""Reading a number as people write it: "超过70家", "over CNY 6 billion", "近400", "10-15". Pure Python.

The reverse of `Quantity.words`: what the portal writes it can read back. What is not understood is an error that says
so; nothing is ever guessed: "三四百家" (300 to 400), "一百二" (120 or 102) and "¥" (yuan or yen) are refused.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from portal.quantities import Comparator, Quantity, plain

LONGEST = 200  # characters, as many as the column of the words holds
MOST_DIGITS = 24  # as many as the column of the value holds


@dataclass(frozen=True)
class Reading:
    """A quantity as it was read, and the currency that stood with it (ISO 4217; empty without one)."""

    quantity: Quantity
    currency: str = ""


class NotUnderstood(ValueError):  # noqa: N818 (reads as a sentence where it is raised)
    """The text is not a number that this module can read; the message is for the person who wrote it."""

    def __init__(self, text):
        message = _(
            "“%(text)s” is not a number we can read. Write for example: 428, more than 70, 近400, CNY 6 billion, 10-15."
        )
        super().__init__(message % {"text": text[:80]})


def read_quantity(text: str) -> Reading:
    """The quantity that `text` states, in English or Chinese, in full figures ("160亿元" is 16000000000).

    Raises `NotUnderstood`, and nothing else, where it states none or more than one. Takes a bounded time for any text.
    """
    try:
        return _reading(_FORM.fullmatch(_tidied(text)).groupdict())
    except (AttributeError, ValueError):
        raise NotUnderstood(text) from None


# --- Words ------------------------------------------------------------------------------------------------------------


def _spelled(meanings) -> dict:
    return {spelling: meaning for meaning, spellings in meanings.items() for spelling in spellings.split("|")}


# What stands before the number or after it, and what that claims: (comparator, approximate).
_BEFORE = _spelled(
    {
        (Comparator.LESS, False): "fewer than|less than|under|below|<|不足|不到|少于|低于|小于",
        (Comparator.LESS, True): "nearly|almost|close to|just under|近|接近|将近",
        (
            Comparator.AT_MOST,
            False,
        ): "up to|at most|no more than|not more than|<=|≤|最高|至多|最多|不超过|不高于|不多于",
        (Comparator.AT_MOST, True): "up to about|最高约",
        (Comparator.EXACTLY, False): "exactly|=",
        (Comparator.EXACTLY, True): "about|around|approximately|roughly|some|circa|c.|ca.|~|约|大约|大概|约为",
        (Comparator.AT_LEAST, False): (
            "at least|no less than|no fewer than|not less than|not fewer than|>=|≥|至少|不少于|不低于"
        ),
        (Comparator.AT_LEAST, True): "at least about|至少约",
        (Comparator.MORE, False): "more than|over|above|exceeding|in excess of|>|超过|超|逾|突破|多于|高于|大于",
        (Comparator.MORE, True): "slightly more than|just over|略超|略超过",
    }
)
_AFTER = _spelled(
    {
        (Comparator.AT_LEAST, False): "or more|or above|+|以上",
        (Comparator.AT_MOST, False): "or fewer|or less|以下|以内",
        (Comparator.EXACTLY, True): "or so|左右|上下",
        (Comparator.MORE, False): "余|多",
    }
)
_OTHER_CURRENCIES = "AUD|CAD|CHF|DKK|INR|KRW|MOP|NOK|NZD|RUB|SEK|SGD|THB|TWD"
_CURRENCIES = _spelled(
    {
        "CNY": "cny|rmb|yuan|renminbi|人民币|元|元人民币",
        "USD": "usd|us$|$|us dollars|dollars|美元",
        "EUR": "eur|€|euros|欧元",
        "HKD": "hkd|hk$|hk dollars|港元|港币",
        "JPY": "jpy|yen|日元",
        "GBP": "gbp|£|英镑",
    }
    | {code: code.lower() for code in _OTHER_CURRENCIES.split("|")}
)
_SCALES = _spelled(
    {
        10**2: "百",
        10**3: "千|thousand|k",
        10**4: "万",
        10**5: "十万",
        10**6: "百万|million|mn|m",
        10**7: "千万",
        10**8: "亿",
        10**9: "十亿|billion|bn",
        10**10: "百亿",
        10**11: "千亿",
        10**12: "万亿|trillion|tn",
    }
)
_ONLY_OF_MONEY = {"k", "m"}  # "US$500m"; 500 m alone may be metres
_LABELS = "a total of|total|totaling|共|共计|合计|总计|总额|总投资|投资总额|投资额|产业规模|规模|已|达|达到"
_UNITS = (
    "家|个|项|件|名|人|条|户|所|座|种|款|次|平方公里|平方千米|km2|sq km|square kilometers|square kilometres"
    "|%|percent|per cent"
)
_NOUNS = (
    "企业|公司|项目|产业|机构|协议|园区|高新技术|高端|制造业|生物医药|重点"
    "|companies|company|firms|enterprises|businesses|projects|project|agreements|institutions|parks|people|jobs"
    "|major|high-tech|biopharma|industrial|in total"
)

# --- Form -------------------------------------------------------------------------------------------------------------


def _any(spellings) -> str:
    """A pattern for every spelling, the longest first; each is taken literally."""
    return "|".join(map(re.escape, sorted(spellings, key=len, reverse=True)))


_FIGURES = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
_CHARACTERS = "[零〇一二两三四五六七八九十百千]+"
_NUMBER = f"{_FIGURES}|{_CHARACTERS}"
_BARE = "(?=万|亿)"  # "近万家" is nearly one 万


def _number_form(n) -> str:
    """The pattern of the number `n` with what belongs to it: 20多亿元, CNY 6 billion, 3亿5000万, 6.86 km2."""
    return (
        rf"(?:(?P<currency_before{n}>{_any(_CURRENCIES)}) ?)?"
        rf"(?P<value{n}>-?(?:{_NUMBER}|{_BARE})) ?(?P<more{n}>[余多]?) ?"
        rf"(?:(?P<scale{n}>{_any(_SCALES)}) ?(?:(?P<rest{n}>{_NUMBER}) ?(?P<rest_scale{n}>{_any(_SCALES)})?)?)? ?"
        rf"(?P<more_after{n}>[余多]?) ?"
        rf"(?:(?P<currency_after{n}>{_any(_CURRENCIES)})|(?P<unit{n}>{_any(_UNITS.split('|'))}))? ?"
    )


_ANY_NOUNS = rf"(?:(?:{_any(_NOUNS.split('|'))}) ?)*"
_FORM = re.compile(
    rf"(?:(?:{_any(_LABELS.split('|'))}) ?)*"
    rf"(?:(?P<before>{_any(_BEFORE)}) ?)?(?P<between>between )?"
    rf"{_number_form(1)}(?:(?(between)and|(?:-|–|—|~|〜|至|到|to)) ?{_number_form(2)})?"
    rf"{_ANY_NOUNS}(?:(?P<after>{_any(_AFTER)}) ?)?{_ANY_NOUNS}"
)
_MISLEADING = ("<super>", "<sub>", "<circle>")  # NFKC would make 10² 102, and 428① 4281


def _tidied(text) -> str:
    """`text` with one form of every character (４２８ is 428, ％ is %), in small letters and with single spaces."""
    text = text.replace("m²", "m2")
    if len(text) > LONGEST or any(unicodedata.decomposition(sign).startswith(_MISLEADING) for sign in text):
        raise ValueError("nothing this module reads")
    return " ".join(unicodedata.normalize("NFKC", text).replace("−", "-").lower().split())


# --- Meaning ----------------------------------------------------------------------------------------------------------


def _reading(part) -> Reading:
    claims = {_BEFORE[part["before"]]} if part["before"] else set()
    names = ("more1", "more_after1", "more2", "more_after2", "after")
    claims |= {_AFTER[part[name]] for name in names if part[name]}
    names = ("currency_before1", "currency_after1", "currency_before2", "currency_after2")
    currencies = {_CURRENCIES[part[name]] for name in names if part[name]}
    if len(claims) > 1 or len(currencies) > 1:
        raise ValueError("contradicts itself")
    if not currencies and _ONLY_OF_MONEY & {part["scale1"], part["scale2"]}:
        raise ValueError("thousands or metres?")
    if part["between"] and part["value2"] is None:
        raise ValueError("between what?")
    comparator, approximate = next(iter(claims), (Comparator.EXACTLY, False))
    start, end = _ends(part)
    return Reading(Quantity(start, comparator, end, approximate), next(iter(currencies), ""))


def _ends(part) -> tuple[Decimal, Decimal | None]:
    """The number, or both ends of a range. "10-15 billion" are both billions; "10元至15亿元" are not."""
    if part["value2"] is None:
        return _number(part, 1), None
    if part["scale1"] and not part["scale2"]:
        raise ValueError("15 of what?")
    shared = None if part["currency_after1"] or part["unit1"] else part["scale2"]
    if shared and not part["scale1"] and part["currency_before2"]:
        raise ValueError("“US$10 to US$15 billion” may mean either")
    return _number(part, 1, shared), _number(part, 2)


def _number(part, n, shared_scale=None) -> Decimal:
    scale = _SCALES.get(part[f"scale{n}"] or shared_scale, 1)
    value = _figures(part[f"value{n}"].lstrip("-")) * scale
    if part[f"rest{n}"]:
        rest = _figures(part[f"rest{n}"]) * _SCALES.get(part[f"rest_scale{n}"], 1)
        if not scale / 10 <= rest < scale:  # "一万二" is 12,000 to some and 10,002 to others
            raise ValueError("not clear")
        value += rest
    return Decimal(plain(-value if part[f"value{n}"].startswith("-") else value))


def _figures(written) -> Decimal:
    """428, 1,234.5 or 四百; without any, the 1 of 万家."""
    if not written:
        return Decimal(1)
    if not written[0].isdigit():
        return _characters(written)
    value = Decimal(written.replace(",", ""))
    if len(value.as_tuple().digits) > MOST_DIGITS:
        raise ValueError("more digits than can be kept")
    return value


def _in_characters(number) -> str:
    """A whole number from 1 to 9999 as it is written in full: 305 is 三百零五, 15 is 一十五."""
    digits = zip(f"{number:04}", ("千", "百", "十", ""), strict=True)
    written = "".join("零一二三四五六七八九"[int(digit)] + (place if digit != "0" else "") for digit, place in digits)
    return re.sub("零+", "零", written).strip("零")


_WRITTEN = {_in_characters(number): Decimal(number) for number in range(1, 10_000)} | {"零": Decimal(0)}


def _characters(written) -> Decimal:
    """四百 is 400, 十五 is 15 and the 百 of 百家 is 100; 三四百 and 一百二 are not clear."""
    full = written.replace("两", "二").replace("〇", "零")
    if full[0] in "十百千":
        full = f"一{full}"
    if full not in _WRITTEN:
        raise ValueError("not clear")
    return _WRITTEN[full]
