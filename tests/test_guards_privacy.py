"""Guard of visitors' privacy: pages load nothing from elsewhere, and nobody gets a cookie who needs none."""

import re
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import reverse

from tests.test_guards_pages import QUERIES, build_site

pytestmark = pytest.mark.django_db

LANGUAGES = [code for code, _name in settings.LANGUAGES]
WITH_A_FORM = {"events:enquiries": {"csrftoken"}}  # the cookies of a page, where it needs any
STYLES = Path(settings.BASE_DIR) / "portal" / "static"

# What a browser loads by itself, as opposed to where a link leads when somebody follows it.
LOADING = re.compile(r"<(?:img|script|iframe|frame|source|audio|video|track|embed|input|object|link)\b[^>]*>", re.I)
ATTRIBUTE = re.compile(r"([\w-]+)=\"([^\"]*)\"")
RELATIONS = {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "preconnect", "dns-prefetch", "manifest"}
BY_STYLE = re.compile(r"http-equiv=\"refresh\"[^>]*|style=\"[^\"]*url\([^\"]*", re.IGNORECASE)


def loaded_from_elsewhere(html) -> list[str]:
    """The addresses of other sites that a browser asks by itself when it shows `html`."""
    found = BY_STYLE.findall(html)
    for tag in LOADING.findall(html):
        known = dict(ATTRIBUTE.findall(tag))
        addresses = [known.get(name, "") for name in ("src", "data", "poster")]
        addresses += [each.split()[0] for each in known.get("srcset", "").split(",") if each.strip()]
        if RELATIONS & set(known.get("rel", "").replace("-icon", " icon").split()):
            addresses.append(known.get("href", ""))
        found += filter(_is_elsewhere, addresses)
    return found


def _is_elsewhere(address) -> bool:
    return bool(urlsplit(address).netloc) and not address.startswith(f"{settings.SITE_URL}/")


def answers(client, language):
    """Every public page, by the name of its view."""
    for name, (slugs, _queries) in QUERIES.items():
        yield name, client.get(reverse(name, args=slugs).replace("/en/", f"/{language}/", 1))
    yield "robots", client.get("/robots.txt")
    yield "api", client.get("/api/v1/agreements")
    yield "missing", client.get(f"/{language}/nowhere/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_visitor_gets_no_cookie_and_loads_nothing_from_other_sites(client, language):
    build_site(1)

    cookies, elsewhere, pages = {}, {}, 0
    for name, response in answers(client, language):
        client.cookies = SimpleCookie()
        if response.cookies:
            cookies[name] = set(response.cookies)
        if response.get("Content-Type", "").startswith("text/html"):
            pages += 1
            if found := loaded_from_elsewhere(response.content.decode()):
                elsewhere[name] = found

    assert cookies == WITH_A_FORM
    assert elsewhere == {}
    assert pages > 35


def test_style_sheets_and_scripts_name_no_other_site():
    addresses = re.compile(r"url\(\s*['\"]?(https?:)?//|@import\s+(?:url\()?['\"](?:https?:)?//|fetch\(['\"]https?://")

    sheets = {path: path.read_text() for path in STYLES.rglob("*") if path.suffix in (".css", ".js")}

    named = [path.name for path, text in sheets.items() if addresses.search(re.sub(r"@namespace[^;]*;", "", text))]

    assert named == []


@pytest.mark.parametrize(
    "html",
    [
        '<img alt="" src="https://tracker.example/a.gif">',
        '<img alt="" src="//tracker.example/a.gif">',
        '<img src="/a.webp" srcset="/a.webp 320w, https://cdn.example/b.webp 640w">',
        '<script type="module" src="https://cdn.example/a.js"></script>',
        '<iframe title="x" src="https://video.example/1"></iframe>',
        '<link rel="preload stylesheet" href="https://fonts.example/a.css">',
        '<link href="https://fonts.example" rel="preconnect">',
        '<meta http-equiv="refresh" content="0; url=https://elsewhere.example/">',
        '<p style="background: url(https://cdn.example/a.png)">',
    ],
)
def test_what_a_browser_would_load_from_elsewhere_is_found(html):
    assert len(loaded_from_elsewhere(html)) == 1


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://news.example/">source</a>',
        '<img alt="" src="/media/a.webp">',
        '<link rel="canonical" href="https://portal.example/en/">',
        '<link rel="alternate" href="https://elsewhere.example/en/">',
        '<link rel="icon" href="https://portal.example/favicon.ico">',
    ],
)
def test_what_a_browser_does_not_load_from_elsewhere_is_left_alone(html):
    assert loaded_from_elsewhere(html) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_about_privacy_says_what_is_configured(client, settings, language):
    settings.CONTACT_EMAIL, settings.ENQUIRY_RETENTION_MONTHS = "office@portal.example", 7
    settings.PUBLISHERS = {"en": "Office of Exampleland", "zh-hans": "示例办公室"}

    page = client.get(f"/{language}/privacy/").content.decode()

    assert "office@portal.example" in page
    assert settings.PUBLISHERS[language] in page
    assert re.search(r"\b7\b|7 ", page)
    assert "csrftoken" in page


def test_the_page_about_privacy_is_found_from_every_page_and_in_the_sitemap(client):
    assert 'href="/en/privacy/"' in client.get("/en/sources/").content.decode()
    assert f"{settings.SITE_URL}/zh-hans/privacy/" in client.get("/sitemaps/lists-1.xml").content.decode()
