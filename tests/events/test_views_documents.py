import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from events.models import Conference, Document
from tests.factories import conference, document, withdraw

pytestmark = pytest.mark.django_db


def listed(client, address):
    """The titles of the documents on a page, in their order."""
    return re.findall(r'download="[^"]+">([^<]+)</a>', client.get(address).content.decode())


def of(stage, language="en"):
    return f"/{language}/conferences/{stage.slug}/documents/"


def file_of(size, name="programme.pdf"):
    return SimpleUploadedFile(name, b"%PDF-".ljust(size, b"\n"))


@pytest.mark.parametrize(
    ("language", "link", "about"),
    [
        ("en", ">Invented guideline</a>", "2.0\xa0MB · Simplified Chinese"),
        ("zh-hans", ">虚构指南</a>", "2.0\xa0MB · 简体中文"),
    ],
)
def test_a_document_says_what_it_is(client, language, link, about):
    stage = conference()
    paper = document(
        conference=stage,
        title_en="Invented guideline",
        title_zh_hans="虚构指南",
        description_en="How to apply.",
        description_zh_hans="How to apply.",
        slug="guideline",
        language="zh-hans",
        file=file_of(2 * 2**20),
    )

    html = client.get(of(stage, language)).content.decode()

    assert f'<a href="{paper.file.url}" hreflang="zh-Hans" download="guideline.pdf"{link}' in html
    assert '<span class="type">PDF</span>' in html
    assert "<p>How to apply.</p>" in html
    assert f'<p class="meta">{about}</p>' in html


def test_a_language_that_has_no_name_here_is_shown_by_its_tag(client):
    paper = document(language="tlh")

    assert "· tlh</p>" in client.get(of(paper.conference)).content.decode()


def test_a_title_in_another_language_is_marked_as_such(client):
    paper = document(title_en="", title_zh_hans="虚构指南")

    assert '<span lang="zh-Hans">虚构指南</span>' in client.get(of(paper.conference)).content.decode()


def test_a_document_is_downloaded_and_not_shown(client):
    paper = document()

    response = client.get(paper.file.url)

    assert {name: response[name] for name in ("Content-Disposition", "Content-Security-Policy")} == {
        "Content-Disposition": "attachment",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    assert b"".join(response).startswith(b"%PDF-")


def test_a_conference_lists_its_own_documents(client):
    stage = conference()
    for slug, title in [("b", "Second"), ("a", "First")]:
        document(conference=stage, slug=slug, title_en=title)
    document(title_en="Of another conference")
    document(title_en="Of none", conference=None)
    document(title_en="Draft", conference=stage, published_at=None)

    assert listed(client, of(stage)) == ["First", "Second"]


def test_the_documents_of_a_draft_or_withdrawn_conference_are_hidden(client):
    draft, withdrawn = conference(), conference()
    for stage in (draft, withdrawn):
        document(conference=stage)
    before = len(listed(client, "/en/documents/"))

    Conference.objects.filter(pk=draft.pk).unpublish()
    withdraw(withdrawn)

    assert (before, listed(client, "/en/documents/")) == (2, [])
    assert [client.get(of(stage)).status_code for stage in (draft, withdrawn)] == [404, 410]


def test_a_conference_without_documents_says_so(client):
    html = client.get(of(conference())).content.decode()

    assert "No document of this conference was published." in html


def test_all_documents_stand_by_conference_the_latest_first_and_those_of_none_before(client):
    older, newer = conference(title_en="Older", starts_on="2021"), conference(title_en="Newer", starts_on="2024-11-15")
    document(conference=older, title_en="Of the older")
    document(conference=newer, title_en="Of the newer")
    document(conference=None, title_en="Guideline")

    html = client.get(reverse("events:documents")).content.decode()

    assert listed(client, "/en/documents/") == ["Guideline", "Of the newer", "Of the older"]
    assert [re.sub("<[^>]+>", "", head) for head in re.findall(r'<h2 id="documents-\d">(.*?)</h2>', html)] == [
        "General documents",
        "Newer",
        "Older",
    ]


def test_two_conferences_of_one_day_are_not_mixed(client):
    stages = [conference(title_en=f"Stage {number}", starts_on="2024-11-15") for number in range(2)]
    for number in range(4):
        document(conference=stages[number % 2], slug=f"paper-{number}", title_en=f"Paper {number}")

    assert listed(client, "/en/documents/") == ["Paper 0", "Paper 2", "Paper 1", "Paper 3"]


def test_where_there_is_no_document_the_list_says_so(client):
    assert "No document is published yet." in client.get("/en/documents/").content.decode()


def test_a_document_has_its_place_in_a_list(client):
    papers = [
        document(slug="guideline", conference=None),
        document(slug="programme", conference=conference(slug="lake")),
    ]

    addresses = [paper.get_absolute_url() for paper in papers]

    assert addresses == ["/en/documents/#document-guideline", "/en/conferences/lake/documents/#document-programme"]
    for address in addresses:
        page, _, fragment = address.partition("#")
        assert f'id="{fragment}"' in client.get(page).content.decode()


def test_the_page_of_a_conference_shows_the_first_documents_and_leads_to_all(client):
    stage = conference()
    for number in range(5):
        document(conference=stage, slug=f"paper-{number}", title_en=f"Paper {number}")
    five = client.get(stage.get_absolute_url()).content.decode()
    document(conference=stage, slug="paper-5", title_en="Paper 5")

    shown = listed(client, stage.get_absolute_url())
    six = client.get(stage.get_absolute_url()).content.decode()

    assert shown == [f"Paper {number}" for number in range(5)]
    assert [f'href="{of(stage)}"' in html for html in (five, six)] == [False, True]


def test_a_file_that_is_gone_breaks_no_list(client):
    paper = document()
    Document.objects.update(file_size=None)
    paper.file.storage.delete(paper.file.name)

    html = client.get(of(paper.conference)).content.decode()

    assert '<p class="meta">English</p>' in html
