"""Tries the links that lead away from the portal, and takes down how they answered for the staff desk.

manage.py check_links             once a day by a timer: what was not tried for a week
manage.py check_links --days 0    everything, now
"""

from django.core.management import BaseCommand, CommandError

from portal.link_checking import check
from portal.models import OutsideLink
from portal.outside_addresses import outside_addresses
from portal.progress import Progress
from portal.runs import recorded

LINKS_AT_A_TIME = 200  # that are saved together


class Command(BaseCommand):
    help = "Tries the outside links of all public pages; the staff desk lists those that no longer answer."

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, default=7, help="try what was not tried in so many days (default 7)")
        parser.add_argument("--limit", type=int, default=2000, help="try so many at most (default 2000)")

    def handle(self, *args, days, limit, **options):
        with recorded("check_links"):
            self.check(days, limit)

    def check(self, days, limit):
        new, gone = OutsideLink.objects.keep_only(outside_addresses())
        links = list(OutsideLink.objects.due(days)[: max(limit, 0)])
        self.stdout.write(f"{new} new links, {gone} that no page has any more; {len(links)} to try.")
        progress = Progress(self.stdout, "tried", len(links))
        for start in range(0, len(links), LINKS_AT_A_TIME):
            if not check(links[start : start + LINKS_AT_A_TIME], lambda _link: progress.add()):
                raise CommandError("No host answered at all: this machine has no way out. Nothing was taken down.")
        broken = OutsideLink.objects.broken()
        for link in broken:
            self.stdout.write(
                f"{link.failing_since} {link.get_state_display()} {link.status or link.problem}: {link.url}"
            )
        self.stdout.write(f"{len(broken)} links no longer answer.")
