"""Copies the whole portal, database and uploads, while it is used.

manage.py backup /srv/backups                          a new backup, whole under its date
manage.py backup /srv/backups --keep 14                and only the newest 14 stay
manage.py backup /srv/backups --encrypt-for key.asc    nobody without the private key reads it
manage.py backup /srv/backups --verify                 copies nothing: reads the newest one and says if it is sound
"""

from django.core.management import BaseCommand, CommandError

from portal.backup import BackupError, making, verifying
from portal.backup.folder import Folder
from portal.backup.sealing import Seal
from portal.progress import Progress
from portal.runs import recorded


class Command(BaseCommand):
    help = "Copies database and uploads into DIR, each time whole under its date; uploads that are there take no room."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("folder", metavar="DIR")
        parser.add_argument("--keep", type=int, metavar="N", help="remove all but the newest N backups afterwards")
        parser.add_argument("--encrypt-for", metavar="FILE", help="a public key for GnuPG: only its owner can restore")
        parser.add_argument("--verify", action="store_true", help="only check the newest backup, or DIR if it is one")

    def handle(self, *, folder, keep, encrypt_for, verify, **options):
        if keep is not None and keep < 1:
            raise CommandError("--keep 1 is the least.")
        try:
            if verify:
                self._verify(folder)
            else:
                with recorded("backup"):
                    self._tell(making.make(folder, Seal(encrypt_for), keep, self.progress, self.stderr.write))
        except BackupError as error:
            raise CommandError(str(error)) from error

    def _verify(self, path):
        folder = Folder(path).newest()
        manifest = verifying.verify(folder, self.progress("files checked"))
        sealed = " It is encrypted: what is inside was not looked at." if manifest.sealed_for else ""
        self.stdout.write(f"{folder} is as it was written: the database and {len(manifest.uploads):,} uploads.{sealed}")

    def _tell(self, made):
        self.stdout.write(
            f"{made.folder}: the database and {len(made.manifest.uploads):,} uploads, {made.copied:,} of them new "
            f"({made.copied_size / 1e6:,.1f} MB written)."
        )
        for each in made.removed:
            self.stdout.write(f"{each} was removed.")

    def progress(self, what):
        return reporter(self.stdout, what)


def reporter(output, what):
    """What hears how much is done of how much, and tells it on `output`."""
    progress = Progress(output, what, 0)

    def tell(done, total):
        progress.total = total
        progress.add(done - progress.done)

    return tell
