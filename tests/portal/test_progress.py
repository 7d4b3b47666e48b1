import io

import pytest
from django.core.management.base import OutputWrapper

from portal.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def count_to(total, stream):
    progress = Progress(OutputWrapper(stream), "links", total)
    for _ in range(total):
        progress.add()
    return stream.getvalue()


def test_on_a_terminal_one_line_counts_up():
    assert count_to(2, Terminal()) == "\rlinks: 1 of 2\rlinks: 2 of 2\n"


def test_elsewhere_stands_a_plain_line_at_the_end():
    assert count_to(1200, io.StringIO()) == "links: 1,200 of 1,200\n"


@pytest.mark.parametrize("seconds", [6])
def test_elsewhere_a_long_time_has_lines_between(monkeypatch, seconds):
    times = iter(range(0, 100, seconds))
    monkeypatch.setattr("time.monotonic", lambda: next(times))

    assert count_to(2, io.StringIO()) == "links: 1 of 2\nlinks: 2 of 2\n"
