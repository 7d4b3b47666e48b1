"""Who sees drafts and other moments on the public pages, and for how long."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from portal import clock
from portal.desk.previews import token_of
from tests.factories import conference, session

pytestmark = pytest.mark.django_db

NOBODYS = "Visitors do not see this page."


@pytest.fixture
def person(django_user_model):
    """A member of staff who may see drafts."""
    user = django_user_model.objects.create_user("wang", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["preview", "view_conference"]))
    return user


@pytest.fixture
def staff(client, person):
    client.force_login(person)
    return client


def is_private(response):
    return response["Cache-Control"] == "private, no-store" and "Cookie" in response["Vary"]


# --- Drafts at their own address --------------------------------------------------------------------------------------


def test_staff_see_a_draft_at_its_public_address_with_a_ribbon(staff):
    draft = conference(published_at=None)

    response = staff.get(draft.get_absolute_url())

    assert response.status_code == 200
    assert NOBODYS in response.text
    assert is_private(response)
    assert response["X-Robots-Tag"] == "noindex"


def test_visitors_and_staff_without_the_right_find_nothing(client, django_user_model):
    draft = conference(published_at=None)
    client.get("/")
    responses = [client.get(draft.get_absolute_url())]
    client.force_login(django_user_model.objects.create_user("plain", is_staff=True))
    responses.append(client.get(draft.get_absolute_url()))

    assert [response.status_code for response in responses] == [404, 404]


def test_a_public_page_is_what_everybody_sees(staff):
    event = conference()
    session(conference=event, published_at=None, title_en="A secret session")

    response = staff.get(event.get_absolute_url() + "programme/")

    assert "A secret session" not in response.text
    assert "preview-ribbon" not in response.text


def test_an_address_of_nothing_stays_one(staff):
    assert staff.get("/en/conferences/never/").status_code == 404


# --- The site at a moment ---------------------------------------------------------------------------------------------


def choose(client, **values):
    return client.post(reverse("admin:preview"), values)


def test_the_site_is_seen_as_it_will_be_until_the_preview_ends(staff, now):
    event = conference(published_at=now + timedelta(days=3), title_en="Lake 2025")

    choose(staff, day="2024-11-20", time="09:00")
    then = staff.get("/en/conferences/")
    staff.post(reverse("end_preview"))
    again = staff.get("/en/conferences/")

    assert event.title_en in then.text
    assert "as it will be on 20 November 2024, 09:00" in then.text
    assert is_private(then)
    assert event.title_en not in again.text


def test_drafts_are_seen_everywhere_where_somebody_chose_so(staff):
    conference(published_at=None, title_en="A draft")

    choose(staff, drafts="on")

    assert "A draft" in staff.get("/en/conferences/").text


def test_the_moments_of_scheduled_publications_are_offered(staff, now):
    for days in (2, 1, 1):
        conference(published_at=now + timedelta(days=days))

    response = staff.get(reverse("admin:preview"))

    assert response.context["scheduled"] == [now + timedelta(days=1), now + timedelta(days=2)]


def test_nonsense_is_no_moment(staff):
    response = choose(staff, day="tomorrow", time="25:99")

    assert response.status_code == 200
    assert response.context["form"].errors["day"]


def test_the_desk_itself_stays_in_the_present(staff):
    choose(staff, day="2050-01-01", time="00:00")

    response = staff.get(reverse("admin:index"))

    assert clock.now().year < 2050
    assert response.status_code == 200


def test_a_preview_ends_with_the_right_to_it(staff, person):
    conference(published_at=None, title_en="A draft")
    choose(staff, drafts="on")
    person.user_permissions.clear()

    assert "A draft" not in staff.get("/en/conferences/").text
    assert staff.get(reverse("admin:preview")).status_code == 403


# --- A shared link ----------------------------------------------------------------------------------------------------


def shared(client, record, days=7):
    address = reverse("admin:share_preview", args=[record._meta.label_lower, record.pk])
    return client.post(address, {"days": days}).context["link"].removeprefix("https://portal.example")


def test_a_link_shows_one_draft_to_somebody_without_an_account(staff, now):
    draft, other = conference(published_at=None), conference(published_at=None)
    link = shared(staff, draft)
    visitor = Client()

    opened = visitor.get(link)
    page = visitor.get(opened["Location"])

    assert opened["Location"] == draft.get_absolute_url()
    assert "shared with you until 22 November 2024, 12:00" in page.text
    assert is_private(page)
    assert visitor.get(other.get_absolute_url()).status_code == 404
    assert Client().get(draft.get_absolute_url()).status_code == 404


def test_whoever_ends_a_shared_preview_finds_nothing_any_more(staff):
    draft = conference(published_at=None)
    visitor = Client()
    visitor.get(shared(staff, draft))

    visitor.post(reverse("end_preview"))

    assert visitor.get(draft.get_absolute_url()).status_code == 404


def test_a_link_ends_on_its_day(client, person, now):
    draft = conference(published_at=None)
    token = token_of(draft, now - timedelta(seconds=1), person)

    response = client.get(reverse("shared_preview", args=[token]))

    assert response.status_code == 410
    assert "This preview has ended" in response.text


def test_a_link_ends_with_the_right_of_its_giver_and_with_the_record(client, person, now):
    draft = conference(published_at=None)
    address = reverse("shared_preview", args=[token_of(draft, now + timedelta(days=1), person)])

    works = client.get(address).status_code
    person.is_active = False
    person.save()
    without_giver = client.get(address).status_code
    person.is_active = True
    person.save()
    draft.delete()

    assert (works, without_giver, client.get(address).status_code) == (302, 410, 410)


@pytest.mark.parametrize("token", ["x", "a:b:c", "%00", "x" * 5000])
def test_a_forged_link_or_cookie_shows_nothing(client, token):
    draft = conference(published_at=None)
    client.cookies["preview"] = token

    assert client.get(f"/preview/{token}/").status_code in (400, 404, 410)
    assert client.get(draft.get_absolute_url()).status_code == 404


def test_links_are_made_only_by_those_who_may_see_the_record(client, django_user_model):
    draft = session(published_at=None)
    user = django_user_model.objects.create_user("wang", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["preview", "view_conference"]))
    client.force_login(user)

    def status(label, pk):
        return client.post(reverse("admin:share_preview", args=[label, pk]), {"days": 7}).status_code

    assert status("events.session", draft.pk) == 403
    assert status("events.conference", 10**9) == 404
    assert status("auth.user", user.pk) == 404
    assert status("events.enquiry", 1) == 404
