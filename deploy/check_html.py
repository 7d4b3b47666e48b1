"""`make html`: every page that a visitor can reach, read by the Nu HTML checker; and every link on them followed.

The checker is a Java program that comes from npm (`vnu-jar`) into var/tools; node, npm and java must be installed.
Pages are fetched from a server of their own, in every language, from the home page on. Of each filter of a list one
choice is read, and no combinations.
"""

import html
import json
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from npm_tools import installed
from scratch_server import prepared, serving

STARTS = ["/en/", "/zh-hans/", "/en/no-such-page/", "/zh-hans/agreements/?kind=fund", "/en/search/?q=bio"]
LINK = re.compile(r'(?:href|src|action)="([^"#]+)')


def fetch(url):
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 (the server of this run)
            return answer.status, answer.headers.get_content_type(), answer.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.headers.get_content_type(), refusal.read()


def crawl(site, folder):
    """Saves every page as a file of `folder`; returns the pages by file name, and the links that lead nowhere."""
    found, pages, broken = {site + start: "" for start in STARTS}, {}, []
    filters = set()
    queue = list(found)
    for url in queue:
        status, kind, body = fetch(url)
        if status != 200 and "no-such-page" not in url:
            broken.append(f"{status} {url} (on {found[url] or 'no page'})")
        if kind != "text/html":
            continue
        name = f"{len(pages):05}.html"
        pages[name] = url.removeprefix(site)
        (folder / name).write_bytes(body)
        for target in LINK.findall(body.decode()):
            link = urljoin(url, html.unescape(target)).partition("#")[0]
            parts = urlsplit(link)
            of_a_list = (parts.path, re.sub(r"=[^&]*", "", parts.query))
            if not link.startswith(site) or link in found or of_a_list in filters or "&" in parts.query:
                continue
            filters.update([of_a_list] if parts.query else [])
            found[link] = url.removeprefix(site)
            queue.append(link)
    return pages, broken


def complaints(folder, pages):
    jar = installed("vnu-jar") / "build" / "dist" / "vnu.jar"
    command = ["java", "-Xss4m", "-jar", str(jar), "--stdout", "--exit-zero-always", "--format", "json", str(folder)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    for message in json.loads(said)["messages"]:
        if message["type"] == "error" or message.get("subType") == "warning":
            page = pages[Path(urlsplit(message["url"]).path).name]
            yield message["message"], page, message.get("extract", "").strip()


def main():
    with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryDirectory() as saved:
        with serving("portal.wsgi", prepared(scratch)) as port:
            pages, broken = crawl(f"http://127.0.0.1:{port}", Path(saved))
        found = list(complaints(Path(saved), pages))
    for link in broken:
        print(f"leads nowhere: {link}")
    for message in dict.fromkeys(message for message, _page, _extract in found):
        on = [(page, extract) for said, page, extract in found if said == message]
        print(f"{len(on)} x {message}\n    {on[0][0]}\n    {on[0][1]}")
    print(f"{len(pages)} pages read, {len(found)} complaints, {len(broken)} links that lead nowhere.")
    sys.exit(bool(found or broken or len(pages) < 100))


if __name__ == "__main__":
    main()
