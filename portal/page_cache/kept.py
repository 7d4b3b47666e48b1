"""What is asked for by every page and found out once for each generation of the data."""

from portal import previews
from portal.page_cache import generation, moments
from portal.page_cache.store import Entry, size_of, values


def kept(key, compute):
    """The value of `compute()`, which can be pickled: found out once, and anew after any committed change and when
    something is published. In a preview, in a transaction, which may have changes of its own, and without a database,
    it is found out each time. Keys are ours; what a visitor typed is no part of one."""
    number = None if previews.current() else generation.current()
    if number is None:
        return compute()
    key = f"value {key}"
    entry = values.fetch(key, number)
    if entry is None:
        with values.making(key, number):  # it may take seconds, which many must not spend at once
            entry = values.fetch(key, number) or _found_out(key, number, compute)
    return entry.value


def _found_out(key, number, compute) -> Entry:
    value = compute()
    entry = Entry(number, moments.next_moment(number), value, size_of(value))
    values.put(key, entry)
    return entry
