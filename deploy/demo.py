"""The demo: everything `make demo` does once `.venv` is there. `python deploy/demo.py serve`, or a word of COMMANDS.

It runs the portal as production would (DEBUG off, gunicorn, collected static files) on a database of its own,
`var/demo.sqlite3`, and reads nothing from `.env` that could lead it to a real one. A variable that is set in the
caller's environment wins over the values below.
"""

import fcntl
import hashlib
import json
import os
import secrets
import socket
import sys
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
STATE = VAR / "demo-state.json"  # what was loaded and collected, by digest
FIXTURES = {
    "district": ["portal.source", "companies"],
    "meilan_lake": ["events", "--exclude", "events.enquiry"],  # what people wrote to the office stays there
}
PORT = os.environ.get("PORT") or "8000"


@contextmanager
def step(name):
    """A failure inside ends the program with one sentence that names the step."""
    try:
        yield
    except Exception as problem:
        sys.exit(f"\nStopped at: {name}. {type(problem).__name__}: {problem}")


@contextmanager
def one_at_a_time():
    """Two demos of one tree prepare one after the other; then both serve."""
    with (VAR / "demo.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def secret_key() -> str:
    path = VAR / "secret_key"
    if not path.exists() or not path.read_text():
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:  # noqa: PTH123
            file.write(secrets.token_urlsafe(50))
    return path.read_text()


def prepare_environment():
    site, local = f"http://127.0.0.1:{PORT}", f"http://localhost:{PORT}"
    values = {
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "CACHE_URL": "locmemcache://",
        "CSRF_TRUSTED_ORIGINS": f"{site},{local}",
        "DATABASE_URL": f"sqlite:///{quote(str(VAR / 'demo.sqlite3'))}",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "EMAIL_URL": "consolemail://",
        "GRACEFUL_TIMEOUT": "3",
        "GUNICORN_LOG_LEVEL": "warning",
        "HTTPS": "off",
        "LOG_LEVEL": "WARNING",
        "MALLOC_ARENA_MAX": "2",  # of gunicorn.conf.py
        "MEDIA_ROOT": str(VAR / "media"),
        "PUBLISHER_EN": "no office; this is a demonstration of the portal",
        "PUBLISHER_ZH_HANS": "无（门户演示，并非任何机构的正式网站）",
        "SECOND_FACTOR": "optional",
        "SECRET_KEY": secret_key(),
        "SITE_URL": site,
        "STATIC_ROOT": str(VAR / "static"),
        "TRUSTED_PROXIES": "0",
    }
    for name, value in values.items():
        os.environ[name] = os.environ.get(name) or value
    os.environ["DEBUG"] = "off"
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))


def remembered() -> dict:
    return json.loads(STATE.read_text()) if STATE.exists() else {}


def remember(name, digest):
    new = STATE.with_suffix(".new")
    new.write_text(json.dumps({**remembered(), name: digest}, indent=2))
    new.replace(STATE)


def digest_of_fixtures() -> str:
    return hashlib.sha256(b"".join((ROOT / "fixtures" / f"{name}.json").read_bytes() for name in FIXTURES)).hexdigest()


def database_name() -> str:
    from django.db import connection

    return "fixtures in {HOST}:{PORT}/{NAME}".format(**connection.settings_dict)


def load_fixtures():
    from django.core.management import call_command

    with step("loading the fixtures"):
        print(f"Loading the fixtures {', '.join(FIXTURES)} ...", flush=True)
        call_command("loaddata", *FIXTURES, verbosity=0)
        index_for_search()
        remember(database_name(), digest_of_fixtures())


def index_for_search():
    """What was loaded, so that the first visitor who searches need not wait for it."""
    from portal.search.waiting import catch_up

    catch_up(patience=300)


