"""Which portal this is: pages that were kept by another one (older code, other settings) are not its own."""

from functools import cache
from hashlib import sha256

from django.conf import settings

CODE = ("portal", "companies", "events", "templates", "locale")
ENDINGS = {".py", ".html", ".txt", ".xml", ".mo", ".css", ".js", ".svg"}


@cache
def build() -> str:
    """The same on every server that runs the same code with the same settings; read once by each process."""
    digest = sha256()
    for folder in CODE:
        for path in sorted((settings.BASE_DIR / folder).rglob("*")):
            if path.suffix in ENDINGS:
                digest.update(f"{path.relative_to(settings.BASE_DIR)}\n".encode() + path.read_bytes())
    digest.update(repr(sorted(settings.ENVIRONMENT.items())).encode())
    return digest.hexdigest()[:16]
