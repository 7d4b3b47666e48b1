"""What other sites may show in a frame: a programme and totals, and nothing else."""

import re
from html import unescape

import pytest
from django.conf import settings
from django.urls import reverse

from events.models import Conference
from tests.factories import agreement, amount, conference, session, signing, withdraw

pytestmark = pytest.mark.django_db

TOTALS = "/en/embed/agreements/"


def programme_of(slug, language="en"):
    return f"/{language}/embed/conferences/{slug}/programme/"


def may_be_framed(response):
    policy = dict(part.split(" ", 1) for part in response["Content-Security-Policy"].split("; "))
    return "X-Frame-Options" not in response and policy["frame-ancestors"] == "*"


@pytest.fixture
def meeting():
    meeting = conference(slug="meeting", title_en="The Meeting", title_zh_hans="大会")
    session(conference=meeting, title_en="Opening", title_zh_hans="开幕")
    session(conference=meeting, title_en="A secret draft", published_at=None)
    return meeting


@pytest.mark.parametrize(("language", "title"), [("en", "Opening"), ("zh-hans", "开幕")])
def test_a_programme_can_stand_in_a_frame_in_both_languages(client, meeting, language, title):
    page = client.get(programme_of("meeting", language))

    assert may_be_framed(page)
    assert title in page.text
    assert "secret" not in page.text
    assert f'<link rel="canonical" href="{settings.SITE_URL}/{language}/conferences/meeting/programme/">' in page.text


def test_totals_can_stand_in_a_frame_with_the_filters_of_the_register(client, meeting):
    paper = agreement(title_en="A paper")
    signing(agreement=paper, conference=meeting, session=None)
    amount(agreement=paper)
    agreement(title_en="Signed elsewhere")

    page = client.get(f"{TOTALS}?conference=meeting&year=nonsense")

    assert may_be_framed(page)
    assert "1 agreement" in page.text
    assert "The Meeting" in page.text
    assert f'href="{settings.SITE_URL}/en/agreements/?conference=meeting"' in page.text


@pytest.mark.parametrize("name", ["events:home", "events:agreements", "events:enquiries", "admin:login"])
def test_nothing_else_can_be_framed(client, name):
    page = client.get(reverse(name))

    assert page["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]


def test_a_page_for_frames_runs_no_script_and_sets_no_cookie(client, meeting):
    page = client.get(programme_of("meeting"))

    assert "<script" not in page.text
    assert not page.cookies
    assert '<base target="_blank">' in page.text
    assert "noindex" in page.text


@pytest.mark.parametrize(("asked", "theme"), [("", "auto"), ("dark", "dark"), ("light", "light"), ('"><x', "auto")])
def test_the_colours_can_be_chosen(client, meeting, asked, theme):
    page = client.get(programme_of("meeting"), {"theme": asked})

    assert f'data-theme="{theme}"' in page.text


def test_what_is_not_public_is_not_framed(client):
    conference(slug="draft", published_at=None)
    withdraw(conference(slug="withdrawn"))

    assert client.get(programme_of("draft")).status_code == 404
    gone = client.get(programme_of("withdrawn"))
    assert gone.status_code == 410
    assert not may_be_framed(gone)


@pytest.mark.parametrize(
    ("page", "framed"),
    [
        ("/en/conferences/meeting/programme/", programme_of("meeting")),
        ("/en/conferences/meeting/agreements/", f"{TOTALS}?conference=meeting"),
        ("/en/agreements/", TOTALS),
    ],
)
def test_the_page_says_how_to_frame_it(client, meeting, page, framed):
    code = re.search(r"<pre[^>]*><code>(.*?)</code>", client.get(page).text, re.DOTALL).group(1)

    assert unescape(code).startswith(f'<iframe src="{settings.SITE_URL}{framed}" title="')
    assert client.get(framed).status_code == 200
    assert Conference.objects.get().title in unescape(code) or "agreements/" in page
