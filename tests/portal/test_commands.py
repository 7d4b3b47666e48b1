"""The demo's staff login, and when it is refused."""

from io import StringIO

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management import CommandError, call_command
from django.test import RequestFactory

from portal.management.commands import demo_login

pytestmark = pytest.mark.django_db


def make_login(*flags) -> str:
    """Runs the command and returns the password that it printed."""
    printed = StringIO()
    call_command("demo_login", *flags, stdout=printed)
    username, password = printed.getvalue().strip().split(" / ")
    assert username == "demo"
    return password


def log_in(password):
    """The demo's user, if this is the password."""
    return authenticate(RequestFactory().post("/"), username="demo", password=password)


def test_the_printed_password_opens_the_staff_desk():
    password = make_login("--yes-this-is-a-demo")

    user = log_in(password)

    assert (user.is_active, user.is_staff, user.is_superuser) == (True, True, True)


def test_each_start_makes_a_new_password_and_the_old_one_stops_working():
    old = make_login("--yes-this-is-a-demo")
    new = make_login("--yes-this-is-a-demo")

    assert log_in(old) is None
    assert log_in(new).username == "demo"
    assert get_user_model().objects.count() == 1


def test_a_new_password_ends_the_sessions_begun_with_the_old_one(client):
    client.post("/admin/login/", {"username": "demo", "password": make_login("--yes-this-is-a-demo")})
    assert client.get("/admin/password_change/").status_code == 200

    make_login("--yes-this-is-a-demo")
    response = client.get("/admin/password_change/")

    assert response.status_code == 302
    assert response.url == "/admin/login/?next=/admin/password_change/"


def test_a_demo_user_whom_somebody_shut_out_is_let_in_again():
    make_login("--yes-this-is-a-demo")
    get_user_model().objects.update(is_active=False, is_staff=False, is_superuser=False)

    password = make_login("--yes-this-is-a-demo")

    assert log_in(password).is_superuser


def test_any_database_but_the_demos_own_needs_the_flag():
    with pytest.raises(CommandError, match="--yes-this-is-a-demo"):
        make_login()

    assert get_user_model().objects.count() == 0


def test_the_flag_does_not_count_where_real_staff_can_log_in():
    get_user_model().objects.create_user("editor", password="kept as it is", is_staff=True)

    with pytest.raises(CommandError, match="staff besides `demo`"):
        make_login("--yes-this-is-a-demo")

    assert list(get_user_model().objects.values_list("username", flat=True)) == ["editor"]


def test_the_demos_own_database_needs_no_flag_and_may_have_other_staff(monkeypatch):
    monkeypatch.setattr(demo_login, "is_the_demos_own_database", lambda: True)
    get_user_model().objects.create_user("editor", password="kept as it is", is_staff=True)

    password = make_login()

    assert log_in(password).is_superuser
