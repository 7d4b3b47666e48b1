"""What a crash drill is done to: a server and a database that somebody keeps running, as systemd does."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

from scratch_server import ROOT, free_port

RESTART_AFTER = 0.1  # seconds, as systemd's RestartSec
PATIENCE = 120  # seconds in which everything must be back


class Kept:
    """A program that is started again whenever it ends, without what it has left behind (as KillMode=mixed does)."""

    def __init__(self, start):
        self.start, self.starts = start, 0
        self._ended = Event()
        self.process = self._started()
        self._thread = Thread(target=self._keep, daemon=True)
        self._thread.start()

    def _started(self):
        self.starts += 1
        return self.start()

    def _keep(self):
        while not self._ended.is_set():
            self.process.wait()
            self._kill_what_is_left()
            if not self._ended.wait(RESTART_AFTER):
                self.process = self._started()

    def _kill_what_is_left(self):
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def stop(self):
        self._ended.set()
        self._kill_what_is_left()
        self._thread.join(PATIENCE)

    def children(self) -> list[int]:
        pid = self.process.pid
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextmanager
def kept_portal(environment, log):
    """Gunicorn on a socket that outlives it, as portal.socket does; yields it and its port."""
    with socket.socket() as listening, Path(log).open("ab") as output:
        listening.bind(("127.0.0.1", 0))
        listening.listen(200)
        command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]

        def start():
            return subprocess.Popen(
                [*command, "--bind", f"fd://{listening.fileno()}", "portal.wsgi"],
                cwd=ROOT,
                env=environment,
                pass_fds=[listening.fileno()],
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

        portal = Kept(start)
        try:
            yield portal, listening.getsockname()[1]
        finally:
            portal.stop()


@contextmanager
def kept_postgresql(folder):
    """A PostgreSQL of its own, whose processes may be killed; yields it and the address of a database."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
    data, port = Path(folder) / "postgresql", free_port()
    data.mkdir()
    as_user = {}
    if os.getuid() == 0:  # PostgreSQL does not run as root
        as_user = {"user": "postgres", "group": "postgres", "extra_groups": []}
        shutil.chown(data, "postgres", "postgres")
    make = [programs / "initdb", "--pgdata", data, "--username", "postgres", "--auth", "trust", "--encoding", "UTF8"]
    subprocess.run(make, check=True, stdout=subprocess.DEVNULL, cwd="/", **as_user)
    command = [programs / "postgres", "-D", data, "-p", str(port), "-k", data, "-c", "listen_addresses=127.0.0.1"]
    log = (data.parent / "postgresql.log").open("ab")

    def start():
        return subprocess.Popen(command, cwd="/", stdout=log, stderr=log, start_new_session=True, **as_user)

    server = Kept(start)
    try:
        wait_for(
            lambda: subprocess.run([programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]).returncode == 0
        )
        yield server, f"postgres://postgres@127.0.0.1:{port}/postgres"
    finally:
        server.stop()
        log.close()


def wait_for(is_there) -> float:
    """The seconds until it is; ends the drill where it never is."""
    began = time.monotonic()
    while not is_there():
        if time.monotonic() - began > PATIENCE:
            sys.exit("It did not come back by itself.")
        time.sleep(0.05)
    return time.monotonic() - began
