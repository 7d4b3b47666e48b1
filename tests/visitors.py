"""Visitors of a server that really listens: their requests, their cookies, and the forms that they fill in."""

import http.client
import re
import signal
from contextlib import closing
from html.parser import HTMLParser
from http.cookies import SimpleCookie

from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils.encoding import force_bytes
from django.utils.html import strip_tags

HOST = "portal.example"
PATIENCE = 60  # seconds that an answer may take on a machine that is busy with other things
PASSWORD = "correct horse battery staple"


class Answer:
    def __init__(self, response):
        self.status, self.headers, self.body = response.status, response.headers, response.read()
        self.location = self.headers["Location"] or ""

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def complaints(self) -> list[str]:
        """What the page says is wrong with a form: `assert answer.status == 302, answer.complaints`."""
        said = re.findall(r'class="error(?:list|note)[^>]*>(.*?)</(?:ul|p)>', self.text, re.DOTALL)
        return [strip_tags(each).strip() for each in said]


class Server:
    """One gunicorn of the portal, on a port of this machine."""

    def __init__(self, port, process=None):
        self.port, self.process = port, process

    def reload(self):
        """Takes up new code, as `systemctl reload` does."""
        self.process.send_signal(signal.SIGHUP)

    def get(self, path, **headers) -> Answer:
        """`headers` as keywords: `accept_encoding="gzip"`."""
        return self.request("GET", path, **headers)

    def request(self, method, path, body=None, **headers) -> Answer:
        named = {"Host": HOST, **{name.replace("_", "-").title(): value for name, value in headers.items()}}
        with closing(self.connection()) as connection:
            connection.request(method, path, body, named)
            return Answer(connection.getresponse())

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)


class Visitor:
    """Somebody with a browser, whose requests the balancer sends to any server."""

    def __init__(self, portal):
        self.portal, self.cookies = portal, SimpleCookie()

    def get(self, server, path, **headers) -> Answer:
        return self._ask(server, "GET", path, None, headers)

    def post(self, server, path, data, **headers) -> Answer:
        """Sends a form, uploads included, with the CSRF token of this visitor."""
        if "csrftoken" not in self.cookies:
            self.get(server, path)
        data = {"csrfmiddlewaretoken": self.cookies["csrftoken"].value, **data}
        body = force_bytes(encode_multipart(BOUNDARY, data))
        return self._ask(
            server, "POST", path, body, {"content_type": MULTIPART_CONTENT, "origin": f"https://{HOST}", **headers}
        )

    def form(self, server, path) -> dict:
        """What a browser would send if nothing on the page were touched: the fields of its largest form."""
        reader = _Forms()
        reader.feed(self.get(server, path).text)
        return max(reader.forms, key=len, default={})

    def sign_in(self, server, username="operator") -> None:
        """Signs in through the form, as a superuser who is made for it."""
        from django.contrib.auth import get_user_model

        with self.portal.here():
            if not (users := get_user_model()._default_manager).filter(username=username).exists():
                users.create_superuser(username, f"{username}@example.org", PASSWORD)
        answer = self.post(server, "/admin/login/", {"username": username, "password": PASSWORD})
        assert answer.status == 302, answer.complaints

    def _ask(self, server, method, path, body, headers):
        if self.cookies:
            headers["cookie"] = "; ".join(f"{name}={each.value}" for name, each in self.cookies.items())
        answer = server.request(method, path, body, **headers)
        for cookie in answer.headers.get_all("Set-Cookie", []):
            self.cookies.load(cookie)
        return answer


class _Forms(HTMLParser):
    """The fields of each form of a page, by their names."""

    def __init__(self):
        super().__init__()
        self.forms, self.name, self.templates = [{}], "", 0

    def handle_starttag(self, tag, attributes):
        self.templates += tag == "template"  # what is in one is no part of the page
        if self.templates:
            return
        field = dict(attributes)
        name, kind = field.get("name"), field.get("type", "text")
        if tag == "form":
            self.forms.append({})
        elif tag == "input" and name and kind not in ("submit", "file", "button", "image"):
            if kind not in ("checkbox", "radio") or "checked" in field:
                self._add(name, field.get("value") or ("on" if kind == "checkbox" else ""))
        elif tag in ("select", "textarea") and name:
            self.name = name
            if "multiple" not in field:
                self.forms[-1].setdefault(name, "")
        elif tag == "option" and self.name and "selected" in field:
            self._add(self.name, field.get("value") or "")

    def _add(self, name, value):
        former = self.forms[-1].get(name)
        self.forms[-1][name] = [*([former] if isinstance(former, str) else former), value] if former else value

    def handle_data(self, text):
        if self.name and self.lasttag == "textarea":
            self.forms[-1][self.name] += text

    def handle_endtag(self, tag):
        self.templates -= tag == "template"
        if tag in ("select", "textarea"):
            if tag == "textarea" and self.name:
                self.forms[-1][self.name] = self.forms[-1][self.name].removeprefix("\n")
            self.name = ""
