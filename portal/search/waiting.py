"""Keeping the index as the database is. Triggers note every changed row in `Waiting`, whoever changed it and however;
`catch_up` indexes anew what depends on these rows.

One process at a time takes rows and writes documents. What a transaction takes it also indexes: nothing is lost when it
fails, and nothing older is ever written over something newer.
"""

import logging
import time
from collections import defaultdict
from contextlib import contextmanager

from django.db import DatabaseError, OperationalError, connection, transaction
from django.utils import timezone

from portal import clock
from portal.search.dependencies import ways_to
from portal.search.documents import Calendar, documents_of
from portal.search.engines import engine
from portal.search.kinds import registered
from portal.search.models import Document, Waiting
from portal.search.spelling import learn

TOGETHER = 500  # rows, or documents, in one transaction
PATIENCE = 3.0  # seconds that a search spends on what waits, before it answers from what is indexed
ADVISORY_LOCK = 0x5EA2C4  # any number that nothing else in the database uses

logger = logging.getLogger(__name__)


class Busy(OperationalError):  # noqa: N818
    """Somebody else is writing, and it was not worth waiting for them."""


def is_behind() -> bool:
    """Whether anything waits: a changed row, or a document with a name that has become public."""
    due = connection.ops.adapt_datetimefield_value(_present())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM search_waiting)"
            " OR EXISTS (SELECT 1 FROM search_document WHERE review_at <= %s)",
            [due],
        )
        return bool(cursor.fetchone()[0])


def _present():
    return min(clock.now(), timezone.now())


def catch_up(patience=PATIENCE) -> bool:
    """Indexes what waits, for at most `patience` seconds; whether nothing waits any more. What cannot be written now,
    because somebody else is writing or the database is only read, waits on."""
    end = time.monotonic() + patience
    try:
        while is_behind():
            if time.monotonic() > end:
                return False
            index_some()
    except DatabaseError as problem:
        logger.info("The search answers from what is indexed: %s", problem)
        return False
    return True


def index_some(*, patiently=False) -> int:
    """Takes some of what waits and indexes it, in one transaction; returns how many documents. `patiently`: waits for
    whoever is writing, as any change does."""
    with the_only_writer(patiently):
        documents = _take()
        now, later = documents[:TOGETHER], documents[TOGETHER:]
        Waiting.objects.bulk_create(
            [Waiting(source=kind.model._meta.db_table, key=pk, is_document=True) for kind, pk in later], TOGETHER
        )
        _index(now)
    return len(now)


@contextmanager
def the_only_writer(patiently):
    if connection.vendor == "postgresql":
        with transaction.atomic():
            _lock(patiently)
            yield
    elif patiently or connection.in_atomic_block:  # which has the lock of the file already
        with transaction.atomic():
            yield
    else:
        with _short_of_patience(), transaction.atomic():
            yield


def _lock(patiently):
    """The lock ends with the transaction."""
    with connection.cursor() as cursor:
        for _ in range(20):
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ADVISORY_LOCK])
            if cursor.fetchone()[0]:
                return
            time.sleep(0.05)
        if not patiently:
            raise Busy("another process keeps the index")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])


@contextmanager
def _short_of_patience():
    """SQLite has one writer at a time, and waits twenty seconds for a long one: a search does not."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {int(connection.settings_dict['OPTIONS'].get('timeout', 5) * 1000)}")


# --- Which documents --------------------------------------------------------------------------------------------------


def _take() -> list:
    """The documents that some of the waiting rows concern, as pairs of a kind and a key; the rows are gone then."""
    rows = list(Waiting.objects.order_by("pk")[:TOGETHER])
    Waiting.objects.filter(pk__in=[row.pk for row in rows]).delete()
    due = Document.objects.filter(review_at__lte=_present()).order_by("pk").values_list("kind", "record_id")[:TOGETHER]
    numbers = {kind.number: kind for kind in registered()}
    found = {(numbers[number], pk): None for number, pk in due if number in numbers}
    changed = defaultdict(set)
    for row in rows:
        changed[row.source, row.is_document].add(row.key)
    for (source, is_document), keys in changed.items():
        for kind, paths in ways_to(source):
            for path in paths:
                if not path:
                    found |= {(kind, key): None for key in keys}
                elif not is_document:
                    found |= {(kind, key): None for key in _keys_by(kind, path, keys)}
    return list(found)


def _keys_by(kind, path, keys):
    rows = kind.model._base_manager.filter(**{f"{path}__in": keys})
    return rows.order_by().values_list("pk", flat=True).distinct()


def _index(documents):
    by_kind = defaultdict(list)
    for kind, pk in documents:
        by_kind[kind].append(pk)
    calendar = Calendar() if documents else None
    for kind, keys in by_kind.items():
        index(kind, keys, calendar)


def index(kind, keys, calendar):
    """Writes the documents of `kind` for the records with these keys, and removes those of records that are gone."""
    documents = documents_of(kind, keys, calendar)
    before = Document.objects.filter(kind=kind.number, record_id__in=keys)
    engine().forget({*before.values_list("pk", flat=True), *map(kind.key_of, keys)})  # also words without a document
    before.delete()
    for document, words in documents:
        for name, value in engine().values_of(words).items():
            setattr(document, name, value)
    Document.objects.bulk_create([document for document, _words in documents], batch_size=TOGETHER)
    engine().write([(document.pk, words) for document, words in documents])
    learn(word for _document, words in documents for word in words.shown["A"])
