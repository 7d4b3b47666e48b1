"""The Chinese catalog: `update` it from the source, or `check` that nothing is missing from it.

`check` asks two questions. Is every message in the catalog translated, none fuzzy, none left over, every placeholder
right? And does the source hold a message that the catalog lacks? The second needs GNU gettext; where that is not
installed the check says so, and with CI=true it fails, because a check that cannot see must not pass.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
CATALOG = Path("locale/zh_Hans/LC_MESSAGES/django.po")
# Sorted, without places, dates and wrapped lines: a change in the catalog is then a change of words.
OPTIONS = ["--locale", "zh_Hans", "--no-location", "--no-wrap", "--no-obsolete", "--ignore", "var", "--ignore", "tests"]
OPTIONS += ["--extension", "html,py,txt,xml", "--ignore", "deploy", "--ignore", "docs", "--ignore", "requirements*.txt"]


def collect(root: Path):
    """Runs makemessages on the tree at `root`."""
    environment = {**os.environ, "SECRET_KEY": "only-for-messages", "DATABASE_URL": "sqlite://:memory:"}
    command = [sys.executable, "manage.py", "makemessages", "--verbosity", "0", *OPTIONS]
    (root / CATALOG).parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(command, cwd=root, env=environment, check=True)
    catalog = polib.pofile(root / CATALOG, wrapwidth=0)
    for noise in ("POT-Creation-Date", "Report-Msgid-Bugs-To"):
        catalog.metadata.pop(noise, None)
    catalog.sort(key=lambda entry: (entry.msgid.casefold(), key(entry)))
    catalog.save()


def key(entry):
    return (entry.msgctxt or "", entry.msgid, entry.msgid_plural)


def problems_in_the_catalog(catalog):
    for entry in catalog:
        if entry.obsolete:
            yield f"left over from an older text: {entry.msgid!r}"
        elif entry.fuzzy:
            yield f"fuzzy: {entry.msgid!r}"
        elif not entry.translated():
            yield f"not translated: {entry.msgid!r}"
    with (ROOT / CATALOG).open("rb") as file:
        for message, errors in read_po(file, locale="zh_Hans").check():
            yield from (f"{error}: {message.id!r}" for error in errors)


def problems_against_the_source(catalog):
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "tree"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "var", "tests", "docs", "__pycache__"))
        collect(copy)
        fresh = {key(entry) for entry in polib.pofile(copy / CATALOG)}
    known = {key(entry) for entry in catalog if not entry.obsolete}
    yield from (f"in the source, not in the catalog: {text!r}" for _, text, _ in sorted(fresh - known))
    yield from (f"in the catalog, not in the source: {text!r}" for _, text, _ in sorted(known - fresh))


def check() -> int:
    if not (ROOT / CATALOG).exists():
        print(f"There is no {CATALOG}: `make messages` makes one.")
        return 1
    catalog = polib.pofile(ROOT / CATALOG)
    problems = list(problems_in_the_catalog(catalog))
    if shutil.which("xgettext"):
        problems += problems_against_the_source(catalog)
    else:
        print("NOT CHECKED: whether the catalog has every message of the source. That needs GNU gettext (xgettext).")
        if os.environ.get("CI") == "true":
            problems.append("xgettext is missing, and CI must not pass what it cannot see")
    for problem in problems:
        print(problem)
    print(f"{CATALOG}: {len(catalog)} messages, {len(problems)} problems.")
    return 1 if problems else 0


if __name__ == "__main__":
    if sys.argv[1:] == ["check"]:
        sys.exit(check())
    collect(ROOT)
