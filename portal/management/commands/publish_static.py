"""Writes the public site as files for nginx, and makes them the current ones in one step.

manage.py publish_static /srv/portal-static                every page, download, feed, picture
manage.py publish_static /srv/portal-static --draw-later   sharing images only where they have been drawn already
"""

import os

from django.core.management import BaseCommand, CommandError

from portal.progress import Progress
from portal.runs import recorded
from portal.static_site import making
from portal.static_site.nginx import NotSayableError
from portal.static_site.releases import BusyError, NotAFolderError, Releases


class Command(BaseCommand):
    help = "Publishes the public site as files (DIR/current), which nginx hands out; only what has changed is written."

    def add_arguments(self, parser):
        parser.add_argument("folder", metavar="DIR", help="the folder of the releases, for this command alone")
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="default: one for each core")
        parser.add_argument(
            "--draw-later",
            action="store_true",
            help="leave sharing images that were never asked for to the application, instead of drawing them now",
        )
        parser.add_argument("--anew", action="store_true", help="ask for every page, even if nothing can have changed")

    def handle(self, *args, **options):
        with recorded("publish_static"):
            self.publish(**options)

    def publish(self, folder, processes, draw_later, anew, **options):
        progress = Progress(self.stdout, "addresses", 0)

        def report(done, known):
            progress.total = known
            progress.add(done - progress.done)

        try:
            outcome = making.publish(Releases(folder), making.most_processes(processes), draw_later, report, anew)
        except BusyError:
            raise CommandError(f"Another publication to {folder} is running. Nothing was done.") from None
        except NotAFolderError as error:
            raise CommandError(
                f"{error} is not a link of ours: choose a folder of its own. Nothing was done."
            ) from None
        except NotSayableError as error:
            raise CommandError(f"nginx cannot be told this: {error}. The old release is still served.") from None
        except OSError as error:
            raise CommandError(f"{error}. The old release is still served.") from error
        if outcome.broken:
            named = "\n".join(f"  {each}" for each in outcome.broken[: making.MOST_BROKEN])
            raise CommandError(
                f"{len(outcome.broken)} addresses do not answer as they should, so nothing was switched:\n{named}"
            )
        if outcome.is_skipped:
            self.stdout.write("Nothing has changed since the last publication.")
            return
        published = outcome.published
        size = sum(each.size for each in published)
        if not outcome.release:
            self.stdout.write(f"Nothing has changed: {len(published):,} addresses are as they were.")
            return
        self.stdout.write(
            f"Release {outcome.release}: {len(published):,} addresses ({size / 1e6:,.1f} MB), "
            f"{outcome.changed:,} of them new or changed."
        )
        self.stdout.write("Reload nginx, so that it reads what belongs to this release (nginx -s reload).")
