"""Guessing is slow: how many sign-ins may fail before the next has to wait, and the answer that says so.

django-axes keeps the count in the database, so that it holds across processes. It knows one limit; here each way of
counting has its own (SIGN_IN_LIMITS): a name from one place, all names from one place, one name from everywhere. The
last would let anybody lock a colleague out from afar, so it does not bind a browser in which that name has signed in.

Names are counted under a keyed digest: what people type into the wrong field, which may be their password, is never
stored. `settings` names the functions and the class that axes calls.
"""

from math import ceil

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.signals import user_login_failed
from django.db.models import Q, Sum
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from portal.sign_in import known_browsers


def name_digest(username) -> str:
    return salted_hmac("portal.sign_in.throttle", username or "", algorithm="sha256").hexdigest()


def digest_of_name(request, credentials=None) -> str:
    """What axes counts instead of the name that was typed."""
    return name_digest((credentials or request.POST).get("username"))


class Throttle(AxesDatabaseHandler):
    def get_user_attempts(self, request, credentials=None):
        of_name_here, of_place, of_name = super().get_user_attempts(request, credentials)
        if known_browsers.knows(request, (credentials or request.POST).get("username")):
            of_name = of_name.none()
        return [of_name_here, of_place, of_name]

    def get_failures(self, request, credentials=None) -> int:
        """The failures on the scale of the first limit, by the way of counting that is nearest to its own."""
        counted = zip(self.get_user_attempts(request, credentials), settings.SIGN_IN_LIMITS, strict=True)
        return max(_failures(attempts) * settings.AXES_FAILURE_LIMIT // limit for attempts, limit in counted)

    def reset_user_attempts(self, request, credentials=None) -> int:
        """Whoever signs in is forgiven what failed under this name from here, and nothing else: an account of one's
        own must not buy more guesses at others."""
        return self.filter_user_attempts(request, credentials)[0].delete()[0]

    def seconds_to_wait(self, request, credentials=None) -> int:
        counted = zip(self.get_user_attempts(request, credentials), settings.SIGN_IN_LIMITS, strict=True)
        return max(_seconds_until_below(limit, attempts, request) for attempts, limit in counted)


def _failures(attempts) -> int:
    return attempts.aggregate(failures=Sum("failures_since_start", default=0))["failures"]


def _seconds_until_below(limit, attempts, request) -> int:
    """Attempts count for the cool-off after their last failure, the newest longest."""
    failures = 0
    for last, count in attempts.order_by("-attempt_time").values_list("attempt_time", "failures_since_start"):
        failures += count
        if failures >= limit:
            return ceil((last + get_cool_off(request) - timezone.now()).total_seconds())
    return 0


def is_allowed(request, user) -> bool:
    return AxesProxyHandler.is_allowed(request, {"username": user.get_username()})


def count_failure(request, user):
    """Counts a failure after the password, such as a wrong code."""
    user_login_failed.send(__name__, credentials={"username": user.get_username()}, request=request)


def let_in(user):
    """Forgets what failed under the name of `user`, and from the places where that was."""
    attempts = AccessAttempt.objects
    of_name = attempts.filter(username=name_digest(user.get_username()))
    places = list(of_name.values_list("ip_address", flat=True))
    attempts.filter(Q(pk__in=of_name) | Q(ip_address__in=places)).delete()


def failures_of(user) -> int:
    """How often signing in under this name failed lately."""
    since = timezone.now() - get_cool_off()
    return _failures(AccessAttempt.objects.filter(username=name_digest(user.get_username()), attempt_time__gte=since))


def refused(request, response=None, credentials=None, seconds=None):
    """The answer to whoever has to wait. It is the same for names that exist and names that do not."""
    if seconds is None:
        seconds = AxesProxyHandler.get_implementation().seconds_to_wait(request, credentials)
    seconds = max(seconds, 1)
    context = admin.site.each_context(request) | {"title": gettext("Too many attempts"), "minutes": ceil(seconds / 60)}
    answer = render(request, "sign_in/refused.html", context, status=429)
    answer["Retry-After"] = str(seconds)
    add_never_cache_headers(answer)
    return answer
