"""The staff desk: the stock Django admin under the portal's name."""

from functools import wraps

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import BadRequest, ValidationError
from django.db import DataError, IntegrityError
from django.urls import path, reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from portal.desk import previews
from portal.desk.status import status
from portal.desk.work_queue import sections_for
from portal.sign_in.urls import of_desk


class PortalAdminSite(admin.AdminSite):
    index_title = _("What waits to be done")
    empty_value_display = "–"

    @property
    def site_header(self):
        return gettext("%(site)s · staff desk") % {"site": settings.SITE_NAMES[get_language()]}

    site_title = site_header

    @property
    def site_url(self):
        """ "View site" leads to the language the editor works in."""
        return reverse("events:home")

    def get_urls(self):
        """Without Django's `r/<kind>/<key>/`, which leads anybody at the desk to the address, and so the name, of any
        record: the desk links to pages themselves."""
        return [
            *of_desk(self),
            path("preview/", self.admin_view(previews.choose_moment), name="preview"),
            path("preview/<str:label>/<int:pk>/", self.admin_view(previews.share), name="share_preview"),
            *(each for each in super().get_urls() if getattr(each, "name", "") != "view_on_site"),
        ]

    def index(self, request, extra_context=None):
        waiting = {"work_queue": sections_for(request), "portal_status": status()}
        return super().index(request, {**waiting, **(extra_context or {})})

    def get_app_list(self, request, app_label=None):
        """What the office keeps comes first, in the order of `INSTALLED_APPS`; then the people."""
        order = list(apps.app_configs)
        return sorted(super().get_app_list(request, app_label), key=lambda app: order.index(app["app_label"]))

    def admin_view(self, view, cacheable=False):
        """Wraps every view of the desk; its lists and forms refuse requests that make no sense."""
        if view.__name__ == "changelist_view":
            view = refusing_nonsense(view)
        elif view.__name__ in ("add_view", "change_view"):
            view = refusing_forgeries(view)
        return super().admin_view(view, cacheable)


MOST_ROWS = 500  # beneath one record; a browser cannot send more within DATA_UPLOAD_MAX_NUMBER_FIELDS


def refusing_forgeries(form_view):
    """`form_view` that answers 400 to a form no page of the desk has made: Django would build as many rows as it says,
    and let a row that it smuggles past the checks reach the database."""

    @wraps(form_view)
    def view(request, *args, **kwargs):
        counts = (value for name, value in request.POST.items() if name.endswith("-TOTAL_FORMS"))
        if any(len(count) > 9 or (count.isdecimal() and int(count) > MOST_ROWS) for count in counts):
            raise BadRequest("more rows than any form has")
        try:
            return form_view(request, *args, **kwargs)
        except (DataError, IntegrityError, OverflowError) as forged:
            raise BadRequest("what the checks let pass, the database refused") from forged

    return view


def refusing_nonsense(changelist_view):
    """`changelist_view` that answers 400 to filters and selections that no list of the desk writes itself; Django would
    pass them on to the database and answer 500."""

    @wraps(changelist_view)
    def view(request, *args, **kwargs):
        if any(name.endswith("regex") for name in request.GET):
            raise BadRequest("a pattern as a filter")
        try:
            return changelist_view(request, *args, **kwargs)
        except (DataError, OverflowError, ValidationError, ValueError) as nonsense:
            raise BadRequest("a filter or a selection that makes no sense") from nonsense

    return view
