"""Where a request really comes from, as far as machines that we trust can say: what limits count by.

Behind a proxy the socket knows the proxy alone, and `X-Forwarded-For` begins with whatever the client wrote there.
Each trusted proxy adds the machine that spoke to it at the end, so the last TRUSTED_PROXIES entries are true and the
first of these is the client. A limit that counted any other entry could be walked around by writing a new one.
"""

import re
from ipaddress import ip_address, ip_network

from django.conf import settings

UNKNOWN = "0.0.0.0"  # noqa: S104  (nobody's address: the server was asked through a file, and no proxy said for whom)


def client_address(request) -> str:
    """The address of the client. A request that came past fewer proxies than it should, or with entries that are no
    addresses, counts as coming from the machine at the other end of the socket."""
    nearest = request.META.get("REMOTE_ADDR", "")
    behind_proxies = settings.TRUSTED_PROXIES
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if 0 < behind_proxies <= len(forwarded):
        return _address(forwarded[-behind_proxies]) or _address(nearest) or UNKNOWN
    return _address(nearest) or UNKNOWN


def client_network(request) -> str:
    """What a limit counts as one client. In IPv6 that is the first address of the 64 bits that a household or an
    office is given, because each of its machines can take a new address for every request."""
    address = client_address(request)
    return str(ip_network(f"{address}/64", strict=False)[0]) if ":" in address else address


def _address(text) -> str:
    """`text` without a port and in one spelling; empty if it is no address."""
    bracketed = re.fullmatch(r"\[([^]]*)\](:\d+)?", text.strip())
    host = bracketed[1] if bracketed else re.sub(r"^([^:]+):\d+$", r"\1", text.strip())
    try:
        address = ip_address(ip_address(host).packed)  # twice: without the name of a network card
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)
