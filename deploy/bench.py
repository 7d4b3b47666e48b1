"""`make bench`: how fast the pages are, beside an empty Django view served the same way in the same run.

    make bench                                          the portal
    make bench OPTIONS="--peer http://127.0.0.1:8345/"  and a page of another server of this machine beside it
    make bench OPTIONS="--large"                        and the pages of a region of 100,000 organizations
    make bench OPTIONS="--seconds 10 --write"           longer, and into docs/benchmarks.md

Each server is gunicorn with deploy/gunicorn.conf.py on a port of 127.0.0.1 and a scratch SQLite database: the fixtures,
and an invented region with a conference of 100 sessions. `wrk` asks each page for a few seconds over 16 connections,
for gzip as browsers do. A page is measured as kept (`portal.page_cache`), for visitors who have it already (304), and
with nothing kept (`PAGE_CACHE_MB=0`). The ratio is that of the requests answered in a second to those of the empty
view; the numbers promise nothing about another machine, the ratios say something.
"""

import argparse
import http.client
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import bench_freshness
from scratch_nginx import EXAMPLE, NGINX, configuration, nginx
from scratch_server import ROOT, free_port, manage, prepared, served

CONNECTIONS = 16
RUNS = 3  # of which the best counts
MOST_RUNS = 8  # with those in which the kernel gave nearly all connections to one of the processes
PAUSE = 1  # second: what the run before no longer waits for is still being answered, and takes turns
MILLISECONDS = {"us": 0.001, "ms": 1, "s": 1000}
TICKS = os.sysconf("SC_CLK_TCK")
REGION = {"organizations": 428, "agreements": 100, "conferences": 1, "sessions": 100, "speakers": 75}
LARGE = {"organizations": 100_000, "agreements": 10_000, "conferences": 1, "sessions": 2000, "speakers": 1500}
DATA = {"The first dataset": None, "A conference of 100 sessions": REGION, "A large region": LARGE}
NOT_KEPT = {"search"}  # what anybody can ask for in any words


# What `django-admin startproject` writes.
APPS = ["admin", "auth", "contenttypes", "sessions", "messages", "staticfiles"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


def empty_site(middleware=()):
    """A Django with one view that says "ok"."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpResponse
    from django.urls import path

    addresses = (path("", lambda request: HttpResponse("ok")),)
    apps = [f"django.contrib.{name}" for name in APPS]
    known = {"ALLOWED_HOSTS": ["127.0.0.1"], "ROOT_URLCONF": addresses, "SECRET_KEY": "-" * 50}
    settings.configure(**known, INSTALLED_APPS=apps, MIDDLEWARE=list(middleware))
    return get_wsgi_application()


def new_project():
    """The same with the middleware of a new project: what every page of Django's is compared with."""
    return empty_site(MIDDLEWARE)


# --- Measuring --------------------------------------------------------------------------------------------------------


@dataclass
class Measured:
    rate: float  # requests answered in a second
    p50: float  # milliseconds
    p99: float
    packed: int = 0  # bytes of an answer, as it was sent
    cpu: float = 0  # milliseconds of processor time that the server spent on a request


def drive(address, seconds, *headers) -> Measured:
    """What `wrk` says of a page; a page that fails ends the measurement."""
    asked = [part for header in ("Accept-Encoding: gzip", *headers) for part in ("-H", header)]
    command = ["wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", f"{seconds}s", "--latency", *asked, address]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in said and "If-None-Match" not in " ".join(headers):
        sys.exit(f"{address} did not answer 200 to every request:\n{said}")
    times = dict(re.findall(r"(50|99)%\s+([\d.]+[mu]?s)", said))
    p50, p99 = (float(t.rstrip("mus")) * MILLISECONDS[t.lstrip("0123456789.")] for t in (times["50"], times["99"]))
    return Measured(float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]), p50, p99)


def get(address, **headers):
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=60)
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    connection.request("GET", path, headers={"Accept-Encoding": "gzip", **headers})
    response = connection.getresponse()
    return response.status, response.read(), response.headers


class Server:
    """A gunicorn that is being measured."""

    def __init__(self, port, process):
        self.site, self.process = f"http://127.0.0.1:{port}", process

    def measure(self, path, seconds, *headers) -> Measured:
        address = self.site + path
        status, body, _headers = get(address)
        if status != 200:
            sys.exit(f"{address} answered {status}.")
        runs, shared = [], 0
        while shared < RUNS and len(runs) < MOST_RUNS:
            time.sleep(PAUSE)
            before = self._cpu()
            runs.append(drive(address, seconds, *headers))
            spent = [now - then for now, then in zip(self._cpu(), before, strict=True)]
            runs[-1].cpu = sum(spent) / TICKS * 1000 / (runs[-1].rate * seconds)
            shared += min(spent) > max(spent) / 2
        measured = max(runs, key=lambda run: run.rate)
        measured.packed = len(body)
        return measured

    def _workers(self) -> list[Path]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [Path("/proc") / pid for pid in children.read_text().split()] if children.exists() else []

    def _cpu(self) -> list[int]:
        """Ticks of each worker so far."""
        stats = [(worker / "stat").read_text().rpartition(")")[2].split() for worker in self._workers()]
        return [int(each[11]) + int(each[12]) for each in stats]

    def memory(self) -> float:
        """Megabytes of the largest worker."""
        sizes = [int(re.search(r"VmRSS:\s+(\d+)", (each / "status").read_text())[1]) for each in self._workers()]
        return max(sizes, default=0) / 1000


