import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from events.models import Conference, Document, Photo
from tests.factories import conference, document, pdf, photo, picture

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("model", "make"), [(Document, document), (Photo, photo)])
def test_what_belongs_to_a_draft_conference_is_hidden(model, make):
    record = make()
    before = list(model.objects.published())

    Conference.objects.unpublish()

    assert (before, list(model.objects.published())) == ([record], [])


def test_a_document_of_no_conference_is_shown():
    guideline = document(conference=None)

    assert list(Document.objects.published()) == [guideline]


def test_a_document_names_its_type():
    assert document(file=pdf("Programme.PDF")).file_type == "PDF"


def test_a_picture_is_measured_when_it_is_uploaded():
    shown = photo(image=picture(size=(40, 30)))

    shown.refresh_from_db()

    assert (shown.image_width, shown.image_height) == (40, 30)


def test_photos_stand_in_the_order_the_editor_gave_them():
    meeting = conference()
    second, first, third = (photo(conference=meeting, position=position) for position in (2, 1, 2))

    assert list(meeting.photos.all()) == [first, second, third]


@pytest.mark.parametrize("column", ["alt_en", "alt_zh_hans"])
def test_a_photo_says_what_it_shows_in_every_language(column):
    shown = photo()
    setattr(shown, column, "")

    with pytest.raises(ValidationError) as refusal:
        shown.full_clean()

    assert refusal.value.messages == ["Say in every language what the picture shows."]


def test_a_photo_names_who_took_it():
    shown = photo()
    shown.credit = ""

    with pytest.raises(ValidationError) as refusal:
        shown.full_clean()

    assert refusal.value.message_dict == {"credit": ["This field cannot be blank."]}


def test_a_photo_is_named_by_its_caption_or_what_it_shows():
    names = [
        str(photo(caption_en="The signing", alt_en="Two people sign")),
        str(photo(caption_en="", caption_zh_hans="", alt_en="Two people sign")),
    ]

    assert names == ["The signing", "Two people sign"]


def test_a_document_is_named_by_its_title():
    assert str(document(title_en="Programme")) == "Programme"


@pytest.mark.parametrize("make", [document, photo])
def test_a_conference_with_files_cannot_be_deleted(make):
    record = make()

    with pytest.raises(ProtectedError):
        record.conference.delete()


# --- The first photos of a conference, loaded with it -----------------------------------------------------------------


def first_photos_of(meeting, number):
    loaded = Conference.objects.published().with_photos(number).get(pk=meeting.pk)
    return Photo.out_of(loaded.photo_rows, loaded)


def test_the_first_photos_come_with_their_conference_in_its_own_query(django_assert_num_queries):
    meeting = conference()
    second, third, first, _fourth = (photo(conference=meeting, position=position) for position in (2, 2, 1, 3))

    with django_assert_num_queries(1):
        loaded = first_photos_of(meeting, 3)
        shown = [(each.image.url, each.image.focus_classes, each.alt, each.conference) for each in loaded]

    assert loaded == [first, second, third]
    assert shown == [(each.image.url, "focus-x-50 focus-y-50", each.alt, meeting) for each in (first, second, third)]


def test_the_first_photos_of_a_conference_are_public_and_its_own():
    meeting, other = conference(), conference()
    shown = photo(conference=meeting, position=2)
    photo(conference=meeting, position=1, published_at=None)
    photo(conference=other, position=0)

    assert first_photos_of(meeting, 6) == [shown]


def test_a_conference_without_photos_loads_none():
    assert first_photos_of(conference(), 6) == []
