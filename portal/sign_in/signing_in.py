"""The way to the desk: the password, then the code if one is asked for, then the session.

Between the two steps nobody is signed in: the session holds who it would be (`half_way`), for ten minutes.
"""

from time import time
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import get_user_model, login
from django.contrib.auth.views import LoginView
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from portal.sign_in import known_browsers, notices, second_factor, throttle
from portal.sign_in.forms import SecondFactorCodeForm

HALF_WAY, HALF_WAY_FOR = "half_way", 600  # seconds
FEW_CODES = 3

gettext_noop("Forgotten your login credentials?")  # of Django's login page, which has no Chinese for it


class SignIn(LoginView):
    template_name = "admin/login.html"
    authentication_form = AdminAuthenticationForm

    def get(self, request, *args, **kwargs):
        if admin.site.has_permission(request):
            return redirect("admin:index")  # not `next`: a page that refuses somebody may have sent them here
        return super().get(request, *args, **kwargs)

    def form_valid(self, form):
        user = form.get_user()
        if second_factor.is_on(user):
            return _go_half_way(self.request, user, "admin:sign_in_code", self.get_success_url())
        if second_factor.is_required():
            return _go_half_way(self.request, user, "admin:set_up_second_factor", self.get_success_url())
        return finish(self.request, user, self.get_success_url())

    def get_context_data(self, **kwargs):
        context = admin.site.each_context(self.request) | super().get_context_data(**kwargs)
        page = {
            "title": _("Log in"),
            "subtitle": None,
            "app_path": self.request.get_full_path(),
            "username": self.request.user.get_username(),
        }
        return context | page


@never_cache
@sensitive_post_parameters("code")
def code(request):
    """The second step, for somebody whose password was right."""
    user = half_way(request)
    if user is None:
        return redirect(_with_next("admin:login", own_address(request)))
    if request.method == "POST" and not throttle.is_allowed(request, user):
        return throttle.refused(request, credentials={"username": user.get_username()})
    form = SecondFactorCodeForm(user, request.POST or None)
    if form.is_valid():
        return finish(request, user, own_address(request), form.device)
    if form.has_error("code", "wrong"):
        throttle.count_failure(request, user)
    context = admin.site.each_context(request) | {"title": _("Your code"), "form": form, "next": own_address(request)}
    return render(request, "sign_in/code.html", context)


def finish(request, user, address, device=None):
    """Signs `user` in and leads on to `address`."""
    enter(request, user, device)
    response = HttpResponseRedirect(address)  # `redirect` would take a word without a slash for the name of a page
    known_browsers.remember(request, response, user.get_username())
    return response


def enter(request, user, device=None):
    """Signs `user` in, with the `device` that accepted a code. The answer has to `remember` the browser."""
    is_new_browser = user.last_login and not known_browsers.knows(request, user.get_username())
    user.otp_device = device
    request.session.pop(HALF_WAY, None)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    if is_new_browser:
        notices.tell(user, "new_browser", request)
    if device is not None and second_factor.is_recovery_code(device):
        _after_recovery_code(request, user)


def _after_recovery_code(request, user):
    left = second_factor.codes_left(user)
    notices.tell(user, "recovery_code_used", request, left=left)
    if left <= FEW_CODES:
        text = ngettext(
            "You have %d recovery code left. Make new ones on your account page.",
            "You have %d recovery codes left. Make new ones on your account page.",
            left,
        )
        messages.warning(request, text % left)


def half_way(request):
    """Who has typed the right password in this session and nothing else yet; None for anybody else."""
    state = request.session.get(HALF_WAY)
    if not state or time() - state["since"] > HALF_WAY_FOR:
        return None
    user = get_user_model().objects.filter(pk=state["user"], is_active=True, is_staff=True).first()
    if user is None or not constant_time_compare(state["hash"], user.get_session_auth_hash()):
        return None
    return user


def _go_half_way(request, user, page, address):
    request.session.cycle_key()
    request.session[HALF_WAY] = {"user": user.pk, "hash": user.get_session_auth_hash(), "since": int(time())}
    return redirect(_with_next(page, address))


def own_address(request) -> str:
    """Where to go on to: `next` if it is on this site, else the front page of the desk."""
    address = request.POST.get("next", request.GET.get("next"))
    is_own = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if is_own else reverse("admin:index")


def _with_next(page, address) -> str:
    return f"{reverse(page)}?{urlencode({'next': address})}"
