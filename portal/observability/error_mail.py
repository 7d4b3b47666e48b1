"""Letters to the people in ADMIN_EMAILS about faults: what the log says of them, and no more. One fault, however often
it happens, is one letter in an hour, and all faults together are few letters; the log has the rest."""

import logging
from collections import OrderedDict
from threading import Lock
from time import monotonic

from django.core.mail import mail_admins

from portal.observability.log_lines import LineFormatter, facts_of

HOUR = 3600  # seconds
MOST_LETTERS = 10  # in an hour, from each process
MOST_FAULTS = 200  # that are remembered


class ErrorMail(logging.Handler):
    """The handler of the log for records from ERROR on."""

    def __init__(self, level=logging.ERROR):
        super().__init__(level)
        self.formatter = LineFormatter()
        self._lock = Lock()
        self._faults: OrderedDict[tuple, list] = OrderedDict()  # [when it was last told, how often it happened since]
        self._letters: list[float] = []

    def emit(self, record):
        untold = self._times_untold(fault_of(record))
        if untold is None:
            return
        try:
            facts = facts_of(record)
            last = facts.get("exception", facts["message"]).strip().splitlines()[-1]
            again = f"\n\nIt happened {untold} more times since the last letter about it." if untold else ""
            mail_admins(f"{record.levelname}: {last}"[:200], f"{self.format(record)}{again}\n", fail_silently=True)
        except Exception:  # a letter that cannot be written must not end the request
            self.handleError(record)

    def _times_untold(self, fault) -> int | None:
        """How often the fault happened since it was last told; None if it is not to be told now."""
        now = monotonic()
        with self._lock:
            known = self._faults.setdefault(fault, [None, 0])
            self._faults.move_to_end(fault)
            while len(self._faults) > MOST_FAULTS:
                self._faults.popitem(last=False)
            self._letters = [each for each in self._letters if now - each < HOUR]
            if (known[0] is not None and now - known[0] < HOUR) or len(self._letters) >= MOST_LETTERS:
                known[1] += 1
                return None
            self._letters.append(now)
            untold, known[:] = known[1], [now, 0]
            return untold


def fault_of(record) -> tuple:
    """What makes two records the same fault: the kind of exception and the line it came from; else the message before
    anything was filled in."""
    exception = record.exc_info[1] if record.exc_info else None
    if exception is None:
        return record.name, str(record.msg)
    trace = exception.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return type(exception), trace and (trace.tb_frame.f_code.co_filename, trace.tb_lineno)
