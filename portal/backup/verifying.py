"""Whether a backup is still what was written."""

from pathlib import Path

from portal.backup import BackupError, databases
from portal.backup.manifest import Manifest, measured

MOST = 20  # damaged files that are named


def verify(folder, tell=lambda done, total: None) -> Manifest:
    """The manifest of the backup in `folder`, after every file was held against it; a sentence that names what is
    missing or damaged. A database that is not encrypted is looked through as well."""
    manifest = Manifest.read(folder)
    broken = []
    for number, each in enumerate(manifest.files, 1):
        try:
            if measured(Path(folder) / each.path) != (each.kept_sha256, each.kept_size):
                broken.append(f"{each.path} is damaged")
        except OSError as error:
            broken.append(f"{each.path} cannot be read ({error.strerror})")
        tell(number, len(manifest.files))
    if broken:
        more = f" and {len(broken) - MOST} more" if len(broken) > MOST else ""
        raise BackupError(f"{folder} is not what was written: {'; '.join(broken[:MOST])}{more}.")
    if not manifest.sealed_for:
        databases.ENGINES[manifest.engine].check(Path(folder) / manifest.database.path)
    return manifest
