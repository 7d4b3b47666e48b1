import re

import pytest
from django.test import RequestFactory
from django.utils import translation

from portal.page_context import site
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("/en/", ""),
        ("/en/conferences/", "conferences"),
        ("/en/speakers/somebody/", "conferences"),
        ("/en/projects/", "agreements"),
        ("/en/promises/", "agreements"),
        ("/zh-hans/indicators/companies/", "district"),
        ("/zh-hans/companies/", "companies"),
        ("/en/accessibility/", "accessibility"),
        ("/nowhere/", ""),
    ],
)
def test_a_page_knows_the_section_it_stands_in(path, section):
    with translation.override(path.split("/")[1] if path != "/nowhere/" else "en"):
        assert site(RequestFactory().get(path))["section"] == section


def test_the_navigation_marks_the_section_that_is_open(client):
    html = client.get("/en/projects/").content.decode()

    assert re.findall(r'<a href="([^"]+)" aria-current="true">', html) == ["/en/agreements/"]


def test_the_footer_names_who_is_responsible_and_the_licence(client, settings):
    settings.PUBLISHERS = {"en": "Office of Exampleland", "zh-hans": "示例地区办公室"}
    settings.DATA_LICENCE, settings.DATA_LICENCE_URL = "Open Licence", "https://licence.example/"

    english, chinese = (client.get(f"/{code}/accessibility/").content.decode() for code in ("en", "zh-hans"))

    assert "Responsible: Office of Exampleland." in english
    assert "示例地区办公室" in chinese
    assert '<a href="https://licence.example/" rel="license external">Open Licence</a>' in english


def test_a_portal_without_a_publisher_a_contact_or_a_licence_claims_none(client, settings):
    settings.PUBLISHERS, settings.CONTACT_EMAIL = {"en": "", "zh-hans": ""}, ""
    settings.DATA_LICENCE = ""

    footer = client.get("/en/").content.decode().partition('<footer class="site-footer">')[2]

    assert [word for word in ("Responsible", "mailto:", "Data:") if word in footer] == []


def test_a_publisher_is_shown_as_text(client, settings):
    settings.PUBLISHERS = {"en": "<b>Office</b>", "zh-hans": ""}
    factories.conference()

    assert "&lt;b&gt;Office&lt;/b&gt;" in client.get("/en/").content.decode()


def test_the_language_switch_keeps_what_was_asked_and_the_canonical_address_does_not(client):
    html = client.get("/en/search/?q=bio+%E7%94%9F%E7%89%A9").content.decode()

    assert 'href="/zh-hans/search/?q=bio+%E7%94%9F%E7%89%A9" lang="zh-Hans"' in html
    assert '<link rel="canonical" href="https://portal.example/en/search/">' in html


def test_a_hostile_query_stays_inside_the_language_switch(client):
    html = client.get('/en/search/?q="><script>alert(1)</script>').content.decode()

    assert "<script>alert" not in html


@pytest.mark.parametrize("path", ["/favicon.ico", "/apple-touch-icon.png", "/icons/192.png", "/admin/"])
def test_what_is_refused_outside_the_pages_gets_a_page_that_says_so(client, path):
    response = client.get(f"{path}?a=%00")

    assert response.status_code == 400
    assert "<h1>" in response.content.decode()
