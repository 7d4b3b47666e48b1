"""How gunicorn serves the portal: `gunicorn --config deploy/gunicorn.conf.py portal.wsgi`.

Each value can be set from the environment. In production a buffering proxy stands in front (deploy/nginx.conf):
gunicorn alone is brought to a halt by a few dozen clients that send or read slowly. Requests that Django works on take
turns (REQUESTS_AT_ONCE and REQUESTS_WAITING of `.env`: 4 and 16 in each worker); the threads beyond those serve kept
pages, probes and refusals.

    BIND                 address and port, or unix:/path/to/socket    127.0.0.1:$PORT
    PORT                 the port alone                               8000
    WEB_CONCURRENCY      worker processes                             2
    THREADS              threads in each (see above)                  24
    ACCESS_LOG           a file, or - for standard output             none
    GUNICORN_LOG_LEVEL   debug, info, warning, error                  info
    GRACEFUL_TIMEOUT     seconds that open requests get at a stop     20
    FORWARDED_ALLOW_IPS  proxies whose X-Forwarded-Proto counts       127.0.0.1,::1 (gunicorn's own default)

MALLOC_ARENA_MAX=2 saves 10 MB and more in each worker. It is read by the C library when a process starts, so it must be
there before Python is (portal.service, Containerfile): each of so many threads would else get a heap of its own, and
Python lets only one of them run at a time.
"""

import os
import shutil
import tempfile
from pathlib import Path

from portal.observability.own_environment import variable

bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT') or 8000}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = int(os.environ.get("THREADS") or 24)

timeout = 30
graceful_timeout = int(os.environ.get("GRACEFUL_TIMEOUT") or 20)
keepalive = 5
limit_request_line = 8190  # the most that gunicorn reads; half of it by default, which a long search can be

# Workers prove that they live by touching a file; on a slow disk that touch can hang, in memory it cannot.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
control_socket_disable = True

logger_class = "portal.observability.access_log.AccessLog"
accesslog = os.environ.get("ACCESS_LOG") or None
errorlog = "-"
loglevel = os.environ.get("GUNICORN_LOG_LEVEL") or "info"

# Where the workers add up what they count for /metrics; before any of them loads the package that does it.
if variable("METRICS_TOKEN"):
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="portal-metrics-"))


def on_exit(server):
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        shutil.rmtree(folder, ignore_errors=True)
