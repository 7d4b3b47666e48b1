"""Looking things up: one query of the database for all kinds of records.

What stands under a title that reads as the query, or begins so, comes first; then what the weights of the fields say;
of equally close records the latest, and at last the key, so that the order never changes.

Of a very common word only so many documents of a kind are looked at and counted (`LOOKED_AT`): ranking a hundred
thousand takes longer than anybody reads. Titles that begin with the query are among them in any case.
"""

import json
from collections import defaultdict
from dataclasses import dataclass

from django.db import connection
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _

from portal import clock, previews
from portal.search.engines import engine
from portal.search.expressions import Word
from portal.search.kinds import Kind
from portal.search.words import is_without_blanks, key_of, title_word

LOOKED_AT = 100  # documents of each kind, where all kinds are shown
SHORTEST_TITLE = 3  # letters
LOOKED_AT_OF_ONE = 1000  # where one is


@dataclass(frozen=True)
class Hit:
    """A document that was found. `closeness` is 0 where its title reads as the query, 1 where it begins so, else 2;
    `related` are the names of what it has to do with, each with its language."""

    record_id: int
    closeness: int
    score: float
    related: list[list[str]]


class Counted:
    """Mixin for what has a `count`, or at least that."""

    @property
    def number(self) -> str:
        return floatformat(self.count, "0g")

    @property
    def count_words(self) -> str:
        return _("at least %(number)s") % {"number": self.number} if self.has_more_than_count else self.number


@dataclass(frozen=True)
class Found(Counted):
    """What was found of one kind: how many (at least, where not all were looked at), and the closest of it."""

    kind: Kind
    count: int
    has_more_than_count: bool
    hits: list[Hit]


@dataclass(frozen=True)
class Fragment:
    """A piece of SQL with its parameters."""

    sql: str
    parameters: tuple = ()


def find(asked, query, kinds, *, length, start=0, looked_at=LOOKED_AT) -> list[Found]:
    """Those of `kinds` of which anything is found, each with `length` hits from the `start`-th on."""
    groups = [kinds] if engine().AT_ONCE else [[kind] for kind in kinds]
    return _looked_up(groups, asked, key_of(query), (start, start + length), looked_at)


def _looked_up(groups, asked, key, part, looked_at) -> list[Found]:
    """What is found of each group of kinds, of which so many documents are looked at for each kind in it."""
    queries = [_places(kinds, asked, key, looked_at * len(kinds)) for kinds in groups]
    places = " UNION ALL ".join(f"SELECT * FROM ({sql}) group_{at}" for at, (sql, _) in enumerate(queries))  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT document.kind, looked_at, number, record_id, closeness, score, document.related
            FROM ({places}) found JOIN search_document document ON document.id = found.id
            WHERE place > %s AND place <= %s ORDER BY place""",  # noqa: S608 (SQL of ours)
            [parameter for _, parameters in queries for parameter in parameters] + list(part),
        )
        rows = defaultdict(list)
        for number, *row in cursor.fetchall():
            rows[number].append(row)
    return [
        _found(kind, rows[kind.number], looked_at * len(kinds))
        for kinds in groups
        for kind in kinds
        if kind.number in rows
    ]


def _found(kind, rows, most):
    looked_at, number, *_ = rows[0]
    hits = [Hit(pk, closeness, score, json.loads(names)) for _, _, pk, closeness, score, names in rows]
    return Found(kind, min(number, most), looked_at > most, hits)


def _places(kinds, asked, key, looked_at):
    """SQL, and its parameters, for the places of documents of `kinds`, each kind by itself."""
    ways, parameters = [], []
    for each in (asked, *_titles(key)):
        sql, of_way = engine().matches(kinds, each, visible(kinds), key, for_staff=sees_more(), is_ranked=each is asked)
        ways.append(f"SELECT * FROM ({sql} LIMIT {looked_at + 1}) way_{len(ways)}")  # noqa: S608
        parameters += of_way
    sql = f"""
        SELECT id, min(closeness) AS closeness, max(score) AS score,
            count(*) OVER () AS looked_at, count(*) OVER (PARTITION BY kind) AS number,
            row_number() OVER (PARTITION BY kind ORDER BY min(closeness), max(score) DESC, max(dated) DESC, id) AS place
        FROM ({" UNION ALL ".join(ways)}) way GROUP BY id, kind"""  # noqa: S608
    return sql, parameters


def _titles(key):
    """What the titles that begin with `key` are looked up by; nothing for so few letters that too many titles do."""
    if len(key) >= SHORTEST_TITLE or (key and is_without_blanks(key)):
        yield Word(title_word(key), is_beginning=True)


# --- Who may find it --------------------------------------------------------------------------------------------------


def visible(kinds) -> Fragment:
    """The condition under which whoever asks may find a document of `kinds`. Visitors find what is public now; a
    preview asks `published()` itself, because it may show drafts, or another moment."""
    if previews.current() is None:
        now = connection.ops.adapt_datetimefield_value(clock.now())
        return Fragment("document.public_from <= %s", (now,))
    queries = [(kind, *kind.records().order_by().values("pk").query.sql_with_params()) for kind in kinds]
    sql = " OR ".join(f"document.kind = {kind.number} AND document.record_id IN ({sql})" for kind, sql, _ in queries)
    return Fragment(f"({sql})", tuple(parameter for *_, parameters in queries for parameter in parameters))


def sees_more() -> bool:
    """Whether the names of what is not public count too: in the previews of staff, not in one that was shared."""
    preview = previews.current()
    return preview is not None and preview.record is None
