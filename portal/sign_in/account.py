"""One's own account: name and address, password, second factor, signed-in devices."""

from io import BytesIO

import qrcode
from django.contrib import admin, messages
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth import get_user_model
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe
from qrcode.image.svg import SvgPathFillImage

from portal.sign_in import known_browsers, notices, second_factor, signing_in
from portal.sign_in.forms import AccountForm, CodeForm, PasswordForm
from portal.sign_in.models import StaffSession

KEY = "second_factor_key"  # of a phone that is being set up, in the session


def _page(request, template, title, **context):
    return render(request, template, admin.site.each_context(request) | {"title": title} | context)


@sensitive_post_parameters("password")
def account(request):
    # A copy: what is typed must not show as the name in the header before it is saved.
    user = get_user_model().objects.get(pk=request.user.pk)
    email = user.email
    form = AccountForm(request, request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        if user.email != email:
            for address in filter(None, (email, user.email)):
                notices.tell(user, "email_changed", request, address=address)
        messages.success(request, _("Your account was saved."))
        return redirect("admin:account")
    return _page(
        request,
        "sign_in/account.html",
        _("Your account"),
        form=form,
        has_second_factor=second_factor.is_on(request.user),
        devices=StaffSession.objects.for_user(request.user).open(),
    )


class PasswordChange(PasswordChangeView):
    form_class = AdminPasswordChangeForm
    success_url = reverse_lazy("admin:account")

    def form_valid(self, form):
        messages.success(self.request, _("Your password was changed. Your other devices are signed out."))
        return super().form_valid(form)

    def get_context_data(self, **kwargs):
        return admin.site.each_context(self.request) | super().get_context_data(**kwargs)


# --- Second factor ----------------------------------------------------------------------------------------------------


@never_cache
@sensitive_post_parameters("code")
def set_up(request):
    """Turning it on: by somebody at the desk, or by somebody half-way to it where it is required."""
    user = _owner(request)
    if user is None:
        return redirect("admin:login")
    if second_factor.is_on(user):
        return redirect("admin:second_factor" if request.user.is_authenticated else "admin:sign_in_code")
    device = second_factor.device_with(user, request.session.setdefault(KEY, second_factor.new_key()))
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            device = second_factor.turn_on(user, device.key, form.cleaned_data["code"])
        except ValidationError as wrong:
            form.add_error("code", wrong)
        else:
            return _turned_on(request, user, device)
    return _page(
        request,
        "sign_in/set_up.html",
        _("Set up your second factor"),
        form=form,
        secret=second_factor.secret_in_groups(device),
        next=signing_in.own_address(request),
        is_required=second_factor.is_required(),
    )


def _turned_on(request, user, device):
    del request.session[KEY]
    codes = second_factor.new_recovery_codes(user)
    notices.tell(user, "second_factor_on", request)
    if request.user.is_authenticated:
        StaffSession.objects.for_user(user).but(request.session.session_key).end()
        second_factor.keep_in_session(request, device)
    else:
        signing_in.enter(request, user, device)
    messages.success(request, _("The second factor is on."))
    response = _codes_page(request, codes)
    known_browsers.remember(request, response, user.get_username())
    return response


def _codes_page(request, codes):
    address = signing_in.own_address(request)
    return _page(request, "sign_in/recovery_codes.html", _("Your recovery codes"), codes=codes, next=address)


@never_cache
@require_safe
def qr_code(request):
    """The secret as a picture for the camera of the phone, while it is being set up."""
    user, key = _owner(request), request.session.get(KEY)
    if user is None or key is None or second_factor.is_on(user):
        raise Http404
    picture = BytesIO()
    address = second_factor.device_with(user, key).config_url
    qrcode.make(address, image_factory=SvgPathFillImage).save(picture)
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


def _owner(request):
    """Whose second factor is being set up."""
    return request.user if admin.site.has_permission(request) else signing_in.half_way(request)


@sensitive_post_parameters("password")
def manage(request):
    """The second factor that one has: new recovery codes, or turning it off, each with the password."""
    user = request.user
    if not second_factor.is_on(user):
        return redirect("admin:set_up_second_factor")
    form = PasswordForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if "new_codes" in request.POST:
            codes = second_factor.new_recovery_codes(user)
            notices.tell(user, "recovery_codes_made", request)
            return _codes_page(request, codes)
        if "turn_off" in request.POST and not second_factor.is_required():
            second_factor.turn_off(user, by=user)
            notices.tell(user, "second_factor_off", request)
            messages.success(request, _("The second factor is off."))
            return redirect("admin:account")
    return _page(
        request,
        "sign_in/second_factor.html",
        _("Your second factor"),
        form=form,
        codes_left=second_factor.codes_left(user),
        is_required=second_factor.is_required(),
    )


# --- Devices ----------------------------------------------------------------------------------------------------------


@require_POST
def sign_out(request):
    """Signs out one of one's other devices, or all of them."""
    others = StaffSession.objects.for_user(request.user).but(request.session.session_key)
    ended = (others.numbered(request.POST["device"]) if "device" in request.POST else others).end()
    messages.success(request, signed_out(ended))
    return redirect("admin:account")


def signed_out(number) -> str:
    return ngettext("%d device was signed out.", "%d devices were signed out.", number) % number
