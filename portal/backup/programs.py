"""Programs of others that a backup needs: pg_dump, pg_restore, psql, gpg."""

import shutil
import subprocess

from portal.backup import BackupError

PACKAGES = {
    "gpg": "gnupg",
    "pg_dump": "postgresql-client",
    "pg_restore": "postgresql-client",
    "psql": "postgresql-client",
}
MOST_WORDS = 600  # characters of what a program complains about


def found(program) -> str:
    """The path of `program`, or a sentence that says how to get it."""
    if path := shutil.which(program):
        return path
    raise BackupError(f"{program} is not installed here (Debian: apt install {PACKAGES[program]}).")


def run(program, *arguments, environment=None):
    """Runs `program` to its end; what it complains about is the reason where it fails."""
    done = subprocess.run(  # noqa: S603 (the programs are ours to name)
        [found(program), *map(str, arguments)],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    refuse_failure(program, done.returncode, done.stderr)


def refuse_failure(program, status, complaint):
    if status:
        said = complaint.decode(errors="replace").strip()[-MOST_WORDS:]
        raise BackupError(f"{program} ended with {status}: {said or 'it said nothing'}")
