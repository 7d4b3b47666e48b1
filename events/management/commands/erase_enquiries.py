"""`python manage.py erase_enquiries`: keeps the promise that what somebody wrote is erased on its day. Run it daily."""

from django.core.management.base import BaseCommand

from events.models import Enquiry
from portal.runs import recorded


class Command(BaseCommand):
    help = "Erases the enquiries whose time is over; their references, topics, times and outcomes stay."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only say how many would be erased")

    def handle(self, *, dry_run, **options):
        due = Enquiry.objects.due_for_erasure()
        if dry_run:
            number, what = due.count(), "would be erased"
        else:
            with recorded("erase_enquiries"):
                number, what = due.erase(), "erased"
        self.stdout.write(f"{number} {'enquiry' if number == 1 else 'enquiries'} {what}.")
