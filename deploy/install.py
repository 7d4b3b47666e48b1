"""Bring `.venv` up to the lock files: `python3 deploy/install.py requirements.txt requirements-dev.txt`.

Runs on the system's Python with nothing installed. A lock file whose content was installed before is not looked at
again, so a second start costs nothing; two starts at once wait for each other.
"""

import fcntl
import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def run(step, hint, *command):
    if subprocess.run([str(part) for part in command], cwd=str(ROOT)).returncode:
        sys.exit("\nStopped at: %s. %s" % (step, hint))  # noqa: UP031


def make_environment():
    if not (VENV / "bin" / "pip").exists():
        print("Making .venv ...", flush=True)
        hint = "Python's venv module did not do its work (Debian and Ubuntu have it in the package python3-venv)."
        run("making .venv", hint, sys.executable, "-m", "venv", VENV)


def install(lock):
    digest = hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()
    stamp = VENV / (".installed-" + lock)
    if stamp.exists() and stamp.read_text() == digest:
        return
    print("Installing " + lock + " ...", flush=True)
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    hint = "pip says why above; a package index must be within reach."
    run("installing " + lock, hint, *pip, "--require-hashes", "-r", lock)
    stamp.write_text(digest)


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036
        sys.exit("The portal needs Python 3.11 or newer, and this is %s." % sys.version.split()[0])  # noqa: UP031
    VENV.mkdir(exist_ok=True)
    with (VENV / ".lock").open("w") as lock_file:
        fcntl.flock(lock_file, fcntl.LOCK_EX)
        make_environment()
        for lock in sys.argv[1:]:
            install(lock)
