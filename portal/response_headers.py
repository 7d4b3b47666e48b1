"""What every answer tells browsers about itself, in one table: pages, data, feeds, calendars, pictures, static files,
redirects, 304 and errors of every kind.

Two more come from elsewhere: `Strict-Transport-Security` from Django, where `HTTPS` is on, and the content security
policy from django-csp, which takes `POLICY` and lets single views add to it (`csp_update`).
"""

from csp.constants import NONE, SELF
from csp.middleware import CSPMiddleware
from django.conf import settings

# Nothing from elsewhere and nothing inline, at the desk as well. So there is no nonce: a nonce lets an inline script
# in, and there is none to let in.
POLICY = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF],
    "font-src": [SELF],
    "connect-src": [SELF],
    "form-action": [SELF],
    "manifest-src": [SELF],
    "base-uri": [NONE],
    "object-src": [NONE],
    "frame-ancestors": [NONE],
}

# What no page of the portal does, by names that browsers know: of others they complain in their console. Left out is
# what players of videos need (`portal/static/js/video.js`), because what the page may not do, no frame on it may.
DENIED = (
    *("accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "hid"),
    *("identity-credentials-get", "idle-detection", "interest-cohort", "local-fonts", "magnetometer", "microphone"),
    *("midi", "otp-credentials", "payment", "publickey-credentials-create", "publickey-credentials-get"),
    *("screen-wake-lock", "serial", "storage-access", "usb", "window-management", "xr-spatial-tracking"),
)

SAME_ORIGIN, CROSS_ORIGIN = "same-origin", "cross-origin"

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in DENIED),
    "Cross-Origin-Opener-Policy": SAME_ORIGIN,
    "Cross-Origin-Resource-Policy": SAME_ORIGIN,  # of what other sites may load: see `is_for_other_sites`
}
FOR_PROGRAMS = {**HEADERS, "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
OF_FRAMES = ("X-Frame-Options", "Cross-Origin-Opener-Policy")  # that a page for frames goes without


class ResponseHeaders:
    """The outermost middleware, so that no answer leaves without them. What a view has said itself stays."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        headers = HEADERS
        if getattr(response, "xframe_options_exempt", False):
            headers = {name: value for name, value in HEADERS.items() if name not in OF_FRAMES}
        if is_for_other_sites(request, response):
            response.headers.setdefault("Cross-Origin-Resource-Policy", CROSS_ORIGIN)
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response


def with_headers(request, response):
    """`response` with all of it, where it does not come out of Django's middleware."""
    return ResponseHeaders(CSPMiddleware(lambda _request: response))(request)


def is_for_other_sites(request, response) -> bool:
    """Whether pages of others may load the answer as a part of themselves: what the portal makes for them (pages for
    frames, feeds, calendars, data, sharing images, icons), and static files, which hold nothing of anybody.

    Pages, uploads, the desk, and what is meant for one person are none of these.
    """
    if getattr(response, "xframe_options_exempt", False):
        return True
    path = request.path_info
    if path.startswith((f"/{settings.ADMIN_PATH}", settings.MEDIA_URL, "/preview/")):
        return False
    is_page = response.get("Content-Type", "text/html").startswith("text/html")
    return not is_page and not response.cookies and "private" not in response.get("Cache-Control", "")
