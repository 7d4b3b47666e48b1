import logging

import pytest
from django.http import StreamingHttpResponse

from portal.observability.requests import KEY, SANE, Asked, Named, current, without_secrets
from tests.portal.observability.wsgi import asked, hello

GIVEN = "5f0d3a9c-given-by-the-proxy"


def name_given(**environ):
    return asked(Named(hello), **environ)[1]["X-Request-ID"]


def test_every_request_has_a_name_of_its_own():
    first, second = name_given(), name_given()

    assert SANE.fullmatch(first)
    assert first != second


def test_the_name_of_a_trusted_proxy_is_kept(settings):
    settings.TRUSTED_PROXIES = 1

    assert name_given(HTTP_X_REQUEST_ID=GIVEN) == GIVEN


def test_without_a_trusted_proxy_nobody_names_requests(settings):
    settings.TRUSTED_PROXIES = 0

    assert name_given(HTTP_X_REQUEST_ID=GIVEN) != GIVEN


@pytest.mark.parametrize(
    "odd", ["", "short", "a" * 65, "with a space", "line\nbreak", "<script>alert(1)</script>", "号" * 9]
)
def test_a_name_that_is_none_is_replaced(settings, odd):
    settings.TRUSTED_PROXIES = 1

    assert name_given(HTTP_X_REQUEST_ID=odd) != odd


def test_the_name_is_known_while_the_request_is_answered_and_no_longer():
    seen = []

    def application(environ, start_response):
        seen.append(current())
        return hello(environ, start_response)

    _status, headers, _body = asked(Named(application))

    assert [each.id for each in seen] == [headers["X-Request-ID"]]
    assert current() is None


@pytest.mark.django_db
def test_what_is_made_while_it_is_sent_belongs_to_its_request():
    seen = []

    def pieces():
        seen.append(current())
        yield b"piece"

    def application(environ, start_response):
        start_response("200 OK", [])
        return StreamingHttpResponse(pieces())

    _status, headers, body = asked(Named(application))

    assert body == b"piece"
    assert [each.id for each in seen] == [headers["X-Request-ID"]]
    assert current() is None


def test_the_end_of_a_request_is_told_with_its_status_and_its_time():
    told = []

    asked(
        Named(hello, lambda request, seconds: told.append((request.path, request.status, request.by, seconds < 5))),
        "/en/",
    )

    assert told == [("/en/", 200, "kept", True)]


@pytest.mark.django_db
def test_what_django_answers_is_told_from_what_was_kept(client, caplog):
    with caplog.at_level(logging.WARNING):
        client.get("/en/no-such-page/")

    assert current() is None  # and the middleware has left nothing behind


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/preview/eyJsYWJlbCI:1tX:abc/", "/preview/…"),
        ("/en/enquiries/E-2024-7K3Q:secret/", "/en/enquiries/…"),
        ("/admin/password-reset/MQ/c9x-abc/", "/admin/password-reset/…"),
        ("/en/enquiries/", "/en/enquiries/"),
        ("/en/conferences/meilan-lake-2024/", "/en/conferences/meilan-lake-2024/"),
    ],
)
def test_paths_that_let_somebody_in_are_cut(path, told):
    assert without_secrets(path) == told
    assert Asked.of({"REQUEST_METHOD": "GET", "PATH_INFO": path}).path == told


def test_the_request_stands_in_the_environment_for_the_log_of_the_server():
    known = {}

    def application(environ, start_response):
        known["asked"] = environ[KEY]
        return hello(environ, start_response)

    _status, headers, _body = asked(Named(application))

    assert known["asked"].id == headers["X-Request-ID"]
