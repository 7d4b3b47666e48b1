"""Guessing passwords is slow, from one place or from many, and an answer never says which names exist."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from axes.models import AccessAttempt
from django.core.management import CommandError, call_command
from django.db.models import F
from django.test import Client

from portal.sign_in.checks import proxies_are_counted
from tests.portal.sign_in.staff import ACCOUNT, LOGIN, PASSWORD, browser, fail, sign_in, staff

pytestmark = pytest.mark.django_db


def pass_time(**duration):
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(**duration))


def test_the_fifth_failure_from_one_place_closes_the_door_even_to_the_right_password():
    staff()

    assert fail(5) == [200, 200, 200, 200, 429]
    assert sign_in().status_code == 429


def test_the_door_opens_again_after_a_quarter_of_an_hour_and_knocking_does_not_prolong_it():
    staff()
    fail(5)

    pass_time(minutes=14)
    still_closed = sign_in()
    pass_time(minutes=1)

    assert still_closed.status_code == 429
    assert 0 < int(still_closed["Retry-After"]) <= 60
    assert sign_in().status_code == 302


def test_names_that_exist_and_names_that_do_not_get_the_same_answers():
    staff()

    answers = [[sign_in(username=name, password="wrong") for _n in range(6)] for name in ("editor", "nobody")]

    known, unknown = ([answer.status_code for answer in each] for each in answers)
    assert known == unknown
    texts = [re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", each[-1].text) for each in answers]
    assert texts[0] == texts[1]


def test_one_place_that_tries_many_names_is_stopped_at_twenty():
    staff()

    tries = [fail(1, username=f"name-{number}")[0] for number in range(20)]

    assert tries == [200] * 19 + [429]
    assert sign_in().status_code == 429
    assert sign_in(address="198.51.100.7").status_code == 302


def test_many_places_that_try_one_name_are_stopped_at_twenty_but_not_the_browser_of_its_owner():
    staff()
    own = browser()

    own.post("/admin/logout/")
    tries = [fail(1, address=f"198.51.100.{number}")[0] for number in range(20)]

    assert tries == [200] * 19 + [429]
    assert sign_in(address="192.0.2.9").status_code == 429
    assert sign_in(own).status_code == 302


def test_a_claim_about_the_own_address_buys_no_more_guesses():
    staff()

    answers = [
        Client().post(
            LOGIN,
            {"username": "editor", "password": "wrong"},
            REMOTE_ADDR="203.0.113.5",
            headers={"x-forwarded-for": f"198.51.100.{number}", "user-agent": f"guesser {number}"},
        )
        for number in range(5)
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]


def test_signing_in_forgives_the_own_name_and_no_other():
    staff()
    for name, times in {"editor": 4, "second": 4, "third": 4, "fourth": 4, "fifth": 3}.items():
        assert fail(times, username=name) == [200] * times

    sign_in()

    assert fail(4) == [200, 200, 200, 200]
    assert fail(1, username="sixth") == [429]


def test_the_answer_says_in_the_language_of_the_reader_how_long_to_wait():
    fail(5)

    english = sign_in()
    chinese = sign_in(Client(headers={"accept-language": "zh-hans"}))

    assert "Wait 15 minutes" in english.text
    assert "no-store" in english["Cache-Control"]
    assert '<html lang="zh-hans"' in chinese.text


def test_nothing_that_was_typed_is_stored():
    sign_in(username="my password, by mistake", password="sesame", next="/admin/")

    (attempt,) = AccessAttempt.objects.all()

    stored = " ".join(str(value) for value in vars(attempt).values())
    assert "mistake" not in stored
    assert "sesame" not in stored


def test_what_is_over_is_deleted_by_the_next_attempt_of_anybody():
    fail(3)
    pass_time(minutes=16)

    fail(1, username="somebody else", address="192.0.2.1")

    assert AccessAttempt.objects.count() == 1


def test_guessing_the_password_of_an_open_session_is_slow_too():
    staff()
    client = browser()
    values = {"email": "thief@example.org", "password": "wrong"}

    statuses = [client.post(ACCOUNT, values, REMOTE_ADDR="203.0.113.5").status_code for _n in range(5)]

    assert statuses == [200, 200, 200, 200, 429]


def test_a_command_lets_somebody_in_at_once():
    staff()
    fail(5)
    fail(19, username="other")
    printed = StringIO()

    call_command("let_in", "editor", stdout=printed)

    assert printed.getvalue() == "`editor` can try again at once.\n"
    assert sign_in().status_code == 302


def test_the_command_names_a_user_that_does_not_exist():
    with pytest.raises(CommandError, match="There is no user `nobody`"):
        call_command("let_in", "nobody")


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example"]
)
def test_the_login_leads_on_to_own_addresses_alone(address):
    staff()

    assert sign_in(next=address).url == "/admin/"
    assert sign_in(next="/admin/portal/source/?q=a").url == "/admin/portal/source/?q=a"


def test_behind_a_proxy_that_is_not_counted_the_check_for_deployments_warns(settings):
    settings.SESSION_COOKIE_SECURE = True
    assert [warning.id for warning in proxies_are_counted(None)] == ["sign_in.W001"]

    settings.TRUSTED_PROXIES = 1
    assert proxies_are_counted(None) == []


def test_who_is_signed_in_already_does_not_see_the_login():
    staff()

    response = browser().get(LOGIN)

    assert (response.status_code, response.url) == (302, "/admin/")


def test_a_password_of_somebody_who_is_not_staff_opens_nothing():
    staff("visitor", is_staff=False)

    response = sign_in(username="visitor", password=PASSWORD)

    assert response.status_code == 200
    assert "sessionid" not in response.cookies
