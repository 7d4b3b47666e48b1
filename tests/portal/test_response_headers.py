"""What every answer tells browsers about itself: one table, and every address of the portal asked for it."""

import re
from html.parser import HTMLParser

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse, JsonResponse
from django.test import Client
from django.urls import path, reverse

from portal.response_headers import HEADERS, OF_FRAMES, POLICY, ResponseHeaders
from tests import factories
from tests.addresses import every_address
from tests.observatory import grade, score
from tests.test_guards_pages import build_site

pytestmark = pytest.mark.django_db

FRAMED = {"events:programme_embed", "events:totals_embed"}
FOR_OTHER_SITES = FRAMED | {  # addresses whose answers pages of others may load
    *("", "api", "api_description", "api_list", "api_record", "data_file"),
    *("cover", "card_cover", "icon", "apple_touch_icon", "favicon", "robots", "sitemap_index", "sitemap"),
    *("events:agenda_calendar", "events:conferences_calendar", "events:conference_calendar", "events:day_calendar"),
    *("events:session_calendar", "events:promise_calendar", "events:schedule_xml", "events:schedule_json"),
    *("events:change_feed", "events:agreement_feed", "events:news_feed", "portal:correction_feed"),
    *("events:agreement_download", "events:project_download", "companies:company_download"),
    *("companies:indicator_download", "portal:dataset_download", "portal:sharing_image", "portal:manifest"),
    "events:search_suggestions",
}  # "": the problem document of addresses under /api/ where nothing is


def lacking(response) -> set[str]:
    """What the answer (or its headers, as a mapping) does not say, or says too weakly."""
    policy = directives(response.get("Content-Security-Policy", ""))
    wrong = {name for name, value in HEADERS.items() if response.get(name) != value}
    wrong -= (
        {"Cross-Origin-Resource-Policy"} if response.get("Cross-Origin-Resource-Policy") == "cross-origin" else set()
    )
    if policy.get("default-src") != ["'none'"] or {"'unsafe-inline'", "'unsafe-eval'", "*"} & set(
        policy.get("script-src", []) + policy.get("style-src", [])
    ):
        wrong.add("Content-Security-Policy")
    if "sandbox" not in policy and policy.get("frame-ancestors") != ["'none'"]:
        wrong.add("frame-ancestors")
    return wrong


def directives(policy) -> dict[str, list[str]]:
    return {name: values for name, *values in (part.split() for part in policy.split(";") if part.strip())}


@pytest.fixture
def desk():
    browser = Client(raise_request_exception=False)
    browser.force_login(User.objects.create_superuser("admin"), "django.contrib.auth.backends.ModelBackend")
    return browser


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


# --- Every address ----------------------------------------------------------------------------------------------------


def test_every_address_says_all_of_it_and_holds_nothing_that_the_policy_forbids(visitor, desk):
    build_site(1)
    for_others, wrong = set(), {}

    for address in every_address():
        response = (desk if address.is_of_desk else visitor).get(address.path)
        missing = lacking(response) - ({*OF_FRAMES, "frame-ancestors"} if address.name in FRAMED else set())
        if response["Content-Type"].startswith("text/html"):
            missing |= set(forbidden(response.text))
        if missing:
            wrong[address.path] = missing
        if response["Cross-Origin-Resource-Policy"] == "cross-origin":
            for_others.add(address.name)
        assert response.status_code < 500, address
        assert address.is_of_desk or response.status_code == 200 or address.name in NOT_200, address

    assert wrong == {}
    assert for_others == FOR_OTHER_SITES


NOT_200 = {"set_language", "end_preview", "shared_preview", "upload", "", "events:enquiry_receipt", "events:styleguide"}
NOT_200 |= {"security_txt"}  # without CONTACT_EMAIL


