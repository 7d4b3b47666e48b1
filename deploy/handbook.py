"""`make handbook`: walks through every task of docs/editing.md as a member of staff would, and takes its pictures.

In English and again in Chinese, each on a scratch copy of the portal with its fixtures. What the fixtures do not have
is invented and says so: Exampleland is no place, and the next edition is a draft of the scratch copy alone. A step that
no longer works ends the walk; words in bold that the desk does not say, and pictures that nobody takes or shows, are
named at the end. `--check` keeps no picture. Needs Chromium.
"""

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

import django
from babel.messages.pofile import read_po
from django.db import connection
from handbook_desk import PASSWORD, TASKS, Desk, chromium
from playwright.sync_api import Error
from scratch_server import ROOT, prepared, serving

sys.path.insert(0, str(ROOT))

# Their tasks, in the order of the handbook
import handbook_records  # noqa: F401, I001
import handbook_edition  # noqa: F401
import handbook_together  # noqa: F401

LANGUAGES = {"en": "English", "zh-hans": "中文"}
HANDBOOK = ROOT / "docs" / "editing.md"
PICTURES = ROOT / "docs" / "screenshots" / "editing"


def make_people():
    from django.contrib.auth.models import Group, User

    for name, group in (("publisher", "Publishers · 发布"), ("editor", "Editors · 编辑")):
        user = User.objects.create_user(name, f"{name}@example.org", PASSWORD, is_staff=True)
        user.groups.add(Group.objects.get(name=group))


def walk(environment, language, pictures) -> Desk:
    with serving("portal.wsgi", environment) as port, chromium() as browser:
        desk = Desk(browser, f"http://127.0.0.1:{port}", language, pictures)
        for each in TASKS:
            print(f"{LANGUAGES[language]}: {each.__name__.replace('_', ' ')}", flush=True)
            try:
                each(desk)
            except Error as problem:
                seen = ROOT / "var" / "handbook.png"
                desk.page.screenshot(path=seen, full_page=True)
                sys.exit(f"This step no longer works, at {desk.page.url} (its picture: {seen}).\n{problem}")
    return desk


def complaints(desk, text):
    """What `text`, the handbook in the language of `desk`, says and the walk did not find."""
    messages = [words for message in catalog() for words in (message.id, message.string)]
    known = re.sub(r"\s+", " ", " ".join(desk.seen + [word for words in messages for word in _all(words)]))
    for words in dict.fromkeys(re.findall(r"\*\*(.+?)\*\*", text)):
        if any(part.strip() not in known for part in words.split("…")):
            yield f"the desk never says “{words}”"
    shown = set(re.findall(r"screenshots/editing/([\w-]+)\.\w+\.webp", text))
    yield from (f"nobody takes the picture {name}" for name in sorted(shown - set(desk.taken)))
    yield from (f"the picture {name} is not shown" for name in sorted(set(desk.taken) - shown))


def catalog():
    path = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def _all(words):
    return [words] if isinstance(words, str) else words or []


def main(pictures=PICTURES):
    with tempfile.TemporaryDirectory() as folder:
        environment = prepared(folder) | {"EMAIL_URL": f"filemail:///{folder}/mail"}
        os.environ.update(environment, DJANGO_SETTINGS_MODULE="portal.settings", DJANGO_ALLOW_ASYNC_UNSAFE="true")
        django.setup()
        make_people()
        connection.close()
        parts, wrong = HANDBOOK.read_text().split("\n## 中文\n"), []
        for (language, name), text in zip(LANGUAGES.items(), parts, strict=True):
            database = shutil.copy(f"{folder}/scratch.sqlite3", f"{folder}/{language}.sqlite3")
            desk = walk(environment | {"DATABASE_URL": f"sqlite:///{database}"}, language, pictures)
            wrong += [f"{name}: {complaint}." for complaint in complaints(desk, text)]
            for path in pictures.glob(f"*.{desk.ending}"):
                if path.name.removesuffix(f".{desk.ending}") not in desk.taken:
                    path.unlink()
    size = sum(path.stat().st_size for path in pictures.glob("*.webp")) / 1000
    print("\n".join([*wrong, f"{len(desk.taken)} pictures in each language, {size:.0f} kB together."]))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    if "--check" in sys.argv:
        with tempfile.TemporaryDirectory() as nowhere:
            main(Path(nowhere))
    main()
