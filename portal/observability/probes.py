"""What other machines ask a server: answered before Django, for any name of the host, without a session.

/healthz    whether this process answers: no database, nothing else. For whatever restarts processes.
/readyz     whether all that it needs is there (`readiness`): 503 when one thing is not. For whatever sends visitors.
/metrics    numbers (`metrics`), for whoever has METRICS_TOKEN; without that setting nobody knows this address.
"""

from django.conf import settings
from django.utils.crypto import constant_time_compare

from portal.observability import metrics
from portal.observability.readiness import Readiness
from portal.observability.requests import KEY
from portal.response_headers import FOR_PROGRAMS

TEXT = "text/plain; charset=utf-8"
OK, UNAUTHORIZED, NOT_ALLOWED, UNAVAILABLE = (
    *("200 OK", "401 Unauthorized", "405 Method Not Allowed"),
    "503 Service Unavailable",
)


class Probes:
    """The WSGI application around the portal's."""

    def __init__(self, application, readiness=None):
        self.application = application
        self.readiness = readiness or Readiness()
        self.probes = {"/healthz": self.healthz, "/readyz": self.readyz}
        if settings.METRICS_TOKEN:
            self.probes["/metrics"] = self.metrics

    def __call__(self, environ, start_response):
        probe = self.probes.get(environ["PATH_INFO"])
        if probe is None:
            return self.application(environ, start_response)
        if KEY in environ:
            environ[KEY].by = "probe"
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            status, body, extra = NOT_ALLOWED, b"", [("Allow", "GET, HEAD")]
        else:
            status, body, extra = probe(environ)
        headers = [("Content-Type", TEXT), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")]
        headers += [("X-Robots-Tag", "noindex"), *FOR_PROGRAMS.items(), *extra]
        start_response(status, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def healthz(self, environ):
        return OK, b"ok\n", []

    def readyz(self, environ):
        verdicts = self.readiness.verdicts()
        is_ready = all(each.is_ok for each in verdicts)
        body = "".join(f"{each}\n" for each in verdicts).encode()
        return OK if is_ready else UNAVAILABLE, body, [] if is_ready else [("Retry-After", "5")]

    def metrics(self, environ):
        given = environ.get("HTTP_AUTHORIZATION", "")
        if not constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}"):
            return UNAUTHORIZED, b"", [("WWW-Authenticate", "Bearer")]
        return OK, metrics.exposition(), []
