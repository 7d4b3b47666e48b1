"""Long lists: a page at a time, or their beginning."""

from dataclasses import dataclass

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404
from django.utils.translation import gettext as _

from portal.canonical import known_as


def page_of(request, rows, per_page, of=None):
    """The page of `rows` that `?page=` asks for; a page that does not exist is a 404. `of` is the filtered list that
    the rows come from (`portal.facets.FilteredList`): its filters are part of the address."""
    try:
        page = Paginator(rows, per_page).page(request.GET.get("page") or 1)
    except InvalidPage:
        raise Http404(_("This list has no such page.")) from None
    filters = {"query": of.query, "is_indexed": of.is_indexed and (bool(page) or not of.is_filtered)} if of else {}
    known_as(request, number=page.number, last=page.paginator.num_pages, **filters)
    return page


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