def dump_fixtures():
    from django.core.management import call_command

    for name, what in FIXTURES.items():
        with step(f"writing fixtures/{name}.json"):
            natural = ["--natural-primary", "--natural-foreign", "--indent", "2"]
            call_command("dumpdata", *what, *natural, "--output", f"fixtures/{name}.json", verbosity=0)
    remember(database_name(), digest_of_fixtures())


def is_empty() -> bool:
    """Whether no record of ours is there yet. (`loaddata` is one transaction: it leaves all of them or none.)"""
    from django.apps import apps

    models = [apps.get_model("portal.source")]
    models += [model for app in ("companies", "events") for model in apps.get_app_config(app).get_models()]
    return not any(model._base_manager.exists() for model in models)


def load_fixtures_once():
    """Into an empty database only, so that nothing staff have edited is ever overwritten; later changes are named."""
    if is_empty():
        load_fixtures()
    elif remembered().get(database_name(), digest_of_fixtures()) != digest_of_fixtures():
        print("The fixtures have changed since they were loaded; the database was left as it is.")
        print("`make load-fixtures` loads them again, over what staff have edited in the same records.")


def collect_static_files():
    """Only when a file, or the way they are stored, has changed since the last time."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    seen = hashlib.sha256((ROOT / "portal" / "static_files.py").read_bytes())
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = Path(storage.path(name)).stat()
            seen.update(f"{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    folder = f"static files in {settings.STATIC_ROOT}"
    if remembered().get(folder) != seen.hexdigest() or not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        print("Collecting the static files ...", flush=True)
        call_command("collectstatic", interactive=False, verbosity=0)
        remember(folder, seen.hexdigest())


def check_port():
    choose = "Choose another: make demo PORT=8001"
    if not (PORT.isascii() and PORT.isdigit() and 0 < int(PORT) < 65536):
        sys.exit(f"PORT={PORT} is not the number of a port. {choose}")
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", int(PORT)))
    except OSError as problem:
        sys.exit(f"Port {PORT} of 127.0.0.1 cannot be used: {problem.strerror}. {choose}")


def serve():
    check_port()
    from django.conf import settings
    from django.core.management import call_command

    from portal.management.commands.demo_login import refuse_a_real_portal

    with step("making sure that this is a demo"):
        refuse_a_real_portal(promised=True)
    with step("migrating the database"):
        call_command("migrate", interactive=False, verbosity=0)
    load_fixtures_once()
    with step("collecting the static files"):
        collect_static_files()
    with step("making the staff login"):
        login = StringIO()
        call_command("demo_login", "--yes-this-is-a-demo", stdout=login)

    site = f"http://127.0.0.1:{PORT}"
    print("\nThe portal is at", *[f"    {site}/{code}/" for code, _ in settings.LANGUAGES], sep="\n")
    print(f"and its staff desk at\n    {site}/{settings.ADMIN_PATH}")
    print(f"    login: {login.getvalue().strip()} (until the next start)\nCtrl-C stops it.", flush=True)


def start_gunicorn():
    command = ["-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind", f"127.0.0.1:{PORT}", "portal.wsgi"]
    os.execv(sys.executable, [sys.executable, *command])  # noqa: S606


COMMANDS = {"serve": serve, "load-fixtures": load_fixtures, "dump-fixtures": dump_fixtures}


def main():
    """`manage` stands for manage.py with the demo's settings: `python deploy/demo.py manage shell`."""
    command = sys.argv[1] if len(sys.argv) > 1 else "serve"
    if command not in {*COMMANDS, "manage"}:
        sys.exit(f"`{command}` is none of: {', '.join(COMMANDS)}, manage.")
    VAR.mkdir(exist_ok=True)
    with one_at_a_time():
        with step("reading the settings"):
            prepare_environment()
            import django

            django.setup()
        if command in COMMANDS:
            COMMANDS[command]()
    if command == "serve":
        start_gunicorn()
    if command == "manage":
        from django.core.management import execute_from_command_line

        execute_from_command_line(["manage.py", *sys.argv[2:]])


if __name__ == "__main__":
    main()
