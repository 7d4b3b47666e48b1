"""Guard of what a request may claim: where it comes from, where to go next, what its host is, who signed it."""

import re
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.test import Client
from django.urls import reverse

from portal.desk.previews import SALT, shared_preview
from tests import factories
from tests.portal.sign_in.staff import LOGIN, PASSWORD, browser, sign_in, staff

pytestmark = pytest.mark.django_db

EVIL = "evil.example"
HOSTS = ("x-forwarded-host", "x-forwarded-server", "x-host", "x-original-host", "x-forwarded-prefix", "from")
FORGED = {
    **dict.fromkeys(HOSTS, EVIL),
    "x-original-url": f"/{EVIL}/",
    "x-rewrite-url": f"/{EVIL}/",
    "x-http-method-override": "DELETE",
    "x-method-override": "DELETE",
    "forwarded": f"host={EVIL};proto=http",
    "x-forwarded-proto": "http",
    "x-forwarded-port": "8443",
    "origin": f"https://{EVIL}",
    "referer": f"https://{EVIL}/",
}
PAGES = ["/en/", "/zh-hans/agreements/", "/en/news/feed.atom", "/en/conferences.ics", "/api/v1/agreements",
         "/sitemap.xml", "/robots.txt", "/data/catalog.jsonld", "/en/search/?q=park", "/en/nowhere/"]  # fmt: skip


# --- Headers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", PAGES)
def test_no_header_of_a_request_changes_what_others_might_be_given_from_a_cache(client, now, address):
    plain, forged = client.get(address), client.get(address, headers=FORGED)

    assert forged.status_code == plain.status_code
    assert forged.content == plain.content
    assert EVIL not in f"{dict(forged.headers)}{forged.content.decode()}"


@pytest.mark.parametrize("host", [EVIL, f"localhost.{EVIL}", f"localhost:80@{EVIL}", "localhost evil", ""])
def test_a_foreign_host_is_refused_before_anything_could_repeat_it(client, host):
    response = client.get("/en/", headers={"host": host})

    assert response.status_code == 400
    assert EVIL not in response.content.decode()


def test_a_letter_with_a_new_password_leads_to_the_configured_address_whatever_host_was_asked(mailoutbox):
    staff()

    asking = Client(headers={**FORGED, "host": "localhost"})
    asking.post("/admin/password-reset/", {"email": "editor@portal.example"})

    addresses = re.findall(r"https?://[^/\s]+", mailoutbox[0].body)
    assert set(addresses) == {settings.SITE_URL}
    assert EVIL not in str(mailoutbox[0].message())


# --- Where to go next -------------------------------------------------------------------------------------------------

ELSEWHERE = [
    f"https://{EVIL}/",
    f"//{EVIL}/",
    f"///{EVIL}/",
    f"/\\{EVIL}/",
    f"\\\\{EVIL}/",
    f"https:{EVIL}",
    f"https:/{EVIL}",
    f"\thttps://{EVIL}/",
    f"https://localhost@{EVIL}/",
    f"https://testserver.{EVIL}/",
    "javascript:alert(1)",
    "data:text/html,x",
]


def leads_elsewhere(response) -> bool:
    """Whether a browser would leave the site."""
    location = response.get("Location", "").replace("\\", "/").strip()
    parts = urlsplit(location)
    return bool(parts.netloc and parts.netloc != "testserver") or (parts.scheme not in ("", "http", "https"))


@pytest.mark.parametrize("address", ELSEWHERE)
def test_no_form_leads_to_another_site(address):
    staff()
    outside, inside = Client(), browser()

    answers = [
        sign_in(outside, next=address),
        outside.get(LOGIN, {"next": address}),
        inside.get(LOGIN, {"next": address}),
        inside.post(reverse("set_language"), {"language": "zh-hans", "next": address}),
        inside.post(reverse("set_language"), {"language": "zh-hans"}, headers={"referer": address.strip()}),
        inside.get(reverse("admin:set_up_second_factor"), {"next": address}),
        inside.post(reverse("admin:logout"), {"next": address}),
        inside.get(reverse("admin:sign_in_code"), {"next": address}),
    ]

    assert [each.status_code for each in answers if leads_elsewhere(each)] == []
    assert not [each for each in answers if f'href="{address}"' in each.content.decode()]


@pytest.mark.parametrize(
    "path", [f"//{EVIL}", f"//{EVIL}/en", f"/en//{EVIL}", f"/%2F%2F{EVIL}", f"/\\{EVIL}", f"//{EVIL}/%2e%2e"]
)
def test_no_path_that_lacks_its_slash_leads_to_another_site(client, path):
    response = client.generic("GET", path)

    assert not leads_elsewhere(response)


def test_a_way_to_another_site_is_noticed(client):
    response = client.get("/en/")

    found = []
    for address in (f"//{EVIL}/", f"/\\{EVIL}/", "javascript:alert(1)", "/en/", "https://testserver/en/"):
        response["Location"] = address
        found.append(leads_elsewhere(response))

    assert found == [True, True, True, False, False]


