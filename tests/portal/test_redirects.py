"""A published address never dies."""

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse

from portal.models import Redirect
from tests.factories import (
    agreement,
    announcement,
    conference,
    document,
    indicator,
    place,
    redirect,
    session,
    source,
    withdraw,
)

pytestmark = pytest.mark.django_db


def renamed(record, slug):
    record.slug = slug
    record.save()
    return record


def redirects():
    return dict(Redirect.objects.values_list("old_path", "new_path"))


@pytest.mark.parametrize("make", [agreement, announcement, conference, indicator, place])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_changed_slug_leaves_a_redirect_in_every_language(client, make, language):
    record = make(slug="old")
    old = record.get_absolute_url().replace("/en/", f"/{language}/")

    renamed(record, "new")

    response = client.get(old, follow=True)
    assert response.redirect_chain == [(old.replace("old", "new"), 301)]
    assert response.status_code == 200


def test_what_lies_beneath_moves_too_and_keeps_its_query(client):
    meeting = conference(slug="old")
    session(conference=meeting, slug="opening")

    renamed(meeting, "new")

    assert client.get("/en/conferences/old/sessions/opening/")["Location"] == "/en/conferences/new/sessions/opening/"
    assert client.get("/en/conferences/old/agenda.ics?s=opening")["Location"] == (
        "/en/conferences/new/agenda.ics?s=opening"
    )
    assert client.get("/en/conferences/old/programme/?s=a&s=b")["Location"] == "/en/conferences/new/programme/?s=a&s=b"


def test_a_download_beside_a_page_moves_with_it(client):
    renamed(indicator(slug="old"), "new")

    assert client.get("/en/indicators/old.csv")["Location"] == "/en/indicators/new.csv"


def test_programs_are_led_on_too(client):
    renamed(agreement(slug="old"), "new")

    response = client.get("/api/v1/agreements/old?language=en")

    assert (response.status_code, response["Location"]) == (301, "/api/v1/agreements/new?language=en")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert client.get(response["Location"]).json()["slug"] == "new"


def test_several_moves_are_one_step(client):
    meeting = conference(slug="first")
    talk = session(conference=meeting, slug="talk")
    renamed(meeting, "second")
    renamed(talk, "keynote")
    renamed(meeting, "third")

    response = client.get("/en/conferences/first/sessions/talk/", follow=True)

    assert response.redirect_chain == [("/en/conferences/third/sessions/keynote/", 301)]
    assert response.status_code == 200
    assert redirects()["conferences/first"] == "conferences/third"


def test_a_session_that_moves_to_another_conference_is_found_there(client):
    talk = session(conference=conference(slug="here"), slug="talk")

    talk.conference = conference(slug="there")
    talk.save()

    assert client.get("/en/conferences/here/sessions/talk/")["Location"] == "/en/conferences/there/sessions/talk/"


def test_a_slug_that_changes_back_takes_its_redirect_along(client):
    paper = renamed(agreement(slug="old"), "new")

    renamed(paper, "old")

    assert client.get("/en/agreements/old/").status_code == 200
    assert redirects() == {"agreements/new": "agreements/old"}


def test_a_page_stands_before_a_redirect(client):
    renamed(agreement(slug="old"), "new")
    agreement(slug="old", title_en="Another paper")

    assert client.get("/en/agreements/old/").status_code == 200


@pytest.mark.parametrize("published_at", [None, "2100-01-01T00:00Z"])
def test_what_was_never_public_leaves_none(client, published_at):
    paper = agreement(slug="secret", published_at=published_at)

    renamed(paper, "still-secret")

    assert redirects() == {}
    assert client.get("/en/agreements/secret/").status_code == 404


def test_the_tombstone_of_a_withdrawn_record_is_found(client):
    paper = agreement(slug="old")
    withdraw(paper)

    renamed(paper, "new")

    assert client.get("/en/agreements/old/", follow=True).status_code == 410


def test_a_part_of_a_page_leaves_none():
    paper = document(conference=conference(slug="here"), slug="old")

    paper.conference = conference(slug="there")
    renamed(paper, "new")

    assert redirects() == {}


def test_a_source_that_a_page_cites_leaves_one(client):
    cited = source(slug="old")
    paper = agreement()
    paper.citations.create(source=cited)
    renamed(source(slug="never-cited"), "cited-never")

    renamed(cited, "new")

    assert redirects() == {"sources/old": "sources/new"}


def test_browsers_remember_a_redirect_for_an_hour(client):
    redirect(old_path="agreements/old", new_path="agreements/new")

    assert client.get("/en/agreements/old/")["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize(
    "path", ["/en/agreements/old/" * 200, "/en/" + "a." * 2000, "/en/old/%E2%80%AE/x", "/en//old//"]
)
def test_nonsense_is_not_found(client, path):
    redirect(old_path="agreements/new", new_path="agreements/newest")

    assert client.get(path).status_code == 404


def test_a_circle_leads_nowhere(client):
    redirect(old_path="agreements/one", new_path="agreements/two")
    redirect(old_path="agreements/two", new_path="agreements/one")

    assert client.get("/en/agreements/one/").status_code == 404


# --- At the desk ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pasted",
    ["news/signed", "/news/signed/", "/zh-hans/news/signed/", f"{settings.SITE_URL}/en/news/signed/?page=2#top"],
)
def test_staff_paste_addresses_in_any_form(admin_client, pasted):
    admin_client.post(
        reverse("admin:portal_redirect_add"), {"old_path": "/en/printed/", "new_path": pasted, "_save": ""}
    )

    assert redirects() == {"printed": "news/signed"}


def problems_of(**paths):
    with pytest.raises(ValidationError) as refusal:
        Redirect(**paths).full_clean()
    return refusal.value.message_dict


def test_a_redirect_leads_to_an_address_of_this_site():
    assert problems_of(old_path="printed", new_path="nowhere/at/all") == {
        "new_path": ["No page of this site has an address of this form."]
    }


def test_a_redirect_leads_in_no_circle():
    redirect(old_path="news/b", new_path="news/c")

    assert problems_of(old_path="news/c", new_path="news/b") == {
        "new_path": ["This leads back to the old address, in a circle."]
    }
    assert "An address cannot lead to itself." in str(problems_of(old_path="news/a", new_path="news/a"))


def test_a_redirect_by_hand_works_and_can_be_taken_back(admin_client, client):
    admin_client.post(reverse("admin:portal_redirect_add"), {"old_path": "2024", "new_path": "news", "_save": ""})
    assert client.get("/zh-hans/2024/")["Location"] == "/zh-hans/news/"

    only = Redirect.objects.get()
    admin_client.post(reverse("admin:portal_redirect_delete", args=[only.pk]), {"post": "yes"})

    assert client.get("/zh-hans/2024/").status_code == 404
