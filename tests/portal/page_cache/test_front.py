"""What is served from what is kept, to whom, and what can never get in."""

import gzip
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from django.core.cache import cache
from django.http import HttpResponse

from portal import clock
from portal.page_cache.front import is_ours
from portal.page_cache.keeping import fresh_until
from portal.page_cache.store import pages
from tests import factories

PAGE = "/en/sources/"
GZIP = {"accept_encoding": "gzip"}

# --- What is kept -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [PAGE, "/zh-hans/sources/", "/en/", "/en/companies/", "/en/news/feed.atom"])
def test_a_page_is_made_once(site, page):
    first, second = site.get(page), site.get(page)

    assert (site.made, first.status, second.body, second.headers) == (1, 200, first.body, first.headers)


def test_a_list_is_kept_page_by_page(site):
    record = factories.organization()
    for _ in range(51):
        factories.cite(record, source=factories.source())

    bodies = {site.get(address).body for address in [PAGE, f"{PAGE}?page=2"] * 2}

    assert (len(bodies), site.made) == (2, 2)


def test_whoever_reads_gzip_gets_it_and_whoever_does_not_gets_the_same_unpacked(site):
    packed, plain = site.get(PAGE, **GZIP), site.get(PAGE)

    assert (packed.headers["Content-Encoding"], gzip.decompress(packed.body)) == ("gzip", plain.body)
    assert "Content-Encoding" not in plain.headers
    assert (int(plain.headers["Content-Length"]), site.made) == (len(plain.body), 1)


def test_the_head_of_a_kept_page_has_no_body(site):
    page = site.get(PAGE)

    head = site.get(PAGE, method="HEAD")

    assert (head.status, head.headers, head.body, site.made) == (200, page.headers, b"", 1)


@pytest.mark.parametrize("encoding", ["gzip", ""])
def test_whoever_has_the_page_is_told_so_without_making_it(site, encoding):
    etag = site.get(PAGE, accept_encoding=encoding).headers["ETag"]

    answers = [site.get(PAGE, accept_encoding=encoding, if_none_match=known) for known in (etag, f'"x", {etag}', "*")]

    assert [(each.status, each.body, each.headers["ETag"]) for each in answers] == [(304, b"", etag)] * 3
    assert site.made == 1
    assert site.get(PAGE, accept_encoding=encoding, if_none_match='"other"').status == 200


def test_the_first_to_ask_after_a_change_may_have_the_page_already(site):
    etag = site.get(PAGE).headers["ETag"]
    factories.source()  # on no page yet

    assert (site.get(PAGE, if_none_match=etag).status, site.get(PAGE).status, site.made) == (304, 200, 2)


def test_a_feed_is_known_by_its_date_as_well(site):
    factories.announcement()
    changed = site.get("/en/news/feed.atom").headers["Last-Modified"]

    later, never = (site.get("/en/news/feed.atom", if_modified_since=since) for since in (changed, "nonsense"))

    assert (later.status, never.status, site.made) == (304, 200, 1)


def test_a_browser_and_a_reader_of_feeds_get_different_types(site):
    types = [
        site.get("/en/news/feed.atom", accept=accept).headers["Content-Type"] for accept in ("text/html", "*/*") * 2
    ]

    assert (types[0] != types[1], types[:2] == types[2:], site.made) == (True, True, 2)


def test_what_is_not_kept_answers_conditions_as_before(site):
    etag = site.get("/en/search/?q=lake").headers["ETag"]

    assert (site.get("/en/search/?q=lake", if_none_match=etag).status, site.made) == (304, 2)


def test_caches_on_the_way_may_hold_a_page_and_must_ask_whether_it_changed(site):
    answer = site.get(PAGE, **GZIP)

    assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


# --- What is not ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page", ["/en/nowhere/", "/", "/en", "/en/search/?q=lake", "/en/enquiries/", "/en/data/method/", "/static/no.css"]
)
def test_what_is_no_page_or_is_for_one_person_is_made_each_time(site, page):
    site.get(page)
    site.get(page)

    assert site.made == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"cookie": "sessionid=anything"},
        {"cookie": "a=b; preview=token"},
        {"authorization": "Basic YTpi"},
        {"host": "elsewhere.example"},
    ],
)
def test_whoever_may_see_something_else_is_not_served_what_is_kept(site, headers):
    site.get(PAGE)
    site.get(PAGE, **headers)
    site.get(PAGE, **headers)

    assert site.made == 3


