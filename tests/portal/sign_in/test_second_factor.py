"""A code from one's phone after the password: setting it up, using it, losing it."""

import re
from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.test import Client
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from portal.sign_in import second_factor
from tests.portal.sign_in.staff import (
    ACCOUNT,
    CODE,
    LOGIN,
    PASSWORD,
    SET_UP,
    browser,
    code_of,
    sign_in,
    staff,
    with_phone,
)

pytestmark = pytest.mark.django_db

MANAGE, QR_CODE = "/admin/account/second-factor/", "/admin/account/second-factor/code.svg"


def half_way(address="/admin/") -> Client:
    """A browser in which the right password was typed, and no code yet."""
    client = Client()
    assert sign_in(client, next=address).url.startswith(CODE)
    return client


def type_code(client, code, **data):
    return client.post(CODE, {"code": code, **data}, REMOTE_ADDR="203.0.113.5")


def set_up_with(client, **data):
    """Opens the page, tells the phone the secret and types what it shows."""
    client.get(SET_UP)
    return client.post(SET_UP, {"code": code_of(client.session["second_factor_key"]), **data})


def codes_on(page) -> list[str]:
    return re.findall(r"<li>(\d{4} \d{4} \d{4})</li>", page.text)


# --- Signing in -------------------------------------------------------------------------------------------------------


def test_the_password_alone_opens_nothing():
    with_phone(staff())
    client = half_way()

    for address in ("/admin/", ACCOUNT, MANAGE, "/admin/password_change/"):
        response = client.get(address)
        assert (response.status_code, response.url) == (302, f"{LOGIN}?next={address}")
    assert client.get(SET_UP).url == CODE
    assert client.get(QR_CODE).status_code == 404


def test_the_code_of_the_phone_leads_on_in_a_session_with_a_new_key():
    key, _codes = with_phone(staff())
    client = half_way(address="/admin/portal/source/")
    before = client.session.session_key

    response = type_code(client, code_of(key), next="/admin/portal/source/")

    assert (response.status_code, response.url) == (302, "/admin/portal/source/")
    assert client.session.session_key != before
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("spelling", ["{}", " {} ", "{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}"])
def test_a_code_may_be_typed_with_spaces(spelling):
    key, _codes = with_phone(staff())

    assert type_code(half_way(), spelling.format(code_of(key))).status_code == 302


def test_a_code_may_be_typed_in_full_width_digits():
    key, _codes = with_phone(staff())
    full_width = "".join(chr(ord(digit) + 0xFEE0) for digit in code_of(key))

    assert type_code(half_way(), full_width).status_code == 302


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "１２", "²²²²²²", "1" * 12, "9" * 40, "-12345", "\x00"])
def test_what_is_no_code_is_refused_with_a_sentence(code):
    with_phone(staff())

    response = type_code(half_way(), code)

    assert response.status_code == 200
    assert response.context["form"].errors["code"]


def test_a_code_signs_in_once():
    key, _codes = with_phone(staff())
    code = code_of(key)
    type_code(half_way(), code)

    assert type_code(half_way(), code).status_code == 200


def test_after_a_wrong_code_one_waits_a_moment_and_is_told_so():
    key, _codes = with_phone(staff())
    client = half_way()
    type_code(client, "000000")

    response = type_code(client, code_of(key))

    assert response.context["form"].errors["code"] == [
        "Too many wrong codes. Wait 1 second, then type the code that the app shows."
    ]


def test_wrong_codes_count_as_failed_sign_ins_and_the_wait_is_never_days():
    user = staff()
    with_phone(user)
    client = half_way()

    statuses = []
    for _n in range(5):
        TOTPDevice.objects.update(throttling_failure_timestamp=None)  # the seconds between them have passed
        statuses.append(type_code(client, "000000").status_code)

    assert statuses == [200, 200, 200, 200, 429]
    assert sign_in().status_code == 429

    TOTPDevice.objects.update(throttling_failure_count=40, throttling_failure_timestamp=None)
    with pytest.raises(second_factor.ValidationError):
        second_factor.verify(user, "000000")
    assert TOTPDevice.objects.get().throttling_failure_count == 10


def test_half_way_ends_with_a_new_password_and_after_ten_minutes(monkeypatch):
    user = staff()
    key, _codes = with_phone(user)
    early, late = half_way(), half_way()

    monkeypatch.setattr("portal.sign_in.signing_in.HALF_WAY_FOR", -1)
    assert type_code(late, code_of(key)).url == f"{LOGIN}?next=%2Fadmin%2F"

    monkeypatch.undo()
    user.set_password("another lake")
    user.save()
    assert type_code(early, code_of(key)).url == f"{LOGIN}?next=%2Fadmin%2F"


def test_the_phone_of_a_colleague_is_of_no_use():
    key, codes = with_phone(staff("colleague"))
    with_phone(staff())

    assert type_code(half_way(), code_of(key)).status_code == 200
    assert type_code(half_way(), codes[0]).status_code == 200


def test_a_recovery_code_signs_in_once_and_a_letter_says_so(mailoutbox, django_capture_on_commit_callbacks):
    _key, codes = with_phone(staff())

    with django_capture_on_commit_callbacks(execute=True):
        first = type_code(half_way(), codes[3])
    second = type_code(half_way(), codes[3])

    assert (first.status_code, second.status_code) == (302, 200)
    (letter,) = mailoutbox
    assert letter.subject == "Baoshan Invest: a recovery code was used"
    assert letter.to == ["editor@portal.example"]
    assert "9 codes are left" in letter.body


