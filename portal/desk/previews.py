"""Who sees more than visitors do, and how they come to it.

- Staff who open the address of a draft see it, with a ribbon, where visitors find nothing.
- Staff choose a moment, and then see the site as it will be then, with drafts if they like, until they end it.
- A signed link shows one draft to somebody without an account, until a chosen day. It dies with the right of whoever
  made it.

Pages of a preview are never stored and never found by search engines. What a preview shows is in `portal.previews`.
"""

from datetime import datetime, timedelta
from datetime import time as midnight

from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal import clock, previews
from portal.desk.roles import PREVIEW
from portal.previews import Preview
from portal.publishing import publishable_models

SESSION_KEY = COOKIE = "preview"
SALT = "portal.desk.previews"
DAYS = (1, 7, 30)  # how long a shared preview can last
SOONEST = 20  # scheduled records offered as moments


def may_preview(user) -> bool:
    return user.is_active and user.is_staff and user.has_perm(PREVIEW)


# --- Whichever page is opened -----------------------------------------------------------------------------------------


class Previews:
    """Middleware that answers a page as the preview of whoever asks would have it."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.desk = f"/{settings.ADMIN_PATH}"

    def __call__(self, request):
        is_page = request.method in ("GET", "HEAD") and not request.path_info.startswith(self.desk)
        if not is_page or not (COOKIE in request.COOKIES or settings.SESSION_COOKIE_NAME in request.COOKIES):
            return self.get_response(request)
        if preview := preview_of(request):
            return self._shown(request, preview)
        response = self.get_response(request)
        if response.status_code == 404 and request.resolver_match and may_preview(request.user):
            shown = self._shown(request, Preview(drafts=True, is_of_a_page=True))
            return response if shown.status_code == 404 else shown
        return response

    def _shown(self, request, preview):
        with previews.showing(preview):
            response = self.get_response(request)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex"
        patch_vary_headers(response, ["Cookie"])
        return response


def preview_of(request) -> Preview | None:
    """The preview that whoever asks has chosen or was given; None for everybody else."""
    chosen = request.session.get(SESSION_KEY)
    if chosen and may_preview(request.user):
        moment = chosen["moment"] and datetime.fromisoformat(chosen["moment"])
        return Preview(moment=moment, drafts=chosen["drafts"])
    return shared_preview(request.COOKIES.get(COOKIE, ""))


# --- The site at a moment ---------------------------------------------------------------------------------------------


class MomentForm(forms.Form):
    """The moment at which somebody wants to see the site."""

    day = forms.DateField(
        label=_("Day"),
        required=False,
        help_text=_("Empty: as it is now."),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )
    time = forms.TimeField(label=_("Time"), required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M"))
    drafts = forms.BooleanField(label=_("With all drafts"), required=False)

    @property
    def moment(self) -> datetime | None:
        """The moment, in the portal's time zone; midnight where no time was given, None where no day was."""
        day, time = self.cleaned_data["day"], self.cleaned_data["time"]
        return make_aware(datetime.combine(day, time or midnight())) if day else None


@never_cache
def choose_moment(request):
    """The page of the desk on which a moment is chosen; the site is then seen as it will be."""
    if not may_preview(request.user):
        raise PermissionDenied
    now = localtime(clock.now())
    form = MomentForm(request.POST or None, initial={"day": now.date(), "time": now.time()})
    if request.method == "POST" and form.is_valid():
        moment = form.moment and form.moment.isoformat()
        request.session[SESSION_KEY] = {"moment": moment, "drafts": form.cleaned_data["drafts"]}
        return redirect("events:home")
    context = {"form": form, "title": _("See the site at another moment"), "scheduled": scheduled_moments()}
    return render(request, "admin/preview.html", admin.site.each_context(request) | context)


def scheduled_moments() -> list[dict]:
    """The moments of the next scheduled publications, the soonest first."""
    rows = [
        model.objects.scheduled().order_by().values_list("published_at", flat=True) for model in publishable_models()
    ]
    return list(rows[0].union(*rows[1:]).order_by("published_at")[:SOONEST])


@require_POST
def end(request):
    """Back to what visitors see."""
    request.session.pop(SESSION_KEY, None)
    response = redirect("events:home")
    response.delete_cookie(COOKIE)
    return response


# --- One draft for somebody without an account ------------------------------------------------------------------------


class SharingForm(forms.Form):
    days = forms.TypedChoiceField(
        label=_("The link works for"),
        coerce=int,
        initial=7,
        choices=lambda: [(days, ngettext("%d day", "%d days", days) % days) for days in DAYS],
    )


@never_cache
def share(request, label, pk):
    """The page of the desk that makes a link to one draft."""
    model = _model_with_a_page(label)
    desk = admin.site.get_model_admin(model)
    if not may_preview(request.user) or not desk.has_view_permission(request):
        raise PermissionDenied
    record = get_object_or_404(model, pk=pk)
    form = SharingForm(request.POST or None)
    context = {"form": form, "record": record, "title": _("Share a preview"), "opts": model._meta}
    if request.method == "POST" and form.is_valid():
        until = clock.now() + timedelta(days=form.cleaned_data["days"])
        path = reverse("shared_preview", args=[token_of(record, until, request.user)])
        context |= {"link": settings.SITE_URL + path, "until": until}
    return render(request, "admin/share_preview.html", admin.site.each_context(request) | context)


def _model_with_a_page(label):
    """The model that is published and has pages under the name `label`."""
    for model in publishable_models():
        if model._meta.label_lower == label and hasattr(model, "get_absolute_url"):
            return model
    raise Http404("no records of this kind have pages")


def token_of(record, until, user) -> str:
    """The signed right to see `record` before visitors do, until a moment."""
    parts = {"record": [record._meta.label_lower, record.pk], "until": int(until.timestamp()), "by": user.pk}
    return signing.dumps(parts, salt=SALT, compress=True)


def shared_preview(token) -> Preview | None:
    """What `token` lets people see; None once it has ended, or if it never was one of ours."""
    try:
        parts = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    until = datetime.fromtimestamp(parts["until"], tz=clock.now().tzinfo)
    giver = get_user_model().objects.filter(pk=parts["by"]).first()
    label, pk = parts["record"]
    record = apps.get_model(label).objects.filter(pk=pk).first()
    if until <= clock.now() or giver is None or record is None or not may_preview(giver):
        return None
    return Preview(record=record, until=until)


@require_safe
@never_cache
def open_shared(request, token):
    """Where a shared link leads: to the page of the draft, which its reader sees from now on."""
    preview = shared_preview(token)
    if preview is None:
        return render(request, "portal/preview_ended.html", status=410)
    response = redirect(preview.record.get_absolute_url())
    seconds = int((preview.until - clock.now()).total_seconds())
    response.set_cookie(
        COOKIE, token, max_age=seconds, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response
