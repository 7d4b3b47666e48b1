"""What strangers send to public addresses: parameters, paths, headers, methods, forms."""

from itertools import cycle, islice
from urllib.parse import quote_from_bytes

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.addresses import every_address
from tests.hostile import parameters
from tests.hostile.inputs import (
    CONTENT_TYPES,
    HEADERS,
    METHODS,
    MULTIPART,
    RAW_QUERIES,
    SEGMENTS,
    SHORT,
    VALUES,
)
from tests.test_guards_pages import QUERIES

pytestmark = pytest.mark.django_db

COUNTS = {  # inputs of each test, at least; tests/hostile/test_counts.py adds them up
    "lists": 500,
    "named": 200,
    "search": 190,
    "queries": 165,
    "paths": 600,
    "headers": 900,
    "methods": 180,
    "api": 500,
    "enquiries": 330,
    "anything": 200,
}


def escaped(value: bytes) -> str:
    return quote_from_bytes(value, safe="")


def address_of(name) -> str:
    return reverse(name, args=QUERIES[name][0])


def test_filters_of_lists(battery):
    """The values are spread over the parameters of a list, and begin elsewhere in the next."""
    values = list(SHORT.values())
    for number, (name, names) in enumerate(parameters.of_lists().items()):
        shifted = islice(cycle(values), number * 23, None)
        for value, parameter in zip(shifted, islice(cycle(names), 57), strict=False):
            battery.ask(f"{address_of(name)}?{parameter}={escaped(value)}")

    assert battery.faults == []
    assert battery.count >= COUNTS["lists"]


def test_parameters_that_views_name(battery):
    """On each page that is not a list: values take turns."""
    names = cycle([*parameters.read_anywhere(), "bom", "language"])
    values = cycle(SHORT.values())
    pages = [address_of(name) for name in QUERIES if name not in parameters.FILTERED and "search" not in name]
    for page in pages:
        for _ in range(4):
            battery.ask(f"{page}?{next(names)}={escaped(next(values))}")

    assert battery.faults == []
    assert battery.count >= COUNTS["named"]


def test_what_is_searched_for(battery):
    for value in VALUES.values():
        battery.ask(f"/en/search/suggestions.json?q={escaped(value)}")
        battery.ask(f"/zh-hans/search/?q={escaped(value)}")

    assert battery.faults == []
    assert battery.count >= COUNTS["search"]


def test_queries_that_no_browser_writes(battery):
    pages = ["/en/", "/en/agreements/", "/en/search/", "/en/companies.csv", "/zh-hans/news/", "/en/embed/agreements/"]
    pages += ["/api/v1/agreements", "/en/agreements/feed.atom", "/en/conferences/main/agenda.ics", "/robots.txt"]
    pages = [*pages[::2], "/en/search/", "/admin/login/", "/en/conferences/main/agenda/", "/static/x.css", "/media/x"]
    for page in pages:
        for query in RAW_QUERIES.values():
            battery.ask(f"{page}?{query}")

    assert battery.faults == []
    assert battery.count >= COUNTS["queries"]


def test_paths(battery):
    """Every segment of every address but its language, replaced."""
    shapes = set()
    for address in every_address():
        if not address.is_of_desk:
            first, *rest = address.path.strip("/").split("/")
            shapes |= {"/".join(["", first, *rest[:n], "{}", *rest[n + 1 :], ""]) for n in range(len(rest))}
            shapes |= {address.path.replace(".", "{}.", 1)}
    shapes = sorted(each for each in shapes if "{}" in each)
    segments = cycle(SEGMENTS.values())
    for shape in shapes:
        for _ in range(4):
            battery.ask(shape.replace("{}", next(segments)))
    for segment in SEGMENTS.values():
        for shape in ("/{}", "/{}/", "/en/{}", "/media/{}", "/static/{}", "/en/agreements.{}", "/data/{}"):
            battery.ask(shape.replace("{}", segment))

    assert battery.faults == []
    assert battery.count >= COUNTS["paths"]


def test_headers(battery):
    """On a page that is kept, one that is not, a feed, and the door of the desk."""
    pages = cycle(["/en/sources/", "/en/search/?q=a", "/en/news/feed.atom", "/admin/login/", "/api/v1/companies", "/"])
    battery.ask("/en/sources/")
    for name, value in HEADERS:
        battery.ask(next(pages), **{name: value})
        if name.startswith(("if_", "range", "host")):
            battery.ask("/en/sources/", **{name: value})

    assert battery.faults == []
    assert battery.count >= COUNTS["headers"]


def test_methods_and_types_of_what_is_sent(battery):
    for page in ("/en/", "/en/search/?q=a", "/api/v1/companies", "/en/enquiries/", "/admin/login/", "/static/a.css"):
        for method in METHODS:
            battery.ask(page, method=method, body=b"a=b", content_type="application/x-www-form-urlencoded")
        for content_type in CONTENT_TYPES:
            battery.ask(page, method="POST", body=b'{"a": ' * 900, content_type=content_type)

    assert battery.faults == []
    assert battery.count >= COUNTS["methods"]


def test_the_interface_for_programs(battery):
    for number, (path, names) in enumerate(parameters.of_api().items()):
        for value, name in zip(islice(cycle(SHORT.values()), number * 13, None), names * 5, strict=False):
            answer = battery.ask(f"{path}?{name}={escaped(value)}")
            assert answer.status in (200, 304, 400, 404), answer.asked
        for segment in SEGMENTS.values():
            battery.ask(f"{path}/{segment}")

    assert battery.faults == []
    assert battery.count >= COUNTS["api"]


FIELDS = ("topic", "name", "organization", "email", "phone", "message", "consent", "about", "opened", "website", "x[]")


def test_the_form_for_enquiries(battery, settings):
    settings.ENQUIRY_REPLY_DAYS = 5
    right = {b"topic": b"other", b"name": b"A", b"email": b"a@example.org", b"message": b"What is there?"}
    values = cycle(VALUES.values())
    for field in FIELDS:
        for _ in range(26):
            form = {**right, field.encode(): escaped(next(values)).encode()}
            battery.post("/en/enquiries/", form.items())
    for body in MULTIPART.values():
        for content_type in ("multipart/form-data; boundary=x", "multipart/form-data; boundary=X"):
            battery.ask("/en/enquiries/", method="POST", body=body, content_type=content_type)
    for value in islice(VALUES.values(), 40):
        battery.ask(f"/en/enquiries/{escaped(value)}/")

    assert battery.faults == []
    assert battery.count >= COUNTS["enquiries"]


def test_anything(battery):
    """Bytes that nobody thought of, on addresses and parameters that take turns."""
    pages = cycle(
        [address_of(name) for name in ("events:search_suggestions", "events:agreements", "companies:companies")]
    )
    names = cycle(["q", "kind", "page", "place"])

    @settings(max_examples=200, database=None, suppress_health_check=list(HealthCheck))
    @given(st.binary(max_size=80) | st.text(max_size=80).map(lambda text: text.encode("utf-8", "surrogatepass")))
    def send(value):
        battery.ask(f"{next(pages)}?{next(names)}={escaped(value)}")

    send()

    assert battery.faults == []
    assert battery.count >= COUNTS["anything"]


def test_everything_that_is_public_is_known(battery):
    assert set(parameters.FILTERED) <= set(QUERIES)
    assert {"q", "page", "s", "theme", "about", "bom", "kind"} <= set(parameters.read_anywhere())
