"""One publication: asks for every address, follows the links, writes what has changed, and then switches.

The work is shared by a few processes. Each asks, compares with the current release and writes; this one keeps the
account of what is known, and decides at the end whether all of it may be shown.
"""

import gc
import json
import multiprocessing
from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus

from django.conf import settings
from django.core.cache import caches
from django.db import connection, connections
from django.utils.html import escape

from portal import clock
from portal.languages import without_language
from portal.page_cache import generation
from portal.page_cache.build import build
from portal.static_site import nginx
from portal.static_site.addresses import LANGUAGES, can_be_a_file, file_of, first_addresses, links_in
from portal.static_site.releases import Releases
from portal.static_site.sharing_images import not_drawn
from portal.static_site.visiting import Visitor

MOST_BROKEN = 20  # that are named
BROWSER = "text/html"
MANY = 50_000  # objects that a process makes before it looks for garbage among them


@dataclass
class Visit:
    """What became of one address."""

    address: str
    status: int
    file: str = ""  # of the release; none for what stays with the application
    headers: dict[str, str] = field(default_factory=dict)
    links: set[str] = field(default_factory=set)
    has_changed: bool = False
    size: int = 0
    left: str = ""  # why it stays with the application
    for_browsers: str = ""  # its content type for whoever asks for text/html, where that is another
    moved_to: str = ""
    until: datetime | None = None  # the moment from which a page may look different by itself


@dataclass
class Outcome:
    """What a publication has done."""

    visits: list[Visit]
    broken: list[str]  # in words; anything here means that the old release is still served
    release: str = ""  # the name of the new one; none where nothing had changed
    is_skipped: bool = False  # nothing was asked for, because nothing can have changed

    @property
    def published(self) -> list[Visit]:
        return [each for each in self.visits if each.file]

    @property
    def changed(self) -> int:
        return sum(each.has_changed for each in self.published)


def publish(
    releases: Releases,
    processes=1,
    draw_later=False,
    report: Callable[[int, int], None] = lambda *_: None,
    anew=False,
):
    """Makes a release of the public site and makes it the current one; an `Outcome`. `report` is told how many
    addresses are done, and how many are known. Nothing is asked for while the data is of the generation that the
    current release was made of and no moment has passed at which a page changes by itself; unless `anew`."""
    with releases.locked():
        made_of = {"generation": generation.current(), "build": build(), "draw_later": draw_later}
        if not anew and made_of["generation"] is not None and _is_still_true(releases.said, made_of):
            return Outcome([], [], is_skipped=True)
        left = dict.fromkeys(not_drawn() if draw_later else (), "a sharing image that nobody has asked for yet")
        with _workers(releases, processes, left, made_of["generation"]) as visit_all:
            visits, linked_from = _walk(visit_all, report)
        broken = [_in_words(each, linked_from) for each in visits if _is_broken(each, linked_from)]
        if broken:
            return Outcome(visits, sorted(broken))
        _write_the_rest(releases, visits, Visitor(made_of["generation"]))
        name = "" if releases.is_as_current() else releases.switch().name
        until = min((each.until for each in visits if each.until), default=None)
        releases.say(**made_of, until=until and until.isoformat())
        return Outcome(visits, [], name)


def _is_still_true(said, made_of) -> bool:
    until = said.pop("until", None)
    return said == made_of and until is not None and clock.now() < datetime.fromisoformat(until)


# --- The walk ---------------------------------------------------------------------------------------------------------


def _walk(visit_all, report):
    """Every visit, and from which page each address was found first. What has a query waits for the address without.
    The languages of a page follow one another: the process that has rendered one knows what the other is made of."""
    known: dict[str, str] = dict.fromkeys(first_addresses(), "")
    waiting: dict[str, set[str]] = {}
    pages: set[str] = set()  # published, and may be asked with a query
    visits, wave = [], sorted(known, key=page_and_language)
    while wave:
        found = []
        for visit in visit_all(wave):
            visits.append(visit)
            report(len(visits), len(known))
            if visit.file and "?" not in visit.address:
                pages.add(visit.address)
                found += waiting.pop(visit.address, ())
            for link in sorted(visit.links):
                if link in known:
                    continue
                known[link] = visit.address
                path, _, query = link.partition("?")
                if not query or path in pages:
                    found.append(link)
                else:
                    waiting.setdefault(path, set()).add(link)
                    if path not in known:
                        known[path] = visit.address
                        found.append(path)
        wave = sorted(found, key=page_and_language)
    return sorted(visits, key=lambda each: each.address), known


def page_and_language(address) -> tuple[str, str]:
    """What to sort addresses by, so that the languages of each page follow one another."""
    return without_language(address), address


