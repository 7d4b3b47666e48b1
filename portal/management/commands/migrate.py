"""Django's `migrate`, one at a time: several app servers may start it at the same moment. The later ones wait, and then
find nothing left to do.
"""

from django.core.management.commands import migrate
from django.db import connections

from portal.taking_turns import one_at_a_time


class Command(migrate.Command):
    def handle(self, *args, **options):
        with one_at_a_time(connections[options["database"]], self.stderr.write):
            super().handle(*args, **options)
