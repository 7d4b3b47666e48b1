"""Which browsers somebody has signed in with before: a signed cookie says so, and nothing is stored here."""

from django.core.signing import BadSignature, dumps, loads
from django.urls import reverse
from django.utils.crypto import salted_hmac

COOKIE = "known_browser"
MAX_AGE = 365 * 24 * 3600
MOST_NAMES = 5  # colleagues who share a machine


def knows(request, username) -> bool:
    return _digest(username) in _names(request)


def remember(request, response, username):
    names = [_digest(username), *(name for name in _names(request) if name != _digest(username))]
    response.set_cookie(
        COOKIE,
        dumps(names[:MOST_NAMES], salt=COOKIE),
        max_age=MAX_AGE,
        path=reverse("admin:index"),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def _names(request) -> list[str]:
    try:
        return loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=MAX_AGE)
    except BadSignature:
        return []


def _digest(username) -> str:
    return salted_hmac(COOKIE, username or "").hexdigest()
