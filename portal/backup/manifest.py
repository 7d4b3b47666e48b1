"""What a backup says of itself: `manifest.json`, written last, so that a backup without one is none."""

import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path

from portal.backup import BackupError

NAME = "manifest.json"
FORM = 1  # raise it when an older portal could not restore what is written now
CHUNK = 2**20  # bytes
_SAFE_NAME = re.compile(r"[\w.-]+(/[\w.-]+)*")


@dataclass(frozen=True)
class Stored:
    """One file of the portal in a backup. `sha256` and `size` are of what the portal needs, `kept_sha256` and
    `kept_size` (in bytes) of the file as it lies there, which is another one where it is encrypted."""

    name: str  # of the upload, as its row has it
    path: str  # below the backup
    sha256: str
    size: int
    kept_sha256: str
    kept_size: int


@dataclass
class Manifest:
    made_at: str  # ISO 8601, UTC
    engine: str  # sqlite or postgresql
    migrations: list[list[str]]  # app and name of each that was applied
    database: Stored
    sealed_for: str = ""  # the SHA-256 of the public key; empty where nothing is encrypted
    uploads: list[Stored] = field(default_factory=list)
    form: int = FORM

    @property
    def files(self) -> list[Stored]:
        return [self.database, *self.uploads]

    def write(self, folder):
        (Path(folder) / NAME).write_text(json.dumps(asdict(self), indent=1))

    @classmethod
    def read(cls, folder) -> "Manifest":
        """The manifest of the backup in `folder`; a sentence where it is none, or none that can be read here."""
        try:
            said = json.loads((Path(folder) / NAME).read_text())
            if said["form"] > FORM:
                raise BackupError(f"{folder} was made by a newer portal. Restore it with that version.")
            database, uploads = Stored(**said.pop("database")), [Stored(**each) for each in said.pop("uploads")]
            manifest = cls(**said, database=database, uploads=uploads)
        except FileNotFoundError:
            raise BackupError(f"{folder} is no backup: there is no {NAME} in it.") from None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BackupError(f"The {NAME} of {folder} cannot be read: {error}.") from None
        for each in manifest.files:
            if not (_leads_inside(each.path) and _leads_inside(each.name)):
                raise BackupError(f"The {NAME} of {folder} names a file outside of it: {each.path}.")
        return manifest


def _leads_inside(path) -> bool:
    return _SAFE_NAME.fullmatch(path) is not None and not {".", ".."} & set(path.split("/"))


def measured(path) -> tuple[str, int]:
    """The SHA-256 and the size in bytes of a file."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), os.fstat(file.fileno()).st_size
