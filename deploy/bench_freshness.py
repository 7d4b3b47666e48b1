"""What `make bench` asks besides speed: whether the very next request after a save is fresh while pages are being asked
for as fast as they come, and what a million made-up addresses do to the memory of a worker."""

import re
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from django.conf import settings
from scratch_server import ROOT, manage

sys.path.insert(0, str(ROOT))
from tests.visitors import HOST, PASSWORD, Server, Visitor

EDITOR = "editor-of-the-bench"
SAVES = 20
PAGE, LIST = "/en/news/", "/admin/events/announcement/"
MADE_UP = """
local n = 0
math.randomseed(os.time())
request = function()
    n = n + 1
    return wrk.format("GET", string.format("%s?made-up-%d-%d=%d", wrk.path, math.random(1e9), n, n))
end
"""


def of_editors(environment) -> dict:
    """The environment of a portal that `Visitor` can sign in to."""
    hosts = f"{HOST},{environment['ALLOWED_HOSTS']}"
    return {**environment, "ALLOWED_HOSTS": hosts, "CSRF_TRUSTED_ORIGINS": f"https://{HOST}"}


def editor_at(server, environment) -> Visitor:
    manage(
        {**environment, "DJANGO_SUPERUSER_PASSWORD": PASSWORD},
        *("createsuperuser", "--no-input", "--username", EDITOR, "--email", "editor@example.org"),
    )
    editor = Visitor(None)
    answer = editor.post(server, "/admin/login/", {"username": EDITOR, "password": PASSWORD})
    if answer.status != 302:
        sys.exit(f"The editor was not let in: {answer.status}.")
    return editor


def after_saves(environment, site) -> str:
    """A sentence: one announcement is saved in the desk again and again while `wrk` asks for the page that lists it;
    after each save the very next request must find the new title."""
    if not settings.configured:
        settings.configure()  # what writes a form asks for the charset
    server = Server(urlsplit(site).port)
    editor = editor_at(server, environment)
    path = re.search(rf"{LIST}\d+/change/", editor.get(server, LIST).text)[0]
    saves, asks, stale = [], [], 0
    with _asked_for(site + PAGE) as asked:
        for number in range(SAVES):
            title = f"Saved under load for the {number}th time"
            began = time.monotonic()
            answer = editor.post(server, path, editor.form(server, path) | {"title_en": title, "_publish": ""})
            if answer.status != 302:
                sys.exit(f"The editor could not save: {answer.status} {answer.complaints}")
            saved = time.monotonic()
            stale += title not in server.get(PAGE).text
            saves.append(saved - began)
            asks.append(time.monotonic() - saved)
    return (
        f"Fresh after a save in the desk, while the page is asked for {asked():,.0f} times a second: {SAVES} saves "
        f"({median(saves) * 1000:.0f} ms each), the very next request was stale {stale} times; it took "
        f"{median(asks) * 1000:.0f} ms (at most {max(asks) * 1000:.0f})."
    )


@contextmanager
def _asked_for(address):
    """While the block runs, `wrk` asks for `address`; yields a function that says how often in a second it did."""
    rates = []
    command = ["wrk", "-t1", "-c16", "-d600s", "-H", "Accept-Encoding: gzip", address]
    wrk = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield lambda: rates[0]
    finally:
        wrk.send_signal(2)  # as Ctrl-C: it says what it has counted
        said, _ = wrk.communicate(timeout=30)
        rates.extend(map(float, re.findall(r"Requests/sec:\s+([\d.]+)", said)))


def after_made_up(site, memory, folder, number=1_000_000) -> str:
    """A sentence: what `memory()` says in megabytes before and after `number` addresses with made-up parameters."""
    script = Path(folder) / "made_up.lua"
    script.write_text(MADE_UP)
    before, asked, began = memory(), 0, time.monotonic()
    while asked < number:
        command = ["wrk", "-t1", "-c16", "-d20s", "-s", str(script), "-H", "Accept-Encoding: gzip", f"{site}/en/"]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        if "Non-2xx" in said:
            sys.exit(f"Made-up addresses were not all answered:\n{said}")
        asked += int(said.partition(" requests in ")[0].split()[-1])
    rate = asked / (time.monotonic() - began)
    return (
        f"{asked:,} addresses with parameters that nobody reads, each another one, {rate:,.0f} in a second: a worker "
        f"took {before:.0f} MB before and {memory():.0f} MB after."
    )
