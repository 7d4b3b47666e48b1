"""Stored files that no row knows, and rows whose files are missing.

A crash or a refused form leaves files without rows: a file is stored before its row is committed, so that no row ever
points at nothing. Whatever is younger than a day may still get its row.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.core.files.storage import default_storage, storages

from portal.media_in_use import Needed, drawn_pictures, files_in, is_drawn_name, is_ours, needed_by_rows
from portal.media_storage import PRIVATE

DAY = timedelta(days=1)


@dataclass
class Found:
    files: int = 0
    orphans: list[str] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)  # that were uploaded for an import which nobody finished
    missing: list[Needed] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)  # the portal gives no such names


def look() -> Found:
    """Holds the storage against the rows. Files are listed first: whatever is listed has its row by now, or has none
    yet."""
    stored = set(files_in(default_storage))
    found = Found(files=len(stored), foreign=sorted(name for name in stored if not is_ours(name)))
    needed = set()
    for each in needed_by_rows():
        needed.add(each.name)
        if not each.is_history and each.name not in stored and not default_storage.exists(each.name):
            found.missing.append(each)
    if any(map(is_drawn_name, stored)):
        needed.update(drawn_pictures())
    # Masters first: whoever finds one missing makes the narrower versions again as well.
    found.orphans = sorted((stored - needed).difference(found.foreign), key=lambda name: (len(name), name))
    found.sheets = list(files_in(storages[PRIVATE]))
    return found


def remove(found, tell=lambda: None) -> int:
    """Removes orphans and sheets that are older than a day; how many."""
    removed = 0
    for storage, names in ((default_storage, found.orphans), (storages[PRIVATE], found.sheets)):
        for name in names:
            removed += _remove_old(storage, name)
            tell()
    return removed


def _remove_old(storage, name) -> bool:
    try:
        if storage.get_modified_time(name).astimezone(UTC) > datetime.now(UTC) - DAY:
            return False
        storage.delete(name)
    except FileNotFoundError:  # somebody else was quicker
        return False
    return True
