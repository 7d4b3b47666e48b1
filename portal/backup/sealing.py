"""Encryption of backups, by GnuPG: for a public key, so that the machine that makes backups cannot read them."""

import hashlib
import subprocess
from contextlib import contextmanager
from pathlib import Path

from portal.backup import BackupError, programs

ENDING = ".gpg"
SEAL = ["--batch", "--quiet", "--no-options", "--trust-model", "always", "--compress-algo", "none", "--encrypt"]
OPEN = ["--batch", "--quiet", "--decrypt"]


class Seal:
    """How files are written into a backup: as they are, or encrypted for whoever has the key to `public_key`."""

    def __init__(self, public_key=None):
        self.key = Path(public_key).absolute() if public_key else None
        self.ending = ENDING if public_key else ""
        if self.key:
            programs.found("gpg")
            if not self.key.is_file():
                raise BackupError(f"There is no public key at {self.key} (gpg --export --armor NAME writes one).")

    @property
    def name(self) -> str:
        """Of the key: another key, another name; empty without one."""
        return hashlib.sha256(self.key.read_bytes()).hexdigest() if self.key else ""

    @contextmanager
    def writing(self, path):
        """A file to write to, whose content arrives at `path`."""
        if self.key is None:
            with Path(path).open("xb") as file:
                yield file
            return
        command = [programs.found("gpg"), *SEAL, "--recipient-file", str(self.key), "--output", str(path)]
        gpg = subprocess.Popen(  # noqa: S603 (gpg, and paths)
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        try:
            yield gpg.stdin
        except BrokenPipeError:  # it has said why
            pass
        except BaseException:
            gpg.kill()
            raise
        finally:
            complaint = _ended(gpg)
        programs.refuse_failure("gpg", gpg.returncode, complaint)


def _ended(gpg) -> bytes:
    try:
        return gpg.communicate()[1]
    except BrokenPipeError:
        gpg.wait()
        return gpg.stderr.read()


@contextmanager
def opened(path, *, is_sealed):
    """The content of a file of a backup, to read. GnuPG finds the private key where it always does."""
    if not is_sealed:
        with Path(path).open("rb") as file:
            yield file
        return
    command = [programs.found("gpg"), *OPEN, "--", str(path)]
    gpg = subprocess.Popen(  # noqa: S603 (gpg, and paths)
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        yield gpg.stdout
    except BaseException:
        gpg.kill()
        raise
    finally:
        complaint = gpg.communicate()[1]
    programs.refuse_failure("gpg", gpg.returncode, complaint)
