"""`make audit`: holds every version in the locks against the published advisories, with pip-audit.

pip-audit says "no known vulnerabilities" also where its service knows nothing or does not answer. So it is first asked
about a version that is known to be vulnerable: unless it says so, nothing was audited, and that is what is printed.
Ends with 1 for an advisory, with 0 where nothing can be seen; with --strict that is a failure too (2).
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.txt", "requirements-s3.txt", "requirements-dev.txt")
PIP_AUDIT = [str(Path(sys.executable).parent / "uv"), "tool", "run", "--quiet", "pip-audit==2.10.1"]
CONTROL = "jinja2==2.10\n"  # CVE-2019-10906 and later ones
PATIENCE = 300  # seconds
NOTHING_SEEN = 2


class CannotSeeError(Exception):
    """The advisories could not be asked."""


def advisories(requirements) -> dict[str, list[str]]:
    """The advisories about what a file of requirements names, by package and version."""
    command = [*PIP_AUDIT, "--requirement", str(requirements), "--disable-pip", "--no-deps"]
    command += ["--progress-spinner", "off", "--format", "json"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
        packages = json.loads(answer.stdout)["dependencies"]
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise CannotSeeError(str(problem)) from None
    except (ValueError, KeyError):
        raise CannotSeeError(answer.stderr.strip()[-300:] or "pip-audit said nothing") from None
    return {
        f"{each['name']} {each.get('version', '')}": [found["id"] for found in each["vulns"]]
        for each in packages
        if each.get("vulns")
    }


def sees() -> bool:
    """Whether an old, vulnerable version is recognized as one."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(CONTROL)
        file.flush()
        return bool(advisories(file.name))


def main(strict=False) -> int:
    try:
        if not sees():
            raise CannotSeeError(f"it knows nothing about {CONTROL.strip()}, which is vulnerable")
        found = {lock: advisories(ROOT / lock) for lock in LOCKS}
    except CannotSeeError as reason:
        print(f"{'*' * 70}\nNOT AUDITED: the advisory service could not be asked.\n{reason}\n{'*' * 70}")
        return NOTHING_SEEN if strict else 0
    for lock, packages in found.items():
        for package, ids in packages.items():
            print(f"{lock}: {package}: {', '.join(ids)}")
    if any(found.values()):
        return 1
    print(f"No advisory about anything in {', '.join(LOCKS)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main("--strict" in sys.argv))
