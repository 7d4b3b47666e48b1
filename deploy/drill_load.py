"""`make drill-load`: more is asked of one worker than it can answer, for a long time.

    make drill-load                                   ten minutes at three times what it sustains
    make drill-load OPTIONS="--seconds 120 --times 5"

A scratch portal with the fixtures is served by one worker, as in production. First a few visitors ask one thing after
another, as fast as they are answered: that is what it sustains. Then requests come at `--times` that rate, whether the
earlier ones are answered or not: pages (most of them kept), pages that nobody keeps, searches, downloads, data, and
editors who open a record and save it.

Every answer must be a right one, or 503 or 429 with Retry-After; the memory of the worker may not go on
growing. Else the drill ends with 1. What it prints holds for the machine and the moment: it asks from the same
machine, and whatever else runs there takes its part.
"""

import argparse
import http.client
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from urllib.parse import quote

from django.conf import settings

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from deploy.scratch_server import manage, prepared, served
from tests.visitors import HOST, PASSWORD, Server, Visitor, _Forms

CLIENTS = 120  # requests on the way at once, at most; gunicorn holds more
SUSTAINING = 4  # visitors while it is measured what the worker sustains: as many as have a turn
MOST_GROWTH = 32  # MB, in the second half: in the first, the worker fills its room for pages (PAGE_CACHE_MB)
SHED = (429, 503)
EDITORS = 3

PAGES = [
    "/en/",
    "/zh-hans/",
    "/en/conferences/",
    "/en/agreements/",
    "/zh-hans/companies/",
    "/en/news/",
    "/en/projects/",
]
DOWNLOADS = ["/en/agreements.csv", "/en/conferences.ics", "/en/news/feed.atom", "/en/companies.json"]
DATA = ["/api/v1/agreements", "/api/v1/companies", "/api/v1/conferences", "/api/v1/sources"]
WORDS = ["vaccine", "biotech", "park", "robot", "fund", "机器人", "生物", "宝山", "meilan", "hydrogen"]
SHARES = {"page": 40, "unkept page": 15, "search": 20, "download": 10, "data": 10, "desk": 5}


@dataclass
class Tally:
    """What happened: seconds of each answer by kind and outcome."""

    seconds: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: Counter = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind, outcome, seconds, complaint=""):
        with self.lock:
            self.seconds[kind, outcome].append(seconds)
            if outcome == "wrong":
                self.wrong[f"{kind}: {complaint}"[:150]] += 1

    def number(self, outcome) -> int:
        return sum(len(each) for (_kind, other), each in self.seconds.items() if other == outcome)

    def lines(self):
        names = f"{'asked':>7} {'answered':>9} {'shed':>7} {'wrong':>6}"
        yield f"{'':12} {names}   {'p50 ms':>7} {'p99 ms':>7}   {'p99 shed':>8}"
        for kind in sorted({kind for kind, _outcome in self.seconds}):
            right, shed, wrong = (self.seconds.get((kind, each), []) for each in ("right", "shed", "wrong"))
            times = f"{ms(right, 0.5):>7} {ms(right, 0.99):>7}   {ms(shed, 0.99):>8}"
            total = len(right) + len(shed) + len(wrong)
            yield f"{kind:12} {total:>7} {len(right):>9} {len(shed):>7} {len(wrong):>6}   {times}"
        yield from (f"WRONG {number} times: {complaint}" for complaint, number in self.wrong.most_common(10))


def ms(seconds, share) -> str:
    if not seconds:
        return "–"
    return str(round(sorted(seconds)[min(int(len(seconds) * share), len(seconds) - 1)] * 1000))


class Connection(http.client.HTTPConnection):
    """One that is kept between requests as nginx keeps it (deploy/nginx.conf): not as long as gunicorn does."""

    KEPT = 4  # seconds
    used_at = 0

    def ask(self, address):
        if time.monotonic() - self.used_at > self.KEPT:
            self.close()  # the request opens it again
        self.request("GET", address, headers={"Host": HOST, "Accept-Encoding": "gzip"})
        answer = self.getresponse()
        answer.read()
        self.used_at = time.monotonic()
        return answer


