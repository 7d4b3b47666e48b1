"""How a line of the log looks, as LOG_FORMAT says: `line` for people, `json` for programs. Both are scrubbed.

    {"time": "2026-11-23T09:00:00.123Z", "level": "WARNING", "logger": "django.request", "message": "Not Found: /en/x/",
     "request_id": "8c3f…", "method": "GET", "path": "/en/x/"}

Lines about requests (`gunicorn.access`) have `status`, `ms`, `bytes` and `by` besides.
"""

import json
import logging
from datetime import UTC, datetime

from portal.observability.requests import current
from portal.observability.scrubbing import scrubbed, told

OF_ANSWERS = ("status", "ms", "bytes", "by")


def facts_of(record) -> dict:
    """What the record says, scrubbed."""
    asked = getattr(record, "asked", None) or current()
    facts = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": record.levelname,
        "logger": record.name,
        "message": scrubbed(record.getMessage()),
    }
    if asked:
        facts |= {"request_id": asked.id, "method": asked.method, "path": scrubbed(asked.path)}
    facts |= {name: getattr(record, name) for name in OF_ANSWERS if hasattr(record, name)}
    if record.exc_info and record.exc_info[1]:
        facts["exception"] = told(record.exc_info[1])
    return facts


class JsonFormatter(logging.Formatter):
    def format(self, record):
        return json.dumps(facts_of(record), ensure_ascii=False)


class LineFormatter(logging.Formatter):
    def format(self, record):
        facts = facts_of(record)
        name = f" [{facts['request_id']}]" if "request_id" in facts else ""
        more = "".join(f" {key}={facts[key]}" for key in OF_ANSWERS if key in facts)
        line = f"{facts['time']} {facts['level']} {facts['logger']}{name}: {facts['message']}{more}"
        line = "".join(each if each.isprintable() else f"\\x{ord(each):02x}" for each in line)  # one line, whatever
        return f"{line}\n{facts['exception']}" if "exception" in facts else line


def formatter(name) -> logging.Formatter:
    """Of the name that LOG_FORMAT has."""
    return JsonFormatter() if name == "json" else LineFormatter()
