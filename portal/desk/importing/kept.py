"""An uploaded sheet between its preview and its import, and how far the work on it has come.

The file lies in a private storage, where no address leads, under a random name. What the browser gets is a signed
ticket: it names the file, whose it is and what its preview said, and is good for an hour and for one import.
"""

import re
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from portal.media_storage import PRIVATE

HOUR = 3600
SALT = "portal.desk.importing"
_TOKEN = re.compile("[0-9a-f]{32}")


class NotKept(LookupError):  # noqa: N818
    """The sheet is there no longer: it was imported, or an hour has passed."""


@dataclass(frozen=True)
class Ticket:
    token: str
    user: int
    kind: str
    name: str  # of the file, as its owner calls it
    fingerprint: str  # of the preview

    @property
    def signed(self) -> str:
        return signing.dumps(asdict(self), salt=SALT)

    @classmethod
    def read(cls, signed) -> "Ticket":
        """The ticket that was signed here within the last hour; `NotKept` where it was not."""
        try:
            return cls(**signing.loads(signed, salt=SALT, max_age=HOUR))
        except signing.BadSignature:
            raise NotKept from None


def new_token() -> str:
    return secrets.token_hex(16)


def is_token(text) -> bool:
    return _TOKEN.fullmatch(text) is not None


def keep(content, token):
    """Puts the file away under `token`; clears away what others left behind."""
    storage = storages[PRIVATE]
    with suppress(FileNotFoundError):  # there is no folder yet, or somebody else clears it away too
        for left in storage.listdir("")[1]:
            if storage.get_modified_time(left) < datetime.now(UTC) - timedelta(seconds=HOUR):
                storage.delete(left)
    storage.save(token, ContentFile(content))


def kept(token) -> bytes:
    try:
        with storages[PRIVATE].open(token) as file:
            return file.read()
    except FileNotFoundError:
        raise NotKept from None


def forget(token):
    storages[PRIVATE].delete(token)


# --- Progress ---------------------------------------------------------------------------------------------------------


def reporter(user, token, phase):
    """What a resource tells how many rows are done; `progress_of` finds it."""

    def report(done, total):
        cache.set(_key(user, token), {"phase": phase, "done": done, "total": total}, HOUR)

    return report


def progress_of(user, token) -> dict:
    """How far the work of `user` under `token` has come; empty before it begins and for anybody else's."""
    return cache.get(_key(user, token)) or {}


def _key(user, token):
    return f"import:{user.pk}:{token}"
