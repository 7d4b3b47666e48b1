"""`make scan`: the portal under wapiti, a scanner for holes in web applications; first as a visitor, then as staff.

It runs on a scratch portal with the fixtures, because what it sends is also saved. Wapiti comes from the package index
into a `.venv` of its own under var/tools (it is no part of the portal, and no lock file names it). Fails where it finds
something that `EXPECTED` does not explain.

    python deploy/scan.py [--minutes 10]     at most so long for each of the two
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from secrets import token_urlsafe
from time import monotonic

from scratch_server import ROOT, prepared, serving

VERSION = "3.2.3"
TOOLS = ROOT / "var" / "tools" / f"wapiti-{VERSION}"
# Left out are those that ask a server of wapiti's authors for help, those for other kinds of servers, and LDAP, which
# there is none of.
MODULES = [
    *("backup", "cookieflags", "crlf", "csp", "csrf", "exec", "file", "htaccess", "http_headers", "permanentxss"),
    *("redirect", "shellshock", "sql", "timesql", "upload", "xss"),
]
EXPECTED = {
    "HTTP Strict Transport Security (HSTS)": "the scratch portal is without HTTPS; tests/test_response_headers.py",
    "Secure cookie": "the scratch portal is without HTTPS; tests/portal/test_settings.py",
    "Secure Flag cookie": "the scratch portal is without HTTPS; tests/portal/test_settings.py",
    "Unencrypted Channels": "the scratch portal is without HTTPS; nginx.conf redirects",
}
NO_LOGOUT = ("logout", "sign-out", "language", "delete")  # addresses that would end the session or the scan's object


def wapiti() -> Path:
    """The program, installed first where it is missing."""
    program = TOOLS / "bin" / "wapiti"
    if not program.exists():
        print(f"Installing wapiti {VERSION} into {TOOLS.relative_to(ROOT)} ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(TOOLS)], check=True)
        pip = [str(TOOLS / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, f"wapiti3=={VERSION}"], check=True)
    return program


def scan(address, folder, minutes, *options, leave_out) -> dict:
    """What wapiti says of `address`, as its report."""
    report = f"{folder}/report-{monotonic()}.json"
    command = [str(wapiti()), "--url", address, "--module", ",".join(MODULES), "--scope", "folder", "--level", "1"]
    command += ["--max-scan-time", str(minutes * 20), "--max-attack-time", str(minutes * 60 // len(MODULES) + 1)]
    command += ["--max-links-per-page", "60", "--max-files-per-dir", "25", "--tasks", "4", "--timeout", "10"]
    command += ["--no-bugreport", "--flush-session", "--store-session", folder, "--verbose", "0"]
    command += ["--format", "json", "--output", report, *options]
    for each in leave_out:
        command += ["--exclude", f"{address}*{each}*"]
    subprocess.run(command, env={**os.environ, "HOME": folder}, stdout=subprocess.DEVNULL, check=True)
    return json.loads(Path(report).read_text())


def tell(name, report, seconds) -> bool:
    """Prints what was found; whether there is something that nobody expects."""
    found = {
        kind: each
        for part in ("vulnerabilities", "anomalies", "additionals")
        for kind, each in report[part].items()
        if each
    }
    pages = report["infos"]["crawled_pages_nbr"]
    print(f"{name}: {pages} addresses crawled, {len(MODULES)} kinds of attack, {seconds:.0f} s")
    for kind, each in found.items():
        paths = sorted({f"{hit['method']} {hit['path']}" for hit in each})
        print(f"    {kind}: {len(each)} ({EXPECTED.get(kind, 'NOT EXPECTED')})")
        if kind not in EXPECTED:
            print(*(f"        {path}: {each[0]['info']}" for path in paths[:5]), sep="\n")
    print("" if found else "    nothing found")
    return bool(found.keys() - EXPECTED.keys())


def staff(site, environment) -> list[str]:
    """Makes somebody who may do everything; the options with which wapiti signs in."""
    password = token_urlsafe()
    command = [sys.executable, "manage.py", "createsuperuser", "--no-input", "--username", "scanner", "--email", ""]
    known = {**environment, "DJANGO_SUPERUSER_PASSWORD": password}
    subprocess.run(command, cwd=ROOT, env=known, check=True, stdout=subprocess.DEVNULL)
    return ["--form-url", f"{site}/admin/login/", "--form-user", "scanner", "--form-password", password]


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--minutes", type=int, default=10)
    minutes = arguments.parse_args().minutes
    wapiti()
    with tempfile.TemporaryDirectory() as folder:
        environment = {**prepared(folder), "LOG_LEVEL": "CRITICAL"}
        with serving("portal.wsgi", environment) as port:
            site, missed = f"http://127.0.0.1:{port}", False
            for name, address, options, leave_out in (
                ("As a visitor", f"{site}/", [], ["admin/"]),
                ("As staff", f"{site}/admin/", staff(site, environment), NO_LOGOUT),
            ):
                began = monotonic()
                report = scan(address, folder, minutes, *options, leave_out=leave_out)
                missed |= tell(name, report, monotonic() - began)
    sys.exit(missed)


if __name__ == "__main__":
    main()
