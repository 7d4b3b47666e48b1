"""Which answers may be kept, and until when. Every answer says it to browsers and to caches on the way as well."""

from django.conf import settings
from django.utils.cache import cc_delim_re, get_max_age

from portal.canonical import canonical_of
from portal.page_cache import generation, moments

FOR_EVERYBODY = "public, max-age=0, must-revalidate"
FOR_ONE = "private, max-age=0, must-revalidate"
NOT_KEPT = {"private", "no-store", "no-cache"}
LONGEST = 3600  # seconds; what others may hold for longer does not depend on the data

UNTIL = "portal.page_cache.until"  # in the WSGI environment: the moment until which `front` may keep the answer


class Keeping:
    """Middleware that lets the answers to visitors be kept which would be the same for every visitor.

    An answer is kept under its canonical address alone (`portal.canonical`): whatever else is in a query can neither
    multiply what is kept nor get into it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method not in ("GET", "HEAD") or response.status_code != 200 or response.streaming:
            return response
        if response.cookies or settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.headers.setdefault("Cache-Control", FOR_ONE)
            return response
        response.headers.setdefault("Cache-Control", FOR_EVERYBODY)
        if _is_for_keeping(response) and _is_canonical(request):
            number = generation.of_the_request()
            if number is not None:
                hint = getattr(request, "fresh_until", None)
                request.META[UNTIL] = min(filter(None, [hint, moments.next_moment(number)]))
        return response


def _is_for_keeping(response) -> bool:
    directives = cc_delim_re.split(response["Cache-Control"].lower())
    return NOT_KEPT.isdisjoint(directives) and (get_max_age(response) or 0) <= LONGEST


def _is_canonical(request) -> bool:
    canonical = canonical_of(request)
    return request.META.get("QUERY_STRING", "") == canonical.at(canonical.number)


def fresh_until(request, moment):
    """Says of the page that answers `request` that it looks different from `moment` on (what is on now, what is
    next)."""
    known = getattr(request, "fresh_until", None)
    request.fresh_until = min(filter(None, [known, moment]))
