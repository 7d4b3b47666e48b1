"""How other programs know a record again: by an identifier that nothing changes, and by a number that rises when what
they copied is no longer right. Calendars, conference apps and feed readers keep what they fetched and compare."""

import uuid

from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _


class UidField(models.UUIDField):
    """An identifier that a record is given once, when it is first saved, and then keeps.

    A slug can change and a database number is another one in the next database, so neither will do: a calendar would
    show the same session twice. Fixtures bring the identifier along; a fixture without one leaves what is there.
    """

    def __init__(self, verbose_name=None, **kwargs):
        super().__init__(verbose_name or _("lasting identifier"), **{"editable": False, "blank": True, **kwargs})

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.UUIDField", args, kwargs

    def pre_save(self, record, add):
        if not add:
            return F(self.attname)
        if getattr(record, self.attname) is None:
            setattr(record, self.attname, uuid.uuid4())
        return super().pre_save(record, add)

    def keep(self, record):
        """Gives `record`, which is about to be saved as it is (`loaddata`), the identifier it has in the database, or a
        new one."""
        if getattr(record, self.attname) is None:
            stored = type(record)._base_manager.filter(pk=record.pk).values_list(self.attname, flat=True).first()
            setattr(record, self.attname, stored or uuid.uuid4())


class RevisionField(models.PositiveIntegerField):
    """A number that rises by one whenever a record is saved with another value in one of the `watched` columns.

    The database compares, in the UPDATE itself: nobody can set the number, and two editors never count from the same
    one. Fixtures bring their own number.
    """

    def __init__(self, *args, watched=(), **kwargs):
        self.watched = watched
        super().__init__(*args, **{"default": 0, "editable": False, **kwargs})

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.PositiveIntegerField", args, kwargs

    def pre_save(self, record, add):
        if add:
            return super().pre_save(record, add)
        unchanged = Q(**{name: self._stored(record, name) for name in self.watched})
        return Case(When(unchanged, then=F(self.attname)), default=F(self.attname) + 1)

    def _stored(self, record, name):
        """As the database holds it: a partial date that is not known is "" there, and None here."""
        return self.model._meta.get_field(name).get_prep_value(getattr(record, name))
