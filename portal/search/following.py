"""After a save the index catches up at once, so that whoever searches next need not wait for it. Whatever no signal
tells of (bulk changes, another program) waits for the next search."""

from functools import cache

from django.db import connection, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save

from portal.search.dependencies import watched
from portal.search.models import Waiting
from portal.search.waiting import catch_up

A_FEW = 100  # waiting rows; more than that is no save but a bulk change


def follow_saves():
    for signal in (post_save, post_delete, m2m_changed):
        signal.connect(_after_the_transaction, dispatch_uid="portal.search")


@cache
def _tables() -> set[str]:
    return {each.table for each in watched()}


def _after_the_transaction(sender, using="default", raw=False, **kwargs):
    if raw or using != connection.alias or sender._meta.db_table not in _tables():
        return
    pending = connection.run_on_commit
    if not (pending and pending[-1][1] is _catch_up_with_a_few):
        transaction.on_commit(_catch_up_with_a_few, robust=True)


def _catch_up_with_a_few():
    if Waiting.objects.order_by()[: A_FEW + 1].count() <= A_FEW:
        catch_up(patience=1)
