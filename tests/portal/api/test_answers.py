"""How data is handed out: who may ask, what caches may keep, what is wrong with a request."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import agreement, correct, source

pytestmark = pytest.mark.django_db

LIST, RECORD = "/api/v1/agreements", "/api/v1/agreements/paper"


@pytest.fixture
def paper():
    return agreement(slug="paper", title_en="Paper", title_zh_hans="协议")


@pytest.mark.parametrize("address", ["/api/v1/", "/api/v1/openapi.json", LIST, RECORD, "/data/datapackage.json"])
def test_any_site_may_read_and_caches_ask_again(client, paper, address):
    response = client.get(address, headers={"origin": "https://elsewhere.example"})

    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response
    assert response["Cache-Control"] == "public, max-age=60, must-revalidate"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] in ("application/json", "application/json; charset=utf-8")
    assert response.cookies == {}


@pytest.mark.parametrize("address", ["/api/v1/", LIST, RECORD, "/data/datapackage.json", "/data/portal.zip"])
def test_what_has_not_changed_is_not_sent_again(client, paper, address):
    etag = client.get(address)["ETag"]

    again = client.get(address, headers={"if-none-match": etag})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert again["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("address", [LIST, RECORD, "/data/portal.zip"])
def test_what_has_changed_is_sent_again(client, paper, address):
    etag = client.get(address)["ETag"]
    paper.title_en = "Another title"
    paper.save()

    again = client.get(address, headers={"if-none-match": etag})

    assert (again.status_code, again["ETag"] == etag) == (200, False)


@pytest.mark.parametrize("address", [LIST, RECORD, "/data/portal.zip", "/api/v1/nowhere"])
def test_a_browser_that_asks_first_learns_what_it_may(client, address):
    response = client.options(
        address, headers={"origin": "https://elsewhere.example", "access-control-request-method": "GET"}
    )

    assert (response.status_code, response.content) == (204, b"")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Access-Control-Allow-Methods"] == response["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("address", [LIST, RECORD, "/data/portal.zip"])
def test_nothing_is_ever_written(paper, method, address):
    client = Client(enforce_csrf_checks=True)

    response = getattr(client, method)(address)

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert response["Content-Type"] == "application/problem+json"
    assert json.loads(response.content)["title"] == "This address is read with GET alone."


@pytest.mark.parametrize(
    ("address", "most"), [(LIST, 0), (RECORD, 1), ("/data/portal.zip", 0), ("/data/events.jsonld", 0)]
)
def test_a_question_for_the_head_costs_next_to_nothing(client, paper, address, most):
    with CaptureQueriesContext(connection) as queries:
        response = client.head(address)

    assert (response.status_code, response.content) == (200, b"")
    assert len(queries) == most


def test_the_head_of_what_is_not_there_is_404(client):
    assert client.head(RECORD).status_code == 404


# --- Problems ---------------------------------------------------------------------------------------------------------


def problem(client, address, status=400, **headers):
    response = client.get(address, headers=headers)
    assert response.status_code == status, address
    assert response["Content-Type"] == "application/problem+json"
    assert response["Cache-Control"] == "no-store"
    assert response["Access-Control-Allow-Origin"] == "*"
    return json.loads(response.content)


def test_an_unknown_parameter_is_named_with_those_that_there_are(client):
    told = problem(client, f"{LIST}?knd=fund")

    assert told == {
        "type": "https://portal.example/en/data/api/#problem-400",
        "title": "The request cannot be answered as it is.",
        "status": 400,
        "detail": "There is no parameter of this name here.",
        "parameter": "knd",
        "allowed": [
            "conference",
            "cursor",
            "disclosed",
            "kind",
            "language",
            "limit",
            "place",
            "sector",
            "stage",
            "year",
        ],
    }


def test_an_unknown_value_is_named_with_what_it_may_be(client):
    told = problem(client, f"{LIST}?disclosed=perhaps")

    assert (told["parameter"], told["allowed"]) == ("disclosed", ["yes", "no"])


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("conference=nowhere", "conference"),
        ("year=20x4", "year"),
        ("kind=", "kind"),
        ("kind=fund&kind=land", "kind"),
        ("language=fr", "language"),
        ("language=", "language"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=-1", "limit"),
        ("limit=1e2", "limit"),
        ("limit=٣", "limit"),
        ("limit=99999999999999999999999999", "limit"),
        ("limit=", "limit"),
        ("cursor=", "cursor"),
        ("cursor=x", "cursor"),
        ("cursor=W10:forged", "cursor"),
        ("cursor=💥", "cursor"),
        ("sector=' or 1=1--", "sector"),
        ("place=../../etc/passwd", "place"),
        ("מקום=‮x", "מקום"),
        ("a" * 8000, "a" * 8000),
    ],
)
def test_every_error_names_its_parameter(client, query, parameter):
    assert problem(client, f"{LIST}?{query}")["parameter"] == parameter


@pytest.mark.parametrize("query", ["a=" + "x" * 9000, "kind=%00"])
def test_what_no_browser_sends_is_a_problem_too(client, query):
    assert problem(client, f"{LIST}?{query}")["status"] == 400


@pytest.mark.parametrize(
    "address",
    [
        "/api/",
        "/api/v2/agreements",
        "/api/v1/enquiries",
        "/api/v1/agreements/",
        "/api/v1/agreements/nowhere",
        "/api/v1/agreements/a/b",
        "/api/v1/sessions/only-one",
        "/api/v1/observations/a~2024~result~eq~NaN",
        "/api/v1/observations/a~2024~result~eq~1e999999999",
        "/api/v1/observations/a~2024~result~eq~1~about~more",
        "/api/v1/observations/💥",
        "/data/nothing.csv",
    ],
)
def test_where_there_is_nothing_a_problem_says_so(client, address):
    assert problem(client, address, 404)["title"] == "There is nothing at this address."


def test_problems_speak_the_language_of_whoever_asks(client):
    for query, headers, language in [
        ("knd=x&language=zh-Hans", {}, "zh-Hans"),
        ("knd=x", {"accept-language": "zh-CN,en;q=0.5"}, "zh-Hans"),
        ("knd=x", {"accept-language": "de"}, "en"),
        ("knd=x&language=en", {"accept-language": "zh-CN"}, "en"),
    ]:
        response = client.get(f"{LIST}?{query}", headers=headers)
        assert response["Content-Language"] == language
        assert json.loads(response.content)["type"].endswith(f"/{language.lower()}/data/api/#problem-400")


def test_a_withdrawn_record_is_gone_and_says_nothing(client, paper):
    correct(paper, kind="withdrawal", reason_en="A secret")

    told = problem(client, RECORD, 410)

    assert told["title"] == "This record was withdrawn."
    assert "secret" not in str(told)


# --- Pages ------------------------------------------------------------------------------------------------------------


def pages(client, address):
    while address:
        page = client.get(address.removeprefix("https://portal.example")).json()
        yield page
        address = page["links"]["next"]


def test_pages_follow_one_another_while_records_are_added(client):
    for letter in "bdfh":
        agreement(slug=letter)

    walk, seen = pages(client, f"{LIST}?limit=2&disclosed=no"), []
    for page in walk:
        seen += [each["slug"] for each in page["data"]]
        agreement(slug=f"a{len(seen)}")  # before what was seen
        agreement(slug=f"z{len(seen)}") if len(seen) == 2 else None  # after it

    assert seen == ["b", "d", "f", "h", "z2"]


def test_the_next_page_is_in_the_header_too_and_keeps_what_was_asked(client):
    agreement(slug="a")
    agreement(slug="b")

    response = client.get(f"{LIST}?limit=1&disclosed=no&language=en")

    following = response.json()["links"]["next"]
    assert response["Link"] == f'<{following}>; rel="next"'
    assert following.startswith("https://portal.example/api/v1/agreements?disclosed=no&language=en&limit=1&cursor=")
    last = client.get(following.removeprefix("https://portal.example"))
    assert last.json()["links"]["next"] is None
    assert "Link" not in last


@pytest.mark.parametrize("other", [f"{LIST}?disclosed=no", f"{LIST}/ocds?", "/api/v1/projects?"])
def test_a_cursor_holds_for_its_own_list_alone(client, other):
    agreement(slug="a")
    agreement(slug="b")
    cursor = client.get(f"{LIST}?limit=1").json()["links"]["next"].partition("cursor=")[2]

    assert problem(client, f"{other}&cursor={cursor}")["parameter"] == "cursor"


def test_records_with_a_key_of_several_parts_are_paged_too(client):
    from tests.factories import conference, indicator, observation, session

    for slug in ("a", "b"):
        held = conference(slug=slug)
        for number in (1, 2):
            session(conference=held, slug=f"s{number}")
            observation(indicator=indicator(), period=f"200{number}")

    for kind, number in (("sessions", 4), ("observations", 4)):
        walk = [each for page in pages(client, f"/api/v1/{kind}?limit=1") for each in page["data"]]
        whole = client.get(f"/api/v1/{kind}").json()["data"]
        assert walk == whole
        assert len(whole) == number


def test_a_page_is_bounded_and_a_list_of_any_length_costs_the_same(client):
    for _number in range(3):
        source()
        agreement()

    counted = {}
    for limit in (1, 3):
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(f"{LIST}?limit={limit}").json()["data"]) == limit
        counted[limit] = len(queries)

    assert counted[1] == counted[3] == 8
