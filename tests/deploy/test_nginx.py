"""The example for nginx, started as it stands in deploy/ before a portal; only paths and ports are of the test."""

import http.client
import re
import shutil
import socket
import ssl
import subprocess
import time
from contextlib import ExitStack, closing
from getpass import getuser
from pathlib import Path

import pytest
from django.conf import settings

from deploy.scratch_server import free_port
from portal.response_headers import HEADERS, OF_FRAMES
from tests import factories
from tests.servers import HOST, PATIENCE, Server, servers

pytestmark = pytest.mark.django_db

EXAMPLE = Path(settings.BASE_DIR) / "deploy" / "nginx.conf"
AROUND = """
daemon off; worker_processes 1; user {user}; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/portal.conf;
}}
"""
PICTURE, OF_A_DRAFT = f"photo/{'a' * 32}-640.webp", f"photo/{'c' * 32}-640.webp"
DOCUMENT = f"document/{'b' * 32}.pdf"
HASHED = "css/site.0123456789ab.css"


class SecureServer(Server):
    """nginx, over HTTPS and without a look at its certificate."""

    def connection(self):
        context = ssl._create_unverified_context()  # noqa: S323 (a certificate of this test)
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=PATIENCE, context=context)


def installed(program):
    return shutil.which(program) or pytest.skip(f"{program} is not installed")


def certificate(folder):
    command = [
        installed("openssl"),
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        f"/CN={HOST}",
    ]
    subprocess.run(
        [*command, "-keyout", folder / "key.pem", "-out", folder / "chain.pem"], check=True, capture_output=True
    )


def configured(folder, portal_port, http, https):
    """The example with the paths and ports of this test."""
    text = EXAMPLE.read_text()
    for of_the_example, of_the_test in {
        "127.0.0.1:8000": f"127.0.0.1:{portal_port}",
        "listen 80;": f"listen 127.0.0.1:{http};",
        "listen 443 ssl;": f"listen 127.0.0.1:{https} ssl;",
        "/etc/ssl/portal/fullchain.pem": f"{folder}/chain.pem",
        "/etc/ssl/portal/privkey.pem": f"{folder}/key.pem",
        "/srv/portal/var": str(folder),
        "client_header_timeout 10s": "client_header_timeout 3s",
    }.items():
        assert of_the_example in text
        text = text.replace(of_the_example, of_the_test)
    (folder / "portal.conf").write_text(text)
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=getuser()))
    return folder / "nginx.conf"


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, tmp_path_factory):
    """nginx before one server of the portal: the server, the folder of files, and what both do."""
    nginx, folder = installed("nginx"), tmp_path_factory.mktemp("nginx")
    certificate(folder)
    uploads = [f"media/{name}" for name in (PICTURE, DOCUMENT, OF_A_DRAFT)]
    for name in (*uploads, f"static/{HASHED}", "static/css/plain.css", "imports/sheet"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"from the disk")
    with ExitStack() as stack:
        variables = {"HTTPS": "on", "TRUSTED_PROXIES": "1", "THREADS": "2", "UPLOADS_BY_NGINX": "on"}
        portal = stack.enter_context(servers(1, folder, django_db_blocker, **variables, CACHE_URL="locmemcache://"))
        with portal.here():
            factories.photo(image=PICTURE.replace("-640", ""))
            factories.photo(image=OF_A_DRAFT.replace("-640", ""), published_at=None)
            factories.document(file=DOCUMENT)
        ports = free_port(), free_port()
        command = [nginx, "-c", configured(folder, portal.first.port, *ports), "-p", folder]
        tested = subprocess.run([*command, "-t"], capture_output=True, text=True)
        assert tested.returncode == 0, tested.stderr
        process = subprocess.Popen(command)
        stack.callback(process.wait)
        stack.callback(process.terminate)
        portal.front = SecureServer(ports[1])
        portal.plain = Server(ports[0])
        for _ in range(100):
            with socket.socket() as probe:
                if not probe.connect_ex(("127.0.0.1", ports[1])):
                    break
            time.sleep(0.05)
        yield portal


def test_pages_come_through_and_know_that_they_travel_over_https(site):
    page = site.front.get("/en/")

    assert page.status == 200
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert "nginx/" not in page.headers["Server"]


def test_http_leads_to_https(site):
    answer = site.plain.get("/en/?q=a")

    assert (answer.status, answer.location) == (301, f"https://{HOST}/en/?q=a")


def test_what_a_visitor_says_of_the_way_here_does_not_get_through(site):
    visitor = site.visitor()
    forged = {"x_forwarded_for": "203.0.113.9", "x_forwarded_proto": "http", "forwarded": "for=203.0.113.9"}

    answer = visitor.get(site.front, "/en/", **forged)
    visitor.sign_in(site.front)

    assert answer.status == 200  # not sent to HTTPS once more
    with site.here():
        from portal.sign_in.models import StaffSession

        assert StaffSession.objects.get().address == "127.0.0.1"


def test_a_foreign_host_is_refused_by_the_portal(site):
    assert site.front.get("/en/", host="evil.example").status == 400


def refusal(server, path, **headers):
    """The status, or that nginx was gone before it had read everything."""
    try:
        return server.get(path, **headers).status
    except (ConnectionError, ssl.SSLError):
        return "closed"


def test_long_headers_and_addresses_are_answered_and_longer_ones_refused(site):
    assert site.front.get("/en/", cookie="a=" + "b" * 6000).status == 200
    assert site.front.get("/en/agreements/?q=" + "a" * 7000).status in (200, 400)
    assert refusal(site.front, "/en/", cookie="a=" + "b" * 40_000) in (400, "closed")
    assert refusal(site.front, "/en/?q=" + "a" * 40_000) in (414, "closed")


