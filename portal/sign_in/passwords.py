"""Passwords: a letter whenever one changes, wherever that happens, and a new one by e-mail for who forgot theirs."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import views
from django.contrib.auth.forms import PasswordResetForm
from django.core.cache import cache
from django.http import HttpResponseRedirect
from django.urls import reverse_lazy
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.client_address import client_network
from portal.sign_in import notices
from portal.sign_in.throttle import refused

HOUR = 3600
REQUESTS_OF_A_PLACE, REQUESTS_FOR_AN_ADDRESS = 10, 3  # in an hour


class ToldByMail:
    """A password validator that refuses none: Django tells validators about every new password, whoever sets it."""

    def validate(self, password, user=None):
        pass

    def get_help_text(self):
        return _("A letter to your e-mail address says so whenever your password changes.")

    def password_changed(self, password, user=None):
        if user is not None and user.last_login:
            notices.tell(user, "password_changed")


class StaffPasswordResetForm(PasswordResetForm):
    def get_users(self, email):
        return (user for user in super().get_users(email) if user.is_staff)


class _Afterwards(HttpResponseRedirect):
    """Works on after the answer has left, so that its time does not tell whether an account has this address."""

    def __init__(self, url, work):
        super().__init__(url)
        self._work = work

    def close(self):
        work, self._work = self._work, lambda: None
        try:
            work()
        finally:
            super().close()


class OnTheDesk:
    """Mixin for Django's pages about passwords: in the look of the desk, and never cached."""

    @method_decorator(never_cache)
    def dispatch(self, request, *args, **kwargs):
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return admin.site.each_context(self.request) | super().get_context_data(**kwargs)


class PasswordReset(OnTheDesk, views.PasswordResetView):
    form_class = StaffPasswordResetForm
    subject_template_name = "mail/password_reset_subject.txt"
    email_template_name = "mail/password_reset.txt"
    success_url = reverse_lazy("password_reset_done")

    def form_valid(self, form):
        if _is_over_limit("place", client_network(self.request), REQUESTS_OF_A_PLACE):
            return refused(self.request, seconds=HOUR)
        language, options = translation.get_language(), self._options()

        def send():
            if not _is_over_limit("address", form.cleaned_data["email"].lower(), REQUESTS_FOR_AN_ADDRESS):
                with translation.override(language):
                    form.save(**options)

        return _Afterwards(self.get_success_url(), send)

    def _options(self):
        context = {"site_name": settings.SITE_NAMES[translation.get_language()], "site_url": settings.SITE_URL}
        return {
            "domain_override": settings.SITE_URL,
            "subject_template_name": self.subject_template_name,
            "email_template_name": self.email_template_name,
            "extra_email_context": context,
        }


class PasswordResetDone(OnTheDesk, views.PasswordResetDoneView):
    pass


class PasswordResetConfirm(OnTheDesk, views.PasswordResetConfirmView):
    success_url = reverse_lazy("password_reset_complete")


class PasswordResetComplete(OnTheDesk, views.PasswordResetCompleteView):
    pass


def _is_over_limit(kind, what, limit) -> bool:
    """Counts in the cache, for an hour from the first time; each process by itself unless they share a cache."""
    key = f"password-reset-{salted_hmac(kind, what).hexdigest()}"
    cache.add(key, 0, HOUR)
    try:
        return cache.incr(key) > limit
    except ValueError:  # it ended in this very moment
        return False