def test_a_signed_in_page_is_private(site):
    assert "private" in site.get(PAGE, cookie="sessionid=anything").headers["Cache-Control"]


def test_other_methods_reach_django(site):
    site.get(PAGE)

    assert [site.get(PAGE, method=method).status for method in ("POST", "PURGE", "OPTIONS")] == [403, 403, 405]


def test_an_answer_that_depends_on_a_cookie_or_a_header_is_not_kept(site):
    for name, value in (("Set-Cookie", "a=b"), ("Vary", "Accept-Language"), ("Vary", "Accept-Encoding, Cookie")):
        site.front.application = _saying(name, value)
        site.get(PAGE)

    assert pages.size == 0


def _saying(name, value):
    def application(environ, start_response):
        environ["portal.page_cache.until"] = clock.now() + timedelta(hours=1)
        response = HttpResponse("page", headers={name: value})
        start_response("200 OK", list(response.items()))
        return response

    return application


# --- Nothing gets in --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"x_forwarded_host": "evil.example"},
        {"x_forwarded_proto": "https"},
        {"x_original_url": "/en/companies/"},
        {"x_rewrite_url": "/en/companies/"},
        {"x_http_method_override": "POST"},
        {"accept_language": "zh-hans"},
        {"accept_language": "x" * 5000},
        {"accept": "text/html," * 5000},
        {"accept": "application/json"},
        {"cookie": "django_language=zh-hans"},
        {"origin": "https://evil.example"},
        {"range": "bytes=0-10"},
        {"user_agent": "<script>"},
        {"if_none_match": '"' * 3000},
        {"accept_encoding": "br, zstd, *;q=0"},
    ],
    ids=lambda headers: f"{next(iter(headers))}={next(iter(headers.values()))[:20]}",
)
def test_no_header_of_a_visitor_changes_what_others_get(site, headers):
    clean = site.get(PAGE).body
    pages.clear()

    poisoned = site.get(PAGE, **headers)

    assert (poisoned.status, site.get(PAGE).body) == (200, clean)


def test_an_unknown_parameter_is_answered_and_neither_kept_nor_shared(site):
    clean = site.get(PAGE).body
    size = pages.size

    odd = [site.get(f"{PAGE}?{query}").status for query in ("x=1", "page=1", "%3Cscript%3E", "page=2&page=1", "&")]

    assert (odd, pages.size, site.get(PAGE).body) == ([200] * 5, size, clean)


def test_thousands_of_queries_leave_the_memory_as_it_is(site):
    site.front.application = _keepable
    for number in range(2000):
        site.get(f"{PAGE}?page={number}")

    assert pages.size <= pages.room


def _keepable(environ, start_response):
    environ["portal.page_cache.until"] = clock.now() + timedelta(hours=1)
    response = HttpResponse("page " * 10_000)
    start_response("200 OK", list(response.items()))
    return response


def test_what_no_page_reads_leads_to_the_kept_page(site):
    clean = site.get(PAGE).body

    queries = ("utm_source=wechat", "gclid=1&fbclid=2", "utm_x", "&&", *(f"{number}={number}" for number in range(50)))

    assert ({site.get(f"{PAGE}?{query}").body for query in queries}, site.made) == ({clean}, 1)


def test_programs_are_told_what_the_api_does_not_know(site):
    assert site.get("/api/v1/agreements?utm_source=x").status == 400


@pytest.mark.parametrize(
    ("host", "is_known"),
    [("testserver", True), ("testserver:80", True), ("evil.example", False), ("", False), ("[", False)],
)
def test_hosts_are_judged_as_django_does(settings, host, is_known):
    settings.ALLOWED_HOSTS = ["testserver"]
    is_ours.cache_clear()

    assert is_ours(host) is is_known