@contextmanager
def running(application, environment):
    with served(application, environment) as (port, process):
        yield Server(port, process)


def cold_start(environment) -> float:
    """Seconds from the start of gunicorn with one worker to its first page."""
    began = time.monotonic()
    with running("portal.wsgi", {**environment, "WEB_CONCURRENCY": "1"}) as server:
        get(f"{server.site}/en/accessibility/")
        return time.monotonic() - began


def pages_of(environment) -> dict:
    """The pages of the portal (deploy/bench_pages.py): by name, their address, queries and bytes."""
    command = [sys.executable, "deploy/bench_pages.py"]
    return json.loads(subprocess.check_output(command, cwd=ROOT, env=environment, text=True))


# --- The table --------------------------------------------------------------------------------------------------------

COLUMNS = ["page", "", "requests/s", "ratio", "p50 ms", "p99 ms", "CPU ms", "queries", "bytes", "gzip"]
HEAD = f"| {' | '.join(COLUMNS)} |\n|---|---|{'--:|' * (len(COLUMNS) - 2)}"


class Table:
    def __init__(self, empty):
        self.empty = empty
        self.lines = []

    def say(self, line=""):
        self.lines.append(line)
        print(line, flush=True)

    def row(self, name, how, measured, queries="", raw=""):
        packed = f"{measured.packed:,}" if measured.packed else ""
        ratio = measured.rate / self.empty.rate
        self.say(
            f"| {name} | {how} | {measured.rate:,.0f} | {ratio:.3f} | {measured.p50:.1f} | {measured.p99:.1f} "
            f"| {measured.cpu:.2f} | {queries} | {raw and f'{raw:,}'} | {packed} |"
        )


def measure_portal(table, environment, seconds, *, is_kept=True):
    """Rows for each page: as it is kept, for whoever has it, and with nothing kept."""
    pages = pages_of(environment)
    if is_kept:
        with running("portal.wsgi", environment) as server:
            for name, (path, _queries, raw) in pages.items():
                if name not in NOT_KEPT:
                    table.row(name, "kept", server.measure(path, seconds), 0, raw)
            name, (path, *_rest) = next(iter(pages.items()))
            etag = get(server.site + path)[2]["ETag"]
            table.row(name, "304", server.measure(path, seconds, f"If-None-Match: {etag}"), 0)
            memory = server.memory()
    # Nobody is told to come back: what a run leaves behind would else count as refused in the next one.
    with running("portal.wsgi", {**environment, "PAGE_CACHE_MB": "0", "REQUESTS_WAITING": "100"}) as server:
        for name, (path, queries, raw) in pages.items():
            table.row(name, "anew", server.measure(path, seconds), queries, raw)
        table.say(
            f"\nMemory of a worker: {server.memory():.0f} MB"
            + (f"; {memory:.0f} MB with pages kept." if is_kept else ".")
        )


def measure_published(table, environment, folder, seconds):
    """The pages as files behind nginx, beside the same bytes as a file that nginx serves by itself."""
    public = folder / "public"
    seconds_of = [_publish(environment, public) for _ in range(2)]
    port = free_port()
    text = configuration(folder, port, free_port())
    page = f"http://127.0.0.1:{port}/en/"
    with nginx(folder, port, text):
        sent = get(page)[2]
    (folder / "own").mkdir()
    (folder / "own" / "page").write_bytes((public / "current" / "site" / "en" / "index.html.gz").read_bytes())
    addresses, servers = {"home": page}, []
    for name, lines in _own_servers(sent).items():
        own_port = free_port()
        addresses[name] = f"http://127.0.0.1:{own_port}/page"
        servers.append(f"server {{ listen 127.0.0.1:{own_port}; root {folder}/own; {lines} }}")
    with nginx(folder, port, text.rstrip().removesuffix("}") + "\n".join([*servers, "}\n"])):
        measured = _in_turns(addresses, seconds)
    table.say(f"\n{HEAD}")
    for name, each in measured.items():
        table.row(name, "nginx", each)
    rate = measured.pop("home").rate
    ratios = [f"{rate / each.rate:.2f} of {name}" for name, each in measured.items()]
    table.say(f"\nThe published page: {', '.join(ratios)}.")
    files = sum(1 for each in (public / "current" / "site").rglob("*") if each.is_file())
    took, again = seconds_of
    table.say(f"Published {files:,} files in {took:.1f} s, and once more without a change in {again:.1f} s.")


