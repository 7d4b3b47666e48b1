"""What an administrator does for a colleague: sign out devices, remove a lost phone, let them in after a lockout."""

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.sign_in import notices, second_factor, throttle
from portal.sign_in.account import signed_out
from portal.sign_in.models import StaffSession

MAY_HELP = "auth.change_user"


def colleague(request, pk):
    if not request.user.has_perm(MAY_HELP):
        raise PermissionDenied
    user = get_object_or_404(get_user_model(), pk=pk)
    if user == request.user:
        return redirect("admin:account")
    if user.is_superuser and not request.user.is_superuser:
        raise PermissionDenied
    devices = StaffSession.objects.for_user(user)
    if request.method == "POST":
        _help(request, user, devices)
        return redirect("admin:colleague_sign_in", user.pk)
    context = {
        "title": _("Sign-in of %(name)s") % {"name": user.get_username()},
        "colleague": user,
        "devices": devices.open(),
        "has_second_factor": second_factor.is_on(user),
        "failures": throttle.failures_of(user),
    }
    return render(request, "sign_in/colleague.html", admin.site.each_context(request) | context)


def _help(request, user, devices):
    match request.POST.get("help"):
        case "sign_out":
            chosen = devices.numbered(request.POST["device"]) if "device" in request.POST else devices
            messages.success(request, signed_out(chosen.end()))
        case "remove_second_factor" if second_factor.is_on(user):
            second_factor.turn_off(user, by=request.user)
            devices.end()
            notices.tell(user, "second_factor_removed", request)
            messages.success(request, _("The second factor was removed. The password alone lets them in now."))
        case "let_in":
            throttle.let_in(user)
            second_factor.forget_failures(user)
            messages.success(request, _("They can try again at once."))
