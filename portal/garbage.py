"""Garbage in cycles is collected by a thread that does nothing else.

Python collects it in whichever thread has just made an object. With SQLite that can stop a save for as long as a lock
is waited for (20 s): the garbage may hold a cursor of another thread's connection; whoever closes that waits until the
connection is free; and the connection waits, inside a statement, for the very transaction that collects the garbage.
The other save then fails ("database is locked") and leaves more such garbage. The crash drill (deploy/drill_crash.py)
found it. A thread that holds no transaction may wait: nobody waits for it.
"""

import gc
from threading import Thread
from time import sleep

PAUSE = 0.05  # seconds between two looks
MANY = 10_000  # objects made and not freed since the last look, before they are looked through
OLDER, OLDEST = 5, 40  # every so often those that were looked through before are looked through again


def collect_apart():
    """From now on, in this process, garbage is collected by a thread of its own."""
    gc.disable()
    Thread(target=_collect, name="garbage", daemon=True).start()


def _collect():
    number = 0
    while True:
        sleep(PAUSE)
        if gc.get_count()[0] > MANY:
            number += 1
            gc.collect(2 if number % OLDEST == 0 else 1 if number % OLDER == 0 else 0)
