"""Whether the portal on this machine answers: `python deploy/healthy.py` ends with 0 or 1. For containers without curl.

It asks for /robots.txt, as a proxy would ask, at the address that gunicorn binds to.
"""

import http.client
import os
import sys

SECONDS = 4


def main() -> int:
    host, _, port = (os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT') or 8000}").rpartition(":")
    named = (os.environ.get("ALLOWED_HOSTS") or "127.0.0.1").split(",")[0].lstrip(".*") or "127.0.0.1"
    host = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 (every address of the machine, this one too)
    connection = http.client.HTTPConnection(host, int(port), timeout=SECONDS)
    try:
        connection.request("GET", "/robots.txt", headers={"Host": named, "X-Forwarded-Proto": "https"})
        return int(connection.getresponse().status != 200)
    except (OSError, http.client.HTTPException) as problem:
        print(problem, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
