"""The photographs of a conference: on its page the first of them, on their own page all."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from events.models import Conference
from tests.factories import appearance, conference, organization, photo, picture, presence, session, speaker

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    return conference(slug="meilan", title_en="Meilan Lake 2024", title_zh_hans="美兰湖2024")


def page_of(client, record):
    return client.get(record.get_absolute_url()).content.decode()


def photos_of(client, record, **query):
    return client.get(reverse("events:conference_photos", args=[record.slug]), query).content.decode()


def thumbnails(html):
    """What the thumbnails of a page show, in their order."""
    return re.findall(r'popovertarget="photo-\d+">\s*<img[^>]*\balt="([^"]*)"', html)


def words(html):
    html = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


# --- On the page of the conference ------------------------------------------------------------------------------------


def test_a_conference_without_photographs_says_nothing_of_them(client, meeting):
    photo(conference=meeting, published_at=None)
    photo()

    html = page_of(client, meeting)

    assert [word for word in ("Photographs", "#photographs", "gallery") if word in html] == []


def test_a_conference_shows_its_first_six_photographs_and_leads_to_all(client, meeting):
    for number in (7, 3, 1, 5, 2, 4, 6):
        photo(conference=meeting, position=number, alt_en=f"Speaker {number}")

    html = page_of(client, meeting)

    assert thumbnails(html) == [f"Speaker {number}" for number in (1, 2, 3, 4, 5, 6)]
    assert '<a href="/en/conferences/meilan/photos/">All photographs</a>' in html
    assert '<a href="#photographs">Photographs</a>' in html


def test_a_conference_with_few_photographs_shows_all_of_them_there(client, meeting):
    for number in range(6):
        photo(conference=meeting, position=number)

    html = page_of(client, meeting)

    assert (len(thumbnails(html)), "All photographs" in html) == (6, False)


# --- On their own page ------------------------------------------------------------------------------------------------


def test_the_page_of_the_photographs_says_when_there_are_none(client, meeting):
    photo(conference=meeting, published_at=None)

    html = photos_of(client, meeting)

    assert ("No photographs were published." in html, thumbnails(html)) == (True, [])


def test_the_photographs_come_forty_eight_to_a_page(client, meeting):
    for number in range(49):
        photo(conference=meeting, position=number, alt_en=f"Speaker {number}")

    first, second = photos_of(client, meeting), photos_of(client, meeting, page=2)

    assert (len(thumbnails(first)), thumbnails(second)) == (48, ["Speaker 48"])


@pytest.mark.parametrize("hidden", ["unpublish", "delete"])
def test_the_photographs_of_a_draft_or_unknown_conference_have_no_page(client, meeting, hidden):
    address = reverse("events:conference_photos", args=[meeting.slug])
    before = client.get(address).status_code

    getattr(Conference.objects.filter(pk=meeting.pk), hidden)()

    assert (before, client.get(address).status_code) == (200, 404)


def test_a_photograph_is_shown_with_its_words_and_its_credit(client, meeting):
    photo(conference=meeting, alt_en="Two people sign", caption_en="The signing", credit="Wang Wu, with permission")

    shown = words(photos_of(client, meeting))

    assert shown.count("The signing") == 2
    assert "Photo: Wang Wu, with permission" in shown


def test_words_in_another_language_are_marked_as_such(client, meeting):
    photo(conference=meeting, caption_en="The signing", caption_zh_hans="")

    with translation.override("zh-hans"):
        html = photos_of(client, meeting)

    assert '<p><span lang="en">The signing</span>' in html


def test_each_photograph_leads_to_its_neighbours(client, meeting):
    for number in (1, 2, 3):
        photo(conference=meeting, position=number)

    html = photos_of(client, meeting)

    leads_to = {
        direction: re.findall(rf'class="{direction}" type="button" popovertarget="photo-(\d)"', html)
        for direction in ("previous", "next")
    }
    assert leads_to == {"previous": ["1", "2"], "next": ["2", "3"]}


def test_a_photograph_is_offered_in_all_its_widths_and_fetched_when_it_is_seen(client, meeting):
    shown = photo(conference=meeting, image=picture(size=(700, 350)), image_focus_x=20, alt_en="Two people sign").image

    html = photos_of(client, meeting)

    stem = f"/media/{shown.name.removesuffix('.webp')}"
    widths = f"{stem}-320.webp 320w, {stem}-640.webp 640w, {stem}.webp 700w"
    thumbnail, large = re.findall(r'<img class="picture.*?>', html)
    for image, sizes in ((thumbnail, "(min-width: 80rem) 24rem, (min-width: 48rem) 33vw, 50vw"), (large, "100vw")):
        assert image == (
            f'<img class="picture focus-x-20 focus-y-50" src="{stem}.webp" srcset="{widths}" sizes="{sizes}" '
            'width="700" height="350" alt="Two people sign" decoding="async" loading="lazy">'
        )


# --- Other pictures ---------------------------------------------------------------------------------------------------


def test_the_picture_of_a_conference_is_its_cover_and_is_fetched_first(client):
    meeting = conference(
        hero_image=picture(), hero_image_alt_en="The lake at dawn", hero_image_alt_zh_hans="清晨的湖", slug="meilan"
    )

    html = page_of(client, meeting)

    cover = re.search(r'<img class="picture.*?>', html)[0]
    assert 'alt="The lake at dawn"' in cover
    assert 'fetchpriority="high"' in cover
    assert "lazy" not in cover
    assert "/covers/meilan.svg" not in html


def test_a_portrait_and_a_logo_are_decorations_beside_a_name(client):
    talk = session()
    appearance(session=talk, speaker=speaker(portrait=picture()))
    presence(organization=organization(logo=picture()))

    pages = [
        client.get(reverse("events:conference_speakers", args=[talk.conference.slug])).content.decode(),
        client.get(reverse("companies:companies")).content.decode(),
    ]

    assert [re.findall(r'<img class="picture[^>]* alt="([^"]*)"', html) for html in pages] == [[""], [""]]
