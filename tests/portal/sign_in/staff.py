"""People at the door of the desk: their accounts, their phones, and what they type."""

import time

from django.contrib.auth.models import Permission, User
from django.test import Client
from django_otp.oath import TOTP

from portal.sign_in import second_factor

PASSWORD = "a lake in the morning"
LOGIN, CODE, ACCOUNT, SET_UP = (
    "/admin/login/",
    "/admin/login/code/",
    "/admin/account/",
    "/admin/account/second-factor/set-up/",
)
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"


def staff(username="editor", *, permissions=(), **fields) -> User:
    values = {"email": f"{username}@portal.example", "is_staff": True, **fields}
    user = User.objects.create_user(username, password=PASSWORD, **values)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def sign_in(client=None, username="editor", password=PASSWORD, address="203.0.113.5", **data):
    """What the desk answers to a name and a password."""
    client = client or Client()
    return client.post(LOGIN, {"username": username, "password": password, **data}, REMOTE_ADDR=address)


def fail(times, **who):
    """The statuses of the answers to so many wrong passwords."""
    return [sign_in(**{"password": "wrong", **who}).status_code for _n in range(times)]


def browser(username="editor", **who) -> Client:
    """A browser that is signed in by password."""
    client = Client(headers={"user-agent": CHROME})
    assert sign_in(client, username, **who).status_code == 302
    return client


def code_of(key, steps=0) -> str:
    """What an app that knows `key` shows, so many half minutes from now."""
    counting = TOTP(bytes.fromhex(key))
    counting.time = time.time() + steps * 30
    return f"{counting.token():06}"


def with_phone(user) -> tuple[str, list[str]]:
    """Turns the second factor of `user` on. Returns the key of the phone and the recovery codes."""
    key = second_factor.new_key()
    second_factor.turn_on(user, key, code_of(key, steps=-1))  # so that the code of now is still good
    return key, second_factor.new_recovery_codes(user)
