"""Queries of the database that took long (SLOW_QUERY_MS), as they were written: without their parameters. Nothing is
measured where the setting is 0."""

import logging
from time import perf_counter

from django.conf import settings
from django.db import DatabaseError
from django.db.backends.signals import connection_created

from portal.observability import metrics

LONGEST = 2000  # characters of a query

logger = logging.getLogger(__name__)


def connect():
    """Watches every connection from now on, if anybody wants to know."""
    if settings.SLOW_QUERY_MS or settings.METRICS_TOKEN:
        connection_created.connect(_watch, dispatch_uid=__name__)


def _watch(connection, **kwargs):
    if watched not in connection.execute_wrappers:
        connection.execute_wrappers.append(watched)


def watched(execute, sql, params, many, context):
    began = perf_counter()
    try:
        return execute(sql, params, many, context)
    except DatabaseError:
        metrics.count_database_error()
        raise
    finally:
        ms = (perf_counter() - began) * 1000
        if settings.SLOW_QUERY_MS and ms >= settings.SLOW_QUERY_MS:
            logger.warning("A query took %d ms: %s", ms, " ".join(str(sql).split())[:LONGEST])
