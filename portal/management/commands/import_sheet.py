"""Imports a sheet from the command line, as the staff desk does: everything or nothing.

manage.py import_sheet companies companies.xlsx --dry-run
manage.py import_sheet companies companies.xlsx --user ling
"""

from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError

from portal.desk.importing.resources import KINDS
from portal.desk.importing.sheets import Refused, read_sheet
from portal.desk.importing.writing import ChangedMeanwhile, write
from portal.progress import Progress

MOST_PROBLEMS = 50  # that are printed


class Command(BaseCommand):
    help = "Imports a sheet (.xlsx or .csv): everything in it, or nothing."

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=sorted(KINDS), help="what the rows are")
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")
        parser.add_argument(
            "--user", help="who is named in the histories, and whose rights count (default: nobody, all)"
        )

    def handle(self, *args, kind, file, dry_run, user, **options):
        resource = KINDS[kind](self._user(user, KINDS[kind]), self._report)
        self.progress = None
        try:
            outcome = resource.check(read_sheet(file.read_bytes(), file.name, resource.headings().knows))
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error.strerror}.") from None
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        self._tell(outcome)
        if dry_run or not outcome.to_write:
            return
        try:
            write(resource, outcome, file.name)
        except ChangedMeanwhile:
            raise CommandError("Somebody has changed records meanwhile. Nothing was written; try again.") from None
        self.stdout.write("Written.")

    @staticmethod
    def _user(name, resource):
        if name is None:
            return None
        user = get_user_model().objects.filter(username=name, is_active=True).first()
        if user is None or not user.has_perms(resource.rights()):
            raise CommandError(f"There is no user {name} who may import {resource.kind}.")
        return user

    def _report(self, done, total):
        self.progress = self.progress or Progress(self.stdout, "rows read", total)
        self.progress.add(done - self.progress.done)

    def _tell(self, outcome):
        problems = [(entry.number, each) for entry in outcome.wrong_rows for each in entry.problems]
        for number, problem in problems[:MOST_PROBLEMS]:
            where = f"row {number}" + (f", {problem.column.heading}" if problem.column else "")
            self.stderr.write(f"{where}: {problem.message}")
        counts = (outcome.new, outcome.changed, outcome.unchanged, outcome.wrong)
        self.stdout.write("{} new, {} changed, {} unchanged, {} with errors.".format(*counts))
        if outcome.wrong:
            raise CommandError("Nothing was written.")
