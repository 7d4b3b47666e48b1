"""What a process of the server loads: what few requests need comes with the first of them, because every process would
hold it for good (docs/decisions.md)."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.urls import resolve

from tests.public_addresses import public_addresses

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="the test hands its database on as a file")

OF_FEW = {
    "openpyxl": "/en/companies.xlsx",
    "icalendar": "/en/conferences/shanghai-biopharma-week-2025.ics",
    "pypinyin": "",
    "boto3": "",
    "prometheus_client": "",
    "psycopg2": "",
    "redis": "",
    "tablib.formats._xlsx": "",
    "yaml": "",
}
PROGRAM = """
import json, logging, sys, warnings
warnings.simplefilter("ignore")
from portal.wsgi import application
from tests.door import Door

door = Door(application)
answers = {address: door.ask(address).status for address in json.load(sys.stdin)}
print(json.dumps([answers, sorted(sys.modules)]))
"""


@pytest.fixture
def server(transactional_db, tmp_path):
    """Asks a process of the server for addresses; says how it answered, and what it has loaded then."""
    call_command("loaddata", "district", "meilan_lake", verbosity=0)
    call_command("reindex", verbosity=0)
    with closing(sqlite3.connect(tmp_path / "portal.sqlite3")) as copy:
        connection.connection.backup(copy)
    environment = {
        "ALLOWED_HOSTS": "testserver",
        "CACHE_URL": "locmemcache://",
        "DATABASE_URL": f"sqlite:///{tmp_path}/portal.sqlite3",
        "DJANGO_SETTINGS_MODULE": "tests.server_settings",
        "LOG_LEVEL": "CRITICAL",
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "QUERIES_PER_MINUTE": "0",
        "SECRET_KEY": "x",
        "STATIC_ROOT": str(settings.STATIC_ROOT),
    }

    def ask(addresses):
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            cwd=settings.BASE_DIR,
            env=environment,
            input=json.dumps(addresses),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        answers, loaded = json.loads(done.stdout)
        return answers, OF_FEW.keys() & set(loaded)

    return ask


def test_pages_load_nothing_that_few_requests_need(server):
    pages = [each for each in public_addresses(searching="meilan") if each.startswith("/en/") and "." not in each]
    of_each_view = list({resolve(page.partition("?")[0]).view_name: page for page in pages}.values())

    answers, loaded = server([*of_each_view, *(page.replace("/en/", "/zh-hans/", 1) for page in of_each_view)])

    assert sum(status == 200 for status in answers.values()) > 50
    assert not [address for address, status in answers.items() if status >= 500]
    assert loaded == set()


@pytest.mark.parametrize("name", [name for name, address in OF_FEW.items() if address])
def test_it_is_loaded_where_it_is_needed(server, name):
    answers, loaded = server([OF_FEW[name]])

    assert (list(answers.values()), loaded) == ([200], {name})
