"""The folder that backups lie in, each whole and by itself:

    DIR/2026-11-23T030502Z/     manifest.json, database.sqlite3 or database.dump, media/…
    DIR/unfinished/             the one that is being made; what a killed run has left is removed by the next

An upload that an earlier backup has already is the same file in both (a hard link): it takes no room twice, and every
backup can be copied, read and deleted without the others.
"""

import fcntl
import os
import re
import shutil
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from portal.backup import BackupError
from portal.backup.manifest import NAME

UNFINISHED = "unfinished"
_DATED = re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z")


class Folder:
    def __init__(self, path):
        self.path = Path(path).absolute()
        self.unfinished = self.path / UNFINISHED

    def refuse_where_it_is_served(self):
        """Uploads and static files are handed out to everybody, and swept."""
        for name in ("MEDIA_ROOT", "STATIC_ROOT"):
            served = Path(getattr(settings, name)).absolute()
            if self.path.resolve().is_relative_to(served.resolve()):
                raise BackupError(f"{self.path} lies in {name} ({served}), from where visitors get files.")

    def backups(self) -> list[Path]:
        """The finished ones, the oldest first."""
        dated = self.path.iterdir() if self.path.is_dir() else []
        return sorted(each for each in dated if _DATED.fullmatch(each.name) and (each / NAME).is_file())

    def newest(self) -> Path:
        """The newest backup here; the folder itself where it is one."""
        if (self.path / NAME).is_file():
            return self.path
        if found := self.backups():
            return found[-1]
        raise BackupError(f"There is no backup in {self.path}.")

    @contextmanager
    def making(self):
        """Yields the folder for a new backup, for one maker at a time; removes it where there is one afterwards."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.path / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BackupError(f"Another backup to {self.path} is being made.") from None
            shutil.rmtree(self.unfinished, ignore_errors=True)
            self.unfinished.mkdir(mode=0o700)
            try:
                yield self.unfinished
            finally:
                shutil.rmtree(self.unfinished, ignore_errors=True)

    def finish(self) -> Path:
        """Lets the backup that was made appear, whole, under its date."""
        os.sync()  # a power cut afterwards must not leave empty files behind
        finished = self.path / f"{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}"
        if finished.exists():
            raise BackupError(f"{finished} is there already: one backup in a second is enough.")
        self.unfinished.rename(finished)
        _sync(self.path)
        return finished

    def keep(self, number) -> list[Path]:
        """Removes all but the newest `number` of backups; which were removed."""
        old = self.backups()[:-number]
        for each in old:
            each.rename(self.unfinished)  # half a backup must not look like one
            shutil.rmtree(self.unfinished)
        return old


def _sync(folder):
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
