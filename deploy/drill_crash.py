"""`make drill-crash`: editors save while servers and the database are killed, and nothing acknowledged is lost.

Twelve editors save agreements with parties and citations, edits, publications, companies with logos and sheets through
a real gunicorn of two processes. Meanwhile the server's master, its workers, and on PostgreSQL its postmaster and
backends are killed (kill -9) at random; a supervisor starts again what ended, as systemd does, and nobody lends a hand.
Then every save that was answered with 302 must be there, none may be half there, the database must be sound, and the
sweep must find what the crashes left in the media folder.

    python deploy/drill_crash.py [--engine sqlite] [--saves 1000] [--kills 20] [--editors 12] [--seconds S]

With --kills 0 and --seconds 60 it shows that so many editors at once do not fail (then any refused save is an error).
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Thread

from drill_editing import EDITOR, LOST, PASSWORD, Acknowledged, Editor, judged
from drill_supervising import kept_portal, kept_postgresql, wait_for
from scratch_server import ROOT, manage

DAYS = 2 * 24 * 3600  # seconds
SOURCE = """
from portal.models import Source
Source.objects.create(slug="drill-source", title_en="Drill", publisher_en="Exampleland", source_type="other")
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--database", help="the address of a prepared one, of which no process is killed")
    parser.add_argument("--saves", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=0, help="so long, instead of so many saves")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--editors", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))  # so that nothing is left running
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="drill-"))
        Path(folder).chmod(0o755)  # PostgreSQL goes through it
        environment, database = _environment(options, folder, stack)
        sys.exit(drill(options, environment, database, folder))


def _environment(options, folder, stack):
    """Of a portal with an editor and one source, and the kept database."""
    database = None
    if options.database:
        os.environ["DATABASE_URL"] = options.database
    elif options.engine == "postgresql":
        database, os.environ["DATABASE_URL"] = stack.enter_context(kept_postgresql(folder))
    else:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/drill.sqlite3"
    os.environ["DJANGO_SUPERUSER_PASSWORD"] = PASSWORD
    settings = os.environ.get("DJANGO_SETTINGS_MODULE", "portal.settings")
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("BIND", "PORT")},
        "ALLOWED_HOSTS": "portal.example,127.0.0.1",
        "CACHE_URL": "locmemcache://",
        "CSRF_TRUSTED_ORIGINS": "https://portal.example",
        "DJANGO_SETTINGS_MODULE": settings,
        "EMAIL_URL": "dummymail://",
        "GUNICORN_LOG_LEVEL": "error",
        "HTTPS": "off",
        "LOG_LEVEL": "ERROR",
        "MEDIA_ROOT": f"{folder}/media",
        "SECRET_KEY": "only-for-this-drill-and-gone-after-it-0123456789-abcdefgh",
        "STATIC_ROOT": f"{folder}/static",
        "THREADS": "8",
        "REQUESTS_AT_ONCE": "6",
        "REQUESTS_WAITING": "40",
        "REQUESTS_WAIT_SECONDS": "30",
        "WEB_CONCURRENCY": "2",
    }
    if not options.database:
        manage(environment, "migrate")
        manage(environment, "collectstatic", "--no-input")
    manage(environment, "createsuperuser", "--no-input", "--username", EDITOR, "--email", "editor@example.org")
    subprocess.run([sys.executable, "manage.py", "shell", "-v0", "-c", SOURCE], cwd=ROOT, env=environment, check=True)
    return environment, database


