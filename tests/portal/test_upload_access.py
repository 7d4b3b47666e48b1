"""Stored files are for whoever may see their records: pictures and documents, in every version."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User

from companies.models import Organization
from events.models import Conference, Document, Photo, Speaker
from portal import clock
from portal.media_in_use import upload_fields
from portal.upload_access import ON_DISK
from tests import factories

pytestmark = pytest.mark.django_db

FIELDS = {
    (Organization, "logo"), (Conference, "hero_image"), (Speaker, "portrait"), (Photo, "image"), (Document, "file"),
}  # fmt: skip


def with_file(model, name, **values):
    file = factories.pdf() if model is Document else factories.picture(size=(400, 300))
    described = {"hero_image_alt_en": "A stage", "hero_image_alt_zh_hans": "舞台"} if model is Conference else {}
    return factories.make(model, **{name: file, **described, **values})


def addresses_of(record, name):
    file = getattr(record, name)
    return [file.url] if isinstance(record, Document) else [file.url, file.url_at(320)]


def statuses(client, record, name):
    return {client.get(address).status_code for address in addresses_of(record, name)}


def test_every_column_with_a_file_is_looked_at():
    assert {(model, field.name) for model, field in upload_fields()} == FIELDS


@pytest.mark.parametrize(("model", "name"), sorted(FIELDS, key=str))
def test_a_file_is_there_for_as_long_as_its_record_is_public(client, model, name):
    record = with_file(model, name, published_at=None)

    as_draft = statuses(client, record, name)
    model.objects.filter(pk=record.pk).update(published_at=clock.now() + timedelta(hours=1))
    as_scheduled = statuses(client, record, name)
    model.objects.filter(pk=record.pk).update(published_at=clock.now())
    as_public = statuses(client, record, name)
    model.objects.filter(pk=record.pk).update(published_at=None)

    assert (as_draft, as_scheduled, as_public, statuses(client, record, name)) == ({404}, {404}, {200}, {404})


def test_a_file_of_a_withdrawn_record_is_gone(client):
    record = with_file(Conference, "hero_image")
    factories.withdraw(record)

    assert statuses(client, record, "hero_image") == {404}


def test_a_picture_of_a_draft_conference_is_hidden_with_it(client):
    photo = factories.photo(conference=factories.conference(published_at=None))

    assert client.get(photo.image.url).status_code == 404


def test_a_picture_that_was_replaced_is_for_staff_alone(client):
    speaker = factories.speaker(portrait=factories.picture())
    before = speaker.portrait.url
    speaker.portrait = factories.picture()
    speaker.save()

    of_visitor = [client.get(address).status_code for address in (before, speaker.portrait.url)]
    client.force_login(staff_in("Editors"))

    assert of_visitor == [404, 200]
    assert client.get(before).status_code == 200


def staff_in(group):
    user = User.objects.create_user("wang", is_staff=True)
    user.groups.add(Group.objects.get(name__startswith=group))
    return user


def test_staff_see_the_files_of_drafts_and_nobody_stores_them(client):
    record = with_file(Document, "file", published_at=None)
    client.force_login(staff_in("Auditors"))

    response = client.get(record.file.url)

    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")


@pytest.mark.parametrize("is_staff", [True, False])
def test_whoever_may_not_see_drafts_does_not_see_their_files(client, is_staff):
    client.force_login(User.objects.create_user("somebody", is_staff=is_staff))

    assert statuses(client, with_file(Document, "file", published_at=None), "file") == {404}


def test_a_public_file_is_kept_by_browsers_and_asked_for_again_by_caches(client):
    response = client.get(factories.photo().image.url)

    assert set(response["Cache-Control"].split(", ")) == {"public", "max-age=31536000", "s-maxage=3600", "immutable"}


def test_nginx_is_told_which_file_to_send_once_it_may_be_seen(client, settings):
    settings.UPLOADS_BY_NGINX = True
    public, draft = factories.photo(), factories.photo(published_at=None)

    shown, hidden = client.get(public.image.url), client.get(draft.image.url)

    assert (shown["X-Accel-Redirect"], shown.content) == (ON_DISK + public.image.name, b"")
    assert (shown["Content-Type"], shown["Content-Disposition"][:7]) == ("image/webp", "inline;")
    assert (hidden.status_code, "X-Accel-Redirect" in hidden) == (404, False)


def test_asking_whether_a_file_may_be_seen_takes_one_query(client, django_assert_num_queries):
    address = factories.photo().image.url

    with django_assert_num_queries(1):
        client.get(address)
