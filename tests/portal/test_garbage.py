"""A save is not held up by the garbage of others (portal/garbage.py says how it could be)."""

import subprocess
import sys

from django.conf import settings

PROGRAM = """
import gc, sqlite3, sys, threading, time
if sys.argv[2] == "apart":
    from portal import garbage
    garbage.collect_apart()

ready = threading.Event()

def connected():
    return sqlite3.connect(sys.argv[1], timeout=3, isolation_level=None, check_same_thread=False)

def wait_for_the_lock():
    other = connected()
    cycle = [other.execute("SELECT 1 UNION SELECT 2")]  # not read to its end
    cycle.append(cycle)
    del cycle
    ready.set()
    try:
        other.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        pass

gc.collect()
mine = connected()
mine.execute("PRAGMA journal_mode=WAL")
mine.execute("BEGIN IMMEDIATE")
waiting = threading.Thread(target=wait_for_the_lock)
waiting.start()
ready.wait()
time.sleep(0.3)
began = time.monotonic()
made = [[] for _ in range(200_000)]  # what a save makes; garbage is collected meanwhile
seconds = time.monotonic() - began
mine.execute("COMMIT")
waiting.join()
print("held up" if seconds > 2 else "went on")
"""


def saved(folder, how):
    command = [sys.executable, "-c", PROGRAM, folder / f"{how}.sqlite3", how]
    return subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True).stdout.strip()


def test_the_transaction_of_one_thread_does_not_wait_for_the_connection_of_another(tmp_path):
    assert (saved(tmp_path, "as Python does"), saved(tmp_path, "apart")) == ("held up", "went on")
