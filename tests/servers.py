"""Several servers of one portal, as behind a balancer: gunicorn processes that share a database, Redis and uploads.

    pytestmark = pytest.mark.django_db                 # so that these tests run while the test database is as migrated

    def test_what_one_server_saves_the_other_shows(two_servers):
        with two_servers.here():                       # the test itself is one more process of this portal: factories,
            company = factories.organization()         # the ORM, call_command and the cache work on what they share
        assert "Company" in two_servers.second.get(company.get_absolute_url()).text

        editor = two_servers.visitor()                 # keeps cookies; each request says which server it goes to
        editor.sign_in(two_servers.first)              # as a superuser, who is made for it
        form = editor.form(two_servers.second, change)                               # the fields as the page has them
        saved = editor.post(two_servers.second, change, {**form, "title_en": "After"})
        assert saved.status == 302, saved.complaints

        two_servers.manage("loaddata", "district")     # a command, in a process of its own

An answer has `status`, `headers`, `body` (as it was sent), `text`, `location` and `complaints` (tests/visitors.py). The
portal is called portal.example on both servers. They begin with the database as migrations leave it and last for one
module of tests, so each test makes records of its own. Without Redis the test is skipped.
"""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import override_settings

from portal import shared_cache
from portal.settings import env
from tests.visitors import HOST, PATIENCE, Server, Visitor

REDIS = os.environ["CACHE_URL"] if os.environ["CACHE_URL"].startswith("redis") else "redis://127.0.0.1:6379/15"

# --- The portal -------------------------------------------------------------------------------------------------------


class Portal:
    """A portal of several servers: what they share, and how to get at it."""

    def __init__(self, environment, database, blocker):
        self.environment, self.database, self.blocker = environment, database, blocker
        self.servers: list[Server] = []

    @property
    def letters(self) -> list[str]:
        """What the servers sent by mail."""
        folder = Path(self.environment["MEDIA_ROOT"]).parent / "letters"
        return [path.read_text() for path in sorted(folder.glob("*"))]

    @property
    def first(self) -> Server:
        return self.servers[0]

    @property
    def second(self) -> Server:
        return self.servers[1]

    def visitor(self) -> Visitor:
        return Visitor(self)

    @contextmanager
    def here(self):
        """Inside the block, the database, the cache and the uploads of this process are those of the servers."""
        own = connections["default"]
        theirs = type(own)({**own.settings_dict, **self.database}, "default")
        cache = shared_cache.settled(env.cache_url_config(self.environment["CACHE_URL"]))
        shared = {"CACHES": {"default": cache}, "MEDIA_ROOT": self.environment["MEDIA_ROOT"]}
        with override_settings(**shared), self.blocker.unblock():
            connections["default"] = theirs
            try:
                yield
            finally:
                theirs.close()
                connections["default"] = own

    def manage(self, *arguments, **environment) -> subprocess.CompletedProcess:
        """Runs a command of manage.py to its end; the test fails if the command does."""
        done = self.start_managing(*arguments, **environment)
        out, err = done.communicate(timeout=PATIENCE * 2)
        assert done.returncode == 0, out + err
        return subprocess.CompletedProcess(done.args, 0, out, err)

    def start_managing(self, *arguments, **environment) -> subprocess.Popen:
        """Starts a command of manage.py and does not wait."""
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.Popen(command, cwd=settings.BASE_DIR, env={**self.environment, **environment}, **pipes)

    def start(self, folder, **environment) -> Server:
        """One more server, with variables of its own. It listens at once and answers when it is ready."""
        with socket.socket() as listening, (Path(folder) / "servers.log").open("a") as log:
            listening.bind(("127.0.0.1", 0))
            listening.listen(100)
            command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
            process = subprocess.Popen(
                [*command, "--bind", f"fd://{listening.fileno()}", "portal.wsgi"],
                cwd=settings.BASE_DIR,
                env={**self.environment, **environment},
                pass_fds=[listening.fileno()],
                stderr=log,
                start_new_session=True,
            )
            self.servers.append(Server(listening.getsockname()[1], process))
        return self.servers[-1]

    def stop(self):
        for server in self.servers:
            os.killpg(server.process.pid, signal.SIGKILL)  # it and its workers: nobody waits for their farewell
        for server in self.servers:
            server.process.wait(timeout=PATIENCE)


@contextmanager
def servers(number, folder, blocker, **environment):
    """A `Portal` of so many servers whose files lie in `folder`, until the block ends. `blocker` is the fixture
    `django_db_blocker`."""
    shared = {
        **{name: value for name, value in os.environ.items() if name not in ("BIND", "PORT")},
        "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
        "CACHE_URL": f"{REDIS}?key_prefix=servers-{token_hex(4)}",
        "CSRF_TRUSTED_ORIGINS": f"https://{HOST}",
        "DJANGO_SETTINGS_MODULE": "tests.server_settings",
        "EMAIL_URL": f"filemail:///{folder}/letters",  # four slashes, or the path is a relative one
        "GRACEFUL_TIMEOUT": "3",
        "GUNICORN_LOG_LEVEL": "warning",
        "LOG_LEVEL": "WARNING",
        "MEDIA_ROOT": str(Path(folder) / "media"),
        "STATIC_ROOT": str(Path(folder) / "static"),
        "THREADS": "4",
        "WEB_CONCURRENCY": "1",
    }
    with ExitStack() as stack:
        stack.enter_context(blocker.unblock())
        database, url = stack.enter_context(copied_database(folder))
        portal = Portal({**shared, "DATABASE_URL": url, **environment}, database, blocker)
        stack.callback(portal.stop)
        for _ in range(number):
            portal.start(folder)
        for server in portal.servers:
            assert server.get("/robots.txt", x_forwarded_proto="https").status == 200, (
                Path(folder) / "servers.log"
            ).read_text()
        yield portal


# --- The database -----------------------------------------------------------------------------------------------------


@contextmanager
def copied_database(folder):
    """A copy of the test database as migrations left it: what differs in its settings, and its address."""
    assert not connection.in_atomic_block, "Servers are started by a fixture of the module, before a test begins."
    own = connection.settings_dict
    if connection.vendor == "sqlite":
        path = Path(folder) / "shared.sqlite3"
        connection.ensure_connection()
        with closing(sqlite3.connect(path)) as file:
            connection.connection.backup(file)
        yield {"NAME": str(path)}, f"sqlite:///{path}"
        return
    name = f"servers_{token_hex(6)}"
    connection.close()  # PostgreSQL copies no database that somebody is in
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{own["NAME"]}"')
    password = f":{own['PASSWORD']}" if own["PASSWORD"] else ""
    try:
        yield {"NAME": name}, f"postgres://{own['USER']}{password}@{own['HOST']}:{own['PORT'] or 5432}/{name}"
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


# --- Fixtures, known to every test by tests/conftest.py ---------------------------------------------------------------


@pytest.fixture(scope="module")
def redis_answers():
    """Skips what needs Redis where there is none."""
    where = urlsplit(REDIS)
    with socket.socket() as probe:
        if probe.connect_ex((where.hostname, where.port or 6379)):
            pytest.skip(f"no Redis answers at {where.netloc}")


@pytest.fixture(scope="module")
def two_servers(redis_answers, django_db_setup, django_db_blocker, tmp_path_factory):
    """Two servers of one portal (`Portal`), for all tests of a module."""
    with servers(2, tmp_path_factory.mktemp("servers"), django_db_blocker) as portal:
        yield portal
