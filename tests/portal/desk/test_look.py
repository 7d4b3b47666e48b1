"""The look of the desk, as far as no browser is needed to see it."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

DESK = settings.BASE_DIR / "portal" / "static" / "admin_desk"

pytestmark = pytest.mark.django_db


def choose(client, language, address):
    return client.post(reverse("set_language"), {"language": language, "next": address})


def test_an_editor_who_chooses_a_language_comes_back_to_the_same_page_in_it(admin_client):
    address = f"{reverse('admin:events_agreement_changelist')}?q=cansino"

    answer = choose(admin_client, "zh-hans", address)

    assert answer.headers["Location"] == address
    assert 'lang="zh-hans"' in admin_client.get(address).content.decode()


def test_the_choice_of_a_language_leads_to_no_other_site(admin_client):
    answer = choose(admin_client, "zh-hans", "https://evil.example/")

    assert answer.headers["Location"] == "/"


def test_the_language_can_be_chosen_before_signing_in(client):
    html = client.get(reverse("admin:login")).content.decode()

    assert 'name="language" value="zh-hans"' in html


def test_the_public_site_stays_in_the_language_of_its_address(admin_client):
    choose(admin_client, "zh-hans", "/")

    assert '<html lang="en">' in admin_client.get("/en/companies/").content.decode()


def test_the_table_of_contents_of_the_style_names_sheets_that_exist():
    named = set(re.findall(r'@import url\("(\w+\.css)"\);', (DESK / "desk.css").read_text()))

    assert "pieces.css" in named
    assert named - {path.name for path in DESK.glob("*.css")} == set()
