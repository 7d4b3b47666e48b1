from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("Sources and links")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from portal import redirects, thread_values  # they need the models, or settings
        from portal.observability import slow_queries

        thread_values.keep_plainly()
        redirects.connect()
        slow_queries.connect()
