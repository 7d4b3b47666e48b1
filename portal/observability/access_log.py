"""gunicorn's log in the form of the portal's: a line for each request, whoever answered it, without who asked, the
query, the browser or the page before. deploy/gunicorn.conf.py names it."""

import re

from gunicorn.glogging import Logger

from portal.observability.log_lines import formatter
from portal.observability.own_environment import variable
from portal.observability.requests import KEY, Asked


class AccessLog(Logger):
    def setup(self, cfg):
        super().setup(cfg)
        lines = formatter(variable("LOG_FORMAT"))
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                handler.setFormatter(lines)

    def warning(self, msg, *args, **kwargs):
        """gunicorn repeats what it could not read, and who sent it."""
        super().warning(re.sub(r"(?s)^(Invalid request) from .*", r"\1", msg), *args, **kwargs)

    def access(self, resp, req, environ, request_time):
        """`resp` of gunicorn knows the status and what was sent. A request that gunicorn itself refused has only some
        of all this."""
        if not self.access_log_enabled:
            return
        status = str(getattr(resp, "status", "")).split(" ")[0]
        facts = {
            "asked": environ.get(KEY) or Asked("-", environ.get("REQUEST_METHOD", "-"), "-", by="gunicorn"),
            "status": int(status) if status.isdecimal() else 0,
            "ms": round(request_time.total_seconds() * 1000, 1),
            "bytes": getattr(resp, "sent", 0) or 0,
        }
        facts["by"] = facts["asked"].by
        self.access_log.info("%s %s", facts["asked"].method, facts["asked"].path, extra=facts)