def test_the_last_codes_come_with_a_warning():
    _key, codes = with_phone(staff())
    StaticToken.objects.filter(pk__in=list(StaticToken.objects.values_list("pk", flat=True)[4:])).delete()
    client = half_way()
    accepted = next(code for code in codes if _is_stored(code))

    type_code(client, accepted)

    assert "You have 3 recovery codes left." in client.get("/admin/").text


def _is_stored(code):
    device = StaticToken.objects.first().device
    return StaticToken.objects.filter(token=second_factor._digest(device, second_factor.digits_of(code))).exists()


def test_recovery_codes_are_not_stored_as_they_are():
    _key, codes = with_phone(staff())

    stored = set(StaticToken.objects.values_list("token", flat=True))

    assert len(stored) == 10
    assert not stored & {code.replace(" ", "") for code in codes}


# --- Setting it up ----------------------------------------------------------------------------------------------------


def test_somebody_turns_it_on_sees_ten_codes_once_and_is_signed_out_elsewhere(
    mailoutbox, django_capture_on_commit_callbacks
):
    staff()
    elsewhere, client = browser(), browser()

    with django_capture_on_commit_callbacks(execute=True):
        response = set_up_with(client)

    assert len(codes_on(response)) == 10
    assert client.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/").status_code == 302
    assert [letter.subject for letter in mailoutbox] == ["Baoshan Invest: your second factor is on"]
    assert LogEntry.objects.get().get_change_message() == "Changed second factor."
    assert client.get(SET_UP).url == MANAGE
    codes = codes_on(response)
    assert type_code(half_way(), codes[0]).status_code == 302


def test_the_page_shows_the_secret_as_a_picture_of_our_own_and_in_groups_of_four():
    staff()
    client = browser()

    page = client.get(SET_UP)
    picture = client.get(QR_CODE)

    assert re.fullmatch(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", page.context["secret"])
    assert f'src="{QR_CODE}"' in page.text
    assert picture["Content-Type"] == "image/svg+xml"
    assert picture.content.startswith(b"<?xml")
    assert "no-store" in picture["Cache-Control"]
    assert "no-store" in page["Cache-Control"]


def test_a_wrong_code_turns_nothing_on():
    staff()
    client = browser()
    client.get(SET_UP)

    response = client.post(SET_UP, {"code": "000000"})

    assert response.context["form"].errors["code"] == [second_factor.WRONG]
    assert TOTPDevice.objects.count() == 0


def test_a_stranger_sets_up_nothing():
    assert Client().get(SET_UP).url == LOGIN
    assert Client().get(QR_CODE).status_code == 404


def test_new_codes_and_turning_it_off_need_the_password(mailoutbox, django_capture_on_commit_callbacks):
    staff()
    client = browser()
    old = codes_on(set_up_with(client))

    refused = client.post(MANAGE, {"turn_off": "1", "password": "wrong"})
    with django_capture_on_commit_callbacks(execute=True):
        new = codes_on(client.post(MANAGE, {"new_codes": "1", "password": PASSWORD}))
    with_old_code = type_code(half_way(), old[0])
    with django_capture_on_commit_callbacks(execute=True):
        client.post(MANAGE, {"turn_off": "1", "password": PASSWORD})

    assert refused.context["form"].errors["password"] == ["This is not your password."]
    assert len(new) == 10
    assert with_old_code.status_code == 200
    assert [letter.subject for letter in mailoutbox] == [
        "Baoshan Invest: new recovery codes",
        "Baoshan Invest: your second factor is off",
    ]
    assert sign_in().url == "/admin/"


# --- Where it is required ---------------------------------------------------------------------------------------------


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR = "required"


def test_where_it_is_required_the_password_leads_to_setting_it_up_and_nowhere_else(required):
    staff()
    client = Client()

    first = sign_in(client, next="/admin/portal/source/")
    elsewhere = client.get("/admin/")
    codes = set_up_with(client, next="/admin/portal/source/")

    assert first.url == f"{SET_UP}?next=%2Fadmin%2Fportal%2Fsource%2F"
    assert elsewhere.status_code == 302
    assert len(codes_on(codes)) == 10
    assert 'href="/admin/portal/source/"' in codes.text
    assert client.get("/admin/").status_code == 200


def test_where_it_is_required_a_session_from_before_ends_and_nobody_turns_it_off(settings):
    user = staff()
    client, with_code = browser(), browser()
    settings.SECOND_FACTOR = "required"

    assert client.get("/admin/").status_code == 302
    assert "_auth_user_id" not in client.session

    settings.SECOND_FACTOR = "optional"
    set_up_with(with_code)
    settings.SECOND_FACTOR = "required"
    with_code.post(MANAGE, {"turn_off": "1", "password": PASSWORD})
    assert second_factor.is_on(user)


# --- A lost phone -----------------------------------------------------------------------------------------------------


def test_the_command_removes_it_and_a_letter_says_so(mailoutbox, django_capture_on_commit_callbacks):
    with_phone(staff())
    printed = StringIO()

    with django_capture_on_commit_callbacks(execute=True):
        call_command("let_in", "editor", "--without-second-factor", stdout=printed)

    assert printed.getvalue().splitlines() == [
        "`editor` can try again at once.",
        "The second factor was removed: the password alone signs in.",
    ]
    assert [letter.subject for letter in mailoutbox] == ["Baoshan Invest: your second factor was removed"]
    assert sign_in().url == "/admin/"


def test_the_demo_login_needs_no_phone_after_a_new_start():
    printed = StringIO()
    call_command("demo_login", "--yes-this-is-a-demo", stdout=printed)
    with_phone(TOTPDevice._meta.get_field("user").related_model.objects.get())

    printed = StringIO()
    call_command("demo_login", "--yes-this-is-a-demo", stdout=printed)
    username, password = printed.getvalue().strip().split(" / ")

    assert sign_in(username=username, password=password).url == "/admin/"
