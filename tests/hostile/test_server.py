"""A server that really listens: what uploads cost its memory, and requests that are none."""

import re
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from time import monotonic

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import factories
from tests.hostile.files import BOMBS, SHEETS, forty_megapixels
from tests.servers import HOST, servers

pytestmark = pytest.mark.django_db

MOST_GROWTH = 50  # megabytes
PATIENCE = 10  # seconds that a broken request is waited for


@pytest.fixture(scope="module")
def portal(django_db_setup, django_db_blocker, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    with servers(1, folder, django_db_blocker, CACHE_URL="locmemcache://") as portal:
        yield portal


# --- Memory -----------------------------------------------------------------------------------------------------------


class Memory:
    """Of one process, in megabytes: `grown` is by how much it has grown at its highest since the beginning."""

    def __init__(self, pid):
        self.folder = Path(f"/proc/{pid}")
        (self.folder / "clear_refs").write_text("5")  # the peak is now what there is
        self.before = self._read("VmRSS")

    @property
    def grown(self) -> float:
        return self._read("VmHWM") - self.before

    def _read(self, name) -> float:
        return int(re.search(rf"{name}:\s+(\d+) kB", (self.folder / "status").read_text())[1]) / 1024


def worker_of(portal) -> int:
    pid = portal.first.process.pid
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


@pytest.fixture
def editor(portal):
    with portal.here():
        key = factories.conference().pk
    editor = portal.visitor()
    editor.sign_in(portal.first)
    editor.photo = {**editor.form(portal.first, "/admin/events/photo/add/"), "conference": str(key)}
    return editor


def send_picture(portal, editor, name, content):
    file = SimpleUploadedFile(name, content, "application/octet-stream")
    form = {**editor.photo, "image": file, "alt_en": "A", "alt_zh_hans": "甲", "credit": "A"}
    return editor.post(portal.first, "/admin/events/photo/add/", form)


def send_sheet(portal, editor, name, content):
    file = SimpleUploadedFile(name, content, "application/octet-stream")
    return editor.post(portal.first, "/admin/companies/organization/import/", {"sheet": file})


def test_no_upload_makes_the_server_grow(portal, editor):
    for name, content in {"warm.png": factories.picture().read(), **BOMBS}.items():
        memory = Memory(worker_of(portal))
        assert send_picture(portal, editor, name, content).status in (200, 302, 422)
        assert memory.grown < MOST_GROWTH or name == "warm.png", (name, memory.grown)
    for name in ("bomb.xlsx", "rows.xlsx", "doctype.xlsx", "wide.csv", "long.csv"):
        memory = Memory(worker_of(portal))
        assert send_sheet(portal, editor, name, SHEETS[name]).status in (200, 422)
        assert memory.grown < MOST_GROWTH, (name, memory.grown)


@pytest.mark.parametrize(("image_format", "options"), [("WEBP", {}), ("JPEG", {"progressive": True, "subsampling": 0})])
def test_the_largest_picture_is_accepted_and_does_not_make_it_grow(portal, editor, image_format, options):
    memory = Memory(worker_of(portal))

    answer = send_picture(portal, editor, f"large.{image_format.lower()}", forty_megapixels(image_format, **options))

    assert answer.status == 302, answer.complaints
    assert memory.grown < MOST_GROWTH


def test_a_growing_process_is_noticed(tmp_path):
    """What decoding that picture takes in the process that does it."""
    program = "import sys; from PIL import Image; print(flush=True); Image.open(sys.argv[1]).load()"
    program += "; print(flush=True); input()"
    (file := tmp_path / "large.webp").write_bytes(forty_megapixels("WEBP"))
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", program, file], **pipes, cwd=settings.BASE_DIR) as process:
        process.stdout.readline()
        memory = Memory(process.pid)
        process.stdout.readline()
        grown = memory.grown
        process.stdin.close()

    assert grown > MOST_GROWTH


# --- Requests that are none -------------------------------------------------------------------------------------------

END = "\r\n\r\n"
GET = f"GET /en/sources/ HTTP/1.1\r\nHost: {HOST}"
POST = f"POST /en/enquiries/ HTTP/1.1\r\nHost: {HOST}"
SMUGGLED = f"GET /admin/smuggled/ HTTP/1.1\r\nHost: {HOST}{END}"

BROKEN = {
    "nothing": "\r\n\r\n",
    "bytes": "\x00\xff\xfe\x80" * 100 + END,
    "TLS": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + END,
    "no version": f"GET /\r\nHost: {HOST}{END}",
    "HTTP/0.9": "GET /\r\n\r\n",
    "HTTP/2": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "another version": f"GET / HTTP/9.9\r\nHost: {HOST}{END}",
    "no path": f"GET  HTTP/1.1\r\nHost: {HOST}{END}",
    "a long path": f"GET /{'a' * 20_000} HTTP/1.1\r\nHost: {HOST}{END}",
    "a path with spaces": f"GET /a b c HTTP/1.1\r\nHost: {HOST}{END}",
    "an absolute address": f"GET http://evil.example/en/ HTTP/1.1\r\nHost: {HOST}{END}",
    "a proxy": f"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443{END}",
    "a small method": f"get / HTTP/1.1\r\nHost: {HOST}{END}",
    "a method of symbols": f"G<T / HTTP/1.1\r\nHost: {HOST}{END}",
    "no host": f"GET /en/ HTTP/1.1{END}",
    "two hosts": f"{GET}\r\nHost: evil.example{END}",
    "a host with a path": f"GET /en/ HTTP/1.1\r\nHost: {HOST}/evil{END}",
    "a header without a colon": f"{GET}\r\nnonsense{END}",
    "a header without a name": f"{GET}\r\n: a{END}",
    "a space before the colon": f"{GET}\r\nX-A : a{END}",
    "a folded header": f"{GET}\r\nX-A: a\r\n b{END}",
    "a NUL in a header": f"{GET}\r\nX-A: a\0b{END}",
    "bare ends of lines": f"{GET}\nX-A: a\n\n",
    "a bare carriage return": f"{GET}\r\nX-A: a\rX-B: b{END}",
    "a long header": f"{GET}\r\nX-A: {'a' * 100_000}{END}",
    "many headers": f"{GET}\r\n" + "\r\n".join(f"X-{n}: a" for n in range(500)) + END,
    "an underscore": f"{GET}\r\nX_Forwarded_For: 1.2.3.4{END}",
    "an unknown expectation": f"{POST}\r\nExpect: everything\r\nContent-Length: 1{END}a",
    "no length": f"{POST}{END}a=b",
    "a negative length": f"{POST}\r\nContent-Length: -1{END}a=b",
    "a length in hexadecimal": f"{POST}\r\nContent-Length: 0x3{END}a=b",
    "a length with a sign": f"{POST}\r\nContent-Length: +3{END}a=b",
    "a broken chunk": f"{POST}\r\nTransfer-Encoding: chunked{END}zz\r\na\r\n0{END}",
    "a chunk too long": f"{POST}\r\nTransfer-Encoding: chunked{END}fffffffffffffffff\r\na",
    "an unknown coding": f"{POST}\r\nTransfer-Encoding: nonsense{END}",
}
TWO_MEANINGS = {  # where the body of one server is the next request of another
    "length and chunks": f"{POST}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked{END}0{END}{SMUGGLED}",
    "chunks and length": f"{POST}\r\nTransfer-Encoding: chunked\r\nContent-Length: 5{END}0{END}{SMUGGLED}",
    "two lengths": f"{POST}\r\nContent-Length: 0\r\nContent-Length: {len(SMUGGLED)}{END}{SMUGGLED}",
    "lengths in one": f"{POST}\r\nContent-Length: 0, {len(SMUGGLED)}{END}{SMUGGLED}",
    "chunked with a tab": f"{POST}\r\nTransfer-Encoding:\x0bchunked\r\nContent-Length: 0{END}0{END}{SMUGGLED}",
    "chunked twice": f"{POST}\r\nTransfer-Encoding: chunked, chunked\r\nContent-Length: 0{END}0{END}{SMUGGLED}",
    "chunked in another way": f"{POST}\r\nTransfer-Encoding: xchunked\r\nContent-Length: 0{END}{SMUGGLED}",
    "a space in the name": f"{POST}\r\nTransfer-Encoding : chunked\r\nContent-Length: 0{END}0{END}{SMUGGLED}",
}


def answers(portal, request) -> list[int]:
    """The statuses of what comes back until the server ends the connection."""
    text = request.encode("latin-1")
    closing = text.replace(b"\r\nHost:", b"\r\nConnection: close\r\nHost:", 1)
    with socket.create_connection(("127.0.0.1", portal.first.port), timeout=PATIENCE) as connection:
        try:
            connection.sendall(closing)
            connection.shutdown(socket.SHUT_WR)
            received = b"".join(iter(lambda: connection.recv(65_536), b""))
        except OSError:
            received = b""
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3}) ", received)]


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_request_is_refused_and_the_next_one_answered(portal, what):
    found = answers(portal, BROKEN[what])

    assert len(found) <= 1
    assert all(status < 500 or status in (501, 505) for status in found), found
    assert portal.first.get("/robots.txt").status == 200


