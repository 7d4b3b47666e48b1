"""`python manage.py erase_person SLUG`: removes a speaker who asks for it, with everything that is kept of them."""

from django.core.management.base import BaseCommand, CommandError

from events.erasing import erase, mentions
from events.models import Speaker


class Command(BaseCommand):
    help = "Erases a speaker for good: appearances, quotes, portraits, histories. Says first what it would do."

    def add_arguments(self, parser):
        parser.add_argument("slug", help="the last part of the address of the person's page")
        parser.add_argument("--yes", action="store_true", help="do it; without this it only says what would go")

    def handle(self, *, slug, yes, **options):
        speaker = Speaker.objects.filter(slug=slug).first()
        if speaker is None:
            raise CommandError(f"There is no speaker with the slug {slug}.")
        elsewhere = [f"  {each._meta.verbose_name} {each.pk}: {each}" for each in mentions(speaker)]
        if elsewhere:
            self.stdout.write("\n".join(["The name also stands in these records, which stay:", *elsewhere]))
        if not yes:
            number = speaker.appearances.count()
            self.stdout.write(f"{slug} and {number} appearances would be erased. Say --yes to do it.")
            return
        erased = erase(speaker)
        self.stdout.write(
            f"Erased: {erased.records} records, {erased.past_states} earlier states, {erased.files} files."
        )