def test_uploads_over_sixty_megabytes_end_at_nginx(site):
    answer = site.front.request("POST", "/en/enquiries/", None, content_length=str(61 * 2**20))

    assert answer.status == 413


def test_visitors_who_send_slowly_keep_nobody_waiting(site):
    """Sixty of them; the portal has two threads."""
    with ExitStack() as stack:
        for _ in range(60):
            slow = stack.enter_context(closing(site.front.connection()))
            slow.connect()
            slow.send(f"GET /en/ HTTP/1.1\r\nHost: {HOST}\r\nX-Slow: ".encode())
        began = time.monotonic()

        assert site.front.get("/en/").status == 200

    assert time.monotonic() - began < 5


def test_static_files_come_from_the_disk_with_the_headers_of_the_portal(site):
    hashed, plain = site.front.get(f"/static/{HASHED}"), site.front.get("/static/css/plain.css")

    assert (hashed.text, plain.text) == ("from the disk", "from the disk")
    assert hashed.headers["Cache-Control"] == "public, max-age=315360000, immutable"
    assert plain.headers["Cache-Control"] == "public, max-age=60"
    assert {each.headers["X-Content-Type-Options"] for each in (hashed, plain)} == {"nosniff"}
    assert hashed.headers["Content-Type"] == "text/css"


@pytest.mark.parametrize(("name", "disposition"), [(PICTURE, "inline"), (DOCUMENT, "attachment")])
def test_uploads_of_public_records_come_from_the_disk_with_the_headers_of_the_portal(site, name, disposition):
    from_disk = site.front.get(f"/media/{name}")
    from_portal = site.first.get(f"/media/{name}", x_forwarded_proto="https")
    names = ["Content-Type", "Content-Security-Policy", "X-Content-Type-Options"]
    names += ["Cache-Control", "Strict-Transport-Security", "Content-Disposition"]

    assert from_disk.text == "from the disk"
    assert from_disk.headers["Content-Disposition"].partition(";")[0] == disposition
    assert [from_disk.headers[each] for each in names] == [from_portal.headers[each] for each in names]
    assert from_portal.text == ""  # it says where nginx finds the file


def test_the_upload_of_a_draft_can_be_had_by_no_address(site):
    answers = [site.front.get(f"/{folder}/{OF_A_DRAFT}") for folder in ("media", "uploads-on-disk")]

    assert [each.status for each in answers] == [404, 404]
    assert not [each for each in answers if "from the disk" in each.text]


def test_every_answer_tells_browsers_the_same_once_whoever_makes_it(site):
    answers = {
        "page": site.front.get("/en/"),
        "page for frames": site.front.get("/en/embed/agreements/"),
        "feed": site.front.get("/en/news/feed.atom"),
        "no page": site.front.get("/en/no/such/page/"),
        "static file": site.front.get(f"/static/{HASHED}"),
        "no static file": site.front.get("/static/none.css"),
        "picture": site.front.get(f"/media/{PICTURE}"),
        "document": site.front.get(f"/media/{DOCUMENT}"),
        "not for visitors": site.front.get("/uploads-on-disk/"),
        "too large": site.front.request("POST", "/en/enquiries/", None, content_length=str(61 * 2**20)),
        "over http": site.plain.get("/en/"),
    }

    for what, answer in answers.items():
        said = {name: answer.headers.get_all(name) or [] for name in (*HEADERS, "Content-Security-Policy")}
        expected = {name: [value] for name, value in HEADERS.items()}
        if what in ("page for frames", "feed", "static file", "no static file"):
            expected["Cross-Origin-Resource-Policy"] = ["cross-origin"]
        if what == "page for frames":
            expected |= {name: [] for name in OF_FRAMES}
        policies = said.pop("Content-Security-Policy")
        assert len(policies) == 1, (what, policies)
        [policy] = policies
        assert "default-src 'none'" in policy, what
        assert ("sandbox" in policy) == (what in ("picture", "document")), what
        assert said == expected, what
        transport = answer.headers.get_all("Strict-Transport-Security") or []
        assert len(transport) == (what != "over http"), what
    assert "Cache-Control" not in answers["no static file"].headers


@pytest.mark.parametrize("name", ["nginx.conf", "nginx_static.conf"])
def test_the_examples_say_for_nginx_what_the_portal_says(name):
    said = dict(
        re.findall(r'^map \$said_by_portal \$own_(\w+) \{ "" (.+); \}$', (EXAMPLE.parent / name).read_text(), re.M)
    )

    assert said["permissions"].strip('"') == HEADERS["Permissions-Policy"]
    assert said["referrer"] == HEADERS["Referrer-Policy"]


@pytest.mark.parametrize(
    "path",
    ["/media/../imports/sheet", "/media/%2e%2e/imports/sheet", "/static../imports/sheet", "/media/sharing/a.png",
     "/static/../imports/sheet", "/static/%2e%2e/imports/sheet", "/media/", "/static/", "/uploads-on-disk/",
     f"/uploads-on-disk/{PICTURE}"],
)  # fmt: skip
def test_nothing_else_of_the_folder_can_be_had(site, path):
    answer = site.front.get(path)

    assert answer.status in (400, 403, 404)
    assert "from the disk" not in answer.text


def test_the_example_says_what_is_to_be_changed():
    marked = [line for line in EXAMPLE.read_text().splitlines() if "# change" in line]

    assert [re.search(r"server_name|ssl_certificate|alias", line)[0] for line in marked] == [
        "server_name", "server_name", "ssl_certificate", "alias", "alias",
    ]  # fmt: skip


def test_a_page_of_a_record_comes_through(site):
    with site.here():
        organization = factories.sourced(factories.organization(name_en="Through nginx"))

    assert "Through nginx" in site.front.get(organization.get_absolute_url()).text
