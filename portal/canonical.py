"""Under which address a page is known: to search engines, where it is shared, in its other language.

Of what a reader asks of a page, its canonical address keeps what makes it another page: filters, and the number of the
page of a long list, always in one order. Whatever else stands in the query leads to the same page. A view says so with
`known_as` (most do by `portal.paging.page_of`), and `portal.page_context` tells the templates.
"""

from dataclasses import dataclass
from functools import wraps
from urllib.parse import unquote_plus, urlencode

# Every parameter that some public page reads: of lists the page and the filters, of others what a visitor chose.
PARAMETERS = frozenset({"page", "view", "s", "q", "about", "theme", "bom", "language"}) | {
    *("conference", "day", "disclosed", "kind", "organization", "place", "role", "room", "sector", "stage", "year")
}


@dataclass(frozen=True)
class Canonical:
    """What of the query belongs to the page that answers a request, and whether search engines should keep it."""

    query: str = ""  # of its filters
    number: int = 1  # of `last` pages of a list
    last: int = 1
    is_indexed: bool = True

    @property
    def robots(self) -> str:
        """What search engines are told; empty where they need no telling."""
        return "" if self.is_indexed else "noindex, follow"

    @property
    def previous(self) -> str | None:
        """The query of the page before; None before the first."""
        return self.at(self.number - 1) if self.number > 1 else None

    @property
    def next(self) -> str | None:
        return self.at(self.number + 1) if self.number < self.last else None

    def at(self, number) -> str:
        """The query of the page with this number: the first one is the list itself."""
        parts = [self.query, urlencode({"page": number}) if number > 1 else ""]
        return "&".join(part for part in parts if part)


def what_is_read(query) -> str:
    """`query` without what no page reads: what others add to addresses that they pass on, and what somebody made up.
    So neither leads past the kept pages (`portal.page_cache.front`)."""
    return "&".join(each for each in query.split("&") if unquote_plus(each.partition("=")[0]) in PARAMETERS)


def known_as(request, **known):
    """Says of the page that answers `request` how it is known (`Canonical`)."""
    request.canonical = Canonical(**known)


def canonical_of(request) -> Canonical:
    """How the page that answers `request` is known; one whose view said nothing, without any query."""
    return getattr(request, "canonical", Canonical())


def not_indexed(view):
    """Decorator of views whose pages are for whoever asked, and not for search engines: results, choices."""

    @wraps(view)
    def not_indexed_view(request, *args, **kwargs):
        known_as(request, is_indexed=False)
        return view(request, *args, **kwargs)

    return not_indexed_view
