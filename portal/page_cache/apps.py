from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PageCacheConfig(AppConfig):
    name = "portal.page_cache"
    label = "page_cache"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from portal.page_cache.installing import install

        post_migrate.connect(install, sender=self, dispatch_uid="portal.page_cache")
