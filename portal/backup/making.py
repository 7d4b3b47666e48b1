"""Making a backup: the database as of one moment, then every upload, then the manifest; then all of it appears."""

import errno
import hashlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from portal.backup import BackupError, databases
from portal.backup.folder import Folder
from portal.backup.manifest import CHUNK, Manifest, Stored, measured
from portal.backup.sealing import Seal
from portal.media_in_use import files_in, is_drawn_name
from portal.taking_turns import one_at_a_time

UPLOADS = "media"


@dataclass(frozen=True)
class Made:
    folder: Path
    manifest: Manifest
    copied: int  # uploads that no earlier backup had
    copied_size: int  # in bytes, with the database
    removed: list[Path]  # older backups


def make(path, seal=None, keep=None, tell=lambda what: lambda done, total: None, wait=print) -> Made:
    """Backs the portal up into the folder `path`. `tell("uploads")` gives what hears how many are done of how many."""
    folder, seal = Folder(path), seal or Seal()
    folder.refuse_where_it_is_served()
    engine = databases.engine()
    try:
        with folder.making() as unfinished, one_at_a_time(connection, wait):
            maker = _Maker(unfinished, seal, _newest_manifest(folder))
            began = datetime.now(UTC)
            database = maker.database(engine, tell("database"))
            uploads = maker.uploads(tell("uploads"))
            manifest = Manifest(
                made_at=began.isoformat(timespec="seconds"),
                engine=connection.vendor,
                migrations=sorted(map(list, MigrationRecorder(connection).applied_migrations())),
                database=database,
                uploads=uploads,
                sealed_for=seal.name,
            )
            manifest.write(unfinished)
            finished = folder.finish()
            removed = folder.keep(keep) if keep else []
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise BackupError(f"There is no room left in {folder.path}. Nothing half-made stays there.") from error
        raise BackupError(f"The backup failed: {error}. Nothing half-made stays in {folder.path}.") from error
    return Made(finished, manifest, maker.copied, maker.copied_size, removed)


def _newest_manifest(folder) -> tuple[Path, Manifest] | None:
    """The backup before, whose files need not be copied again; one that cannot be read has none."""
    for backup in reversed(folder.backups()):
        try:
            return backup, Manifest.read(backup)
        except BackupError:
            continue
    return None


class _Maker:
    def __init__(self, folder, seal, former):
        self.folder, self.seal = folder, seal
        self.former_folder, manifest = former or (None, None)
        is_alike = manifest is not None and manifest.sealed_for == seal.name
        self.former = {each.name: each for each in manifest.uploads} if is_alike else {}
        self.copied = self.copied_size = 0

    def database(self, engine, tell) -> Stored:
        plain = self.folder / engine.FILE
        engine.copy(plain, tell)
        engine.check(plain)
        if not self.seal.key:
            digest, size = measured(plain)
            self.copied_size += size
            return Stored(engine.FILE, engine.FILE, digest, size, digest, size)
        with plain.open("rb") as file:
            stored = self._written(engine.FILE, engine.FILE, file)
        plain.unlink()
        return stored

    def uploads(self, tell) -> list[Stored]:
        """All uploads but drawn pictures, which are drawn again."""
        names = [name for name in files_in(default_storage) if not is_drawn_name(name)]
        stored = []
        for number, name in enumerate(names, 1):
            stored.append(self._linked(name) or self._copied(name))
            tell(number, len(names))
        return stored

    def _linked(self, name) -> Stored | None:
        """The file of the backup before: an upload never changes under its name."""
        known = self.former.get(name)
        if known is None or default_storage.size(name) != known.size:
            return None
        old, new = self.former_folder / known.path, self.folder / known.path
        new.parent.mkdir(parents=True, exist_ok=True)
        try:
            if old.stat().st_size != known.kept_size:
                return None
            os.link(old, new)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise
            return None  # it is gone, or this file system knows no links
        return known

    def _copied(self, name) -> Stored:
        self.copied += 1
        with default_storage.open(name) as file:
            return self._written(name, f"{UPLOADS}/{name}", file)

    def _written(self, name, path, file) -> Stored:
        target = self.folder / f"{path}{self.seal.ending}"
        target.parent.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        with self.seal.writing(target) as output:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                output.write(chunk)
        kept = measured(target) if self.seal.key else (digest.hexdigest(), size)
        self.copied_size += kept[1]
        return Stored(name, str(target.relative_to(self.folder)), digest.hexdigest(), size, *kept)
