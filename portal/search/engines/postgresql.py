"""PostgreSQL: the words as a `tsvector` in the row of the document, with GIN indexes, ranked by `ts_rank`.

Long texts are matched and not ranked: their vectors are too long to be read for each of a thousand documents. The
vectors are put together here, word by word: the parsers of PostgreSQL would take the words apart again.
"""

from django.db import connection

from portal.search.expressions import All, Word
from portal.search.words import title_word
from portal.triggers import Trigger

WEIGHTS = "{0.02, 0.1, 0.3, 1.0}"  # D to A
MOST_WORDS = 30_000  # a vector holds one megabyte


def install(cursor, kinds):
    cursor.execute(
        "SELECT attstorage FROM pg_attribute WHERE attrelid = 'search_document'::regclass AND attname = 'words'"
    )
    if cursor.fetchone()[0] != "e":
        # What is only matched, which the index does, need not be read with the row; what is ranked must be.
        cursor.execute("ALTER TABLE search_document ALTER words SET STORAGE EXTERNAL")
        cursor.execute("ALTER TABLE search_document ALTER weighty_words SET STORAGE MAIN")
        # Guessing from statistics how many documents have a word takes longer than looking.
        cursor.execute("ALTER TABLE search_document ALTER words SET STATISTICS 0")
    cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'search_document'")
    existing = {name for (name,) in cursor.fetchall()}
    for kind in kinds:
        if (name := f"search_words_of_kind_{kind.number}") not in existing:
            cursor.execute(
                f"CREATE INDEX {name} ON search_document USING gin (words) WITH (fastupdate = off)"
                f" WHERE kind = {kind.number}"
            )


# --- Words ------------------------------------------------------------------------------------------------------------


def values_of(words) -> dict[str, str]:
    """The columns of `Document` that hold its words."""
    return {
        "words": _vector(words.shown),
        "weighty_words": _vector({weight: words.shown[weight] for weight in "ABC"}),
        "words_for_staff": _vector(words.for_staff) if words.for_staff else "",
    }


def _vector(by_weight) -> str:
    positions = {}
    for weight, words in by_weight.items():
        for word in words:
            positions.setdefault(word, []).append(weight if len(weight) == 1 else "D")
    some = list(positions.items())[:MOST_WORDS]
    return " ".join(
        f"'{word}':" + ",".join(f"{at}{weight}" for at, weight in enumerate(dict.fromkeys(weights), 1))
        for word, weights in some
    )


def write(entries):
    """Nothing more: the words are columns of the document."""


def forget(keys):
    """Nothing more: the words went with the document."""


def forget_all():
    """Nothing more: the words went with the documents."""


def tidy():
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_document, search_variant")


# --- Looking up -------------------------------------------------------------------------------------------------------


def written(asked) -> str:
    """What is asked for as a `tsquery`. Every word stands in quotes, and holds none."""
    if isinstance(asked, Word):
        return f"'{asked.text}':*" if asked.is_beginning else f"'{asked.text}'"
    sign = " & " if isinstance(asked, All) else " | "
    return f"({sign.join(map(written, asked.parts))})"


def _any_of(asked) -> str:
    """All words of what is asked for, any of which counts: of words that must all occur PostgreSQL ranks how near they
    stand to each other, and the vectors keep no places."""
    if isinstance(asked, Word):
        return written(asked)
    return " | ".join(dict.fromkeys(map(_any_of, asked.parts)))


AT_ONCE = False  # kinds are looked up one by one: each has an index of its own


def matches(kinds, asked, condition, key, *, for_staff=False, is_ranked=True):
    """SQL, and its parameters, for the documents of `kinds` that match what is asked for and meet `condition`: id,
    kind, score, closeness (0 where a title has this `key`, 1 where it begins so, else 2), dated."""
    words = "(document.words || document.words_for_staff)" if for_staff else "document.words"
    score = f"ts_rank('{WEIGHTS}', document.weighty_words, %s::tsquery)" if is_ranked else "0"
    title = title_word(key)
    sql = f"""
        SELECT document.id AS id, document.kind AS kind, {score} AS score, CASE
            WHEN document.weighty_words @@ %s::tsquery THEN 0 WHEN document.weighty_words @@ %s::tsquery THEN 1 ELSE 2
            END AS closeness, document.dated AS dated
        FROM search_document document
        WHERE document.kind IN ({_numbers(kinds)}) AND {words} @@ %s::tsquery AND {condition.sql}"""  # noqa: S608 (ours)
    titles = [written(Word(title)), written(Word(title, is_beginning=True))]
    rank = [_any_of(asked)] if is_ranked else []
    return sql, [*rank, *titles, written(asked), *condition.parameters]


def _numbers(kinds) -> str:
    return ", ".join(str(kind.number) for kind in kinds)


# --- Following changes ------------------------------------------------------------------------------------------------


def triggers(watched):
    """The triggers that note changes of a table: one for each kind of statement, so that a bulk change of many
    rows runs each once."""
    for moment, versions in (("INSERT", ["new"]), ("UPDATE", ["new", "old"]), ("DELETE", ["old"])):
        rows = " UNION ".join(
            f"SELECT '{source}', {column}, false FROM search_{version} WHERE {column} IS NOT NULL"  # noqa: S608
            for version in versions
            for source, column in watched.notes
        )
        tables = " ".join(f"{version.upper()} TABLE AS search_{version}" for version in versions)
        sql = (
            "CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"INSERT INTO search_waiting (source, key, is_document) {rows}; RETURN NULL; END $$; "
            f"CREATE TRIGGER {{name}} AFTER {moment} ON {watched.table} REFERENCING {tables} "
            "FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )
        yield Trigger(watched.table, moment, sql)
