"""The published site behind a real nginx: what it answers, with which headers, and what it passes on."""

import gzip
import http.client
import re
import threading
import time
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from deploy.scratch_nginx import NGINX, configuration, nginx
from deploy.scratch_server import free_port
from portal.static_site.making import Visit
from portal.static_site.nginx import NotSayableError, files, kind_of, quoted
from portal.static_site.releases import Releases
from tests import factories

needs_nginx = pytest.mark.skipif(NGINX is None, reason="nginx is not installed on this machine")


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/en/", "en/"),
        ("/zh-hans/news/x/", "zh-hans/"),
        ("/en/agreements.csv", "en.csv"),
        ("/api/v1/companies/acme", "api"),
        ("/robots.txt", ""),
    ],
)
def test_an_address_is_of_a_kind(address, kind):
    assert kind_of(address) == kind


def test_what_nginx_would_take_for_a_variable_is_refused():
    assert quoted('a "b" \\ c') == '"a \\"b\\" \\\\ c"'
    with pytest.raises(NotSayableError):
        quoted("costs $5")


@pytest.mark.django_db
def test_a_header_is_looked_up_only_as_far_as_it_differs():
    html = {"Content-Type": "text/html; charset=utf-8", "X-Frame-Options": "DENY", "Content-Language": "en"}
    published = [
        Visit("/en/", 200, file="en/index.html", headers={**html, "Cache-Control": "no-cache"}),
        Visit("/en/news/", 200, file="en/news/index.html", headers=html),
        Visit("/en/agreements/", 200, file="en/agreements/index.html", headers=html),
        Visit("/zh-hans/", 200, file="zh-hans/index.html", headers={**html, "Content-Language": "zh-Hans"}),
    ]

    written = dict(files(published, [], {}))

    assert re.findall(r"add_header (.*);", written["headers.conf"]) == [
        "Cache-Control $portal_cache_control",
        "Content-Language $portal_content_language_of_kind",
        'X-Frame-Options "DENY"',
    ]
    assert re.findall(r"map (\S+) \$portal_c\w+ \{\n    default (.*);", written["maps.conf"]) == [
        ("$portal_address", '""'),
        ("$portal_kind", '"en"'),
    ]


