"""How long the totals of a large register take: 100,000 agreements of an invented region.

    python deploy/bench_totals.py [number]

In a scratch SQLite database, or in the empty one that DATABASE_URL names. Everything in it says that it is invented.
"""

import os
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")


def build(number):
    """`number` investment agreements of Exampleland: four of five state an amount, in every way a source can put it;
    one of a hundred is a named member of a batch."""
    from django.utils import timezone

    from events.models import Agreement, AgreementRelation, Amount

    now = timezone.now()
    agreements = Agreement.objects.bulk_create(
        [
            Agreement(
                title_en=f"Invented agreement {n} of Exampleland",
                slug=f"exampleland-{n}",
                kind="investment",
                is_batch=n % 100 == 0,
                published_at=now,
            )
            for n in range(number)
        ],
        batch_size=2000,
    )
    Amount.objects.bulk_create(
        [
            Amount(
                agreement=agreement,
                currency="USD" if n % 10 == 0 else "CNY",
                quantity_value=Decimal(10**6 * (n % 977 + 1)),
                quantity_comparator=("=", ">", "<=", ">=")[n % 4],
            )
            for n, agreement in enumerate(agreements)
            if n % 5
        ],
        batch_size=2000,
    )
    AgreementRelation.objects.bulk_create(
        [
            AgreementRelation(agreement=agreements[n + 1], to=agreements[n], kind="batch_member")
            for n in range(0, number - 1, 100)
        ],
        batch_size=2000,
    )


def main(number):
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from events.models import Agreement
    from events.totals import totals_of

    call_command("migrate", verbosity=0)
    if Agreement.objects.exists():
        sys.exit("This database holds agreements already; give an empty one.")
    build(number)
    if connection.vendor == "postgresql":
        connection.cursor().execute("ANALYZE")
    times = []
    for _run in range(5):
        began = time.perf_counter()
        totals = totals_of(Agreement.objects.published())
        times.append(time.perf_counter() - began)
    print(f"{connection.vendor}: totals of {totals.agreements} agreements in {min(times):.3f} s (best of 5)")
    print(*totals.sentences)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark")
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/totals.sqlite3")
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
