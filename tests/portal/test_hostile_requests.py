import pytest
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.urls import reverse

from portal.hostile_requests import MAX_QUERY_LENGTH, RefuseMalformedRequests

FORM = "application/x-www-form-urlencoded"


def view(request):
    return HttpResponse("seen")


def refusal_of(request):
    with pytest.raises(BadRequest) as refusal:
        RefuseMalformedRequests(view).process_view(request, view, (), {})
    return str(refusal.value)


def is_let_through(request):
    middleware = RefuseMalformedRequests(view)
    return middleware.process_view(request, view, (), {}) is None and middleware(request).content == b"seen"


@pytest.mark.parametrize("address", ["/en/", "/en/search/?q=vaccine", "/zh-hans/search/?q=疫苗", "/en/?q=%2500", "/?"])
def test_an_ordinary_request_is_let_through(rf, address):
    assert is_let_through(rf.get(address))


@pytest.mark.parametrize("query", ["q=%00", "q=a%00b", "%00=q", "q=1&page=%00"])
def test_a_nul_byte_in_the_query_is_refused(rf, query):
    assert refusal_of(rf.get(f"/en/search/?{query}")) == "a NUL byte"


def test_a_bare_nul_byte_in_the_query_is_refused(rf):
    assert refusal_of(rf.get("/en/search/", QUERY_STRING="q=\x00")) == "a NUL byte"


def test_a_nul_byte_in_the_path_is_refused(rf):
    assert refusal_of(rf.get("/en/conferences/%00/")) == "a NUL byte"


def test_a_query_of_eight_kilobytes_is_the_longest(rf):
    longest = "q=" + "a" * (MAX_QUERY_LENGTH - 2)

    assert MAX_QUERY_LENGTH == 8192
    assert is_let_through(rf.get(f"/en/search/?{longest}"))
    assert refusal_of(rf.get(f"/en/search/?{longest}a")) == "the query is too long"


@pytest.mark.parametrize(
    "charset", ["utf-16", "UTF-16LE", "utf-7", "zlib_codec", "rot13", "base64", "idna", "latin-1", "gb2312", "no-such"]
)
def test_a_form_in_another_charset_is_refused(rf, charset):
    request = rf.generic("POST", "/en/enquiries/", b"message=hello", content_type=f"{FORM}; charset={charset}")

    assert refusal_of(request) == "forms are read as UTF-8 only"


@pytest.mark.parametrize(
    "content_type", [FORM, f"{FORM}; charset=utf-8", f"{FORM}; charset=UTF-8", f"{FORM};charset=utf8"]
)
def test_a_form_in_utf_8_is_let_through(rf, content_type):
    assert is_let_through(rf.post("/en/enquiries/", "message=你好".encode(), content_type=content_type))


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["q=%00", "q=" + "a" * 9000, "next=%00"])
def test_a_malformed_query_is_answered_with_bad_request(client, query):
    address = reverse("admin:login")

    answers = client.get(address).status_code, client.get(f"{address}?{query}").status_code

    assert answers == (200, 400)


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["utf-16", "zlib_codec", "no-such"])
def test_a_malformed_form_is_answered_with_bad_request(client, charset):
    answers = [
        client.generic(
            "POST", reverse("admin:login"), b"username=a&password=b", content_type=f"{FORM}; charset={name}"
        ).status_code
        for name in ("utf-8", charset)
    ]

    assert answers == [200, 400]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/en/conferences/%00/", "/en/%00/", "/%00"])
def test_a_nul_byte_in_an_address_finds_nothing_and_breaks_nothing(client, path):
    assert client.get(path).status_code in (400, 404)


@pytest.mark.django_db
def test_a_foreign_host_is_answered_with_bad_request(client):
    assert client.get(reverse("admin:login"), headers={"host": "evil.example"}).status_code == 400
