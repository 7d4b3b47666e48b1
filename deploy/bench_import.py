"""How long an import of 10,000 rows takes: the dry run and the writing, of new records and of changes.

    python deploy/bench_import.py [number]

In a scratch SQLite database, or in the empty one that DATABASE_URL names. Everything in it says that it is invented.
"""

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

PARTIES = 3
SPEAKERS = 2


def companies(number, change=""):
    yield [
        "slug",
        "name_en",
        "name_zh_hans",
        "legal_name",
        "kind",
        "stock",
        "country",
        "founded_on",
        "summary_en",
        "source",
    ]
    for n in range(number):
        names = [f"Invented company {n}{change}", f"示例公司{n}", f"示例公司{n}有限公司"]
        yield [f"exampleland-{n}", *names, "company", f"EXA {n}", "CN", "2021年9月", "Of Exampleland.", "exampleland"]


def presences(number, change=""):
    yield ["organization", "place", "kind", "since", "note_en"]
    for n in range(number):
        yield [f"示例公司{n}", "exampleland", "headquarters", "Sep 2021", f"Invented{change}"]


def agreements(number, change=""):
    parties = [f"{name}_{k}" for k in range(1, PARTIES + 1) for name in ("party", "role")]
    yield ["slug", "title_en", "kind", "signed_on", "amount_1", "currency_1", *parties]
    for n in range(number):
        cells = [cell for k in range(PARTIES) for cell in (f"exampleland-{(n + k * 7) % number}", "investor")]
        yield [
            f"exampleland-{n}",
            f"Invented agreement {n}{change}",
            "investment",
            "2024-11-15",
            "超过10亿元",
            "CNY",
            *cells,
        ]


def sessions(number, change=""):
    speakers = [
        f"{name}_{k}" for k in range(1, SPEAKERS + 1) for name in ("speaker", "post_en", "organization_name_en")
    ]
    yield ["conference", "slug", "title_en", "day", "starts_at", "ends_at", *speakers]
    for n in range(number):
        cells = [cell for k in range(SPEAKERS) for cell in (f"Ann Invented{(n + k) % 997}", "Director", "Exampleland")]
        yield ["exampleland", f"session-{n}", f"Invented session {n}{change}", "2024-11-15", "9:30", "10:15", *cells]


def observations(number, change=""):
    yield ["indicator", "period", "value", "note_en"]
    for n in range(number):
        yield ["exampleland", f"{1900 + n % 100}", f"超过{n}家", f"Invented{change}"]


SHEETS = {each.__name__: each for each in (companies, presences, agreements, sessions, observations)}


def prepare():
    from companies.models import Indicator, Place
    from events.models import Conference
    from portal.models import Source

    Source.objects.create(
        slug="exampleland", title_en="Invented", publisher_en="Invented", source_type="other", language="en"
    )
    Place.objects.create(slug="exampleland", name_en="Exampleland", kind="park")
    Indicator.objects.create(slug="exampleland", name_en="Invented", unit_en="companies")
    Conference.objects.create(slug="exampleland", title_en="Invented", starts_on="2024-11-15")


def measure(kind, rows, user):
    """Reads, checks and writes a workbook of `rows`, as the two steps of the desk do."""
    import io

    from openpyxl import Workbook

    from portal.desk.importing.resources import KINDS
    from portal.desk.importing.sheets import read_sheet
    from portal.desk.importing.writing import write

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet()
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    workbook.save(file)
    times = []
    for is_real in (False, True):
        began, busy = time.perf_counter(), time.process_time()
        records = KINDS[kind](user)
        outcome = records.check(read_sheet(file.getvalue(), "sheet.xlsx", records.headings().knows))
        if is_real:
            write(records, outcome, "sheet.xlsx")
        times += [time.perf_counter() - began, time.process_time() - busy]
    counted = f"{outcome.new} new, {outcome.changed} changed, {outcome.wrong} wrong"
    for entry in outcome.wrong_rows[:3]:
        print(entry.number, entry.problems)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = "".join(f"{seconds:8.1f} s" for seconds in times)
    print(f"{kind:14}{told}   {counted}   (at most {memory:.0f} MB)", flush=True)


def main(number):
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    prepare()
    user = get_user_model().objects.create_superuser("bench")
    print(f"{number:,} rows on {connection.vendor}\n{'':14}{'dry run':>10}{'of CPU':>10}{'import':>10}{'of CPU':>10}")
    for change in ("", " (changed)"):
        for kind, rows in SHEETS.items():
            measure(kind, rows(number, change), user)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/scratch.sqlite3")
        os.environ.setdefault("SECRET_KEY", "only-for-this-measurement")
        os.environ.setdefault("CACHE_URL", "locmemcache://")
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
