"""`make lighthouse`: the five pages that matter most, judged by Lighthouse as on a phone, and their weight.

Needs node and npm (Lighthouse comes from there into var/tools) and the system's Chromium. Fails below GOALS.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from npm_tools import installed
from scratch_server import prepared, serving

GOALS = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
PAGES = [
    "/en/",
    "/zh-hans/",
    "/en/conferences/meilan-lake-2024/",
    "/en/agreements/sph-cansino-joint-venture/",
    "/en/companies/",
    "/zh-hans/indicators/biopharma-companies/",
]
CHROME = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


def judge(url, report):
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        sys.exit("Lighthouse needs Chromium, and there is none here.")
    program = installed("lighthouse") / "cli" / "index.js"
    command = ["node", str(program), url, "--quiet", "--output=json", f"--output-path={report}"]
    command += [f"--chrome-flags={CHROME}", f"--only-categories={','.join(GOALS)}"]
    subprocess.run(command, check=True, env={**os.environ, "CHROME_PATH": chromium})
    return json.loads(Path(report).read_text())


def main():
    missed = False
    with tempfile.TemporaryDirectory() as folder, serving("portal.wsgi", prepared(folder)) as port:
        print(f"{'page':45}" + "".join(f"{name:>16}" for name in GOALS) + f"{'kB':>8}")
        for page in PAGES:
            found = judge(f"http://127.0.0.1:{port}{page}", f"{folder}/report.json")
            scores = {name: round(100 * found["categories"][name]["score"]) for name in GOALS}
            weight = found["audits"]["total-byte-weight"]["numericValue"] / 1000
            print(f"{page:45}" + "".join(f"{score:16}" for score in scores.values()) + f"{weight:8.0f}", flush=True)
            for name, goal in GOALS.items():
                if scores[name] < goal:
                    missed = True
                    audits = (
                        found["audits"][each["id"]] for each in found["categories"][name]["auditRefs"] if each["weight"]
                    )
                    lacking = [audit["title"] for audit in audits if audit["score"] is not None and audit["score"] < 1]
                    print(f"    {name} below {goal}: {'; '.join(lacking)}")
    sys.exit(missed)


if __name__ == "__main__":
    main()
