"""SQLite: the words in an FTS5 table with a column for each weight, ranked by bm25.

The row of a document has its key; what previews find it by, where that is more, stands in a row with the key below
zero. `tokenize=ascii` takes every character beyond ASCII for a letter, so that words stay as `words` made them.
"""

from django.db import connection

from portal.search.expressions import All, Word
from portal.search.kinds import MOST_KINDS
from portal.triggers import Trigger

COLUMNS = ("a", "b", "c", "d", "sounds")
WEIGHTS = "3.0, 0.3, 0.15, 0.08, 0.05"  # small, because bm25 hardly tells large ones apart

TABLE = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS search_words "
    f"USING fts5({', '.join(COLUMNS)}, tokenize = 'ascii', prefix = '2 3')"
)


def install(cursor, kinds):
    cursor.execute(TABLE)


# --- Words ------------------------------------------------------------------------------------------------------------


def values_of(words) -> dict[str, str]:
    """The columns of `Document` that hold its words: none, they are written by `write`."""
    return {}


def write(entries):
    """Keeps the words of documents: pairs of a key, of which nothing is kept, and `documents.Words`."""
    rows = [(key, *columns) for key, words in entries for key, columns in _rows(key, words)]
    marks = ", ".join("%s" for _ in range(len(COLUMNS) + 1))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO search_words (rowid, {', '.join(COLUMNS)}) VALUES ({marks})", rows)  # noqa: S608


def _rows(key, words):
    kind = _word_of_kind(key % MOST_KINDS)
    yield key, _columns(words.shown, kind)
    if words.for_staff:
        yield -key, _columns(words.for_staff, kind)


def _columns(by_weight, kind):
    return [" ".join(by_weight[weight]) for weight in "ABCD"] + [" ".join([*by_weight["sounds"], kind])]


def forget(keys):
    with connection.cursor() as cursor:
        cursor.executemany(
            "DELETE FROM search_words WHERE rowid = %s", [(each,) for key in keys for each in (key, -key)]
        )


def forget_all():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_words")


def tidy():
    """After everything was written anew: one piece of index instead of many."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO search_words (search_words) VALUES ('optimize')")


# --- Looking up -------------------------------------------------------------------------------------------------------


def written(asked) -> str:
    """What is asked for in the language of FTS5. Every word stands in quotes, and holds none."""
    if isinstance(asked, Word):
        return f'"{asked.text}"*' if asked.is_beginning else f'"{asked.text}"'
    sign = " AND " if isinstance(asked, All) else " OR "
    return f"({sign.join(map(written, asked.parts))})"


AT_ONCE = True  # for bm25, FTS5 counts all documents that have one of the words, each time it is asked: once is enough


def matches(kinds, asked, condition, key, *, for_staff=False, is_ranked=True):
    """SQL, and its parameters, for the documents of `kinds`, one or all, that match what is asked for and meet
    `condition`: id, kind, score, closeness (0 where a title has this `key`, 1 where it begins so, else 2), dated."""
    score = f"-bm25(search_words, {WEIGHTS})" if is_ranked else "0"
    sql = f"""
        SELECT document.id AS id, document.kind AS kind, {score} AS score, CASE
            WHEN instr(document.names, %s) THEN 0 WHEN instr(document.names, %s) THEN 1 ELSE 2
            END AS closeness, document.dated AS dated
        FROM search_words CROSS JOIN search_document document ON document.id = abs(search_words.rowid)
        WHERE search_words MATCH %s AND {"true" if for_staff else "search_words.rowid > 0"} AND {condition.sql}"""  # noqa: S608
    if len(kinds) == 1:
        asked = All((asked, Word(_word_of_kind(kinds[0].number))))
    return sql, [f"\n{key}\n", f"\n{key}", written(asked), *condition.parameters]


def _word_of_kind(number) -> str:
    """The word that every document of a kind has: it begins with a letter of private use, which no text keeps."""
    return f"\ue001{number}"


# --- Following changes ------------------------------------------------------------------------------------------------


def triggers(watched):
    """The triggers that note changes of a table: one for each kind of change."""
    for moment, versions in (("INSERT", ["NEW"]), ("UPDATE", ["NEW", "OLD"]), ("DELETE", ["OLD"])):
        notes = [
            f"INSERT INTO search_waiting (source, key, is_document) SELECT '{source}', {version}.{column}, 0"
            f" WHERE {version}.{column} IS NOT NULL"
            + (f" AND NEW.{column} IS NOT OLD.{column}" if versions == ["NEW", "OLD"] and version == "OLD" else "")
            for version in versions
            for source, column in watched.notes
        ]
        sql = f"CREATE TRIGGER {{name}} AFTER {moment} ON {watched.table} BEGIN {'; '.join(notes)}; END"
        yield Trigger(watched.table, moment, sql)
