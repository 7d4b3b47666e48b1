"""What no answer may be, whatever was asked: a fault, an echo of markup, a look inside, a way elsewhere, a wait."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.conf import settings

from portal.response_headers import HEADERS, OF_FRAMES
from tests.door import OURS
from tests.hostile.inputs import CALCULATED, MARK

SLOWEST = 2  # seconds
DRAFT = "Kept back"  # in the names of everything that is not public
SEEN_ONLY_INSIDE = re.compile(
    rb"Traceback \(most recent|File \"/|site-packages|\bdjango\.(?:db|core|utils)\b|psycopg2?\.|sqlite3\."
    rb"|OperationalError|ProgrammingError|DataError|IntegrityError|near \"[^\"]*\": syntax|root:x:0:"
    rb"|\b(?:FROM|INTO|UPDATE) \"?(?:events|companies|portal|auth|django)_\w+"
    rb"|DATABASE_URL|wsgi\.(?:input|errors)|settings\.py"
)
LINKS = ("href", "src", "action", "formaction", "data")


def faults_of(answer, drafts_are_secret=True) -> list[str]:
    """What is wrong with `answer`, each with what was asked."""
    checks = [a_fault, an_echo, a_look_inside, a_way_elsewhere, a_wait, a_header_too_many, headers_too_few]
    checks += [a_secret] if drafts_are_secret else []
    return [f"{what}: {answer.status} {answer.asked}" for check in checks for what in check(answer)]


def a_fault(answer):
    if not 200 <= answer.status < 500:
        yield "a fault"


def a_wait(answer):
    if answer.seconds > SLOWEST:
        yield f"{answer.seconds:.1f} seconds"


def a_look_inside(answer):
    inside = SEEN_ONLY_INSIDE.search(answer.body)
    if inside:
        yield f"a look inside ({inside[0].decode()})"
    for secret in (settings.SECRET_KEY, str(settings.BASE_DIR), str(settings.DATABASES["default"]["NAME"])):
        if len(secret) > 6 and secret.encode() in answer.body:
            yield "a setting"


def a_secret(answer):
    if DRAFT.encode() in answer.body:
        yield "a draft"


def an_echo(answer):
    if CALCULATED.encode() in answer.body:
        yield "a template was calculated"
    if MARK.encode() not in answer.body:
        return
    if answer.content_type.endswith("xml") and re.search(rb"<[^>]*h0st1le[^>]*>(?<!\?>)", _without_texts(answer.body)):
        yield "an echo of markup"
    if answer.content_type == "text/html":
        page = _Page()
        page.feed(answer.text)
        yield from page.found


def _without_texts(xml):
    """The XML without attributes' values, where `<` is escaped anyway, and without CDATA."""
    return re.sub(rb'"[^"<]*"|<!\[CDATA\[.*?\]\]>', b"", xml, flags=re.DOTALL)


class _Page(HTMLParser):
    """Elements, attributes and links that came from what was sent."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        if MARK in tag:
            self.found.append(f"an element came back: {tag}")
        for name, value in attributes:
            value = value or ""
            if MARK in name or (MARK in value and name.startswith("on")):
                self.found.append(f"an attribute came back: {name}")
            if name in LINKS and MARK in value and _leads_elsewhere(value):
                self.found.append(f"a link leads elsewhere: {value}")

    def handle_comment(self, text):
        if MARK in text:
            self.found.append("a comment came back")


def _leads_elsewhere(address):
    address = re.sub(r"[\s\\]", lambda match: "/" if match[0] == "\\" else "", address)
    try:
        parts = urlsplit(address)
    except ValueError:
        return True
    return MARK in parts.netloc or parts.scheme not in ("", "http", "https", "mailto")


def a_way_elsewhere(answer):
    to = answer.headers.get("Location")
    if to is not None and (_leads_elsewhere(to) or urlsplit(to).netloc not in ("", OURS) or to.startswith("/\\")):
        yield f"a way elsewhere ({to})"


def a_header_too_many(answer):
    for name, value in answer.lines:
        if re.search(r"[\r\n\0]", name + value) or MARK in name.lower():
            yield f"a header was sent in ({name})"
        if name == "Set-Cookie" and MARK in value:
            yield "a cookie was sent in"


def headers_too_few(answer):
    missing = {*HEADERS, "Content-Security-Policy"} - answer.headers.keys()
    if "frame-ancestors *" in answer.headers.get("Content-Security-Policy", ""):
        missing -= set(OF_FRAMES)
    if missing:
        yield f"without {', '.join(sorted(missing))}"
