"""The door for application servers: `gunicorn portal.wsgi`.

A request gets its name (`Named`), is answered as a probe (`Probes`), from what is kept (`Front`), or takes its turn
(`Shedding`) at Django.
"""

import gc
import os

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

django.setup(set_prefix=False)

from portal import garbage  # noqa: E402 (what follows needs the apps, which are ready now)
from portal.call_stack import with_room  # noqa: E402
from portal.hostile_requests import Handler  # noqa: E402
from portal.lent_sqlite.base import lend_connections  # noqa: E402
from portal.observability import metrics  # noqa: E402
from portal.observability.probes import Probes  # noqa: E402
from portal.observability.requests import Named  # noqa: E402
from portal.shedding import Shedding  # noqa: E402

lend_connections()
application = Shedding(with_room(Handler()))
if settings.PAGE_CACHE_MB and not settings.DEBUG:
    from portal.page_cache.front import Front

    application = Front(application)
metrics.start()
application = Named(Probes(application), metrics.count_request)

# What was loaded until now stays: looking through it again and again for garbage takes a tenth of the time of a page.
gc.collect()
gc.freeze()
garbage.collect_apart()
