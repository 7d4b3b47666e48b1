"""Characters that stored texts may hold and files for other programs may not."""

import re

# What XML 1.0 forbids, and the control characters that calendars forbid beside them.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def writable(text) -> str:
    """`text` without what would break an XML document or a calendar; every kind of line end is a line feed."""
    return _FORBIDDEN.sub("", _LINE_ENDS.sub("\n", str(text)))


def one_line(text) -> str:
    """The same without any line end, for names and titles."""
    return " ".join(writable(text).split())
