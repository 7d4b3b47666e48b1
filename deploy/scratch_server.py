"""A portal to measure and to look at: gunicorn as in production, on a scratch SQLite database with the fixtures.

with tempfile.TemporaryDirectory() as folder:
    environment = prepared(folder)
    with serving("portal.wsgi", environment) as port: ...
"""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ["district", "meilan_lake"]


def manage(environment, *arguments):
    subprocess.run([sys.executable, "manage.py", *arguments, "--verbosity", "0"], cwd=ROOT, env=environment, check=True)


def prepared(folder, *filled_by) -> dict[str, str]:
    """The environment of a portal whose database, uploads and static files are made in `folder`. It holds the fixtures,
    or what the command `filled_by` makes."""
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("BIND", "PORT")},
        "ALLOWED_HOSTS": "127.0.0.1",
        "CACHE_URL": "locmemcache://",
        "CONTACT_EMAIL": "office@example.org",
        "DATABASE_URL": f"sqlite:///{folder}/scratch.sqlite3",
        "DEBUG": "off",
        "GUNICORN_LOG_LEVEL": "warning",
        "HTTPS": "off",
        "LOG_LEVEL": "ERROR",
        "MALLOC_ARENA_MAX": "2",
        "MEDIA_ROOT": f"{folder}/media",
        "QUERIES_PER_MINUTE": "0",
        "SECRET_KEY": "only-for-this-measurement-and-gone-after-it-0123456789",
        "STATIC_ROOT": f"{folder}/static",
    }
    fill = filled_by or ["loaddata", *FIXTURES]
    for step in (["migrate"], fill, ["reindex"], ["collectstatic", "--no-input"]):
        manage(environment, *step)
    return environment


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(application, environment):
    """Serves `application` on a free port of 127.0.0.1, which it yields, until the block ends."""
    with served(application, environment) as (port, _server):
        yield port


@contextmanager
def served(application, environment):
    """The same, and the process of the server besides."""
    port = free_port()
    environment = {**environment, "SITE_URL": f"http://127.0.0.1:{port}"}
    command = ["-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--pythonpath", "deploy", "--bind"]
    server = subprocess.Popen([sys.executable, *command, f"127.0.0.1:{port}", application], cwd=ROOT, env=environment)
    try:
        for _ in range(100):
            if server.poll() is not None:
                sys.exit(f"The server of {application} ended at once.")
            with socket.socket() as probe:
                if not probe.connect_ex(("127.0.0.1", port)):
                    break
            time.sleep(0.1)
        yield port, server
    finally:
        server.terminate()
        server.wait(timeout=30)
