"""What each database does in its own way: keeping the words of documents, looking them up, and noting changes."""

from django.db import connection

from portal.search.engines import postgresql, sqlite


def engine():
    """The module for the database of the portal."""
    return postgresql if connection.vendor == "postgresql" else sqlite
