"""Programs that ask for everything, one page after another: robots.txt asks them to leave some pages alone
(`portal.sitemaps`), and this stops those who do not listen.

Counted is what nobody has kept and what costs most: addresses with a query (filters, searches, files made to order),
by network. Kept pages never come here, and whoever is signed in is no crawler. The limit is far above what an office
full of people needs behind one address. The machine of the portal itself is not counted: its address says either that
the operator asks, or that TRUSTED_PROXIES is not set, and then it would be one limit for everybody.
"""

from ipaddress import ip_address

from django.conf import settings

from portal.allowances import is_allowed
from portal.client_address import client_address, client_network
from portal.error_pages import come_back_later

MINUTE = 60  # seconds


class CrawlerLimit:
    """Middleware that answers 429 to a network beyond QUERIES_PER_MINUTE; 0 sets no limit."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if is_costly(request) and not is_signed_in(request) and not ip_address(client_address(request)).is_loopback:
            most = settings.QUERIES_PER_MINUTE
            if not is_allowed("ask with a query", client_network(request), most, MINUTE):
                return come_back_later(request, 429, MINUTE)
        return self.get_response(request)


def is_signed_in(request) -> bool:
    """Asks for the session only where there is one: an answer that has looked at it is kept for nobody."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated


def is_costly(request) -> bool:
    return (
        settings.QUERIES_PER_MINUTE > 0
        and request.method in ("GET", "HEAD")
        and bool(request.META.get("QUERY_STRING"))
        and not request.path_info.startswith((f"/{settings.ADMIN_PATH}", "/static/", "/media/"))
    )
