"""Long lists: a page at a time, or their beginning."""

from dataclasses import dataclass

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404
from django.utils.translation import gettext as _


def page_of(request, rows, per_page):
    """The page of `rows` that `?page=` asks for; a page that does not exist is a 404."""
    try:
        return Paginator(rows, per_page).page(request.GET.get("page") or 1)
    except InvalidPage:
        raise Http404(_("This list has no such page.")) from None


@dataclass(frozen=True)
class Beginning:
    """The first rows of a list that goes on elsewhere."""

    rows: list
    has_more: bool

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        return len(self.rows)


def beginning_of(rows, length) -> Beginning:
    """The first `length` of `rows`, and whether there are more; one query."""
    loaded = list(rows[: length + 1])
    return Beginning(loaded[:length], has_more=len(loaded) > length)
