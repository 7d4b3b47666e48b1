"""One's name, address and password, and where all of it is when the desk has another address."""

import json
import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from tests.portal.sign_in.staff import ACCOUNT, PASSWORD, browser, sign_in, staff

pytestmark = pytest.mark.django_db

RESET = "/admin/password-reset/"


def ask_for_password(email, address="203.0.113.5"):
    return Client().post(RESET, {"email": email}, REMOTE_ADDR=address)


def test_a_forgotten_password_is_replaced_through_a_letter(mailoutbox):
    staff()

    asked = ask_for_password("editor@portal.example")
    (letter,) = mailoutbox
    link = re.search(r"https://portal\.example(/admin/password-reset/\S+)", letter.body)[1]
    client = Client()
    form = client.get(link).url
    done = client.post(form, {"new_password1": "another quiet lake", "new_password2": "another quiet lake"})

    assert asked.url == "/admin/password-reset/sent/"
    assert letter.subject == "Baoshan Invest: a new password"
    assert done.url == "/admin/password-reset/done/"
    assert sign_in(password="another quiet lake").url == "/admin/"
    assert "another" not in client.get(link).text  # a link works once


def test_the_answer_does_not_say_who_has_an_account(mailoutbox):
    staff()
    staff("visitor", is_staff=False)

    answers = [ask_for_password(f"{name}@portal.example") for name in ("editor", "visitor", "nobody")]

    assert {(answer.status_code, answer.url) for answer in answers} == {(302, "/admin/password-reset/sent/")}
    assert [letter.to for letter in mailoutbox] == [["editor@portal.example"]]


def test_letters_are_few(mailoutbox):
    staff()

    for number in range(5):
        ask_for_password("editor@portal.example", address=f"198.51.100.{number}")
    from_one_place = [ask_for_password(f"name-{number}@portal.example").status_code for number in range(11)]

    assert len(mailoutbox) == 3
    assert from_one_place == [302] * 10 + [429]


def test_the_login_page_offers_it_and_every_page_of_it_is_never_cached():
    assert f'href="{RESET}"' in Client().get("/admin/login/").text
    for page in ("", "sent/", "done/", "x/y/"):
        assert "no-store" in Client().get(RESET + page)["Cache-Control"]


def test_somebody_changes_their_name_without_and_their_address_with_the_password(
    mailoutbox, django_capture_on_commit_callbacks
):
    user = staff()
    client = browser()
    values = {"first_name": "Lin", "last_name": "", "email": "editor@portal.example"}

    client.post(ACCOUNT, values)
    refused = client.post(ACCOUNT, {**values, "email": "new@portal.example"})
    with django_capture_on_commit_callbacks(execute=True):
        client.post(ACCOUNT, {**values, "email": "new@portal.example", "password": PASSWORD})

    user.refresh_from_db()
    assert refused.context["form"].errors["password"] == ["Type your password to change the address."]
    assert (user.first_name, user.email) == ("Lin", "new@portal.example")
    assert [letter.to for letter in mailoutbox] == [["editor@portal.example"], ["new@portal.example"]]


def test_a_forged_field_gives_nobody_more_rights():
    staff()

    browser().post(ACCOUNT, {"email": "editor@portal.example", "is_superuser": "on", "username": "chief"})

    assert list(User.objects.values_list("username", "is_superuser")) == [("editor", False)]


@pytest.mark.parametrize("page", ["", "second-factor/set-up/"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_of_the_account_need_no_inline_script_or_style_and_are_never_cached(page, language):
    staff()

    response = browser().get(ACCOUNT + page, headers={"accept-language": language})

    assert response.status_code == 200
    assert f'<html lang="{language}"' in response.text
    assert not re.search(r"style=|<style|<script>|\son\w+=", response.text)
    assert "no-store" in response["Cache-Control"]


def test_everything_follows_the_path_of_the_desk():
    program = """
import django, json
django.setup()
from django.conf import settings
from django.test import Client
from django.urls import reverse
names = ["account", "second_factor", "set_up_second_factor", "second_factor_qr_code", "sign_in_code", "password_change"]
page = Client(headers={"host": "localhost"}).get("/back/office/login/")
print(json.dumps({
    "login": str(settings.LOGIN_URL),
    "addresses": [reverse(f"admin:{name}") for name in names] + [reverse("admin_password_reset")],
    "page": page.text,
}))
"""
    environment = {
        "PATH": os.defpath,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "SECRET_KEY": "only-for-tests",
        "DATABASE_URL": "sqlite://:memory:",
        "EMAIL_URL": "memorymail://",
        "ADMIN_PATH": "/back/office",
        "DEBUG": "on",
    }

    started = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], cwd=settings.BASE_DIR, env=environment, capture_output=True
    )
    found = json.loads(started.stdout)

    assert found["login"] == "/back/office/login/"
    assert all(address.startswith("/back/office/") for address in found["addresses"])
    assert not re.search(r'(href|action)="/admin/', found["page"])


@pytest.mark.parametrize("folder", ["portal/sign_in", "templates/sign_in", "templates/mail"])
def test_no_page_and_no_letter_writes_the_path_of_the_desk_itself(folder):
    texts = [
        path.read_text()
        for path in (settings.BASE_DIR / folder).rglob("*.*")
        if path.suffix in (".py", ".html", ".txt")
    ]

    assert texts
    assert [text for text in texts if re.search(r"[\"']/?admin/(?!\w+(/\w+)*\.(html|css|js))", text)] == []
