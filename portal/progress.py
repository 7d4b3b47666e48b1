"""How far a long command has come: a line that counts up on a terminal, a plain line now and then elsewhere."""

import time

SECONDS_BETWEEN_LINES = 5  # in a log, where no line can be written over


class Progress:
    """Counts to `total` of `what` ("links"), on the output of a management command."""

    def __init__(self, output, what, total):
        self.output, self.what, self.total = output, what, total
        self.done = 0
        self._told_at = time.monotonic()

    def add(self, number=1):
        self.done += number
        is_last = self.done >= self.total
        if self.output.isatty():
            self.output.write(f"\r{self}", ending="\n" if is_last else "")
            self.output.flush()
        elif is_last or time.monotonic() - self._told_at > SECONDS_BETWEEN_LINES:
            self._told_at = time.monotonic()
            self.output.write(str(self))

    def __str__(self):
        return f"{self.what}: {self.done:,} of {self.total:,}"
