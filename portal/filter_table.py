"""Which rows of a filtered list match which filters: found out once for each content generation (`portal.facets`), and
from then on asked without a query.

No index can count a hundred thousand rows under conditions. So whatever is filtered has a place, one bit each: what a
choice finds is a number with the bits of its places set, two choices together are one `&`, and counting is one call.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import compress, islice

from django.db.models import Exists, OuterRef

from portal.fields import columns

LEVELS = 5  # of what lies inside one another: plant, park, larger park, town, district
SPARSE = 32  # of so many rows, one: then the list of its places is shorter than a bit for each


class FilterTable:
    """What the rows of a list, known by their `keys`, can be filtered by.

    `said` holds for each filter what is said of the rows: (key, value) or (key, value, what the value is called in each
    language), as often as there is something to say. Of what has no row, nothing is kept. Where a row is found by its
    parts (a speaker by one appearance), `parts` are pairs (key of the part, key of the row), and `said` names parts.
    """

    def __init__(
        self,
        keys: Sequence[int],
        said: Mapping[str, Iterable[tuple]],
        parts: Iterable[tuple[int, int]] | None = None,
    ):
        places = {key: place for place, key in enumerate(keys)}
        self._rows, self._row_of_part = len(keys), None
        if parts is not None:
            known = [(part, places[row]) for part, row in parts if row in places]
            places = {part: place for place, (part, _row) in enumerate(known)}
            self._row_of_part = array("L", (row for _part, row in known))
        self._size = len(places)
        self._choices = {name: _choices(rows, places, self._size) for name, rows in said.items()}
        self.offered = {name: self._counted(name, None) for name in self._choices}

    def has(self, name, value) -> bool:
        """Whether some row has this value."""
        return value in self._choices[name]

    def called(self, name, value) -> tuple[str, ...]:
        """What a value that some row has is called in each language; empty texts where it says so itself."""
        return self._choices[name][value].labels

    def counts(self, on) -> dict[str, list[tuple]]:
        """The choices of each filter as (value, what it is called in each language, number of rows), each filter
        counted under the others that are `on`; all of them (`offered`) where none is."""
        return {name: self._counted(name, self._found({**on, name: None})) for name in self._choices}

    def marks(self, on) -> bytes:
        """One byte for each row, in their order: 1 where it matches every filter that is `on`, else 0."""
        found = self._found(on)
        if self._row_of_part is None:
            return _marks(found, self._size)
        marks = bytearray(self._rows)
        for row in compress(self._row_of_part, _marks(found, self._size)):
            marks[row] = 1
        return bytes(marks)

    def _found(self, on) -> int | None:
        """The places that match; None for all of them."""
        found = None
        for name, value in on.items():
            if value is not None:
                choice = self._choices[name].get(value)
                places = choice.bits if choice else 0
                found = places if found is None else found & places
        return found

    def _counted(self, name, found):
        choices = self._choices[name].items()
        if found is None and self._row_of_part is None:
            return [(value, *choice.labels, choice.size) for value, choice in choices]
        among = _Among(found, self._size)
        count = among.count if self._row_of_part is None else self._rows_in(among)
        counted = ((value, choice.labels, count(choice)) for value, choice in choices)
        return [(value, *labels, number) for value, labels, number in counted if number]

    def _rows_in(self, among):
        row_of = self._row_of_part.__getitem__
        return lambda choice: len(set(map(row_of, among.places(choice))))


class Rows:
    """The rows of a list, in its order: `columns` are their keys and what else is remembered of each. With `marks` only
    those that are marked; those with the keys `pinned` first."""

    def __init__(self, columns: Sequence[Sequence], marks: bytes | None = None, pinned: Iterable[int] = ()):
        self._columns, self._marks = columns, marks
        places = map(columns[0].index, pinned)
        self._pinned = [place for place in places if marks is None or marks[place]]

    def __len__(self):
        return len(self._columns[0]) if self._marks is None else sum(self._marks)

    def part(self, start, stop) -> list[list]:
        """The columns of a slice of the rows."""
        places = list(islice(self._places(), start, stop))
        return [[column[place] for place in places] for column in self._columns]

    def _places(self):
        yield from self._pinned
        everything = range(len(self._columns[0]))
        others = everything if self._marks is None else compress(everything, self._marks)
        yield from (place for place in others if place not in self._pinned) if self._pinned else others


class _Choice:
    """What one choice is called, and the places it finds: a list of them where they are few, else a bit for each."""

    __slots__ = ("_bits", "few", "labels", "size")

    def __init__(self, labels, places, room):
        self.labels, self.size = labels, len(places)
        self.few = array("L", sorted(places)) if self.size * SPARSE < room else None
        self._bits = _as_bits(places) if self.few is None else None

    @property
    def bits(self) -> int:
        return _as_bits(self.few) if self._bits is None else self._bits


class _Among:
    """Some of all places (`found`; None for all), and what of a choice is among them."""

    def __init__(self, found, size):
        self._bits, self._size = ((1 << size) - 1 if found is None else found), size
        self._marks = _marks(found, size)

    def count(self, choice) -> int:
        if choice.few is None:
            return (choice.bits & self._bits).bit_count()
        return sum(map(self._marks.__getitem__, choice.few))

    def places(self, choice):
        if choice.few is None:
            return compress(range(self._size), _marks(choice.bits & self._bits, self._size))
        return filter(self._marks.__getitem__, choice.few)


def _choices(rows, places, room) -> dict[str, _Choice]:
    found, labels = defaultdict(set), {}
    for key, value, *called in rows:
        place = places.get(key)
        if place is not None:
            found[value].add(place)
            labels[value] = called
    return {value: _Choice(tuple(labels[value]) or ("", ""), some, room) for value, some in found.items()}


def _as_bits(places) -> int:
    marks = bytearray(max(places) // 8 + 1 if places else 0)
    for place in places:
        marks[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(marks, "little")


_ZERO_OR_ONE = bytes(int(chr(code) == "1") for code in range(256))


def _marks(bits, size) -> bytes:
    """A byte for each place, 0 or 1: what `compress` takes. Of all places, where `bits` is None."""
    if bits is None:
        return b"\x01" * size
    digits = bin(bits | 1 << size)  # of which the first stands for no place
    return digits[:2:-1].encode().translate(_ZERO_OR_ONE)


def inside_each_other(records, above, pairs) -> Iterable[tuple]:
    """What is said of whatever belongs to public `records`, which lie inside one another by the foreign key `above`:
    it belongs to each that lies around its own. `pairs` are (key of what belongs, key of its record). They are put
    together here: asked of each record in turn, a hundred thousand rows take the database half a minute."""
    is_public = Exists(records.order_by().filter(pk=OuterRef("pk")))
    everything = records.model.objects.order_by().annotate(is_public=is_public)
    around, named = {}, {}
    for pk, outer, is_named, *said in everything.values_list("pk", above, "is_public", "slug", *columns("name")):
        around[pk] = outer
        if is_named:
            named[pk] = said
    chains: dict[int, list] = {}
    for member, key in pairs:
        if key not in chains:
            chains[key] = [named[each] for each in _chain(key, around) if each in named]
        for said in chains[key]:
            yield member, *said


def _chain(key, around):
    for _level in range(LEVELS):
        if key is None:
            return
        yield key
        key = around.get(key)
