"""The staff desk: the stock Django admin under the portal's name."""

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class PortalAdminConfig(AdminConfig):
    default_site = "portal.admin_site.PortalAdminSite"


class PortalAdminSite(admin.AdminSite):
    site_header = _("Staff desk")
    site_title = _("Staff desk")
    index_title = _("What would you like to edit?")
    empty_value_display = "–"

    @property
    def site_url(self):
        """ "View site" leads to the language the editor works in."""
        return reverse("events:home")
