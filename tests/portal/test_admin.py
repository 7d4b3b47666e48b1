"""The staff desk as a whole: every model has its place, lists stay quick, and no request breaks them."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.urls import reverse

from companies.models import (
    Indicator,
    Observation,
    Organization,
    OrganizationIdentifier,
    Place,
    Presence,
    Sector,
)
from events.models import (
    Agreement,
    AgreementParty,
    AgreementRelation,
    Amount,
    Announcement,
    Appearance,
    Conference,
    ConferenceRole,
    Document,
    Enquiry,
    InvestmentProject,
    Milestone,
    Photo,
    ReplyTemplate,
    Series,
    Session,
    Signing,
    Speaker,
)
from portal.corrections import correction_models
from portal.models import OutsideLink, Redirect, Run, Source
from portal.provenance import citation_models
from tests.factories import conference, indicator, make

pytestmark = pytest.mark.django_db

QUERIES_OF_LIST = {
    Agreement: 8,
    Announcement: 8,
    Appearance: 5,
    Conference: 8,
    Document: 9,
    Enquiry: 8,
    Indicator: 7,
    InvestmentProject: 8,
    Milestone: 6,
    Observation: 8,
    Organization: 8,
    OutsideLink: 5,
    Photo: 8,
    Place: 7,
    Presence: 6,
    Redirect: 5,
    ReplyTemplate: 5,
    Sector: 5,
    Series: 7,
    Session: 8,
    Source: 6,
    Speaker: 7,
}
EDITED_UNDER_ANOTHER_RECORD = {
    AgreementParty,
    AgreementRelation,
    Amount,
    ConferenceRole,
    OrganizationIdentifier,
    Signing,
    *citation_models(),
    *correction_models(),
}
WRITTEN_BY_COMMANDS = {Run}

NONSENSE = [
    "pk__regex=(",
    "pk=abc",
    "pk__in=1,x",
    "pk__in=99999999999999999999",
    "pk__gt=99999999999999999999999999",
    "created__year=99999",
    "q=%00",
    "p=-1",
    "p=99999999999999999999",
    "o=zzz",
    "o=99.1",
    "e=1",
    "_to_field=foo",
    "_facets=1&publication=foo",
    "published_at__gte=foo",
    "published_at__year=99999",
    "published_at__year=0",
    "published_at__isnull=foo",
    "published_at__hour=99999999999999999999",
    "title_en__regex=(",
    "series__id__exact=abc",
    "edition__gte=99999999999999999999",
]


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_every_model_is_edited_on_pages_of_its_own_or_under_another_record():
    ours = {model for model in apps.get_models() if model._meta.app_label in ("portal", "companies", "events")}
    inlines = {inline.model for each in admin.site._registry.values() for inline in each.inlines}

    assert ours == QUERIES_OF_LIST.keys() | EDITED_UNDER_ANOTHER_RECORD | WRITTEN_BY_COMMANDS
    assert QUERIES_OF_LIST.keys() | {User, Group} == admin.site._registry.keys()
    assert inlines >= EDITED_UNDER_ANOTHER_RECORD


@pytest.mark.parametrize("model", QUERIES_OF_LIST)
def test_the_list_takes_as_many_queries_for_thirty_rows_as_for_one(model, admin_client, django_assert_num_queries):
    periods = iter(range(1990, 2020))
    rows = [lambda: make(model)] * 30
    if model is Observation:  # a list of indicators is shown beside them
        shared = indicator()
        rows = [lambda: make(model, indicator=shared, period=str(next(periods)))] * 30

    for number, make_row in enumerate(rows):
        make_row()
        if number in (0, 29):
            with django_assert_num_queries(QUERIES_OF_LIST[model]):
                response = admin_client.get(address(model, "changelist"))

            assert response.status_code == 200


@pytest.mark.parametrize("model", QUERIES_OF_LIST)
def test_a_record_opens(model, admin_client):
    record = make(model)

    response = admin_client.get(address(model, "change", record.pk))

    assert response.status_code == 200


@pytest.mark.parametrize("model", [model for model in QUERIES_OF_LIST if model not in (Enquiry, OutsideLink)])
def test_an_empty_form_opens_whatever_the_address_wants_it_filled_with(model, admin_client):
    responses = [admin_client.get(address(model, "add"), query) for query in ({}, {"published_at": "x", "place": "x"})]

    assert [response.status_code for response in responses] == [200, 200]


@pytest.mark.parametrize("model", [Enquiry, OutsideLink])
def test_staff_do_not_write_what_comes_from_outside(model, admin_client):
    response = admin_client.get(address(model, "add"))

    assert response.status_code == 403


@pytest.mark.parametrize("model", [*QUERIES_OF_LIST, User])
def test_no_list_breaks_on_nonsense(model, admin_client):
    if model is not User:
        make(model)

    statuses = {query: admin_client.get(f"{address(model, 'changelist')}?{query}").status_code for query in NONSENSE}

    assert {query: status for query, status in statuses.items() if status not in (200, 302, 400)} == {}


@pytest.mark.parametrize("query", ["pk__regex=(", "accessed_on__year=99999", "q=%00"])
def test_what_would_break_the_query_is_a_bad_request(query, admin_client):
    response = admin_client.get(f"{address(Source, 'changelist')}?{query}")

    assert response.status_code == 400


@pytest.mark.parametrize("action", ["publish_now", "delete_selected"])
@pytest.mark.parametrize("selected", ["abc", "1e9", "\x00"])
def test_a_selection_that_makes_no_sense_is_a_bad_request(action, selected, admin_client):
    conference()

    response = admin_client.post(
        address(Conference, "changelist"), {"action": action, "_selected_action": selected, "index": "0"}
    )

    assert response.status_code == 400


@pytest.mark.parametrize("action", ["publish_now", "delete_selected"])
def test_a_selection_of_a_number_that_no_record_can_have_changes_nothing(action, admin_client):
    public = conference()
    values = {"action": action, "_selected_action": "99999999999999999999999", "index": "0"}

    response = admin_client.post(address(Conference, "changelist"), values)

    assert response.status_code in (200, 302, 400)  # SQLite refuses the number, PostgreSQL finds nothing
    assert list(Conference.objects.published()) == [public]


@pytest.mark.parametrize("page", ["changelist", "add"])
def test_whoever_is_not_staff_is_led_to_the_login(page, client, django_user_model):
    client.force_login(django_user_model.objects.create_user("visitor"))

    response = client.get(address(Conference, page))

    assert response.status_code == 302
    assert response.url == f"{reverse('admin:login')}?next={address(Conference, page)}"


def test_staff_without_permission_for_a_model_are_refused(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("editor", is_staff=True))

    response = client.get(address(Conference, "changelist"))

    assert response.status_code == 403


def test_the_desk_carries_the_name_of_the_portal_in_the_language_of_the_editor(admin_client):
    english = admin_client.get(reverse("admin:index"), headers={"accept-language": "en"})
    chinese = admin_client.get(reverse("admin:index"), headers={"accept-language": "zh-hans"})

    assert english.context["site_header"] == "Baoshan Invest · staff desk"
    assert chinese.context["site_header"].startswith("投资宝山")


def test_the_desk_needs_no_inline_script_or_style(admin_client):
    response = admin_client.get(address(Conference, "add"))

    assert "style=" not in response.text
    assert "<style" not in response.text
    assert "<script>" not in response.text
