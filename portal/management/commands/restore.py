"""Puts the portal back as a backup has it, after everything in it was checked.

manage.py restore /srv/backups                        the newest one, into an empty portal
manage.py restore /srv/backups/2026-11-23T030502Z     this one
"""

from django.core.management import BaseCommand, CommandError

from portal import media_sweep
from portal.backup import BackupError, restoring
from portal.management.commands.backup import reporter


class Command(BaseCommand):
    help = "Restores database and uploads from a backup; refuses where a portal would be overwritten."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("folder", metavar="DIR")
        parser.add_argument("--replace", action="store_true", help="even if this portal has records or people in it")

    def handle(self, *, folder, replace, **options):
        try:
            restored = restoring.restore(folder, replace, lambda what: reporter(self.stdout, what), self.stderr.write)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"The portal is as it was at {restored.manifest.made_at}, with {len(restored.manifest.uploads):,} uploads "
            f"({restored.written:,} of them written now)."
        )
        if missing := media_sweep.look().missing:
            raise CommandError(f"But {len(missing):,} files are missing that rows name: `manage.py sweep_media`.")
