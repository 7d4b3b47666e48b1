"""How Mozilla's HTTP Observatory scores an answer, as its documentation says, for what can be seen in one answer:
https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring (read in November 2026).

Every rule that a page of the portal could break is here with its points; left out are those about what it does not do
at all (scripts from elsewhere, cross-origin sharing of pages) and the certificate.
"""

from html.parser import HTMLParser

GRADES = [(100, "A+"), (90, "A"), (85, "A-"), (80, "B+"), (70, "B"), (65, "B-"), (60, "C+"), (50, "C"), (0, "F")]
HALF_A_YEAR = 15_768_000  # seconds
UNSAFE = {"'unsafe-inline'", "'unsafe-eval'", "data:", "http:", "https:", "*"}
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}


def score(response) -> dict[str, int]:
    """The points of each rule: penalties, and bonuses where nothing is wrong."""
    return {rule.__name__: rule(response) for rule in RULES}


def grade(points) -> str:
    """From 100, less the penalties; the bonuses count from 90 on."""
    total = 100 + sum(each for each in points.values() if each < 0)
    if total >= 90:
        total += sum(each for each in points.values() if each > 0)
    return next(name for least, name in GRADES if max(total, 0) >= least)


def content_security_policy(response):
    policy = _policy(response)
    if not policy:
        return -25
    fallback = policy.get("default-src", ["*"])
    scripts, styles = policy.get("script-src", fallback), policy.get("style-src", fallback)
    if UNSAFE & {*scripts, *policy.get("object-src", fallback)}:
        return -20
    if UNSAFE & set(styles):
        return 0
    return 10 if fallback == ["'none'"] else 5


def cookies(response):
    sent = response.cookies.values()
    if not sent:
        return 0
    if any(not each["secure"] or ("session" in each.key and not each["httponly"]) for each in sent):
        return -40
    return 5 if all(each["samesite"] in ("Lax", "Strict") for each in sent) else 0


def cross_origin_resource_sharing(response):
    return -50 if response.get("Access-Control-Allow-Credentials") == "true" else 0


def referrer_policy(response):
    said = response.get("Referrer-Policy")
    return 0 if said is None else 5 if said in PRIVATE else -5


def strict_transport_security(response):
    parts = [each.strip() for each in response.get("Strict-Transport-Security", "").split(";")]
    ages = [int(each.removeprefix("max-age=")) for each in parts if each.startswith("max-age=")]
    if not ages:
        return -20
    return 0 if ages[0] >= HALF_A_YEAR else -10  # five more once browsers have the site in their preload list


def subresource_integrity(response):
    page = _Scripts()
    page.feed(response.content.decode())
    return -50 if any(src.startswith(("http:", "//")) for src in page.sources) else 0


def x_content_type_options(response):
    return 0 if response.get("X-Content-Type-Options") == "nosniff" else -5


def x_frame_options(response):
    if "frame-ancestors" in _policy(response):
        return 5
    return 0 if response.get("X-Frame-Options") in ("DENY", "SAMEORIGIN") else -20


def cross_origin_resource_policy(response):
    said = response.get("Cross-Origin-Resource-Policy")
    return 10 if said in ("same-origin", "same-site") else 0


RULES = (
    *(content_security_policy, cookies, cross_origin_resource_sharing, referrer_policy, strict_transport_security),
    *(subresource_integrity, x_content_type_options, x_frame_options, cross_origin_resource_policy),
)


class _Scripts(HTMLParser):
    def __init__(self):
        super().__init__()
        self.sources = []

    def handle_starttag(self, tag, attributes):
        if tag == "script" and (src := dict(attributes).get("src")):
            self.sources.append(src)


def _policy(response) -> dict[str, list[str]]:
    parts = response.get("Content-Security-Policy", "").split(";")
    return {name: values for name, *values in (part.split() for part in parts if part.strip())}
