"""What a visitor's words find on the whole site, kind by kind: one query each."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from companies.models import Indicator, Organization, Place
from events.models import Agreement, Announcement, Conference, Document, InvestmentProject, Session, Speaker
from portal.searching import LONGEST_QUERY, excerpt_of, words_of

SHOWN = 10


@dataclass(frozen=True)
class Kind:
    """One kind of records: which of them visitors may find, and what stands under the title of each."""

    name: str
    label: Promise
    records: Callable[[], QuerySet]
    details: Callable[[object], list[str]] = lambda record: []


KINDS = (
    Kind(
        "conferences",
        _("Conferences"),
        Conference.objects.published,
        lambda conference: [capfirst(conference.get_kind_display()), conference.starts_on.words],
    ),
    Kind(
        "agreements",
        _("Agreements"),
        lambda: Agreement.objects.published().with_first_signing(),
        lambda agreement: [capfirst(agreement.label), agreement.signed_on.words if agreement.signed_on else ""],
    ),
    Kind("projects", _("Investment projects"), InvestmentProject.objects.published),
    Kind(
        "companies",
        _("Companies"),
        Organization.objects.published,
        lambda organization: [capfirst(organization.get_kind_display())],
    ),
    Kind("speakers", _("Speakers and guests"), lambda: Speaker.objects.published().on_public_stage()),
    Kind(
        "sessions",
        _("Programme"),
        lambda: Session.objects.published().select_related("conference"),
        lambda session: [capfirst(session.get_kind_display()), session.conference.title],
    ),
    Kind(
        "news",
        _("News"),
        Announcement.objects.published,
        lambda announcement: [capfirst(announcement.get_kind_display()), announcement.announced_on.words],
    ),
    Kind(
        "places",
        _("Places"),
        Place.objects.published,
        lambda place: [capfirst(place.get_kind_display())],
    ),
    Kind("indicators", _("Indicators"), Indicator.objects.published),
    Kind(
        "documents",
        _("Documents"),
        lambda: Document.objects.published().select_related("conference"),
        lambda document: [document.file_type, document.language_name],
    ),
)


@dataclass(frozen=True)
class Result:
    title: str
    url: str
    details: list[str]
    excerpt: str


@dataclass(frozen=True)
class Group:
    """The results of one kind: how many there are, and the closest of them."""

    kind: Kind
    count: int
    results: list[Result]

    @property
    def has_more(self) -> bool:
        return self.count > len(self.results)


class Search:
    """What the words of `query` find."""

    def __init__(self, query):
        self.query = query.strip()[:LONGEST_QUERY]
        self.words = words_of(query)

    @cached_property
    def groups(self) -> list[Group]:
        """The kinds of which something was found."""
        found = ((kind, list(kind.records().matching(self.words)[:SHOWN])) for kind in KINDS if self.words)
        return [
            Group(kind, rows[0].number_found, [self._result(kind, row) for row in rows]) for kind, rows in found if rows
        ]

    @property
    def count(self) -> int:
        return sum(group.count for group in self.groups)

    @property
    def has_more(self) -> bool:
        return any(group.has_more for group in self.groups)

    def _result(self, kind, record):
        details = [detail for detail in kind.details(record) if detail]
        title = getattr(record, record.searched_in[0])
        return Result(title, record.get_absolute_url(), details, excerpt_of(record, self.words))
