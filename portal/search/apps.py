from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "portal.search"
    label = "search"
    verbose_name = _("Search")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        autodiscover_modules("search")  # the kinds that the apps register
        from portal.search.following import follow_saves
        from portal.search.installing import install

        post_migrate.connect(install, sender=self, dispatch_uid="portal.search")
        follow_saves()
