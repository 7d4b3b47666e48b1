"""How long somebody stays signed in, and the record of it that they see on their account page.

A session ends after SESSION_COOKIE_AGE without a request and after LONGEST in any case. What is needed to decide so is
in the session itself; the row that people see is written every few minutes, not with every request.
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from time import time

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.signals import user_logged_in
from django.db import IntegrityError, transaction
from django.dispatch import receiver
from django_otp import DEVICE_ID_SESSION_KEY

from portal.client_address import client_address
from portal.sign_in.models import StaffSession

LONGEST = timedelta(days=14)
SEEN_EVERY = timedelta(minutes=5)
BEGAN, SEEN = "signed_in_at", "seen_at"  # seconds since 1970, in the session


@receiver(user_logged_in)
def begin(request, user, **kwargs):
    if not request.session.session_key:
        request.session.create()
    request.session[BEGAN] = int(time())
    note(request, user)


def note(request, user):
    """Writes down that `user` is here, now, with this browser."""
    session, now = request.session, int(time())
    began = session.setdefault(BEGAN, now)
    session[SEEN] = now
    seen = {
        "user": user,
        "last_seen_at": datetime.fromtimestamp(now, UTC),
        "address": client_address(request),
        "browser": request.META.get("HTTP_USER_AGENT", "").replace("\x00", "")[:255],
    }
    with suppress(IntegrityError), transaction.atomic():  # somebody ended the session in this very moment
        StaffSession.objects.update_or_create(
            session_id=session.session_key,
            defaults=seen,
            create_defaults={**seen, "began_at": datetime.fromtimestamp(began, UTC)},
        )


class StaffSessions:
    """Middleware: ends what is over and notes what goes on. A visitor without a session costs nothing."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or SESSION_KEY not in request.session:
            return self.get_response(request)
        key = request.session.session_key
        if _is_over(request.session):
            logout(request)
        elif time() - request.session.get(SEEN, 0) >= SEEN_EVERY.total_seconds() and request.user.is_authenticated:
            note(request, request.user)
        response = self.get_response(request)
        if SESSION_KEY in request.session and request.session.session_key != key:  # a new password makes a new key
            note(request, request.user)
        return response


def _is_over(session) -> bool:
    is_too_old = time() - session.get(BEGAN, time()) >= LONGEST.total_seconds()
    lacks_factor = settings.SECOND_FACTOR == "required" and DEVICE_ID_SESSION_KEY not in session
    return is_too_old or lacks_factor
