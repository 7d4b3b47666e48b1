"""Connections to SQLite in a server: what a request gives back, the next one takes over; and whether anybody committed.

In processes of their own, because a test has one connection, which it keeps."""

import json
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="other databases have pools of their own")

BEGIN = """
import json, sys, threading
import django
django.setup()
from django.db import close_old_connections, connection, connections, transaction
from portal.lent_sqlite import base, glances

def in_threads(number, work):
    found, ready = [], threading.Barrier(number)
    def run():
        found.append(work(ready))
    threads = [threading.Thread(target=run) for _ in range(number)]
    [each.start() for each in threads]
    [each.join() for each in threads]
    return found

def execute(sql):
    with connection.cursor() as cursor:
        return cursor.execute(sql).fetchall()

execute("CREATE TABLE numbers (number)")
"""


def said_by(program, tmp_path):
    environment = {
        "CACHE_URL": "locmemcache://",
        "DATABASE_URL": f"sqlite:///{tmp_path}/portal.sqlite3",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "SECRET_KEY": "x",
    }
    command = [sys.executable, "-c", BEGIN + program]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_requests_one_after_the_other_share_one_connection_whatever_their_threads(tmp_path):
    program = """
def request(_ready):
    execute("SELECT 1")
    raw = id(connection.connection)
    close_old_connections()
    return raw

base.lend_connections()
connection.close()
print(json.dumps(len({raw for _ in range(5) for raw in in_threads(1, request)})))
"""

    assert said_by(program, tmp_path) == 1


def test_requests_at_the_same_time_have_a_connection_each(tmp_path):
    program = """
def request(ready):
    execute("SELECT 1")
    raw = id(connection.connection)
    ready.wait()
    close_old_connections()
    return raw

base.lend_connections()
print(json.dumps([len(set(in_threads(3, request))), len(set(in_threads(3, request)))]))
"""

    assert said_by(program, tmp_path) == [3, 3]


def test_what_a_request_left_open_is_taken_back_and_its_connection_is_lent_to_nobody(tmp_path):
    program = """
def request(_ready):
    transaction.set_autocommit(False)
    execute("INSERT INTO numbers VALUES (1)")
    close_old_connections()

base.lend_connections()
connection.close()
in_threads(1, request)
idle = sum(map(len, base._lent_by.values()))
print(json.dumps([idle, execute("SELECT COUNT(*) FROM numbers")[0][0], connection.get_autocommit()]))
"""

    assert said_by(program, tmp_path) == [0, 0, True]


def test_a_connection_with_which_something_went_wrong_is_lent_to_nobody(tmp_path):
    program = """
from django.db import OperationalError
base.lend_connections()
connection.close()
try:
    execute("SELECT * FROM nowhere")
except OperationalError:
    connection.close()
print(json.dumps(sum(map(len, base._lent_by.values()))))
"""

    assert said_by(program, tmp_path) == 0


def test_a_lent_connection_is_as_a_new_one(tmp_path):
    program = """
base.lend_connections()
pragmas = ("journal_mode", "busy_timeout", "foreign_keys", "synchronous")
seen = []
for _ in range(2):
    connection.close()
    seen.append([execute(f"PRAGMA {name}")[0][0] for name in pragmas])
print(json.dumps([*seen, sum(map(len, base._lent_by.values())), connection.transaction_mode]))
"""

    pragmas = ["wal", 20_000, 1, 2]
    assert said_by(program, tmp_path) == [pragmas, pragmas, 0, "IMMEDIATE"]


def test_a_lent_connection_goes_on_with_what_it_has_prepared(tmp_path):
    program = """
import time

def took():
    began = time.process_time()
    execute(LONG)
    return time.process_time() - began

LONG = "SELECT " + " + ".join(f"(SELECT COUNT(*) FROM numbers WHERE number = {n})" for n in range(800))
base.lend_connections()
connection.close()
first = took()
connection.close()
print(json.dumps([first, min(took() for _ in range(5) if connection.close() is None)]))
"""

    first, again = said_by(program, tmp_path)
    assert again < first / 3


def test_functions_of_ours_are_known_to_every_connection(tmp_path):
    program = """
from portal import prose
base.lend_connections()
seen = []
for _ in range(2):
    connection.close()
    seen += execute("SELECT portal_plain_words('<p>a &amp; b</p>')")[0]
print(json.dumps(seen))
"""

    assert said_by(program, tmp_path) == ["a & b", "a & b"]


