"""Rows of a form that somebody else deleted while it was open; Django would refuse the form without saying why."""

import re

from portal.history.records import history_of

MOST = 2000  # rows that Django takes in one form


def with_gone_rows_as_new(data, prefix, rows, key):
    """The posted `data` of the rows `prefix`, in which those that once stood beneath the record with `key`, and no
    longer exist, come after the others and without their number: saving adds them again, unless they are to go."""
    try:
        total, initial = (int(data[f"{prefix}-{name}_FORMS"]) for name in ("TOTAL", "INITIAL"))
        numbers = {place: int(data.get(f"{prefix}-{place}-id") or 0) for place in range(min(initial, MOST))}
    except (KeyError, ValueError):
        return data  # the management form says what is wrong with it
    if not initial <= total <= MOST:
        return data
    gone = _gone(rows, numbers, key)
    if not gone:
        return data
    kept = [place for place in range(total) if place < initial and place not in gone]
    again = [place for place in gone if f"{prefix}-{place}-DELETE" not in data]
    order = {old: new for new, old in enumerate([*kept, *again, *range(initial, total)])}
    changed = data.copy()
    for name in [name for name in data if re.match(rf"{re.escape(prefix)}-\d+-", name)]:
        del changed[name]
    for name in data:
        match = re.fullmatch(rf"{re.escape(prefix)}-(\d+)-(.+)", name)
        if match and (old := int(match[1])) in order:
            is_number = match[2] == "id" and old in gone
            changed.setlist(f"{prefix}-{order[old]}-{match[2]}", [""] if is_number else data.getlist(name))
    changed[f"{prefix}-INITIAL_FORMS"] = str(len(kept))
    changed[f"{prefix}-TOTAL_FORMS"] = str(len(order))
    return changed


def _gone(rows, numbers, key) -> list[int]:
    """The places of those rows that stood beneath the record and no longer exist."""
    wanted = [number for number in numbers.values() if 0 < number < 2**63]
    there = set(rows.model._base_manager.filter(pk__in=wanted).values_list("pk", flat=True))
    missing = [number for number in wanted if number not in there]
    if not missing:
        return []
    history = history_of(rows.model)._base_manager.filter(id__in=missing, **{rows.column: key})
    known = set(history.values_list("id", flat=True))
    return [place for place, number in numbers.items() if number in known]
