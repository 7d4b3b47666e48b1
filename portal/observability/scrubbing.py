"""What never gets into the log, nor into a letter about a fault: what visitors and staff said, who they are, where
they are, and the secrets of the portal. It is taken out of finished text, so that no caller has to think of it."""

import re
from functools import lru_cache
from ipaddress import ip_address
from traceback import TracebackException
from urllib.parse import parse_qsl, unquote, urlsplit

from django.conf import settings

from portal.observability.requests import SECRET_PATHS, current

GONE = "…"
SHORTEST = 4  # letters of what is taken out wherever it stands; shorter words are everybody's
SHORTEST_CHINESE = 2  # a name has two characters
SHORTEST_SECRET = 8
FRAMES = 40  # of a traceback

# The values of settings: whole, or addresses with a password inside.
SECRET_SETTINGS = ("SECRET_KEY", "METRICS_TOKEN")
ADDRESSES_WITH_SECRETS = ("DATABASE_URL", "CACHE_URL", "EMAIL_URL", "MEDIA_STORAGE")

PATTERNS = [
    (SECRET_PATHS, rf"\1{GONE}"),
    (re.compile(r"(/[^\s?\"'<>]*)\?[^\s\"'<>]+"), rf"\1?{GONE}"),  # the query of an address
    (re.compile(r"[^\s@<>\"'(),;:]+@[^\s@<>\"'(),;:]+\.\w+"), f"{GONE}@{GONE}"),
    (re.compile(r"^(\s*(?:DETAIL|CONTEXT|LINE \d+|HINT):).*(?:\n\s+\^)?", re.MULTILINE), rf"\1 {GONE}"),  # PostgreSQL
]
MAYBE_AN_ADDRESS = re.compile(r"(?<![\w.:])[0-9A-Fa-f:.]{2,45}(?!\w)")


def scrubbed(text) -> str:
    """`text` without any of it."""
    text = without_secrets(text)
    if said := _said(current()):
        text = re.sub("|".join(map(re.escape, said)), GONE, text, flags=re.IGNORECASE)
    for pattern, replacement in PATTERNS:
        text = pattern.sub(replacement, text)
    return MAYBE_AN_ADDRESS.sub(_unless_here, text)


def told(exception) -> str:
    """The traceback of `exception`: our own lines as they are, and what the exceptions say, scrubbed."""
    parts, each = [], TracebackException.from_exception(exception)
    seen = set()
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        said = scrubbed("".join(each.format_exception_only()))
        parts.append(without_secrets("".join(each.stack.format()[-FRAMES:])) + said)
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
    return "\nafter:\n".join(parts).rstrip()


def without_secrets(text) -> str:
    for secret in _secrets() if settings.configured else ():
        text = text.replace(secret, GONE)
    return text


def _unless_here(match) -> str:
    """Addresses of machines go, with what follows them left; this machine's own may be named."""
    text = match[0]
    for address in (text, text.rstrip(":."), text.partition(":")[0]):  # at the end of a clause; before a port
        try:
            return text if ip_address(address).is_loopback else GONE + text[len(address) :]
        except ValueError:
            continue
    return text


@lru_cache(maxsize=1)
def _secrets() -> list[str]:
    values = [getattr(settings, name, "") for name in SECRET_SETTINGS]
    for name in ADDRESSES_WITH_SECRETS:
        try:
            password = urlsplit(settings.ENVIRONMENT.get(name) or "").password or ""
        except ValueError:
            continue
        values += [password, unquote(password)]
    return sorted({each for each in values if len(each) >= SHORTEST_SECRET}, key=len, reverse=True)


def _said(asked) -> list[str]:
    """What the sender of the request said, and who it is, as far as Django has read it: the longest first."""
    request = asked and asked.request and asked.request()
    if request is None:
        return []
    user = request.__dict__.get("_cached_user")
    values = [value for _name, value in parse_qsl(request.META.get("QUERY_STRING", ""))]
    values += request.COOKIES.values()
    values += [value for name in ("_post", "_files") for value in _of_form(request.__dict__.get(name))]
    values += [getattr(user, name, "") for name in ("username", "email", "first_name", "last_name")]
    texts = {text.strip() for value in values for text in (value, *value.splitlines())}
    return sorted(filter(_is_telling, texts), key=len, reverse=True)


def _of_form(form):
    for _name, values in form.lists() if form else ():
        yield from (value if isinstance(value, str) else str(value.name) for value in values)


def _is_telling(text) -> bool:
    return len(text) >= (SHORTEST if text.isascii() else SHORTEST_CHINESE)