def drill(options, environment, database, folder) -> int:
    """0 where nothing was lost."""
    os.environ.update(environment)
    os.chdir(ROOT)
    import django

    sys.path.insert(0, str(ROOT))
    django.setup()
    from portal.models import Source
    from tests.visitors import Server

    source = Source.objects.get(slug="drill-source").pk
    django.db.connections.close_all()
    taken_down, ended = Acknowledged(), Event()
    with kept_portal(environment, f"{folder}/server.log") as (portal, port):
        server = Server(port)
        answers = lambda: _answers(server)  # noqa: E731
        wait_for(answers)
        editors = [Editor(str(n), server, source, taken_down) for n in range(options.editors)]
        threads = [Thread(target=_work, args=(editor, ended), daemon=True) for editor in editors]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        waits = _kill(options, portal, database, taken_down, answers, began)
        while not _is_done(options, taken_down, began):
            time.sleep(0.1)
        seconds = time.monotonic() - began
        ended.set()
        for thread in threads:
            thread.join(180)
        wait_for(answers)
        wrong = judged(taken_down) + _unsound()
    _tell(options, taken_down, waits, seconds, portal, database)
    wrong += _swept(environment)
    if not options.kills and taken_down.refused:
        wrong.append(f"refused without any fault: {dict(taken_down.refused)}")
    for each in wrong[:20]:
        print("WRONG", each)
    return 1 if wrong else 0


def _work(editor, ended):
    while not ended.is_set():
        try:
            if not editor.visitor.cookies.get("sessionid"):
                editor.sign_in()
            editor.save_something()
        except LOST:
            time.sleep(0.05)  # the connection broke: nobody said whether it was saved


def _is_done(options, taken_down, began) -> bool:
    if options.seconds:
        return time.monotonic() - began > options.seconds
    return taken_down.total >= options.saves


def _kill(options, portal, database, taken_down, answers, began) -> list[tuple[str, float]]:
    """Kills one process after the other, spread over the saves; how long each time no page was answered."""
    dice, waits = random.Random(options.seed), []  # noqa: S311
    targets = ["master", "worker"] + (["postmaster", "backend"] if database else [])
    for number in range(options.kills):
        due = options.saves * (number + 1) / (options.kills + 1)
        while taken_down.total < due and not _is_done(options, taken_down, began):
            time.sleep(0.02)
        time.sleep(dice.random() * 0.3)
        target = targets[number % len(targets)]
        owner = database if target in ("postmaster", "backend") else portal
        victims = [owner.process.pid] if target in ("master", "postmaster") else owner.children()
        try:
            os.kill(dice.choice(victims), signal.SIGKILL)
        except (IndexError, ProcessLookupError):
            continue
        waits.append((target, wait_for(answers)))
    return waits


def _answers(server) -> bool:
    """Whether a page is made that no cache holds."""
    try:
        return server.get(f"/en/search/?q=drill{time.monotonic()}").status == 200
    except LOST:
        return False


def _unsound() -> list[str]:
    from django.db import connection

    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        said = cursor.fetchall()
        cursor.execute("PRAGMA foreign_key_check")
        return [str(each) for each in [*(said if said != [("ok",)] else []), *cursor.fetchall()]]


def _swept(environment) -> list[str]:
    """Makes what the crashes left in the media folder older, and lets the sweep find it."""
    from portal import media_sweep

    for path in Path(environment["MEDIA_ROOT"]).rglob("*.webp"):
        os.utime(path, (time.time() - DAYS, time.time() - DAYS))
    found = media_sweep.look()
    removed = media_sweep.remove(found)
    print(f"  media: {found.files:,} files, {len(found.orphans)} without a row, {removed} removed")
    left = media_sweep.look()
    return [f"missing: {each.name}" for each in left.missing] + [f"not removed: {name}" for name in left.orphans]


def _tell(options, taken_down, waits, seconds, portal, database):
    from django.db import connection

    saved = ", ".join(f"{kind} {len(each)}" for kind, each in sorted(taken_down.saved.items()))
    print(f"{connection.vendor}: {taken_down.total} saves acknowledged in {seconds:.0f} s ({saved})")
    print(f"  not acknowledged: {dict(taken_down.refused)}")
    kills = {}
    for target, wait in waits:
        kills.setdefault(target, []).append(wait)
    for target, each in kills.items():
        print(f"  {len(each)} x kill -9 of the {target}: a page after {min(each):.1f} to {max(each):.1f} s")
    print(f"  the server was started {portal.starts} times" + (f", PostgreSQL {database.starts}" if database else ""))


if __name__ == "__main__":
    main()
