"""Where somebody is signed in, as they see it themselves, and how it ends."""

import time
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from portal.sign_in import second_factor
from portal.sign_in.models import StaffSession, browser_in_words
from tests.portal.sign_in.staff import ACCOUNT, LOGIN, PASSWORD, browser, fail, sign_in, staff, with_phone

pytestmark = pytest.mark.django_db

SIGN_OUT = "/admin/account/sign-out/"


def device_of(client) -> StaffSession:
    return StaffSession.objects.get(session=client.session.session_key)


def set_clock(monkeypatch, **later):
    moment = time.time() + timedelta(**later).total_seconds()
    monkeypatch.setattr("portal.sign_in.sessions.time", lambda: moment)


def test_the_account_page_lists_the_devices_in_words():
    staff()
    browser(address="198.51.100.7")

    page = browser().get(ACCOUNT)

    assert [(str(each), each.address) for each in page.context["devices"]] == [
        ("Chrome on Linux", "203.0.113.5"),
        ("Chrome on Linux", "198.51.100.7"),
    ]
    assert page.text.count("this one") == 1


def test_one_device_is_signed_out_or_all_others():
    staff()
    here, first, second, third = (browser() for _n in range(4))

    here.post(SIGN_OUT, {"device": device_of(first).pk})
    after_one = [each.get("/admin/").status_code for each in (here, first, second, third)]
    here.post(SIGN_OUT)
    after_all = [each.get("/admin/").status_code for each in (here, first, second, third)]

    assert after_one == [200, 302, 200, 200]
    assert after_all == [200, 302, 302, 302]
    assert StaffSession.objects.count() == Session.objects.count() == 1


@pytest.mark.parametrize("device", ["", "abc", "-1", "9" * 30, "１"])
def test_a_device_that_makes_no_sense_or_belongs_to_somebody_else_is_left_alone(device):
    staff()
    staff("colleague")
    here, theirs = browser(), browser("colleague")

    statuses = [here.post(SIGN_OUT, {"device": value}).status_code for value in (device, device_of(theirs).pk)]

    assert statuses == [302, 302]
    assert theirs.get("/admin/").status_code == 200


def test_a_new_password_ends_the_other_sessions_keeps_this_one_and_is_told_by_mail(
    mailoutbox, django_capture_on_commit_callbacks
):
    user = staff()
    here, elsewhere = browser(), browser()
    new = {"old_password": PASSWORD, "new_password1": "another quiet lake", "new_password2": "another quiet lake"}

    with django_capture_on_commit_callbacks(execute=True):
        here.post("/admin/password_change/", new)

    assert here.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/").status_code == 302
    assert device_of(here).user == user
    (letter,) = mailoutbox
    assert letter.subject == "Baoshan Invest: your password was changed"
    assert "https://portal.example/admin/account/" in letter.body


def test_a_password_that_somebody_else_sets_is_told_too(admin_client, mailoutbox, django_capture_on_commit_callbacks):
    user = staff()
    browser()
    new = {"password1": "another quiet lake", "password2": "another quiet lake", "usable_password": "true"}

    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(f"/admin/auth/user/{user.pk}/password/", new, headers={"accept-language": "en"})

    assert [letter.to for letter in mailoutbox] == [["editor@portal.example"]]


def test_no_mail_server_stops_nobody(settings, caplog, django_capture_on_commit_callbacks):
    staff()
    client = browser()
    settings.EMAIL_BACKEND = "no.such.Backend"

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(ACCOUNT, {"email": "new@portal.example", "password": PASSWORD})

    assert response.url == ACCOUNT
    assert "email_changed" in caplog.text


def test_the_last_moment_is_written_every_few_minutes_and_not_with_every_request(
    monkeypatch, django_assert_num_queries
):
    staff()
    client = browser()
    StaffSession.objects.update(last_seen_at=timezone.now() - timedelta(days=1))

    set_clock(monkeypatch, minutes=4)
    with django_assert_num_queries(2):  # the session and the user
        client.get("/admin/jsi18n/")
    before = device_of(client).last_seen_at
    set_clock(monkeypatch, minutes=6)
    client.get("/admin/")

    assert before < timezone.now() - timedelta(hours=23)
    assert device_of(client).last_seen_at > timezone.now()


