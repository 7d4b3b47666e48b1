"""The count of changes. No editor sees it."""

from django.db import models


class Changes(models.Model):
    """The sum of all rows is the count (`portal.page_cache.generation`). SQLite, which has one writer at a time, keeps
    one row; PostgreSQL adds a row for each transaction, so that nobody waits for another, and gathers them later."""

    number = models.BigIntegerField()

    def __str__(self):
        return str(self.number)
