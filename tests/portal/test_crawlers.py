import json

import pytest

from tests import factories

pytestmark = pytest.mark.django_db

FILTERED = "/en/companies/?year=2024"


@pytest.fixture
def three_a_minute(settings, client, admin_client):
    settings.QUERIES_PER_MINUTE = 3
    for each in (client, admin_client):
        each.defaults["REMOTE_ADDR"] = "203.0.113.7"


def asked(client, path, times=1, **headers):
    return [client.get(path, **headers) for _ in range(times)]


def test_a_network_that_asks_too_often_is_told_to_wait(three_a_minute, client):
    *allowed, refused = asked(client, "/en/search/?q=x", 4)

    assert [each.status_code for each in allowed] == [200] * 3
    assert refused.status_code == 429
    assert refused["Retry-After"] == "60"
    assert refused["Cache-Control"] == "no-store"
    assert "Your network asked for more pages" in refused.text


def test_a_program_is_told_in_its_own_form(three_a_minute, client):
    *_allowed, refused = asked(client, "/api/v1/agreements?limit=1", 4)

    assert (refused.status_code, refused["Content-Type"]) == (429, "application/problem+json")
    assert json.loads(refused.content)["status"] == 429


def test_another_network_is_not(three_a_minute, client):
    asked(client, "/en/search/?q=x", 4)

    assert client.get("/en/search/?q=x", REMOTE_ADDR="203.0.113.9").status_code == 200


def test_the_machine_itself_is_not(three_a_minute, client):
    asked_by_itself = [asked(client, "/en/search/?q=x", 6, REMOTE_ADDR=own) for own in ("127.0.0.1", "::1")]

    assert {each.status_code for some in asked_by_itself for each in some} == {200}


def test_pages_without_a_query_are_not_counted(three_a_minute, client):
    assert {each.status_code for each in asked(client, "/en/accessibility/", 6)} == {200}


def test_whoever_is_signed_in_is_not_counted(three_a_minute, admin_client):
    assert {each.status_code for each in asked(admin_client, "/en/search/?q=x", 6)} == {200}


def test_a_cookie_of_ones_own_making_is_no_way_out(three_a_minute, client):
    client.cookies["sessionid"] = "forged"

    assert [each.status_code for each in asked(client, "/en/search/?q=x", 4)] == [200, 200, 200, 429]


def test_the_limit_does_not_keep_a_filtered_list_from_being_kept(three_a_minute, client):
    """Looking at the session would make the answer vary by its cookie."""
    factories.organization()

    answer = client.get("/en/companies/?view=table")

    assert answer.status_code == 200
    assert "Cookie" not in answer.get("Vary", "")


def test_zero_sets_no_limit(settings, client):
    settings.QUERIES_PER_MINUTE = 0

    assert {each.status_code for each in asked(client, "/en/search/?q=x", 5)} == {200}