def test_a_query_with_percent_signs_means_the_same_each_time(tmp_path):
    program = """
def ask(text):
    with connection.cursor() as cursor:
        return cursor.execute("SELECT %s LIKE 'a%%', %s", [text, text]).fetchone()

print(json.dumps([ask("ab"), ask("ba"), execute("SELECT '100%'")[0]]))
"""

    assert said_by(program, tmp_path) == [[1, "ab"], [0, "ba"], ["100%"]]


def test_commands_close_their_connections(tmp_path):
    program = """
execute("SELECT 1")
raw = connection.connection
connection.close()
try:
    raw.execute("SELECT 1")
except Exception as problem:
    print(json.dumps(str(problem)))
"""

    assert "closed" in said_by(program, tmp_path)


def test_a_value_is_read_anew_after_every_commit_of_anybody(tmp_path):
    program = """
import sqlite3
asked = []

def count():
    asked.append(1)
    return execute("SELECT COUNT(*) FROM numbers")[0][0]

def seen():
    return glances.unless_unchanged(connections["default"], count)

base.lend_connections()
other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
counted = [seen(), seen(), seen()]
before = len(asked)
for _ in range(3):
    other.execute("INSERT INTO numbers VALUES (1)")
    counted.append(seen())
    execute("INSERT INTO numbers VALUES (1)")
    counted += [seen(), *in_threads(1, lambda ready: seen())]
other.execute("BEGIN IMMEDIATE")
other.execute("INSERT INTO numbers VALUES (1)")
counted.append(seen())
other.execute("COMMIT")
counted.append(seen())
print(json.dumps([before, counted]))
"""

    assert said_by(program, tmp_path) == [1, [0, 0, 0, 1, 2, 2, 3, 4, 4, 5, 6, 6, 6, 7]]


def test_several_who_look_at_once_all_see_what_was_committed_before(tmp_path):
    program = """
def count():
    return execute("SELECT COUNT(*) FROM numbers")[0][0]

def look(ready):
    ready.wait()
    return [glances.unless_unchanged(connections["default"], count) for _ in range(20)]

base.lend_connections()
wrong = []
for expected in range(1, 21):
    execute("INSERT INTO numbers VALUES (1)")
    wrong += [seen for each in in_threads(4, look) for seen in each if seen != expected]
print(json.dumps(wrong))
"""

    assert said_by(program, tmp_path) == []


def test_who_is_in_a_transaction_sees_what_it_wrote(tmp_path):
    program = """
def count():
    return execute("SELECT COUNT(*) FROM numbers")[0][0]

base.lend_connections()
seen = [glances.unless_unchanged(connections["default"], count)]
with transaction.atomic():
    execute("INSERT INTO numbers VALUES (1)")
    seen.append(glances.unless_unchanged(connections["default"], count))
    transaction.set_rollback(True)
seen.append(glances.unless_unchanged(connections["default"], count))
print(json.dumps(seen))
"""

    assert said_by(program, tmp_path) == [0, 1, 0]


def test_looking_gives_back_the_connection_it_needed_but_takes_it_from_nobody_who_reads(tmp_path):
    program = """
def look():
    execute("INSERT INTO numbers VALUES (1)") if connection.connection else None
    glances.unless_unchanged(connections["default"], lambda: execute("SELECT COUNT(*) FROM numbers"))

base.lend_connections()
connection.close()
look()
seen = [connection.connection is None]
with connection.cursor() as reader:
    raw = connection.connection
    look()
    seen += [connection.connection is raw, reader.execute("SELECT COUNT(*) FROM numbers").fetchone()[0]]
print(json.dumps(seen))
"""

    assert said_by(program, tmp_path) == [True, True, 1]


def test_a_database_that_is_lost_is_an_error_as_always(tmp_path):
    program = """
from django.db import OperationalError
base.lend_connections()
connection.settings_dict["NAME"] = "/nowhere/at.all"
try:
    glances.unless_unchanged(connections["default"], lambda: 1)
except OperationalError as problem:
    print(json.dumps([str(problem), {name: len(idle) for name, idle in glances._idle.items()}]))
"""

    assert said_by(program, tmp_path) == ["unable to open database file", {"/nowhere/at.all": 0}]
