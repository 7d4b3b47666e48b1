"""Whether the portal on this machine answers: `python deploy/healthy.py` ends with 0 or 1. For machines without curl.

    python deploy/healthy.py           /healthz: the process answers. For whatever restarts it.
    python deploy/healthy.py --ready   /readyz: all that it needs is there, too. Before visitors are sent to it.

It asks at the address that gunicorn binds to, and prints what it is told.
"""

import http.client
import os
import sys

SECONDS = 4


def main(*options) -> int:
    host, _, port = (os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT') or 8000}").rpartition(":")
    host = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 (every address of the machine, this one too)
    connection = http.client.HTTPConnection(host, int(port), timeout=SECONDS)
    try:
        connection.request("GET", "/readyz" if "--ready" in options else "/healthz")
        answer = connection.getresponse()
        print(answer.read().decode(), end="")
        return int(answer.status != 200)
    except (OSError, http.client.HTTPException) as problem:
        print(problem, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
