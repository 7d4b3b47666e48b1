"""How fresh the data is: the day on which something was last published or a source was last read."""

from datetime import date

from django.db import DatabaseError
from django.db.models import Max
from django.utils import timezone

from portal import clock
from portal.models import Source
from portal.page_cache.kept import kept
from portal.publishing import publishable_models


def data_as_of() -> date | None:
    """The newest day of a publication or of a reading of a source, in the portal's time zone; None when there is
    neither, or no database to ask."""
    try:
        return kept("portal.freshness", _newest_day)
    except DatabaseError:  # an error page says what is wrong; its foot must not fail as well
        return None


def _newest_day() -> date | None:
    now = clock.now()
    newest = [
        model.objects.filter(published_at__lte=now).order_by().values_list(Max("published_at"))
        for model in publishable_models()
    ]
    days = [
        timezone.localdate(published_at) for (published_at,) in newest[0].union(*newest[1:], all=True) if published_at
    ]
    read_on = Source.objects.aggregate(newest=Max("accessed_on"))["newest"]
    return max(filter(None, [*days, read_on]), default=None)
