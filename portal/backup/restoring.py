"""The way back from a backup: everything is checked before anything is touched.

Uploads come first, then the database in one transaction. A restore that is killed in between leaves the portal as it
was, with uploads that no row knows: it can be started again, and else the sweep finds them.
"""

import hashlib
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection

from portal.backup import BackupError, databases
from portal.backup.folder import Folder
from portal.backup.manifest import CHUNK, Manifest
from portal.backup.sealing import opened
from portal.backup.verifying import verify
from portal.natural_keys import NaturalKey
from portal.observability.readiness import of_this_code
from portal.taking_turns import one_at_a_time

PREPARED = "portal-restoring-"  # the beginning of the name of the folder in which a database is prepared


@dataclass(frozen=True)
class Restored:
    folder: Path
    manifest: Manifest
    written: int  # uploads that were not there


def restore(path, replace=False, tell=lambda what: lambda done, total: None, wait=print) -> Restored:
    """Restores the newest backup in the folder `path`, or the one that `path` is. A portal with records or people in it
    is only replaced if `replace` says so."""
    folder = Folder(path).newest()
    manifest = Manifest.read(folder)
    engine = databases.engine(manifest.engine)
    _refuse_unknown_migrations(manifest)
    if not replace and (what := _what_is_there()):
        raise BackupError(f"This portal is not empty ({what}). --replace puts the backup in its place.")
    verify(folder, tell("files checked"))
    try:
        with one_at_a_time(connection, wait), _prepared(engine, folder, manifest) as database:
            written = _restore_uploads(folder, manifest, tell("uploads"))
            engine.replace_by(database, tell("database"))
            engine.settle()
    except OSError as error:
        raise BackupError(f"{error}. The database is as it was; start again when the cause is gone.") from error
    return Restored(folder, manifest, written)


def _refuse_unknown_migrations(manifest):
    if unknown := sorted({tuple(each) for each in manifest.migrations} - of_this_code()):
        raise BackupError(f"This backup is of a newer version: {'.'.join(unknown[-1])} is not known here.")


def _what_is_there() -> str:
    """What would be lost; empty where there is nothing but what migrations make."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    kept = [get_user_model(), *(model for model in apps.get_models() if issubclass(model, NaturalKey))]
    for model in kept:
        if model._meta.db_table in tables and (count := model._base_manager.count()):
            return f"{count:,} {model._meta.verbose_name_plural}"
    return ""


@contextmanager
def _prepared(engine, folder, manifest):
    """The database of the backup, decrypted, sound and brought to this version, in a temporary file."""
    place = engine.room_for_restoring()
    for left in place.glob(f"{PREPARED}*"):  # by a run that was killed; there is no other one now
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=PREPARED, dir=place) as room:
        path = Path(room) / engine.FILE
        digest = hashlib.sha256()
        with (
            opened(folder / manifest.database.path, is_sealed=bool(manifest.sealed_for)) as file,
            path.open("xb") as out,
        ):
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                out.write(chunk)
        if digest.hexdigest() != manifest.database.sha256:
            raise BackupError("The database of the backup is not what was written.")
        engine.check(path)
        engine.prepare(path)
        yield path


def _restore_uploads(folder, manifest, tell) -> int:
    written = 0
    for number, each in enumerate(manifest.uploads, 1):
        if not _is_stored(each):
            with opened(folder / each.path, is_sealed=bool(manifest.sealed_for)) as file:
                _store(each, file)
            written += 1
        tell(number, len(manifest.uploads))
    return written


def _is_stored(upload) -> bool:
    """Whether the storage has this very file; one that was cut off is another."""
    if not default_storage.exists(upload.name) or default_storage.size(upload.name) != upload.size:
        return False
    with default_storage.open(upload.name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == upload.sha256


def _store(upload, file):
    with tempfile.SpooledTemporaryFile(max_size=4 * CHUNK) as content:
        digest = hashlib.sha256()
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            content.write(chunk)
        if digest.hexdigest() != upload.sha256:
            raise BackupError(f"{upload.name} of the backup is not what was written.")
        content.seek(0)
        default_storage.delete(upload.name)
        if (name := default_storage.save(upload.name, File(content))) != upload.name:
            raise BackupError(f"The storage keeps {upload.name} as {name}.")