@pytest.mark.parametrize("what", TWO_MEANINGS)
def test_a_request_of_two_meanings_hides_no_second_one(portal, what):
    found = answers(portal, TWO_MEANINGS[what])

    assert len(found) <= 1
    assert not {302, 404} & set(found)  # what the hidden one would be answered


def test_a_second_request_is_seen_where_there_is_one(portal):
    first = f"GET /robots.txt HTTP/1.1\r\nHost: {HOST}{END}"
    with socket.create_connection(("127.0.0.1", portal.first.port), timeout=PATIENCE) as connection:
        connection.sendall(first.encode() + SMUGGLED.replace("\r\n", "\r\nConnection: close\r\n", 1).encode())
        received = b"".join(iter(lambda: connection.recv(65_536), b""))

    assert [int(each) for each in re.findall(rb"HTTP/1\.1 (\d{3}) ", received)] == [200, 302]


def test_those_who_send_slowly_leave_room_for_others(portal):
    """One less than there are threads; behind nginx it may be any number (tests/deploy/test_nginx.py)."""
    with ExitStack() as stack:
        for _ in range(3):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", portal.first.port)))
            slow.sendall(GET.encode())
        began = monotonic()

        assert portal.first.get("/robots.txt").status == 200

    assert monotonic() - began < PATIENCE
