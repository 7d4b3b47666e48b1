"""Conferences, agreements and projects at the staff desk."""

import pytest
from django.urls import reverse

from events.models import Agreement, Appearance, Conference
from tests.desk import add_row, form_of
from tests.factories import agreement, conference, milestone, project, session, sourced, speaker

pytestmark = pytest.mark.django_db


def test_a_conference_is_created_with_its_programme(admin_client):
    address = reverse("admin:events_conference_add")
    response = admin_client.get(address)
    form = form_of(response) | {
        "title_en": "Meilan Lake 2024",
        "title_zh_hans": "美兰湖大会",
        "starts_on": "2024-11-15",
    }
    add_row(form, response, "sessions", title_en="Signing", day="2024-11-15", starts_at="14:00", kind="signing")
    add_row(form, response, "sessions", title_en="Opening", day="2024-11-15", starts_at="09:00", kind="opening")

    admin_client.post(address, form)

    created = Conference.objects.get(slug="meilan-lake-2024")
    assert [each.slug for each in created.sessions.in_programme_order()] == ["opening", "signing"]


def test_the_programme_of_a_conference_that_exists_has_a_page_of_its_own(admin_client):
    event = conference()

    response = admin_client.get(reverse("admin:events_conference_change", args=[event.pk]))

    assert "sessions" not in {each.formset.prefix for each in response.context["inline_admin_formsets"]}
    assert reverse("admin:events_conference_programme", args=[event.pk]) in response.text


def test_a_session_that_ends_before_it_starts_is_explained_in_its_row(admin_client):
    address = reverse("admin:events_conference_add")
    response = admin_client.get(address)
    form = form_of(response) | {"title_en": "Meilan Lake 2024", "starts_on": "2024-11-15"}
    add_row(form, response, "sessions", title_en="Opening", day="2024-11-15", starts_at="10:00", ends_at="09:00")

    response = admin_client.post(address, form)

    assert response.context["errors"] == [["The session must end after it starts."]]


def test_two_sessions_with_the_same_slug_are_explained(admin_client):
    address = reverse("admin:events_conference_add")
    response = admin_client.get(address)
    form = form_of(response) | {"title_en": "Meilan Lake 2024", "starts_on": "2024-11-15"}
    for _row in range(2):
        add_row(form, response, "sessions", title_en="Forum", slug="forum")

    response = admin_client.post(address, form)

    assert response.context["errors"] == ["Another session of this conference already has this slug."]


def test_an_agreement_is_created_with_all_that_belongs_to_it(admin_client):
    stage, framework = session(), agreement()
    address = reverse("admin:events_agreement_add")
    response = admin_client.get(address)
    form = form_of(response) | {"title_en": "SPH CanSino plant"}
    add_row(form, response, "parties", name_en="Jiusi Biotechnology", name_zh_hans="九思生物", role="investor")
    add_row(form, response, "signings", session=stage.pk, signed_on="2024-11")
    add_row(form, response, "amounts", quantity_comparator=">", quantity_value="16000000000")
    add_row(form, response, "relations", kind="part_of_framework", to=framework.pk)

    admin_client.post(address, form)

    created = Agreement.objects.get(slug="sph-cansino-plant")
    assert [str(each) for each in created.parties.all()] == ["Jiusi Biotechnology"]
    assert [(each.held_at, str(each.signed_on)) for each in created.signings.all()] == [(stage.conference, "2024-11")]
    assert [each.words for each in created.amounts.all()] == ["more than CNY 16 billion"]
    assert [each.to for each in created.relations.all()] == [framework]


def test_an_appearance_needs_its_stage(admin_client):
    address = reverse("admin:events_speaker_change", args=[sourced(speaker()).pk])
    response = admin_client.get(address)
    form = form_of(response)
    add_row(form, response, "appearances", post_en="Deputy Director")

    response = admin_client.post(address, form)

    assert response.context["errors"] == [
        ["Choose the session, or the conference when the session is not known."],
    ]


def test_an_appearance_is_added_from_its_session(admin_client):
    stage, person = sourced(session()), speaker()
    address = reverse("admin:events_session_change", args=[stage.pk])
    response = admin_client.get(address)
    form = form_of(response)
    add_row(form, response, "appearances", speaker=person.pk, post_zh_hans="副主任")

    admin_client.post(address, form)

    appearance = Appearance.objects.get()
    assert (appearance.session, appearance.speaker, appearance.post_zh_hans) == (stage, person, "副主任")


def test_a_milestone_that_is_already_recorded_is_explained(admin_client):
    met = milestone()
    address = reverse("admin:events_milestone_add")
    form = form_of(admin_client.get(address)) | {"project": met.project_id, "kind": met.kind, "met_on": "2021-05"}

    response = admin_client.post(address, form)

    assert response.context["errors"] == [
        ["This milestone is already recorded. Add your source to it as a citation."],
    ]


def test_a_milestone_that_is_written_twice_is_explained(admin_client):
    address = reverse("admin:events_investmentproject_change", args=[sourced(project()).pk])
    response = admin_client.get(address)
    form = form_of(response)
    for _row in range(2):
        add_row(form, response, "milestones", kind="operating", met_on="2021-05")

    response = admin_client.post(address, form)

    assert response.context["errors"] == [
        "This milestone is already recorded. Add your source to it as a citation.",
    ]
