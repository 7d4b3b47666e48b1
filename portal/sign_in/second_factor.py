"""The second factor: a code from an app on one's phone after the password, or one of ten recovery codes.

django-otp keeps the devices, checks codes and slows down guessing. Recovery codes are stored as keyed digests, so that
the database alone opens nothing; the secret of a phone has to be stored as it is, because both sides count with it.
"""

import secrets
import time
import unicodedata
from base64 import b32encode

import django_otp
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, ngettext
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

RECOVERY_CODES = 10
DIGITS_OF_RECOVERY_CODE = 12
MOST_FAILURES = 10  # the wait doubles with each wrong code, up to 2 ** 9 seconds: nobody is locked out for days
LOGGED_AS = gettext_noop("second factor")

WRONG = _(
    "This code is not right. The app shows a new one every 30 seconds; type the one that it shows now, or a recovery "
    "code that you have not used yet."
)


def is_required() -> bool:
    return settings.SECOND_FACTOR == "required"


def is_on(user) -> bool:
    return TOTPDevice.objects.devices_for_user(user, confirmed=True).exists()


def codes_left(user) -> int:
    return StaticToken.objects.filter(device__user=user).count()


# --- Turning it on and off --------------------------------------------------------------------------------------------


def new_key() -> str:
    return random_hex(20)


def device_with(user, key) -> TOTPDevice:
    """The phone of `user` that would count with `key`; not saved."""
    return TOTPDevice(user=user, name="phone", key=key)


def secret_in_groups(device) -> str:
    """The secret as people type it where they cannot take a picture: letters and digits in groups of four."""
    secret = b32encode(device.bin_key).decode()
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def turn_on(user, key, code) -> TOTPDevice:
    """Keeps the phone that shows `code`. Raises ValidationError if that is not what it should show now."""
    device = device_with(user, key)
    counting = TOTP(device.bin_key, device.step, device.t0, device.digits)
    counting.time = time.time()
    digits = digits_of(code)
    if len(digits) != device.digits or not counting.verify(int(digits), device.tolerance):
        raise ValidationError(WRONG, code="wrong")
    device.drift, device.last_t = counting.drift, counting.t()  # the same code does not sign in again
    with transaction.atomic():
        _remove_devices(user)
        device.save()
        _log(user, user)
    return device


def turn_off(user, by):
    """`by` is who does so: the user, an administrator, or None for a command."""
    with transaction.atomic():
        _remove_devices(user)
        if by is not None:
            _log(user, by)


def _remove_devices(user):
    for model in (TOTPDevice, StaticDevice):
        model.objects.devices_for_user(user).delete()


def _log(user, by):
    LogEntry.objects.log_actions(by.pk, [user], CHANGE, [{"changed": {"fields": [LOGGED_AS]}}], single_object=True)


def new_recovery_codes(user) -> list[str]:
    """Ten codes in groups of four, to be shown once; older ones end."""
    codes = [
        f"{secrets.randbelow(10**DIGITS_OF_RECOVERY_CODE):0{DIGITS_OF_RECOVERY_CODE}}" for _n in range(RECOVERY_CODES)
    ]
    with transaction.atomic():
        StaticDevice.objects.devices_for_user(user).delete()
        device = StaticDevice.objects.create(user=user, name="recovery codes")
        StaticToken.objects.bulk_create(StaticToken(device=device, token=_digest(device, code)) for code in codes)
    return [" ".join((code[:4], code[4:8], code[8:])) for code in codes]


# --- Codes ------------------------------------------------------------------------------------------------------------


def digits_of(code) -> str:
    """The digits of what people type: with spaces or hyphens, full-width or not. Empty if it is no number."""
    code = "".join(letter for letter in unicodedata.normalize("NFKC", code) if letter not in " \u00a0-–")
    return code if code.isascii() and code.isdigit() else ""


def verify(user, code):
    """The device that accepts `code`, which is then used up. Raises ValidationError with what to do."""
    digits = digits_of(code)
    with transaction.atomic():
        device = _device_for(user, digits)
        if device is None:
            raise ValidationError(WRONG, code="wrong")
        is_allowed, why_not = device.verify_is_allowed()
        token = _digest(device, digits) if isinstance(device, StaticDevice) else digits
        is_right = is_allowed and device.verify_token(token)
        if is_allowed and not is_right and device.throttling_failure_count > MOST_FAILURES:
            device.throttling_failure_count = MOST_FAILURES
            device.save(update_fields=["throttling_failure_count"])
    if not is_allowed:
        raise ValidationError(_wait_until(why_not["locked_until"]), code="too_soon")
    if not is_right:
        raise ValidationError(WRONG, code="wrong")
    return device


def is_recovery_code(device) -> bool:
    return isinstance(device, StaticDevice)


def forget_failures(user):
    """After this a code is checked at once, however many were wrong before."""
    for model in (TOTPDevice, StaticDevice):
        devices = model.objects.devices_for_user(user)
        devices.update(throttling_failure_count=0, throttling_failure_timestamp=None)


def keep_in_session(request, device):
    django_otp.login(request, device)


def _device_for(user, digits):
    """The device that a number of this length is meant for, locked until the end of the transaction."""
    model = {TOTPDevice().digits: TOTPDevice, DIGITS_OF_RECOVERY_CODE: StaticDevice}.get(len(digits))
    return model and model.objects.devices_for_user(user, confirmed=True).select_for_update().first()


def _digest(device, code) -> str:
    """80 bits, in the 16 letters that the table of the package has room for."""
    mac = salted_hmac("portal.sign_in.recovery", f"{device.pk} {code}", algorithm="sha256")
    return b32encode(mac.digest()[:10]).decode()


def _wait_until(moment) -> str:
    seconds = max(round((moment - timezone.now()).total_seconds()), 1)
    text = ngettext(
        "Too many wrong codes. Wait %d second, then type the code that the app shows.",
        "Too many wrong codes. Wait %d seconds, then type the code that the app shows.",
        seconds,
    )
    return text % seconds