def test_with_https_the_plain_address_still_leads_to_the_safe_one(site, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    site.front.application = site.django = type(site.django)()  # middleware reads its settings when it is made

    safe = site.get(PAGE, x_forwarded_proto="https")
    plain = [site.get(PAGE), site.get(PAGE, x_forwarded_proto="http"), site.get(PAGE, x_forwarded_proto="http, https")]

    assert (safe.status, [each.status for each in plain]) == (200, [301] * 3)


# --- The clock --------------------------------------------------------------------------------------------------------


def test_what_is_published_at_a_moment_is_there_at_that_moment(site):
    at = datetime(2026, 11, 20, 10, 3, 30, tzinfo=UTC)
    factories.announcement(title_en="Signed today", published_at=at)
    seen = []
    for moment in (at - timedelta(minutes=2), at - timedelta(seconds=1), at):
        with clock.set_to(moment):
            seen.append("Signed today" in site.get("/en/news/").text)

    assert (seen, site.made) == ([False, False, True], 2)


def test_a_pin_comes_off_at_its_moment(site):
    at = datetime(2026, 11, 20, 10, 3, tzinfo=UTC)
    for title, pinned in (("Pinned oddity", at), ("Newer oddity", None)):
        factories.announcement(title_en=title, pinned_until=pinned, announced_on="2020" if pinned else "2024")
    first = []
    for moment in (at - timedelta(seconds=1), at):
        with clock.set_to(moment):
            text = site.get("/en/news/").text
            first.append(text.index("Pinned oddity") < text.index("Newer oddity"))

    assert first == [True, False]


def test_pages_that_count_days_are_made_anew_at_midnight_wherever_that_is(site):
    at = datetime(2026, 11, 20, 15, 59, 59, tzinfo=UTC)  # one second before midnight in Shanghai
    for moment in (at, at + timedelta(seconds=1), at + timedelta(minutes=14)):
        with clock.set_to(moment):
            site.get("/en/promises/")

    assert site.made == 2


def test_while_a_conference_is_on_its_programme_is_right_to_the_minute(site):
    at = datetime(2027, 5, 20, 2, 30, tzinfo=UTC)  # half past ten in Shanghai
    conference = factories.conference(slug="fair", starts_on="2027-05-20", ends_on="2027-05-20")
    for title, begins, ends in (("Early", "09:00", "10:30"), ("Late", "10:30", "11:30")):
        factories.session(conference=conference, title_en=title, day="2027-05-20", starts_at=begins, ends_at=ends)
    bodies = []
    for moment in (at - timedelta(seconds=40), at - timedelta(seconds=1), at):
        with clock.set_to(moment):
            bodies.append(site.get("/en/conferences/fair/programme/").body)

    assert (bodies[0] == bodies[1], bodies[1] == bodies[2], site.made) == (True, False, 2)


def test_the_sooner_of_two_moments_counts(rf):
    request, at = rf.get("/"), clock.now()
    for moment in (at + timedelta(hours=1), at, at + timedelta(hours=2)):
        fresh_until(request, moment)

    assert request.fresh_until == at


# --- Many at once -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_many_who_ask_at_once_wait_for_one_page(site):
    from django.db import connection

    bodies, application = [], site.front.application

    def slowly(environ, start_response):
        from time import sleep

        sleep(0.3)
        return application(environ, start_response)

    def visit():
        bodies.append(site.get(PAGE).body)
        connection.close()

    site.front.application = slowly
    visitors = [Thread(target=visit) for _ in range(8)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()

    assert (len(bodies), len(set(bodies)), site.made) == (8, 1, 1)


def test_a_page_that_fails_lets_the_next_one_try(site):
    def failing(environ, start_response):
        raise RuntimeError("the disk is full")

    application, site.front.application = site.front.application, failing
    with pytest.raises(RuntimeError):
        site.get(PAGE)
    site.front.application = application

    assert site.get(PAGE).status == 200


def test_without_a_database_nothing_is_served_from_what_is_kept(site, monkeypatch):
    site.get(PAGE)
    monkeypatch.setattr("portal.page_cache.generation.read", lambda: None)

    site.get(PAGE)

    assert site.made == 2


def test_processes_that_share_a_cache_share_their_pages(site, monkeypatch):
    monkeypatch.setattr("portal.page_cache.store.is_shared", lambda: True)
    first = site.get(PAGE)
    pages.clear()  # as in another process

    assert (site.get(PAGE).body, site.made) == (first.body, 1)
    cache.clear()
    pages.clear()
    site.get(PAGE)
    assert site.made == 2