class _Inline(HTMLParser):
    """What a browser would refuse to run, to apply or to load under the policy."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        said = dict(attributes)
        if tag == "style" or (tag == "script" and "src" not in said and said.get("type", "") not in DATA):
            self.found.append(f"<{tag}>")
        self.found += [f"{tag} {name}" for name in said if name == "style" or name.startswith("on")]
        loaded = [said.get(name) or "" for name in LOADED.get(tag, ())]
        self.found += [f"{tag} {where}" for where in loaded if re.match(r"(?i)\w+:|//", where)]
        if re.match(r"(?i)\s*javascript:", said.get("href") or ""):
            self.found.append(f"{tag} javascript:")


DATA = ("application/ld+json", "application/json")  # read by programs, run by nobody
LOADED = {"script": ("src",), "img": ("src", "srcset"), "iframe": ("src",), "object": ("data",), "embed": ("src",)}
LOADED |= {"source": ("src", "srcset"), "video": ("src",), "audio": ("src",), "form": ("action",), "base": ("href",)}


def forbidden(html) -> list[str]:
    page = _Inline()
    page.feed(html)
    return page.found


def test_what_the_policy_forbids_is_found():
    page = """<style></style><script>1</script><script type="application/ld+json">{}</script><p style="a" onclick="b">
    <img src="https://x.example/a.png"><img src="/a.png"><a href="javascript:1">c</a><form action="//x.example">"""

    assert forbidden(page) == [
        *("<style>", "<script>", "p style", "p onclick", "img https://x.example/a.png", "a javascript:"),
        "form //x.example",
    ]


def test_what_is_not_said_is_found():
    bare = HttpResponse()
    weak = HttpResponse(
        headers={**HEADERS, "Content-Security-Policy": "default-src 'none'; script-src 'unsafe-inline'"}
    )

    assert lacking(bare) == {*HEADERS, "Content-Security-Policy", "frame-ancestors"}
    assert lacking(weak) == {"Content-Security-Policy", "frame-ancestors"}


def test_the_policy_lets_nothing_in_from_elsewhere_and_nothing_inline():
    assert {source for sources in POLICY.values() for source in sources} == {"'none'", "'self'"}
    assert {name for name, sources in POLICY.items() if sources == ["'none'"]} == {
        *("default-src", "base-uri", "object-src", "frame-ancestors"),
    }


# --- Answers of every kind --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 204, 301, 302, 304, 400, 403, 404, 405, 410, 413, 416, 429, 500, 503])
@pytest.mark.parametrize("make", [HttpResponse, lambda **kw: JsonResponse({}, **kw)], ids=["page", "data"])
def test_an_answer_of_any_status_says_it(rf, status, make):
    response = ResponseHeaders(lambda _request: make(status=status))(rf.get("/en/"))

    assert lacking(response) == {"Content-Security-Policy", "frame-ancestors"}  # which django-csp adds


def test_what_a_view_says_itself_stays(rf):
    said = {"X-Frame-Options": "SAMEORIGIN", "Cross-Origin-Resource-Policy": "same-site"}

    response = ResponseHeaders(lambda _request: HttpResponse("{}", "application/json", headers=said))(rf.get("/"))

    assert {name: response[name] for name in said} == said


@pytest.mark.parametrize("address", ["/admin/x.json", "/media/photo/x.webp", "/preview/x"])
def test_what_is_not_for_everybody_is_not_for_other_sites(rf, address):
    answered = ResponseHeaders(lambda _request: HttpResponse("{}", "application/json"))

    assert answered(rf.get(address))["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answered(rf.get("/en/x.json"))["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_what_is_for_one_person_is_not_for_other_sites(rf):
    private, personal = JsonResponse({}, headers={"Cache-Control": "private, max-age=0"}), JsonResponse({})
    personal.set_cookie("a", "b")

    for response in (private, personal):
        ResponseHeaders(lambda _request, answer=response: answer)(rf.get("/en/x.json"))
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def fails(error):
    def view(request):
        raise error

    return view


class OwnURLs:
    """The addresses of the portal, and two that fail."""

    from portal.urls import handler400, handler403, handler404, handler500, urlpatterns

    urlpatterns = [
        path("too-much/", fails(RequestDataTooBig("more than is read"))),
        path("broken/", fails(ZeroDivisionError)),
        path("en/x-broken/", fails(ZeroDivisionError)),
        *urlpatterns,
    ]


def errors(visitor):
    """An answer of each kind of failure that the portal has, by its name."""
    company = factories.organization(published_at=None)
    yield "a foreign host", 400, visitor.get("/en/", headers={"host": "evil.example"})
    yield "a NUL byte", 400, visitor.get("/en/?q=%00")
    yield "too much", 400, visitor.post("/too-much/")
    yield "a form without its token", 403, Client(enforce_csrf_checks=True).post("/en/enquiries/", {"message": "x"})
    yield "sign-in without its token", 403, Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x"})
    yield "nothing", 404, visitor.get("/en/no/such/page/")
    yield "nothing for programs", 404, visitor.get("/api/v1/nothing")
    yield "a draft", 404, visitor.get(company.get_absolute_url())
    yield "only read", 405, visitor.post("/en/")
    yield "only read by programs", 405, visitor.post("/api/v1/agreements")
    yield "a wrong parameter", 400, visitor.get("/api/v1/agreements?nonsense=1")
    yield "a fault", 500, visitor.get("/broken/")
    yield "a fault on a page", 500, visitor.get("/en/x-broken/")
    yield "no slash", 301, visitor.get("/en")
    yield "a redirect", 302, visitor.get("/")
    yield "the desk", 302, visitor.get("/admin/")


def test_every_error_and_redirect_says_it(visitor, settings):
    settings.ROOT_URLCONF = OwnURLs

    for what, status, response in errors(visitor):
        assert response.status_code == status, what
        assert lacking(response) == set(), what


def test_a_foreign_host_over_plain_http_is_told_as_much(settings):
    """Where HTTPS is on, Django refuses it before any other part of the portal hears of it."""
    settings.SECURE_SSL_REDIRECT = True

    response = Client().get("/en/", headers={"host": "evil.example"})

    assert (response.status_code, lacking(response)) == (400, set())


def test_whoever_has_a_page_already_is_told_as_much(visitor):
    first = visitor.get("/en/sources/")

    unchanged = visitor.get("/en/sources/", headers={"if-none-match": first["ETag"]})

    assert (unchanged.status_code, lacking(unchanged)) == (304, set())


def test_kept_pages_say_it_as_well_and_so_does_their_304(door):
    first, kept = door.ask("/en/sources/"), door.ask("/en/sources/")
    unchanged = door.ask("/en/sources/", if_none_match=first.headers["ETag"])

    assert [each.status for each in (first, kept, unchanged)] == [200, 200, 304]
    assert [lacking(each.headers) for each in (first, kept, unchanged)] == [set()] * 3


def test_static_files_say_it(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "site.css").write_text("a { b: c }")

    response = Client().get("/static/site.css")
    missing = Client().get("/static/none.css")

    assert (response.status_code, lacking(response)) == (200, set())
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert (missing.status_code, lacking(missing)) == (404, set())


@pytest.mark.parametrize(("make", "field"), [(factories.photo, "image"), (factories.document, "file")])
def test_uploads_may_do_nothing_and_are_for_this_site(visitor, make, field):
    response = visitor.get(getattr(make(), field).url)

    assert (response.status_code, lacking(response)) == (200, set())
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Content-Disposition"].partition(";")[0] == ("inline" if field == "image" else "attachment")


def test_a_page_for_frames_says_nothing_that_would_keep_it_out_of_them(visitor):
    factories.conference(slug="main")

    response = visitor.get(reverse("events:programme_embed", args=["main"]))

    assert lacking(response) == {*OF_FRAMES, "frame-ancestors"}
    assert {name for name in OF_FRAMES if name in response} == set()
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"


# --- As others judge it -----------------------------------------------------------------------------------------------


def test_mozillas_observatory_would_give_its_best_grade(settings):
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_PRELOAD = 365 * 24 * 3600, True
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    browser = Client()

    for address in ("/en/", "/zh-hans/agreements/", "/en/enquiries/", "/admin/login/"):
        response = browser.get(address, secure=True)

        assert grade(score(response)) == "A+", (address, score(response))


def test_a_weaker_site_would_not_get_it(settings):
    bare = HttpResponse("<script>1</script>")
    bare.set_cookie("sessionid", "x")

    assert grade(score(bare)) == "F"