# --- Sent twice -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["/en/agreements/?year=2024&year=2023", "/en/agreements/?year=2023&year=2024", "/en/news/?page=1&page=2",
     "/en/companies/?sector[]=a&sector=b&sector[0]=c", "/en/search/?q=a&q=b", "/en/agreements.csv?year=2024&year=x"],
)  # fmt: skip
def test_a_parameter_that_is_sent_twice_counts_once(client, address):
    factories.signing(signed_on="2024-05-01")
    factories.signing(signed_on="2023-05-01")

    response = client.get(address)
    single = [client.get(f"{address.partition('?')[0]}?{each}") for each in address.partition("?")[2].split("&")]

    assert response.status_code in {each.status_code for each in single}
    assert told_by(response) in {told_by(each) for each in single}


def told_by(response):
    """The canonical address of a page, the content of a file."""
    content = response.getvalue()
    if b"<html" not in content:
        return content
    canonical = re.search(rb'<link rel="canonical" href="([^"]*)"', content)
    return canonical and canonical[1]


def test_a_name_that_is_sent_twice_signs_in_nobody_else():
    staff(), staff("boss", is_superuser=True)

    client = Client()
    client.post(LOGIN, f"username=boss&username=editor&password={PASSWORD}", "application/x-www-form-urlencoded")

    assert client.get("/admin/account/").context["user"].get_username() == "editor"


# --- Sessions and cookies ---------------------------------------------------------------------------------------------


def test_a_session_key_from_before_signing_in_is_worth_nothing_afterwards():
    staff()
    client = Client()
    client.session["planted"] = "by somebody else"
    client.session.save()
    key = client.session.session_key
    planted = {settings.SESSION_COOKIE_NAME: key}

    sign_in(client)
    stranger = Client()
    stranger.cookies.load(planted)

    assert client.session.session_key != key
    assert stranger.get("/admin/account/").status_code == 302


def test_leaving_ends_the_session_at_the_server():
    staff()
    client, copy = browser(), Client()
    copy.cookies.load({settings.SESSION_COOKIE_NAME: client.session.session_key})
    was_in = copy.get("/admin/account/").status_code

    client.post(reverse("admin:logout"))

    assert (was_in, copy.get("/admin/account/").status_code) == (200, 302)


def test_over_https_every_cookie_is_for_https_and_for_no_script(settings):
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE"):
        setattr(settings, name, True)
    staff()
    client = Client()
    client.get(LOGIN, secure=True)
    client.post(LOGIN, {"username": "editor", "password": PASSWORD}, secure=True)
    client.post(reverse("set_language"), {"language": "zh-hans"}, secure=True)
    client.get("/en/enquiries/", secure=True)

    flags = {
        name: (bool(each["secure"]), bool(each["httponly"]), each["samesite"]) for name, each in client.cookies.items()
    }

    assert set(flags) >= {settings.SESSION_COOKIE_NAME, "csrftoken", "known_browser", settings.LANGUAGE_COOKIE_NAME}
    assert {name for name, flag in flags.items() if flag != (True, True, "Lax")} == set()


# --- Signed words -----------------------------------------------------------------------------------------------------


def test_a_word_that_was_signed_for_one_purpose_opens_nothing_else(django_user_model):
    """Each kind of token has a salt of its own."""
    giver = django_user_model.objects.create_superuser("root")
    draft = factories.conference(published_at=None)
    parts = {"record": ["events.conference", draft.pk], "until": 4_000_000_000, "by": giver.pk}

    right, wrong = (signing.dumps(parts, salt=salt, compress=True) for salt in (SALT, "portal.desk.importing"))

    assert shared_preview(right).record == draft
    assert shared_preview(wrong) is None


def test_no_code_compares_secrets_by_equality():
    """What is compared with a secret is compared in constant time, or carries a signature."""
    comparing = re.compile(
        r"(token|signature|digest|secret|api_?key)\w*\s*[!=]=|[!=]=\s*\w*(token|signature|secret)", re.I
    )
    known = {'seen") == shift.digest', 'seen") == plan.digest'}  # of what was shown, not secrets

    found = [
        f"{path.name}: {line.strip()}"
        for app in ("portal", "companies", "events")
        for path in (settings.BASE_DIR / app).rglob("*.py")
        for line in path.read_text().splitlines()
        if comparing.search(line) and not line.lstrip().startswith("#") and not any(each in line for each in known)
    ]

    assert found == []


def test_no_page_shows_the_settings(client, admin_user, settings):
    """Neither a fault nor an address shows how the portal is configured."""
    settings.SECRET_KEY = "a-key-that-no-page-may-show"
    client.force_login(admin_user)
    client.raise_request_exception = False
    told = [client.get(each).content.decode() for each in ("/admin/", "/admin/nowhere/", "/en/nowhere/", "/en/%ff/")]

    assert settings.DEBUG is False
    assert not [
        text for text in told if settings.SECRET_KEY in text or "Traceback" in text or "DJANGO_SETTINGS" in text
    ]
    assert get_user_model().objects.exists()
