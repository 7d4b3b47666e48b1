"""How long the database takes to search 100,000 documents of an invented region.

    python deploy/bench_search.py [number]

In a scratch SQLite database and, where a server answers, in a scratch database of PostgreSQL, which is dropped again
(POSTGRES_URL names another server). The documents are written straight into the index; everything in them is invented.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from itertools import accumulate
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

RUNS = 30
SHARES = {1: 1, 2: 12, 3: 5, 4: 25, 5: 12, 6: 22, 7: 12, 8: 3, 9: 3, 10: 5}  # of the kinds, in percent
PARTS = "ba cor del fen gar hol ind jur kal lom mar nor pel qua ros sol tam ver win zan"
COMMON = "the of company park centre conference agreement district biopharma project"
CHINESE = (
    "示例区城市湖园产业生物医药制造研发中心创新科技公司合作项目签约投资大会论坛发展集团实验室平台服务"
    "工程技术材料设备智能能源环保临床基因细胞疫苗"
)
FAR = [chr(0x4E00 + 13 * n) for n in range(1500)]

QUERIES = {
    "common word": "exampleland",
    "two common words": "exampleland district",
    "rare word": "rare",  # replaced by a word that is
    "two Chinese characters": "生物",
    "four Chinese characters": "生物医药",
    "Chinese and Latin": "exampleland 生物",
    "pinyin": "shilihu",
    "pinyin in syllables": "shi li hu",
    "a beginning": "exam",
    "a beginning of many words": "co",
    "nothing": "xyzzyplugh",
    "misspelt": "examplelnad",
}


class Invented:
    """Texts with as many common and rare words as real ones have."""

    def __init__(self):
        self.random = random.Random(6)  # noqa: S311
        parts = PARTS.split()
        made = ["".join(self.random.choices(parts, k=self.random.choice((2, 3, 3, 4)))) for _ in range(30_000)]
        self.words = [*COMMON.split(), *made]
        self.word_weights = list(accumulate(1 / (rank + 10) for rank in range(len(self.words))))
        self.characters = [*CHINESE, *FAR]
        self.character_weights = list(accumulate(1 / (rank + 20) for rank in range(len(self.characters))))

    def english(self, length):
        return " ".join(self.random.choices(self.words, cum_weights=self.word_weights, k=length))

    def chinese(self, length):
        text = "".join(self.random.choices(self.characters, cum_weights=self.character_weights, k=length))
        return text + self.random.choice(["", "", "", "生物医药", "示例湖", "，"])

    def texts(self):
        """By weight, in both languages: the title, related names, a summary, a description."""
        of_the_region = self.random.random() < 0.3
        title = self.english(6) + (" of Exampleland" if of_the_region else "")
        district = " Exampleland district" if self.random.random() < 0.1 else ""
        return {
            "A": [title, self.chinese(16)],
            "B": [self.english(8) + district, self.chinese(24)],
            "C": [self.english(15), self.chinese(25)],
            "D": [self.english(45), self.chinese(80)],
        }


def build(number):
    from django.db import transaction
    from django.utils import timezone

    from portal.search.documents import Text, _words
    from portal.search.engines import engine
    from portal.search.kinds import registered
    from portal.search.models import Document
    from portal.search.spelling import learn
    from portal.search.words import key_of

    invented, now = Invented(), timezone.now()
    kinds = {kind.number: kind for kind in registered()}
    numbers = invented.random.choices(list(SHARES), weights=SHARES.values(), k=number)
    for start in range(0, number, 1000):
        made = []
        for pk, kind in enumerate(numbers[start : start + 1000], start + 1):
            texts = invented.texts()
            words = _words({weight: [Text("", each) for each in some] for weight, some in texts.items()})
            names = "\n" + "".join(f"{key_of(each)}\n" for each in texts["A"])
            key = kinds[kind].key_of(pk)
            made.append((Document(id=key, kind=kind, record_id=pk, public_from=now, dated="2024", names=names), words))
        with transaction.atomic():
            write(made, Document, engine())
            learn(word for _document, words in made for word in words["A"])
    engine().tidy()
    rare = [word for word in invented.words[-3000:] if len(word) > 8]
    QUERIES["rare word"] = rare[7]


def write(made, model, engine):
    from portal.search.documents import Words

    for document, words in made:
        for name, value in engine.values_of(Words(words)).items():
            setattr(document, name, value)
    model.objects.bulk_create([document for document, _words in made])
    engine.write([(document.pk, Words(words)) for document, words in made])


def measure(query, Search):  # noqa: N803 (a class)
    """The milliseconds of `RUNS` searches, in order, from the words to the keys of what they find (the pages then load
    these records, ten of each kind), and the last of them."""
    times = []
    for _run in range(RUNS):
        search = Search(query)
        began = time.perf_counter()
        found = search.found
        times.append(1000 * (time.perf_counter() - began))
    return sorted(times), search, found


def run(number):
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from portal.search.results import Search

    call_command("migrate", verbosity=0)
    began = time.perf_counter()
    build(number)
    print(f"\n{connection.vendor}: {number:,} documents, indexed in {time.perf_counter() - began:.0f} s", flush=True)
    print(f"{'':28}{'p50':>9}{'p95':>9}   found")
    everything = []
    for name, query in QUERIES.items():
        times, search, found = measure(query, Search)
        everything += times
        told = f"{search.count_words} of {len(found)} kinds" + (f", as “{search.instead}”" if search.instead else "")
        print(f"{name:28}{times[RUNS // 2]:6.1f} ms{times[RUNS * 95 // 100]:6.1f} ms   {told}")
    everything.sort()
    print(
        f"{'all of them':28}{everything[len(everything) // 2]:6.1f} ms{everything[len(everything) * 95 // 100]:6.1f} ms"
    )


def scratch_on_postgresql(number):
    """Runs again on a database of its own, where a server answers."""
    import psycopg2

    server = os.environ.get("POSTGRES_URL") or "postgres://postgres@127.0.0.1:5432/postgres"
    name = f"bench_search_{os.getpid()}"
    try:
        admin = psycopg2.connect(server, connect_timeout=3)
    except psycopg2.OperationalError:
        print("\npostgresql: no server answers; not measured")
        return
    admin.autocommit = True
    with admin.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        try:
            url = urlsplit(server)._replace(path=f"/{name}").geturl()
            subprocess.run([sys.executable, __file__, str(number), url], check=True)
        finally:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark")
    os.environ["CACHE_URL"] = "locmemcache://"
    if len(sys.argv) > 2:
        os.environ["DATABASE_URL"] = sys.argv[2]
        run(number)
    else:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["DATABASE_URL"] = f"sqlite:///{folder}/search.sqlite3"
            run(number)
        scratch_on_postgresql(number)