class Load:
    """Requests of every kind to the server at `port`. `editors` are pairs of a visitor who is signed in and the address
    of a record that nobody else edits."""

    def __init__(self, port, editors=(), seed=1):
        self.port, self.tally, self.random = port, Tally(), random.Random(seed)  # noqa: S311 (the same in each run)
        self.editors = SimpleQueue()
        for each in editors:
            self.editors.put(each)

    def closed(self, seconds, visitors=SUSTAINING) -> float:
        """Right answers in a second, where each visitor waits for an answer before asking for more."""
        self.tally, end = Tally(), time.monotonic() + seconds
        self._together(visitors, lambda connection: time.monotonic() < end and self._one(connection))
        return self.tally.number("right") / seconds

    def open(self, seconds, rate, clients=CLIENTS) -> float:
        """Requests come at `rate` in a second whatever becomes of them. Returns how many really came in a second."""
        self.tally, began, numbers = Tally(), time.monotonic(), iter(range(int(seconds * rate)))
        lock = threading.Lock()

        def next_one(connection):
            with lock:
                number = next(numbers, None)
            if number is None:
                return False
            time.sleep(max(began + number / rate - time.monotonic(), 0))
            return self._one(connection)

        self._together(clients, next_one)
        return int(seconds * rate) / (time.monotonic() - began)

    def _together(self, number, work):
        def client():
            connection = Connection("127.0.0.1", self.port, timeout=60)
            while work(connection):
                pass
            connection.close()

        threads = [threading.Thread(target=client) for _ in range(number)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()

    def _one(self, connection) -> bool:
        kind = self.random.choices(list(SHARES), SHARES.values())[0]
        if kind == "desk":
            try:
                editor, path = self.editors.get_nowait()
            except Empty:
                kind = "page"
            else:
                self._save(editor, path)
                self.editors.put((editor, path))
                return True
        began = time.monotonic()
        try:
            answer = connection.ask(self._address(kind))
        except (OSError, http.client.HTTPException) as problem:
            connection.close()  # the next request opens it again
            self.tally.note(kind, "wrong", time.monotonic() - began, repr(problem))
        else:
            outcome = outcome_of(answer.status, answer.headers)
            self.tally.note(kind, outcome, time.monotonic() - began, str(answer.status))
        return True

    def _address(self, kind) -> str:
        choose = self.random.choice
        match kind:
            case "search":
                return f"/en/search/?q={'+'.join(map(quote, (choose(WORDS), choose(WORDS))))}"
            case "unkept page":
                return f"{choose(PAGES)}?n={self.random.randrange(10**9)}"
            case "download":
                return f"{choose(DOWNLOADS)}?n={self.random.randrange(10**9)}"
            case "data":
                return f"{choose(DATA)}?limit={choose([5, 10, 20])}"
        return choose(PAGES)

    def _save(self, editor, path):
        """Opens a record and saves it with one field changed."""
        server, began = Server(self.port), time.monotonic()
        try:
            opened = editor.get(server, path)
            outcome = outcome_of(opened.status, opened.headers)
            self.tally.note("desk opens", outcome, time.monotonic() - began, str(opened.status))
            if outcome != "right":
                return
            form, began = fields_of(opened), time.monotonic()
            saved = editor.post(server, path, {**form, "note_en": f"Read again at {time.time():.3f}"})
            outcome = "wrong" if saved.status == 200 else outcome_of(saved.status, saved.headers)
            complaint = f"{saved.status} {saved.complaints if saved.status == 200 else ''}"
            self.tally.note("desk saves", outcome, time.monotonic() - began, complaint)
        except (OSError, http.client.HTTPException) as problem:
            self.tally.note("desk saves", "wrong", time.monotonic() - began, repr(problem))


def outcome_of(status, headers) -> str:
    if status in SHED:
        return "shed" if headers.get("Retry-After") else "wrong"
    return "right" if status < 400 else "wrong"


def fields_of(page) -> dict:
    reader = _Forms()
    reader.feed(page.text)
    return max(reader.forms, key=len, default={})


def worker_of(server) -> int:
    """The worker of gunicorn's master `server`."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    return int(children[0])


def megabytes(pid) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def editors(port, environment) -> list:
    named = ["--noinput", "--username", "operator", "--email", "operator@example.org"]
    manage({**environment, "DJANGO_SUPERUSER_PASSWORD": PASSWORD}, "createsuperuser", *named)
    signed_in = []
    for _ in range(EDITORS):
        visitor, server = Visitor(None), Server(port)
        answer = visitor.post(server, "/admin/login/", {"username": "operator", "password": PASSWORD})
        assert answer.status == 302, answer.complaints  # noqa: S101
        signed_in.append((visitor, f"/admin/portal/source/{len(signed_in) + 1}/change/"))
    return signed_in


def main():
    parser = argparse.ArgumentParser(description="More is asked of one worker than it can answer.")
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--times", type=float, default=3, help="what it sustains, so many times (default 3)")
    options = parser.parse_args()
    settings.configure()  # what writes a form asks for the charset
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **prepared(folder),
            "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
            "CSRF_TRUSTED_ORIGINS": f"https://{HOST}",
            "EMAIL_URL": "dummymail://",
            "WEB_CONCURRENCY": "1",
        }
        with served("portal.wsgi", environment) as (port, server):
            Server(port).get("/en/")
            load, pid = Load(port, editors(port, environment)), worker_of(server)
            load.closed(5)  # until pages are kept
            sustained = load.closed(min(20, options.seconds))
            memory = [megabytes(pid)]
            print(f"One worker sustains {sustained:.0f} requests a second ({os.cpu_count()} cores).", flush=True)
            half = threading.Timer(options.seconds / 2, lambda: memory.append(megabytes(pid)))
            half.start()
            came = load.open(options.seconds, sustained * options.times)
            half.join()
            memory.append(megabytes(pid))
            is_same = worker_of(server) == pid
    print(f"{came:.0f} a second came, for {options.seconds} s.")
    print("\n".join(load.tally.lines()))
    print("Memory of the worker: {:.0f} MB before, {:.0f} MB at half time, {:.0f} MB at the end.".format(*memory))
    if not is_same:
        print("WRONG: the worker is another one than at the beginning.")
    if not is_same or load.tally.number("wrong") or memory[2] - memory[1] > MOST_GROWTH:
        sys.exit(1)


if __name__ == "__main__":
    main()
