"""Trying the links that lead away from the portal, politely: one request at a time to each host, and a pause between.

Only the outside is asked. An address that stands for a machine of the portal's own network is refused after the
connection is made and before anything is sent, at every hop, so that no name can be changed in between.
"""

import http.client
import ipaddress
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from django.conf import settings
from django.utils.translation import gettext as _

from portal.models import OutsideLink

TIMEOUT = 20  # seconds
PAUSE = 1  # seconds between two requests to one host
HOSTS_AT_ONCE = 8
BROWSER_LIKE = {
    "User-Agent": f"Mozilla/5.0 (compatible; link check of {settings.SITE_URL})",
    "Accept": "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.8",
}
NOT_FOR_PROGRAMS = (401, 402, 403, 405, 406, 418, 429, 451, 999)  # says nothing about what people see
FOR_GOOD = (301, 308)

State = OutsideLink.State


@dataclass(frozen=True)
class Answer:
    """How a link answered. `problem` is in words, for what no status code says."""

    state: str
    status: int | None = None
    problem: str = ""
    moved_to: str = ""


class PrivateNetworkError(OSError):
    """The address leads into a network of our own."""


def check(links: Iterable[OutsideLink], report: Callable[[OutsideLink], None] = lambda link: None) -> bool:
    """Tries `links`, takes down how each answered and saves it. Where not one of several hosts answers, it is we who
    are cut off: nothing is saved then, and the result is False."""
    by_host = defaultdict(list)
    for link in links:
        by_host[urlsplit(link.url).hostname].append(link)
    answers = []
    with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
        for done in as_completed([pool.submit(_try_all, group) for group in by_host.values()]):
            for link, answer in done.result():
                answers.append((link, answer))
                report(link)
    if len(by_host) > 1 and all(answer.state == State.SILENT for _link, answer in answers):
        return False
    for link, answer in answers:
        link.note(answer)
    fields = ["state", "status", "problem", "moved_to", "checked_at", "failures", "failing_since"]
    OutsideLink.objects.bulk_update([link for link, _answer in answers], fields, batch_size=200)
    return True


def _try_all(links) -> list[tuple[OutsideLink, Answer]]:
    """Runs in a thread of its own, away from the database."""
    answers = []
    for number, link in enumerate(links):
        if number:
            time.sleep(PAUSE)
        answers.append((link, try_link(link.url)))
    return answers


def try_link(url) -> Answer:
    """Asks for the page at `url` and reads nothing of it but its status."""
    watch = _Watch()
    try:
        request = urllib.request.Request(_in_ascii(url), headers=BROWSER_LIKE)  # noqa: S310 (see `_opener`)
        with _opener(watch).open(request, timeout=TIMEOUT) as response:
            moved = watch.moved_for_good and response.url != url
            return Answer(
                State.MOVED if moved else State.ANSWERS, response.status, moved_to=response.url if moved else ""
            )
    except urllib.error.HTTPError as error:
        error.close()
        return Answer(_state_of(error.code), error.code)
    except (OSError, ValueError, http.client.HTTPException) as error:
        return Answer(State.SILENT, problem=_in_words(error))


def _state_of(status) -> str:
    if status in NOT_FOR_PROGRAMS:
        return State.CLOSED
    return State.GONE if status in (404, 410) else State.FAILS


def _in_words(error) -> str:
    cause = getattr(error, "reason", error)
    if isinstance(cause, PrivateNetworkError):
        return _("The address leads into a network of our own.")
    if isinstance(cause, TimeoutError):
        return _("No answer within %d seconds.") % TIMEOUT
    return str(cause) or type(cause).__name__


def _in_ascii(url) -> str:
    """The address as programs send it: names in other scripts in punycode, other characters escaped."""
    parts = urlsplit(url)
    host = parts.hostname.encode("idna").decode() if parts.hostname else ""
    if parts.port:
        host = f"{host}:{parts.port}"
    return urlunsplit(
        (
            parts.scheme,
            host,
            quote(parts.path, safe="/%:@!$&'()*+,;=~-._"),
            quote(parts.query, safe="/%:@!$&'()*+,;=~-._?"),
            "",
        )
    )


# --- Only the outside -------------------------------------------------------------------------------------------------


class _OnlyOutside:
    """Mixin of a connection that ends itself when it has reached a machine of a private network. Behind a proxy of the
    operator's it is the proxy that decides."""

    def connect(self):
        super().connect()
        address = ipaddress.ip_address(self.sock.getpeername()[0].partition("%")[0])
        if not address.is_global and not urllib.request.getproxies():
            self.close()
            raise PrivateNetworkError(str(address))


class _HttpConnection(_OnlyOutside, http.client.HTTPConnection):
    pass


class _HttpsConnection(_OnlyOutside, http.client.HTTPSConnection):
    pass


class _Http(urllib.request.HTTPHandler):
    def http_open(self, request):
        return self.do_open(_HttpConnection, request)


class _Https(urllib.request.HTTPSHandler):
    def https_open(self, request):
        return self.do_open(_HttpsConnection, request, context=self._context)


def _opener(watch) -> urllib.request.OpenerDirector:
    """Opens web pages and nothing else: the usual one would follow a redirect to ftp."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        *(urllib.request.ProxyHandler(), _Http(), _Https(), watch),
        *(urllib.request.HTTPErrorProcessor(), urllib.request.HTTPDefaultErrorHandler()),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener


class _Watch(urllib.request.HTTPRedirectHandler):
    """Follows redirects to other web pages, and remembers whether the first one was for good."""

    moved_for_good = False
    hops = 0

    def redirect_request(self, request, file, code, message, headers, new_url):
        if self.hops == 0:
            self.moved_for_good = code in FOR_GOOD
        self.hops += 1
        return super().redirect_request(request, file, code, message, headers, new_url)
