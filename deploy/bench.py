"""`make bench`: how fast the public pages are, beside an empty Django view served the same way in the same run.

Each server is gunicorn with deploy/gunicorn.conf.py on a scratch port of 127.0.0.1; the portal reads a scratch SQLite
database with the fixtures. Every page gets the same bounded load: 8 connections for 5 seconds with `wrk` where that is
installed, else 1,000 requests from 8 threads of Python (which then is what limits the fast pages). Requests ask for
gzip, as browsers do. The numbers compare pages and versions on one machine; they promise nothing about another.
"""

import http.client
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from scratch_server import ROOT, prepared, serving

CONNECTIONS, SECONDS, REQUESTS = 8, 5, 1000
MILLISECONDS = {"us": 0.001, "ms": 1, "s": 1000}
PAGES = ["/en/", "/zh-hans/", "/en/conferences/", "/en/agreements/", "/en/companies/"]


def empty_site():
    """A Django with one view that says "ok" and no middleware: what no page of ours can beat."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpResponse
    from django.urls import path

    addresses = (path("", lambda request: HttpResponse("ok")),)
    settings.configure(ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=addresses, SECRET_KEY="-" * 50)
    return get_wsgi_application()


def get(connection, page):
    connection.request("GET", page, headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    return response.status, response.read(), response.headers


def measured_with_wrk(port, page):
    command = [
        "wrk",
        "-t",
        "1",
        "-c",
        str(CONNECTIONS),
        "-d",
        f"{SECONDS}s",
        "--latency",
        "-H",
        "Accept-Encoding: gzip",
    ]
    said = subprocess.run(
        [*command, f"http://127.0.0.1:{port}{page}"], check=True, capture_output=True, text=True
    ).stdout
    if "Non-2xx" in said:
        sys.exit(f"{page} did not answer 200 to every request:\n{said}")
    times = dict(re.findall(r"(50|99)%\s+([\d.]+[mu]?s)", said))
    p50, p99 = (float(t.rstrip("mus")) * MILLISECONDS[t.lstrip("0123456789.")] for t in (times["50"], times["99"]))
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]), p50, p99


def measured_with_python(port, page):
    def visitor(_):
        connection, times = http.client.HTTPConnection("127.0.0.1", port, timeout=30), []
        for _ in range(REQUESTS // CONNECTIONS):
            began = time.perf_counter()
            status, _, _ = get(connection, page)
            times.append((time.perf_counter() - began) * 1000)
            if status != 200:
                sys.exit(f"{page} answered {status}.")
        return times

    began = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as visitors:
        times = sorted(t for each in visitors.map(visitor, range(CONNECTIONS)) for t in each)
    return len(times) / (time.perf_counter() - began), times[len(times) // 2], times[len(times) * 99 // 100]


def measure(application, pages, environment):
    with serving(application, environment) as port:
        for page in pages:
            status, body, headers = get(http.client.HTTPConnection("127.0.0.1", port, timeout=30), page)
            if status != 200:
                print(f"{page:32} answered {status}: not measured")
                continue
            tool = measured_with_wrk if shutil.which("wrk") else measured_with_python
            rate, p50, p99 = tool(port, page)
            name = page if application == "portal.wsgi" else "an empty Django view"
            packed = "gzip" if headers.get("Content-Encoding") == "gzip" else "plain"
            print(f"{name:32}{rate:9.0f} /s {p50:8.1f} ms {p99:8.1f} ms {len(body):9,} {packed}", flush=True)


def main():
    with tempfile.TemporaryDirectory() as folder:
        environment = prepared(folder)
        slug = "from events.models import Conference; print(Conference.objects.published().latest('starts_on').slug)"
        shell = [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", slug]
        newest = subprocess.check_output(shell, cwd=ROOT, env=environment, text=True).strip()
        pages = [*PAGES, f"/en/conferences/{newest}/"]
        print(f"{'page':32}{'requests':>12} {'p50':>11} {'p99':>11} {'bytes':>9}")
        measure("bench:empty_site()", ["/"], environment)
        measure("portal.wsgi", pages, environment)


if __name__ == "__main__":
    main()