def _is_broken(visit, linked_from) -> bool:
    """Whether it is neither published nor left for a reason. What nobody links to has no reason to lead elsewhere."""
    has_moved = visit.moved_to and linked_from.get(visit.address)
    return not visit.file and not visit.left and not has_moved


def _in_words(visit, linked_from) -> str:
    status = f"{visit.status} {HTTPStatus(visit.status).phrase}"
    origin = linked_from.get(visit.address)
    return f"{visit.address}: {status}" + (f" (a link on {origin})" if origin else "")


# --- One address ------------------------------------------------------------------------------------------------------


def visit(address, visitor: Visitor, releases: Releases, left: Mapping[str, str]) -> Visit:
    """Asks for `address` and writes what is to be published of it; nothing of what is `left`, for the reason there."""
    if not can_be_a_file(address):
        return Visit(address, 0, left="an address that no file can have")
    if address in left:
        return Visit(address, 0, left=left[address])
    answer = visitor.ask(address)
    if answer.status in (301, 302, 307, 308):
        target = answer.headers["Location"]
        moved = Visit(address, answer.status, moved_to=target)
        moved.links = links_in(f' href="{target}"'.encode(), BROWSER, address)
        return moved
    if answer.status == HTTPStatus.GONE:
        return Visit(address, answer.status, left="a record that was withdrawn")
    if answer.status != HTTPStatus.OK:
        return Visit(address, answer.status)
    if answer.is_personal:
        return Visit(address, answer.status, left="an answer for one visitor alone")
    if "?" in address and not _is_known_as(address, answer):
        return Visit(address, answer.status, left="not the canonical address of its page")
    done = Visit(address, answer.status, headers=answer.headers, size=len(answer.body), until=visitor.until)
    done.links = links_in(answer.body, answer.content_type, address)
    if "accept" in answer.varies_with:
        other = visitor.ask(address, HTTP_ACCEPT=BROWSER)
        if other.body != answer.body:
            return Visit(address, answer.status, left="another answer for browsers")
        done.for_browsers = other.content_type if other.content_type != answer.content_type else ""
    done.file = file_of(address, answer.content_type)
    done.has_changed = releases.write(f"site/{done.file}", answer.body, answer.content_type)
    if done.for_browsers:
        releases.twin(f"site/{done.file}", f"site/{file_of(address, done.for_browsers)}")
    return done


def _is_known_as(address, answer) -> bool:
    """Whether the page says that this very address is the one to keep."""
    html = answer.body.decode()
    own = escape(settings.SITE_URL + address)
    return f'<link rel="canonical" href="{own}">' in html and '<meta name="robots"' not in html


# --- Processes --------------------------------------------------------------------------------------------------------


@contextmanager
def _workers(releases, processes, left, number):
    """Yields what visits many addresses, in whatever order."""
    if processes == 1:
        visitor = Visitor(number)
        yield lambda wave: (visit(address, visitor, releases, left) for address in wave)
        return
    connections.close_all()  # a connection serves one process
    caches.close_all()
    context = multiprocessing.get_context("fork")
    with context.Pool(processes, _begin, (releases, left, number)) as pool:
        yield lambda wave: pool.imap_unordered(_visit_in_worker, wave, chunksize=4)


_in_worker = {}


def _begin(releases, left, number):
    _in_worker.update(visitor=Visitor(number), releases=releases, left=left)
    # A process that ends soon leaves little behind: what it began with is never looked through for garbage again,
    # and what it makes seldom.
    gc.freeze()
    gc.set_threshold(MANY, 20, 100)


def _visit_in_worker(address):
    return visit(address, **_in_worker)


def most_processes(asked) -> int:
    """How many processes can share the work: one, where the database lives in the memory of this one."""
    return 1 if connection.vendor == "sqlite" and connection.is_in_memory_db() else max(asked, 1)


# --- What lies beside the site ----------------------------------------------------------------------------------------


def _write_the_rest(releases, visits: Iterable[Visit], visitor):
    """The error pages, what nginx must know, and the list of what is published."""
    for code in LANGUAGES:
        error_page = visitor.ask(f"/{code}/no/such/page/")
        releases.write(f"errors/404.{code}.html", error_page.body, BROWSER)
        releases.write(f"errors/503.{code}.html", visitor.sees_a_fault(f"/{code}/"), BROWSER)
    published = [each for each in visits if each.file]
    moved = [(each.address, each.moved_to) for each in visits if each.moved_to]
    for name, text in nginx.files(published, moved, error_page.headers):
        releases.write(f"nginx/{name}", text.encode())
    listed = {
        "files": {each.address: each.file for each in published},
        "left": {each.address: each.left for each in visits if each.left},
    }
    releases.write("addresses.json", (json.dumps(listed, ensure_ascii=False, indent=1) + "\n").encode())
