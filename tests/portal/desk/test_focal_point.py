"""Pictures at the staff desk: their input, their focal point, and what an editor keeps when one is refused."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from events.models import Conference, Photo
from tests.desk import form_of
from tests.factories import conference, photo, picture, speaker

pytestmark = pytest.mark.django_db

HTML = b"<!doctype html><script>alert(1)</script>"


def form_for(client, name, *args):
    address = reverse(name, args=args)
    return address, client.get(address)


def saved(client, name, *args, **values):
    """The answer to the form after `values` were filled in and "Save" was pressed."""
    address, response = form_for(client, name, *args)
    return client.post(address, form_of(response) | values)


def test_a_stored_picture_stands_under_its_input(admin_client):
    shown = photo(image=picture(size=(1000, 500)))

    html = form_for(admin_client, "admin:events_photo_change", shown.pk)[1].content.decode()

    button = re.search(r'<button class="focal-point".*?</button>', html, re.DOTALL)[0]
    assert 'data-input="id_image"' in button
    assert f'<img src="{shown.image.url_at(640)}" alt="" width="1000" height="500">' in button
    assert '<script src="/static/admin_desk/focal_point.js" type="module"></script>' in html


def test_there_is_nothing_to_click_on_before_a_picture_is_stored(admin_client):
    html = form_for(admin_client, "admin:events_photo_add")[1].content.decode()

    assert "focal-point" not in html
    assert 'name="image_focus_x" value="50"' in html


def test_an_editor_adds_a_photograph_and_its_focal_point(admin_client):
    values = {
        "conference": conference().pk,
        "alt_en": "Two people sign",
        "alt_zh_hans": "两人签字",
        "credit": "Wang Wu",
    }

    saved(
        admin_client, "admin:events_photo_add", **values, image=picture(size=(8, 6)), image_focus_x=20, image_focus_y=5
    )

    added = Photo.objects.get()
    assert (added.image.width, added.image.focus_classes) == (8, "focus-x-20 focus-y-5")


def test_the_focal_point_moves_and_the_picture_stays(admin_client):
    shown = photo()

    saved(admin_client, "admin:events_photo_change", shown.pk, image_focus_x=20)

    moved = Photo.objects.get()
    assert (moved.image.name, moved.image_width, moved.image_focus_x) == (shown.image.name, 4, 20)


def test_a_focal_point_outside_the_picture_is_explained(admin_client):
    response = saved(admin_client, "admin:events_photo_change", photo().pk, image_focus_x=101)

    assert response.context["errors"] == [["The focal point lies inside the picture: from 0 to 100 percent."]]


def test_the_form_keeps_what_was_typed_when_a_picture_is_refused(admin_client):
    meeting = conference()
    typed = {
        "conference": str(meeting.pk),
        "alt_en": "Two people sign",
        "alt_zh_hans": "两人签字",
        "caption_en": "The signing",
        "caption_zh_hans": "签约",
        "credit": "Wang Wu",
        "position": "7",
        "image_focus_x": "20",
        "image_focus_y": "30",
    }

    refused = SimpleUploadedFile("stage.jpg", HTML, "image/jpeg")
    response = saved(admin_client, "admin:events_photo_add", **typed, image=refused)

    message = "This file is HTML, not JPEG, PNG or WebP. Export the picture as one of these and try again."
    assert response.context["errors"] == [[message]]
    assert {name: str(form_of(response)[name]) for name in typed} == typed
    assert Photo.objects.count() == 0


def test_a_stored_picture_stays_when_the_one_to_replace_it_is_refused(admin_client):
    shown = photo(image=picture(size=(8, 6)))

    saved(
        admin_client, "admin:events_photo_change", shown.pk, image=SimpleUploadedFile("stage.jpg", HTML), alt_en="New"
    )

    kept = Photo.objects.get()
    assert (kept.image.name, kept.image.width, kept.alt_en) == (shown.image.name, 8, shown.alt_en)


@pytest.mark.parametrize(("english", "chinese"), [("", "清晨的湖"), ("The lake at dawn", ""), ("", "")])
def test_a_cover_says_what_it_shows_in_every_language(admin_client, english, chinese):
    response = saved(
        admin_client,
        "admin:events_conference_change",
        conference(published_at=None).pk,
        hero_image=picture(),
        hero_image_alt_en=english,
        hero_image_alt_zh_hans=chinese,
    )

    message = "Say in every language what the picture of the conference shows."
    assert response.context["errors"] == [[message]]
    assert Conference.objects.get().hero_image.name == ""


def test_a_conference_without_a_picture_needs_no_words_for_it(admin_client):
    meeting = conference(published_at=None)

    response = saved(admin_client, "admin:events_conference_change", meeting.pk, title_en="Meilan Lake 2027")

    assert (response.status_code, Conference.objects.get().title_en) == (302, "Meilan Lake 2027")


def test_a_portrait_can_be_taken_away(admin_client):
    person = speaker(portrait=picture(), published_at=None)

    saved(admin_client, "admin:events_speaker_change", person.pk, **{"portrait-clear": "on"})

    person.refresh_from_db()
    assert (person.portrait.name, person.portrait_width) == ("", None)