class Application(BaseHTTPRequestHandler):
    """Stands where gunicorn would, and says what reached it."""

    def do_GET(self):
        body = f"application: {self.command} {self.path} {self.headers['X-Forwarded-For']}".encode()
        self.send_response(404 if "no-such" in self.path else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_OPTIONS = do_GET  # noqa: N815 (as the standard library calls them)

    def log_message(self, *args):
        pass


class Served:
    """nginx with a configuration of its own in `folder`."""

    def __init__(self, folder, port, application):
        self.folder, self.port, self.application = folder, port, application
        self.text = configuration(folder, port, application.server_port)
        self.start()

    def start(self):
        self.running = ExitStack()
        self.running.enter_context(nginx(self.folder, self.port, self.text))

    def start_again_with(self, old, new):
        """The same with `new` for `old` in its configuration."""
        self.stop()
        self.text = self.text.replace(old, new)
        self.start()

    def stop(self):
        self.running.close()

    def ask(self, address, method="GET", **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.putrequest(method, address, skip_host=True, skip_accept_encoding=True)
        for name, value in {"Host": "portal.example", **headers}.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        response = connection.getresponse()
        response.body = response.read()
        connection.close()
        return response


@pytest.fixture
def server(publisher, site, now, narrow, tmp_path):
    """nginx with the published site, before an application that says what it is asked."""
    factories.redirect(old_path="agreements/factory", new_path="agreements/plant")
    publisher.publish()
    application = ThreadingHTTPServer(("127.0.0.1", 0), Application)
    threading.Thread(target=application.serve_forever, daemon=True).start()
    served = Served(tmp_path, free_port(), application)
    yield served
    served.stop()
    application.shutdown()
    application.server_close()


MADE_BY_NGINX = {"date", "server", "connection", "etag", "last-modified", "accept-ranges", "content-length", "vary"}


def said(headers):
    """The headers that matter, each in one order."""
    return {
        name.lower(): "; ".join(sorted(value.split("; ")))
        for name, value in headers
        if name.lower() not in MADE_BY_NGINX
    }


@needs_nginx
@pytest.mark.django_db
def test_nginx_answers_like_the_application(server, publisher, client):
    """One story, because publishing takes its time."""
    for address, file in publisher.addresses.items():
        response = server.ask(address)
        own = client.get(address, headers={"host": "portal.example"})
        assert response.status == 200, address
        assert response.body == file.read_bytes(), address
        assert said(response.getheaders()) == said(own.headers.items()), address
    assert len(publisher.addresses) > 80

    # Compressed, and known again
    plain = server.ask("/en/news/")
    packed = server.ask("/en/news/", Accept_Encoding="gzip")
    assert (packed.getheader("Content-Encoding"), gzip.decompress(packed.body)) == ("gzip", plain.body)
    assert "Accept-Encoding" in packed.getheader("Vary")
    assert server.ask("/en/news/", If_None_Match=plain.getheader("ETag")).status == 304
    assert server.ask("/en/news/", method="HEAD").body == b""

    # Queries: a page of the list has its file; whatever else is asked goes to the application
    assert server.ask("/en/news/?page=2").body == publisher.addresses["/en/news/?page=2"].read_bytes()
    for address in (
        *("/en/news/?utm_source=x", "/en/news/?page=../../../../etc/passwd", "/en/news/?page=2&page=2"),
        *("/en/news/index.html", "/en/news/index=page=2.html", "/en/news/index.html.gz", "/api/v1/companies=.json"),
        *("/en/agreements.csv?year=2024", "/en//news/", "/en/search/?q=x", "/admin/", "/preview/x/", "/.%2e/x"),
    ):
        response = server.ask(address)
        assert response.body.startswith(b"application: GET ") or response.status == 400, address

    # No way out of the folder
    for address in (
        "/..%2f..%2faddresses.json",
        "/en/..%2f..%2faddresses.json",
        "/../addresses.json",
        "/%2e%2e/nginx/maps.conf",
    ):
        response = server.ask(address)
        assert response.status in (400, 404) or response.body.startswith(b"application: "), address
        assert b"index.html" not in response.body

    # A feed is a page to a browser and a feed to a program
    for accept in ("text/html,*/*", "*/*"):
        address = "/zh-hans/news/feed.atom"
        own = client.get(address, headers={"host": "portal.example", "accept": accept})
        response = server.ask(address, Accept=accept)
        assert (response.getheader("Content-Type"), response.body) == (own["Content-Type"], own.content)
        assert "Accept" in [each.strip() for each in ",".join(response.headers.get_all("Vary")).split(",")]

    # Where the language decides, and where a page has moved to
    assert server.ask("/").getheader("Location") == "/en/"
    assert server.ask("/", Accept_Language="zh-CN,zh;q=0.9,en;q=0.8").getheader("Location") == "/zh-hans/"
    assert server.ask("/", Accept_Language="en-GB,zh;q=0.9").getheader("Location") == "/en/"
    assert server.ask("/", Accept_Language="fr,zh-TW;q=0.9").getheader("Location") == "/zh-hans/"
    moved = server.ask("/zh-hans/agreements/factory/?x=1")
    assert (moved.status, moved.getheader("Location")) == (301, "/zh-hans/agreements/plant/?x=1")
    assert moved.getheader("Cache-Control") == "max-age=3600, public"
    split = server.ask("/en/agreements/factory/%0d%0aSet-Cookie:x/")
    assert split.body.startswith(b"application: ")

    # Whoever is known, and whoever writes, meets the application
    assert server.ask("/en/news/", Cookie="a=b; sessionid=x").body.startswith(b"application: GET /en/news/ 127.0.0.1")
    assert server.ask("/en/news/", Cookie="preview=x").body.startswith(b"application: ")
    assert server.ask("/en/news/", Cookie="theme=dark").body == plain.body
    assert server.ask("/api/v1/", method="OPTIONS").body.startswith(b"application: OPTIONS")
    assert server.ask("/en/enquiries/", method="POST", Content_Length="0").body.startswith(b"application: POST")
    assert server.ask("/en/no-such/").status == 404

    # Without the application the published pages go on, and the rest says so in its language
    server.application.shutdown()
    server.application.server_close()
    assert server.ask("/en/news/").body == plain.body
    away = server.ask("/zh-hans/search/?q=x")
    assert (away.status, b'<html lang="zh-Hans">' in away.body) == (503, True)
    assert (away.getheader("Retry-After"), away.getheader("X-Content-Type-Options")) == ("60", "nosniff")

    # A site without any application, as the comment in the example says: what has no file is a 404 in its language
    server.start_again_with("proxy_pass http://portal;", "return 404;")
    for address, language, tag in (
        ("/zh-hans/no-such/", "en", b"zh-Hans"),
        ("/en/x/", "zh", b"en"),
        ("/x", "zh", b"zh-Hans"),
    ):
        missing = server.ask(address, Accept_Language=language)
        assert (missing.status, b'<html lang="%s">' % tag in missing.body) == (404, True)
        assert "frame-ancestors 'none'" in missing.getheader("Content-Security-Policy")
    assert server.ask("/en/news/").body == plain.body


@needs_nginx
@pytest.mark.django_db
def test_a_publication_is_seen_within_a_second_and_without_a_reload(server, publisher):
    releases = Releases(publisher.folder)
    before = [
        server.ask(address).body for address in ("/en/news/", "/en/agreements/", "/en/agreements.csv")
    ]  # held open
    files_before = {name: (releases.current / name).read_bytes() for name in releases.names(releases.current)}

    with releases.locked():
        for name, content in files_before.items():
            if name.endswith(".gz") or name == "site/en/agreements/index.html":
                continue
            changed = (
                content.replace(b"</html>", b"<!-- later --></html>") if name == "site/en/news/index.html" else content
            )
            releases.write(name, changed)
        releases.write("site/en/new-page/index.html", b"new")
        releases.switch()

    assert server.ask("/en/new-page/").body == b"new"  # at once
    time.sleep(1.1)
    later = [server.ask(address).body for address in ("/en/news/", "/en/agreements/", "/en/agreements.csv")]
    assert later[0] == before[0].replace(b"</html>", b"<!-- later --></html>") != before[0]
    assert later[1].startswith(b"application: GET /en/agreements/")  # withdrawn
    assert later[2] == before[2]
