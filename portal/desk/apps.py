from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    """The stock admin on our site; a module of its own, because the site needs models, which are not there yet."""

    default_site = "portal.desk.site.PortalAdminSite"
