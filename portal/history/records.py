"""The historical rows themselves."""

from functools import cache

from django.utils import timezone
from simple_history.models import HistoricalRecords


class History(HistoricalRecords):
    """The history of every model that inherits it, in tables of the app `history`.

    It has no permissions of its own: whoever may see a record may see its history. A model names the many-to-many
    relations that belong to its history in `_history_m2m_fields`.
    """

    def __init__(self, **kwargs):
        super().__init__(inherit=True, app="history", **kwargs)

    def get_meta_options(self, model):
        return super().get_meta_options(model) | {"default_permissions": ()}

    def get_meta_options_m2m(self, through_model):
        return super().get_meta_options_m2m(through_model) | {"default_permissions": ()}

    def create_historical_record(self, instance, history_type, using=None):
        """All that one request writes bears one date: that is how a save of a form with its rows is known as one."""
        given = instance.__dict__.get("_history_date")
        instance._history_date = given or moment()
        try:
            super().create_historical_record(instance, history_type, using=using)
        finally:
            del instance._history_date
            if given:
                instance._history_date = given


def current_request():
    """The request that is being answered, or None."""
    return getattr(HistoricalRecords.context, "request", None)


def current_user():
    """Who is signed in to the request that is being answered, or None."""
    user = getattr(current_request(), "user", None)
    return user if user is not None and user.is_authenticated else None


@cache
def history_of(model):
    """The model of the historical rows of `model`; asking `model.history` makes a class each time."""
    return model.history.model


def history_of_relation(field):
    """The historical rows of the many-to-many relation `field`, one for each historical row and what it led to."""
    return HistoricalRecords.m2m_models[field]


def moment():
    """The date of what is written now: for a request the moment of its first entry, else the present one."""
    request = current_request()
    if request is None:
        return timezone.now()
    if not hasattr(request, "history_date"):
        request.history_date = timezone.now()
    return request.history_date
