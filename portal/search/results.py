"""A visitor's search: what the words of a query find, kind by kind."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Model

from portal.fields import TextIn
from portal.languages import language_tag
from portal.prepared import by_key, prepared
from portal.search import finding
from portal.search.expressions import asked_by, asked_by_all_but_one
from portal.search.finding import Counted
from portal.search.kinds import Kind, registered
from portal.search.snippets import excerpt_of, excerpt_of_names, hits_of, names_of
from portal.search.spelling import nearest_to
from portal.search.waiting import catch_up
from portal.search.words import LONGEST_QUERY, folded, words_of

SHOWN = 10
SUGGESTED = 8
LOOKED_AT_TO_SUGGEST = 100  # documents of each kind


@dataclass(frozen=True)
class Result:
    title: str
    url: str
    details: list[str]
    excerpt: str


@dataclass(frozen=True)
class Group(Counted):
    """The results of one kind: how many there are, or that there are more than that, and the closest of them."""

    kind: Kind
    count: int
    has_more_than_count: bool
    results: list[Result]

    @property
    def has_more(self) -> bool:
        return self.has_more_than_count or self.count > len(self.results)


class Search(Counted):
    """What the words of `query` find. Where nothing has all of them: what their nearest spelling finds, and else what
    has all but one; `instead` and `all_but_one` say so."""

    def __init__(self, query):
        self.query = query.strip()[:LONGEST_QUERY]
        self.words = words_of(query)
        self.instead = ""  # the spelling that was looked for
        self.all_but_one = False
        self.is_up_to_date = True
        self.asked = asked_by(self.words)

    @cached_property
    def found(self) -> list[finding.Found]:
        if self.asked is None:
            return []
        self.is_up_to_date = catch_up()
        return self._find() or self._find_respelt() or self._find_all_but_one()

    def _find(self):
        return finding.find(self.asked, self.query, registered(), length=SHOWN)

    def _find_respelt(self):
        """Each word that nothing is found by gives way to its nearest one."""
        words = [self._nearest_to(word) for word in self.words]
        if words == self.words:
            return []
        asked, self.asked = self.asked, asked_by(words)
        found = self._find()
        if found:
            self.words, self.instead = words, " ".join(words)
        else:
            self.asked = asked
        return found

    def _nearest_to(self, word):
        near = nearest_to(folded(word))
        return near if near and not self._is_known(word) else word

    def _is_known(self, word):
        if len(self.words) == 1:
            return False  # nothing was found by it just now
        return bool(finding.find(asked_by([word]), word, registered(), length=1, looked_at=1))

    def _find_all_but_one(self):
        asked = asked_by_all_but_one(self.words)
        if asked is None:
            return []
        self.asked, self.all_but_one = asked, True
        return self._find()

    @cached_property
    def groups(self) -> list[Group]:
        """The kinds of which something was found."""
        groups = [self._group(found) for found in self.found]
        return [group for group in groups if group.results]

    def _group(self, found):
        return Group(found.kind, found.count, found.has_more_than_count, self.results_of(found))

    def results_of(self, found) -> list[Result]:
        """The hits as visitors see them; what they may no longer see is left out."""
        hits = [by_key(found.kind.model, hit.record_id) for hit in found.hits]
        records = {record.pk: record for record in prepared(found.kind.records, pk__in=hits)}
        return [self._result(found.kind, records[hit.record_id], hit) for hit in found.hits if hit.record_id in records]

    def _result(self, kind, record: Model, hit):
        details = [detail for detail in kind.details(record) if detail]
        title = getattr(record, record.searched_in.title)
        excerpt = excerpt_of(record, self.words)
        if not excerpt and self.is_up_to_date:
            excerpt = excerpt_of_names(title, hit.related, self.words)
        return Result(title, record.get_absolute_url(), details, excerpt)

    @property
    def answered(self) -> str:
        """What the results are for."""
        return self.instead or self.query

    @property
    def count(self) -> int:
        return sum(found.count for found in self.found)

    @property
    def has_more_than_count(self) -> bool:
        return any(found.has_more_than_count for found in self.found)

    @property
    def has_more(self) -> bool:
        return any(found.has_more_than_count or found.count > len(found.hits) for found in self.found)

    def of_kind(self, name):
        """All results of the kind of that name, for a paginator; None where there is no such kind."""
        kind = next((each for each in registered() if each.name == name), None)
        return ResultsOfKind(self, kind) if kind else None


class ResultsOfKind(Counted):
    """All that a search found of one kind, as a list that loads what is shown of it. `query` is its own address."""

    is_indexed = False

    def __init__(self, search, kind):
        self.search, self.kind = search, kind
        self.query = urlencode({"q": search.query, "kind": kind.name})

    def __bool__(self):
        return True  # also where nothing was found

    @cached_property
    def _first(self):
        """What is known without looking again; None where nothing was found."""
        return next((found for found in self.search.found if found.kind is self.kind), None)

    @property
    def count(self):
        return self._total.count if self._total else 0

    def __len__(self):
        return self.count

    @cached_property
    def _total(self):
        if self._first is None or not self._first.has_more_than_count:
            return self._first
        return next(iter(self._find(length=1, start=0)), None)

    @property
    def has_more_than_count(self):
        return bool(self._total and self._total.has_more_than_count)

    def __getitem__(self, part):
        found = self._find(length=part.stop - part.start, start=part.start) if self._first else []
        return [result for each in found for result in self.search.results_of(each)]

    def _find(self, **part):
        search = self.search
        return finding.find(search.asked, search.query, [self.kind], looked_at=finding.LOOKED_AT_OF_ONE, **part)


def suggestions(query) -> list[dict]:
    """The closest few records of all kinds, for somebody who is still typing: those that are called so, else those that
    are found so."""
    search = Search(query)
    if search.asked is None:
        return []
    catch_up()
    found = finding.find(search.asked, search.query, registered(), length=SUGGESTED, looked_at=LOOKED_AT_TO_SUGGEST)
    records = [
        (hit.closeness, -hit.score, order, each.kind, record)
        for order, each in enumerate(found)
        for records in [each.kind.records().in_bulk([hit.record_id for hit in each.hits])]
        for hit in each.hits
        if (record := records.get(hit.record_id))
    ]
    closest = sorted(records, key=lambda row: row[:3])
    hits = hits_of(search.words)
    called_so = [row for row in closest if any(map(hits.first_in, names_of(row[-1])))]
    return [_suggestion(kind, record) for *_, kind, record in (called_so or closest)[:SUGGESTED]]


def _suggestion(kind, record):
    title = getattr(record, record.searched_in.title)
    told = {"title": str(title), "kind": str(kind.label), "url": record.get_absolute_url()}
    return told | ({"lang": language_tag(title.language)} if isinstance(title, TextIn) else {})
