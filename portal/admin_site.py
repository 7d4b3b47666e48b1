"""The staff desk: the stock Django admin under the portal's name."""

from functools import wraps

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import BadRequest, ValidationError
from django.db import DataError
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _


class PortalAdminConfig(AdminConfig):
    default_site = "portal.admin_site.PortalAdminSite"


class PortalAdminSite(admin.AdminSite):
    index_title = _("What would you like to edit?")
    empty_value_display = "–"

    @property
    def site_header(self):
        return gettext("%(site)s · staff desk") % {"site": settings.SITE_NAMES[get_language()]}

    site_title = site_header

    @property
    def site_url(self):
        """ "View site" leads to the language the editor works in."""
        return reverse("events:home")

    def admin_view(self, view, cacheable=False):
        """Wraps every view of the desk; its lists refuse requests that make no sense."""
        if view.__name__ == "changelist_view":
            view = refusing_nonsense(view)
        return super().admin_view(view, cacheable)


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
