"""A list in pages that follow one another by the keys of its records, so that what is added meanwhile neither repeats
nor hides anything. Where a page ends is signed: a cursor is one of ours, for this very list, or it is refused."""

from dataclasses import dataclass

from django.core import signing
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.api.problems import Problem

MOST, USUAL = 200, 50
_signer = signing.Signer(salt="portal.api.cursors")


@dataclass(frozen=True)
class Page:
    """Some records of a list, and where the next ones begin (None at its end)."""

    records: list
    cursor: str | None


def page_of(rows, order, list_id, cursor, limit) -> Page:
    """The `limit` records of `rows` after `cursor`, in the order of the paths `order`. `list_id` names the list."""
    if cursor:
        rows = rows.filter(_after(order, _position(cursor, list_id, len(order))))
    found = list(rows.order_by(*order)[: limit + 1])
    if len(found) <= limit:
        return Page(found, None)
    position = [_stored(found[limit - 1], path) for path in order]
    return Page(found[:limit], _signer.sign_object([list_id, position]))


def _position(cursor, list_id, length) -> list:
    try:
        of_list, position = _signer.unsign_object(cursor)
    except (signing.BadSignature, ValueError):
        raise Problem(400, _("This cursor was not given out here. Follow “next”."), "cursor") from None
    if of_list != list_id or len(position) != length:
        raise Problem(400, _("This cursor belongs to another list or to other filters."), "cursor")
    return position


def _after(order, position) -> Q:
    """The condition that a row comes after `position`."""
    after, same = Q(pk__in=[]), Q()
    for path, value in zip(order, position, strict=True):
        after |= same & Q(**{f"{path}__gt": value})
        same &= Q(**{path: value})
    return after


def _stored(record, path):
    for name in path.split("__"):
        record = getattr(record, name)
    return record if isinstance(record, int) else str(record)


def limit_of(asked) -> int:
    """How many records a page holds: what was asked for, from 1 to 200."""
    if asked is None:
        return USUAL
    if not (asked.isascii() and asked.isdigit() and len(asked) <= 3 and 1 <= int(asked) <= MOST):
        raise Problem(400, _("A page holds 1 to 200 records."), "limit")
    return int(asked)
