"""Releases: one folder of files after the other, of which one is current.

    DIR/building/          the next one, while it is made; whatever is left of a broken run is deleted by the next
    DIR/releases/<moment>/ site/ (the files), nginx/ (what nginx must know), errors/, addresses.json
    DIR/current            a link to one of them, replaced in one step: no visitor sees half a site
    DIR/made.json          of which generation of the data the current one was made, and until when it is true

A file that has not changed is the same file in both releases (a hard link), with its time and so its ETag.
"""

import fcntl
import gzip
import json
import os
import re
import shutil
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from portal.static_site.comparing import say_the_same

KEPT = 2  # releases: the current one and the one before
COMPRESSED = re.compile(r"text/|.*[/+](json|xml|javascript|x-icon)\b")
WORTH_COMPRESSING = 256  # bytes


class BusyError(Exception):
    """Somebody else publishes to this folder at this moment."""


class NotAFolderError(Exception):
    """The folder holds something else under one of our names."""


class Releases:
    def __init__(self, folder):
        self.folder = Path(folder).absolute()
        self.current = self.folder / "current"
        self.building = self.folder / "building"
        self.all = self.folder / "releases"

    @contextmanager
    def locked(self):
        """Runs the block as the only publication to this folder, after removing what a broken one has left. Nothing
        half-made outlives it."""
        if self.current.exists() and not self.current.is_symlink():
            raise NotAFolderError(self.current)
        self.all.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise BusyError from None
            self._tidy()
            self.building.mkdir()
            try:
                yield
            finally:
                self._tidy()

    def _tidy(self):
        """Removes what is no release, or too old a one."""
        shutil.rmtree(self.building, ignore_errors=True)
        (self.folder / "current.new").unlink(missing_ok=True)
        served = self.current.resolve() if self.current.exists() else None
        others = sorted((each for each in self.all.iterdir() if each != served), reverse=True)
        for each in others[KEPT - 1 if served else KEPT :]:
            shutil.rmtree(each, ignore_errors=True)

    def write(self, name, content: bytes, content_type="") -> bool:
        """Puts `content` into the release that is made, under `name`, with a compressed file beside it; whether it has
        changed since the current one."""
        new, old = self.building / name, self.current / name
        new.parent.mkdir(parents=True, exist_ok=True)
        if old.is_file() and say_the_same(old.read_bytes(), content, content_type):
            os.link(old, new)
            if _zipped(old).exists():
                os.link(_zipped(old), _zipped(new))
            return False
        new.write_bytes(content)
        files = [new]
        if len(content) >= WORTH_COMPRESSING and COMPRESSED.match(content_type):
            _zipped(new).write_bytes(gzip.compress(content, compresslevel=9, mtime=0))
            files.append(_zipped(new))
        moment = max(time.time(), old.stat().st_mtime + 1 if old.exists() else 0)
        for file in files:  # nginx makes the ETag of time and size: two states never share one
            os.utime(file, (moment, moment))
        return True

    def twin(self, name, other):
        """The file `name` of the release that is made, under one more name."""
        new = self.building / other
        new.parent.mkdir(parents=True, exist_ok=True)
        os.link(self.building / name, new)
        if _zipped(self.building / name).exists():
            os.link(_zipped(self.building / name), _zipped(new))

    @property
    def said(self) -> dict:
        """What was said of the current release when it was made (`say`); nothing where there is none."""
        try:
            return json.loads((self.folder / "made.json").read_text()) if self.current.exists() else {}
        except (OSError, ValueError):
            return {}

    def say(self, **facts):
        """Says of the current release of what it was made."""
        new = self.folder / "made.json.new"
        new.write_text(json.dumps(facts))
        new.replace(self.folder / "made.json")

    def names(self, release) -> set[str]:
        return {str(each.relative_to(release)) for each in release.rglob("*") if each.is_file()}

    def is_as_current(self) -> bool:
        """Whether the release that is made has the files of the current one, none changed."""
        if not self.current.exists():
            return False
        made = self.names(self.building)
        return made == self.names(self.current.resolve()) and all(
            (self.building / name).samefile(self.current / name) for name in made
        )

    def switch(self) -> Path:
        """Makes what was built the current release, in one step."""
        os.sync()  # a power cut after the switch must not leave empty files behind
        release = self.all / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}"
        self.building.rename(release)
        link = self.folder / "current.new"
        link.symlink_to(release.relative_to(self.folder))
        os.replace(link, self.current)  # noqa: PTH105 (the atomic step, said as such)
        return release


def _zipped(path) -> Path:
    return path.with_name(f"{path.name}.gz")
