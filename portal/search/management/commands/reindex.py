"""Indexes every record anew: `python manage.py reindex`.

The search follows every change by itself. This is for what nothing can follow: a database put back from a copy that
was made without the index, tables emptied behind its back, a new way to take words apart.
"""

from django.core.management.base import BaseCommand
from django.db import transaction

from portal.progress import Progress
from portal.runs import recorded
from portal.search.documents import Calendar
from portal.search.engines import engine
from portal.search.installing import install
from portal.search.kinds import registered
from portal.search.models import Document, Waiting
from portal.search.waiting import TOGETHER, index, index_some, is_behind, the_only_writer


class Command(BaseCommand):
    help = "Indexes every record for the search anew. Safe while the site is used: searches go on meanwhile."

    def handle(self, **options):
        with recorded("reindex"):
            self.reindex()

    def reindex(self):
        install()
        waiting = list(Waiting.objects.values_list("pk", flat=True))
        for kind in registered():
            self._index(kind)
        self._forget_what_is_no_kind()
        self._forget(waiting)
        while is_behind():
            index_some(patiently=True)
        with transaction.atomic():
            engine().tidy()

    def _index(self, kind):
        """Document by document in the order of their keys, so that what was deleted meanwhile goes too."""
        keys = list(kind.model._base_manager.order_by("pk").values_list("pk", flat=True))
        progress = Progress(self.stdout, kind.name, len(keys))
        for start in range(0, len(keys), TOGETHER):
            together = keys[start : start + TOGETHER]
            with the_only_writer(patiently=True):
                index(kind, together, Calendar())
            progress.add(len(together))
        with the_only_writer(patiently=True):
            gone = Document.objects.filter(kind=kind.number).exclude(
                record_id__in=kind.model._base_manager.values("pk")
            )
            gone_keys = list(gone.values_list("pk", flat=True))
            engine().forget(gone_keys)
            gone.delete()

    def _forget(self, waiting):
        """What waited before the first record was read has been indexed by the way. After a large import that is
        everything, several times."""
        for start in range(0, len(waiting), TOGETHER):
            with the_only_writer(patiently=True):
                Waiting.objects.filter(pk__in=waiting[start : start + TOGETHER]).delete()

    def _forget_what_is_no_kind(self):
        others = Document.objects.exclude(kind__in=[kind.number for kind in registered()])
        with the_only_writer(patiently=True):
            engine().forget(list(others.values_list("pk", flat=True)))
            others.delete()
