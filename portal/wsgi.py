"""The door for application servers: `gunicorn portal.wsgi`."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()
if settings.PAGE_CACHE_MB and not settings.DEBUG:
    from portal.page_cache.front import Front  # it needs the apps, which are ready now

    application = Front(application)

# What was loaded until now stays: looking through it again and again for garbage takes a tenth of the time of a page.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)