def test_a_session_ends_after_twelve_idle_hours_and_after_a_fortnight_in_any_case(monkeypatch):
    staff()
    client = browser()

    assert timedelta(hours=11) < device_of(client).session.expire_date - timezone.now() <= timedelta(hours=12)
    set_clock(monkeypatch, days=14)
    assert client.get("/admin/").status_code == 302
    assert StaffSession.objects.count() == 0


def test_clearing_old_sessions_clears_their_rows():
    staff()
    browser()
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))

    call_command("clearsessions")

    assert StaffSession.objects.count() == 0


def test_a_new_browser_is_told_by_mail_and_a_known_one_is_not(mailoutbox, django_capture_on_commit_callbacks):
    staff()

    with django_capture_on_commit_callbacks(execute=True):
        own = browser()
        own.post("/admin/logout/")
        sign_in(own)
    letters_at_first = len(mailoutbox)
    with django_capture_on_commit_callbacks(execute=True):
        browser(address="198.51.100.7")

    assert letters_at_first == 0
    (letter,) = mailoutbox
    assert letter.subject == "Baoshan Invest: a new browser signed in"
    assert "From Chrome on Linux, address 198.51.100.7" in letter.body


def test_a_visitor_without_a_session_asks_the_database_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get(LOGIN)

    assert response.status_code == 200


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0.0.0 Safari/537.36 Edg/142.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/130 Mobile Safari/537.36 MicroMessenger/8.0", "WeChat on Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Linux"),
        ("<script>alert(1)</script>", "a browser that does not say what it is"),
        ("", "a browser that does not say what it is"),
    ],
)
def test_a_browser_is_named_as_people_know_it(user_agent, words):
    assert browser_in_words(user_agent) == words


# --- Colleagues -------------------------------------------------------------------------------------------------------


def page_of(user) -> str:
    return f"/admin/colleagues/{user.pk}/"


def test_an_administrator_signs_a_colleague_out_removes_the_phone_and_lets_them_in(
    mailoutbox, django_capture_on_commit_callbacks
):
    user = staff()
    staff("keeper", permissions=["change_user"])
    theirs, keeper = browser(), browser("keeper", address="192.0.2.1")
    with_phone(user)
    fail(5)

    page = keeper.get(page_of(user))
    with django_capture_on_commit_callbacks(execute=True):
        keeper.post(page_of(user), {"help": "remove_second_factor"})
    keeper.post(page_of(user), {"help": "let_in"})

    assert (page.context["has_second_factor"], page.context["failures"]) == (True, 5)
    assert not second_factor.is_on(user)
    assert theirs.get("/admin/").status_code == 302
    assert sign_in().status_code == 302
    assert [letter.subject for letter in mailoutbox] == ["Baoshan Invest: your second factor was removed"]
    assert LogEntry.objects.filter(user__username="keeper", object_id=str(user.pk)).count() == 1


def test_nobody_else_may_and_a_superuser_is_helped_by_superusers_alone():
    user, chief = staff(), staff("chief", is_superuser=True)
    staff("keeper", permissions=["change_user"])
    with_phone(chief)
    client, keeper = browser(), browser("keeper")

    for who, whom in ((client, chief), (keeper, chief)):
        assert who.get(page_of(whom)).status_code == 403
        assert who.post(page_of(whom), {"help": "remove_second_factor"}).status_code == 403
    assert second_factor.is_on(chief)
    assert keeper.get(page_of(user)).status_code == 200
    assert keeper.get("/admin/colleagues/999999/").status_code == 404


def test_ones_own_phone_is_not_removed_on_the_page_for_colleagues():
    user = staff("keeper", permissions=["change_user"])
    client = browser("keeper")
    with_phone(user)

    response = client.post(page_of(user), {"help": "remove_second_factor"})

    assert response.url == ACCOUNT
    assert second_factor.is_on(user)