def _publish(environment, public) -> float:
    """Seconds of a publication."""
    began = time.monotonic()
    manage({**environment, "SITE_URL": "http://127.0.0.1"}, "publish_static", str(public), "--draw-later")
    return time.monotonic() - began


def _own_servers(sent) -> dict[str, str]:
    """The ways in which nginx serves a file of its own, by name: as it does without being told anything; with as many
    bytes of headers as the page was `sent` with; and besides with the settings of deploy/nginx_static.conf."""
    by_itself = {"server", "date", "content-type", "content-length", "last-modified", "connection", "etag"}
    headers = " ".join(
        f"add_header {name} '{_escaped(value)}';" for name, value in sent.items() if name.lower() not in by_itself
    )
    settings = " ".join(re.findall(r"^    (?:open_file_cache|sendfile)\w* [^;]+;", EXAMPLE.read_text(), re.MULTILINE))
    return {
        "a file of the same size": "",
        "the same file with the same headers": headers,
        "the same file with the same headers and settings": f"{headers} {settings}",
    }


def _escaped(value) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")


def _in_turns(addresses, seconds) -> dict[str, Measured]:
    """The best run of each address; they take turns, so that a slow moment of the machine is no one's alone."""
    runs = [{name: drive(address, seconds) for name, address in addresses.items()} for _ in range(RUNS)]
    return {name: max((run[name] for run in runs), key=lambda each: each.rate) for name in addresses}


def measure_freshness(table, environment, folder, made_up):
    """Whether pages are fresh while they are asked for, and what `made_up` invented addresses cost."""
    environment = bench_freshness.of_editors(environment)
    with running("portal.wsgi", environment) as server:
        table.say(f"\n{bench_freshness.after_saves(environment, server.site)}")
        table.say(f"\n{bench_freshness.after_made_up(server.site, server.memory, folder, made_up)}")


def machine() -> str:
    known = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*: (.*)", known.read_text()) if known.exists() else []
    return f"{os.cpu_count()} processors ({(names or [platform.machine()])[0]}), Python {platform.python_version()}"


def arguments():
    parser = argparse.ArgumentParser(description="How fast the pages are.")
    parser.add_argument("--seconds", type=int, default=2, help="for each of the runs of a page")
    parser.add_argument("--peer", action="append", default=[], help="the address of a page of another server")
    parser.add_argument("--large", action="store_true", help="also a region of 100,000 organizations")
    parser.add_argument("--made-up", type=int, default=100_000, help="addresses with parameters that nobody reads")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    return parser.parse_args()


def measure(options) -> list[str]:
    """The lines of docs/benchmarks.md."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running("bench:new_project()", {**os.environ, "GUNICORN_LOG_LEVEL": "warning"}) as server,
        running("bench:empty_site()", {**os.environ, "GUNICORN_LOG_LEVEL": "warning"}) as bare,
    ):
        empty, without_middleware = server.measure("/", options.seconds), bare.measure("/", options.seconds)
        table = Table(empty)
        table.say(f"{machine()}. {datetime.now(UTC):%Y-%m-%d}.")
        runs = f"the best of {RUNS} runs of {options.seconds} seconds in which both processes worked"
        table.say(f"wrk, {CONNECTIONS} connections; {runs}.")
        for name, size in DATA.items():
            if size is LARGE and not options.large:
                continue
            place = Path(folder) / name.replace(" ", "-")
            place.mkdir()
            environment = prepared(place, *(made_of(size) if size else []))
            table.say(f"\n## {name}\n\n{HEAD}")
            table.row("an empty view of a new Django project", "", empty)
            table.row("the same without any middleware", "", without_middleware)
            measure_portal(table, environment, options.seconds, is_kept=size is not LARGE)
            if NGINX and not size:
                measure_published(table, environment, place, options.seconds)
            if not size:
                table.say(f"Cold start, from the start of gunicorn to its first page: {cold_start(environment):.1f} s.")
                measure_freshness(table, environment, place, options.made_up)
        for peer in options.peer:
            table.say(f"\n## Beside it\n\n{HEAD}")
            table.row(peer, "", drive(peer, options.seconds))
    return table.lines


def made_of(size) -> list[str]:
    return ["make_region", *(f"--{name}={number}" for name, number in size.items())]


def write(lines):
    """Replaces the measured part of docs/benchmarks.md."""
    path = ROOT / "docs" / "benchmarks.md"
    begin, end = "<!-- measured -->", "<!-- /measured -->"
    before, _, rest = path.read_text().partition(begin)
    measured = "\n".join(lines)
    path.write_text(f"{before}{begin}\n{measured}\n{end}{rest.partition(end)[2]}")


def main():
    options = arguments()
    if not shutil.which("wrk"):
        sys.exit("`make bench` needs wrk: install it from the packages of your system.")
    lines = measure(options)
    if options.write:
        write(lines)


if __name__ == "__main__":
    main()
