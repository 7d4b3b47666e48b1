"""Until when the clock alone leaves pages as they are."""

from datetime import UTC, datetime, timedelta

from django.db.models import Min
from django.utils import timezone

from portal import clock
from portal.publishing import publishable_models

QUARTER = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)

_known: tuple[int, datetime] | None = None  # the generation, and its next moment


def next_moment(generation) -> datetime:
    """When pages of this generation may next look different though nothing was changed: when something is published or
    a pin comes off (`Publishable.moments`), at the latest at the next quarter of an hour, because a day begins at one
    in every time zone of the world. Asked of the database once for each generation and moment."""
    global _known  # one tuple, replaced at once
    known = _known
    if known is None or known[0] != generation or known[1] <= clock.now():
        _known = known = (generation, _ask())
    return known[1]


def _ask() -> datetime:
    now = clock.now()
    coming = [
        model.objects.filter(**{f"{name}__gt": now}).order_by().values_list(Min(name))
        for model in publishable_models()
        for name in model.moments
    ]
    found = [moment for (moment,) in coming[0].union(*coming[1:], all=True) if moment]
    return min([*found, _next(QUARTER)])


def next_minute() -> datetime:
    return _next(MINUTE)


def _next(step) -> datetime:
    beginning = datetime.fromtimestamp(0, UTC)
    return timezone.localtime(beginning + ((clock.now() - beginning) // step + 1) * step)
