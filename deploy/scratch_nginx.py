"""deploy/nginx_static.conf as it stands, on a port of 127.0.0.1 and without HTTPS: to test and to measure.

`folder` holds what `publish_static` wrote, in `folder/public`, and everything of nginx."""

import os
import re
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parent / "nginx_static.conf"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def configuration(folder, port, application_port) -> str:
    example = re.sub(r"server \{\n    listen 80;.*?\n\}\n", "", EXAMPLE.read_text(), count=1, flags=re.DOTALL)
    example = re.sub(r" *ssl_certificate.*\n", "", example).replace("listen 443 ssl", f"listen 127.0.0.1:{port}")
    example = example.replace("/srv/portal-static", str(folder / "public"))
    example = example.replace("127.0.0.1:8000", f"127.0.0.1:{application_port}")
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        f"{'user root;' if os.geteuid() == 0 else ''} daemon off; worker_processes 1;\n"
        f"pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{temporary}{example}}}\n"
    )


@contextmanager
def nginx(folder, port, text):
    """nginx with the configuration `text`, until the block ends."""
    file = folder / "nginx.conf"
    file.write_text(text)
    process = subprocess.Popen([NGINX, "-p", folder, "-e", folder / "error.log", "-c", file])
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if process.poll() is not None or not probe.connect_ex(("127.0.0.1", port)):
                    break
            time.sleep(0.05)
        if process.poll() is not None:
            raise RuntimeError((folder / "error.log").read_text())
        yield
    finally:
        process.terminate()
        process.wait(timeout=10)
