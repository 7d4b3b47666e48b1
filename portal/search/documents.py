"""A record as it is indexed: what it says, by weight, and since when visitors may find it.

Names of other records count from the moment at which visitors may see these too. What only staff see in previews is
kept apart, and no visitor's query ever looks there.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape

from django.utils import timezone
from django.utils.html import strip_tags

from portal import clock, previews
from portal.prose import is_prose
from portal.publishing import publishable_models
from portal.search.dependencies import joined
from portal.search.kinds import languages_of
from portal.search.models import Document
from portal.search.words import key_of, sounds_in, title_word, words_in

IN_THE_END = datetime(9000, 1, 1, tzinfo=UTC)  # when all that is scheduled is public
LONGEST_DATE = 10


@dataclass
class Words:
    """The words of a document by weight ("A" to "D", and "sounds"): those that visitors find it by, and, where these
    are not all, the ones that previews find it by."""

    shown: dict[str, dict]
    for_staff: dict[str, dict] = field(default_factory=dict)


@dataclass(frozen=True)
class Text:
    """One text of a record: `language` is empty where it is the same in all."""

    language: str
    text: str


def visitors_at(moment):
    """A block that sees what visitors see at `moment`, whoever runs it."""
    return previews.showing(previews.Preview(moment=moment))


class Calendar:
    """The present, and the moments to come at which something is published."""

    def __init__(self):
        self.present = min(clock.now(), timezone.now())  # a preview may look ahead; the index stays in the present
        rows = [
            model.objects.filter(published_at__gt=self.present).order_by().values_list("published_at", flat=True)
            for model in publishable_models()
        ]
        self.moments = sorted(set(rows[0].union(*rows[1:])))

    def next_after(self, moment):
        return next((each for each in self.moments if each > moment), None)


# --- Since when -------------------------------------------------------------------------------------------------------


def public_since(kind, records, calendar) -> dict[int, datetime]:
    """Since when visitors may find each of `records`, by their keys; what they never may is left out. Exact for the
    future; of what is public already it is the moment of its own publication."""

    def public_at(moment, keys):
        with visitors_at(moment):
            return set(kind.records().order_by().filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()

    own = {record.pk: record.published_at for record in records}
    since = {pk: own[pk] for pk in public_at(calendar.present, list(own))}
    if calendar.moments:
        later = public_at(IN_THE_END, [pk for pk, moment in own.items() if moment and pk not in since])
        since |= _first_public(later, calendar.moments, public_at)
    return since


def _first_public(keys, moments, public_at):
    """The first of `moments` at which each of `keys` is public: all are at the last, and what is public stays so."""
    if not keys or len(moments) == 1:
        return dict.fromkeys(keys, moments[0])
    half = len(moments) // 2
    early = public_at(moments[half - 1], list(keys))
    return _first_public(early, moments[:half], public_at) | _first_public(keys - early, moments[half:], public_at)


# --- What it says -----------------------------------------------------------------------------------------------------


def documents_of(kind, keys, calendar) -> list[tuple[Document, Words]]:
    """The records of `kind` with these keys as they are indexed; what is gone is left out."""
    records = list(kind.model._base_manager.filter(pk__in=keys))
    since = public_since(kind, records, calendar)
    by_moment = defaultdict(list)
    for record in records:
        by_moment[max(calendar.present, since.get(record.pk) or calendar.present)].append(record)
    return [
        _document(kind, record, since.get(record.pk), moment, related, calendar)
        for moment, some in by_moment.items()
        for related in [Related(kind, [record.pk for record in some], moment, calendar)]
        for record in some
    ]


def _document(kind, record, since, moment, related, calendar):
    searched = kind.searched_in
    texts, more = defaultdict(list), defaultdict(list)
    for weight, paths in searched.weights.items():
        for path in paths:
            own = _texts_of(record, path) if "__" not in path else []
            texts[weight] += [*own, *related.shown[record.pk, path]]
            more[weight] += related.hidden[record.pk, path]
    names = dict.fromkeys(key for each in texts["A"] if (key := key_of(each.text)))
    words = Words(_words(texts))
    if any(more.values()):
        words.for_staff = _words({weight: texts[weight] + more[weight] for weight in texts})
    document = Document(
        id=kind.key_of(record.pk),
        kind=kind.number,
        record_id=record.pk,
        public_from=since,
        review_at=calendar.next_after(moment) if record.pk in related.changing else None,
        dated=_latest(record, searched.dated, related),
        names="\n" + "".join(f"{key}\n" for key in names),
        related=[[each.language, each.text] for each in _without_repeats(texts["B"])],
    )
    return document, words


def _words(texts) -> dict[str, dict]:
    """The words of texts by weight. Of a title also the whole, so that what begins or reads so is found first."""
    by_weight = {weight: _words_in(texts[weight]) for weight in "ABCD"}
    by_weight["A"] |= {title_word(key): None for each in texts["A"] if (key := key_of(each.text))}
    by_weight["sounds"] = {sound: None for each in texts["A"] for sound in sounds_in(each.text)}
    return by_weight


def _words_in(texts):
    return {word: None for each in texts for word in words_in(each.text)}


def _without_repeats(texts):
    return dict.fromkeys(each for each in texts if each.text)


def _latest(record, path, related) -> str:
    if not path:
        return ""
    if "__" not in path:
        return str(getattr(record, path) or "")[:LONGEST_DATE]
    return max((each.text[:LONGEST_DATE] for each in related.shown[record.pk, path]), default="")


def _texts_of(record, name):
    for column, language in languages_of(type(record), name).items():
        if text := getattr(record, column):
            yield Text(language, plain(type(record), name, text))


def plain(model, name, text) -> str:
    """A stored text without its markup."""
    return unescape(strip_tags(text)) if is_prose(model, name) else str(text)


class Related:
    """The texts of other records that records of `kind` are found by: those that visitors see at `moment`, and those
    they do not. `changing` are the keys of the records of which visitors will see more later."""

    def __init__(self, kind, keys, moment, calendar):
        self.shown, self.hidden, self.changing = defaultdict(list), defaultdict(list), set()
        self.kind, self.keys, self.moment, self.calendar = kind, keys, moment, calendar
        searched = kind.searched_in
        paths = [path for paths in searched.weights.values() for path in paths] + [searched.dated]
        by_relation = defaultdict(list)
        for path in dict.fromkeys(path for path in paths if "__" in path):
            relations, _, name = path.rpartition("__")
            by_relation[relations].append(name)
        for relations, names in by_relation.items():
            self._read(relations, names)

    def _read(self, relations, names):
        steps, models = [], []
        model = self.kind.model
        for step in relations.split("__"):
            model = model._meta.get_field(step).related_model
            steps.append(joined(steps[-1] if steps else "", step))
            models.append(model)
        stored = {name: languages_of(model, name) for name in names}
        asked = [f"{step}__pk" for step in steps]
        asked += [joined(relations, column) for columns_ in stored.values() for column in columns_]
        rows = self.kind.model._base_manager.filter(pk__in=self.keys, **{f"{steps[-1]}__isnull": False})
        rows = list(rows.order_by(*asked).values_list("pk", *asked))
        seen = [self._seen(each, {row[at] for row in rows}) for at, each in enumerate(models, 1)]
        for pk, *values in rows:
            self._sort(pk, relations, model, stored, list(zip(seen, values, strict=False)), values[len(steps) :])

    def _sort(self, pk, relations, model, stored, on_the_way, values):
        now = all(key in present for (present, _later), key in on_the_way)
        if not now and all(key in later for (_present, later), key in on_the_way):
            self.changing.add(pk)
        values = iter(values)
        for name, by_column in stored.items():
            for language in by_column.values():
                if text := next(values):
                    place = self.shown if now else self.hidden
                    place[pk, joined(relations, name)].append(Text(language, plain(model, name, text)))

    def _seen(self, model, keys):
        """Of `keys` of `model` those that visitors see at the moment, and those they see in the end."""
        if not hasattr(model.objects, "published"):
            return keys, keys

        def public():
            return set(model.objects.published().order_by().filter(pk__in=keys).values_list("pk", flat=True))

        with visitors_at(self.moment):
            present = public()
        if present == keys or not self.calendar.next_after(self.moment):
            return present, present
        with visitors_at(IN_THE_END):
            return present, public()
