"""Finds stored files that no row knows, and rows whose files are missing; ends with 1 where a file is missing.

manage.py sweep_media               only says what it finds
manage.py sweep_media --delete      removes what has had no row for more than a day
"""

import sys

from django.core.management import BaseCommand, CommandError
from django.db import connection

from portal import media_sweep
from portal.progress import Progress
from portal.runs import recorded
from portal.taking_turns import one_at_a_time

MOST = 50  # names that are printed of each kind


class Command(BaseCommand):
    help = "Finds uploads without rows (--delete removes them when they are older than a day) and rows without uploads."

    def add_arguments(self, parser):
        parser.add_argument("--delete", action="store_true", help="remove files without rows that are older than a day")

    def handle(self, *, delete, **options):
        try:
            with recorded("sweep_media"), one_at_a_time(connection, self.stderr.write):
                found = media_sweep.look()
                self._tell(found)
                if delete:
                    self._remove(found)
        except OSError as error:
            raise CommandError(f"The uploads cannot be read or removed: {error}.") from error
        if found.missing:
            sys.exit(1)

    def _tell(self, found):
        self.stdout.write(
            f"{found.files:,} files; {len(found.orphans):,} without a row, {len(found.sheets):,} sheets of imports, "
            f"{len(found.missing):,} missing."
        )
        self._list(found.orphans, "without a row: {}")
        self._list(found.foreign, "not a name of the portal, left alone: {}")
        missing = [f"{each.name} of {each}" for each in found.missing]
        self._list(missing, "MISSING: {}", self.stderr)

    def _list(self, names, sentence, output=None):
        for name in names[:MOST]:
            (output or self.stdout).write(sentence.format(name))
        if len(names) > MOST:
            (output or self.stdout).write(sentence.format(f"and {len(names) - MOST:,} more"))

    def _remove(self, found):
        progress = Progress(self.stdout, "looked at", len(found.orphans) + len(found.sheets))
        removed = media_sweep.remove(found, progress.add)
        self.stdout.write(f"{removed:,} removed; what is younger than a day stays.")
