"""Fills an empty database with an invented region, to measure with.

manage.py make_region --organizations 100000 --agreements 10000 --conferences 20 --sessions 2000 --speakers 1500
"""

from dataclasses import fields

from django.core.management import BaseCommand, CommandError
from django.db import transaction

from events.region import Region, Size
from portal.progress import Progress
from portal.publishing import publishable_models


class Command(BaseCommand):
    help = "Makes an invented region (“Exampleland”) of any size. Only in a database without other records."

    def add_arguments(self, parser):
        for field in fields(Size):
            parser.add_argument(f"--{field.name}", type=int, default=field.default, help=f"default {field.default}")
        parser.add_argument("--seed", type=int, default=1, help="another number gives another region")

    def handle(self, *args, seed, **options):
        size = Size(**{field.name: max(options[field.name], 0) for field in fields(Size)})
        if any(model.objects.exists() for model in publishable_models()):
            raise CommandError(
                "This database holds records already. An invented region stands alone: use an empty one."
            )
        progress = Progress(self.stdout, "records", size.total)
        with transaction.atomic():
            Region(size, seed, lambda number: progress.add(min(number, progress.total - progress.done))).build()
        self.stdout.write("Exampleland stands. Everything in it is invented and says so.")
