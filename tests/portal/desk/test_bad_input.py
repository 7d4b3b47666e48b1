"""Forms of the desk that no browser would send: a clear refusal, never an error of ours, and nothing half written."""

import pytest
from django.urls import reverse

from events.models import Agreement, AgreementParty
from tests.desk import add_row, form_of
from tests.factories import agreement, conference, organization, party, session, sourced

pytestmark = pytest.mark.django_db


def address_of(record, page="change"):
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{page}", args=[record.pk])


@pytest.fixture
def paper():
    """A public agreement with one party and a source."""
    record = sourced(agreement(title_en="As it was"))
    party(agreement=record, organization=organization())
    return record


def sent(client, record, **forged):
    """The answer to the form of `record` with some fields forged; the title is changed, so that saving would show."""
    form = form_of(client.get(address_of(record))) | {"title_en": "Changed"}
    return client.post(address_of(record), form | forged)


@pytest.mark.parametrize(
    "forged",
    [
        {"parties-TOTAL_FORMS": "1000000000"},
        {"parties-TOTAL_FORMS": "nonsense"},
        {"citations-TOTAL_FORMS": ""},
        {"parties-0-id": "999999"},
        {"parties-0-id": "x' OR 1=1"},
        {"parties-0-id": str(2**70)},
        {"place": str(2**70)},
        {"place": "\x00"},
        {"kind": "bribe"},
        {"sectors": ["999999", "nonsense"]},
        {"batch_size_value": "9" * 400},
        {"terminated_on": "２０２４年１３月"},
        {"published_at_0": "9999-99-99"},
        {"slug": "../../etc/passwd"},
        {"title_en": "x" * 300_000},
        {"summary_en": "x" * 30_000},
        {"summary_en": "x" * 2_700_000},
    ],
    ids=lambda forged: next(iter(forged)) + "=" + str(next(iter(forged.values())))[:12],
)
def test_a_forged_field_is_refused_and_changes_nothing(admin_client, paper, forged):
    response = sent(admin_client, paper, **forged)

    assert response.status_code in (200, 400, 413)
    assert Agreement.objects.get(pk=paper.pk).title_en == "As it was"
    assert AgreementParty.objects.count() == 1


@pytest.mark.parametrize("count", ["parties-TOTAL_FORMS", "parties-INITIAL_FORMS"])
@pytest.mark.parametrize("number", ["-1", "0", "99"])
def test_rows_that_are_miscounted_are_neither_lost_nor_doubled(admin_client, paper, count, number):
    response = sent(admin_client, paper, **{count: number})

    assert response.status_code < 500
    assert AgreementParty.objects.count() == 1


def test_a_row_of_another_record_is_not_taken_over(admin_client, paper):
    foreign = party(agreement=agreement(), organization=organization())

    response = sent(admin_client, paper, **{"parties-0-id": str(foreign.pk)})

    assert response.status_code < 500
    assert set(AgreementParty.objects.values_list("pk", "agreement")) == {
        (foreign.pk, foreign.agreement_id),
        (paper.parties.get().pk, paper.pk),
    }


def test_a_row_that_somebody_deleted_meanwhile_is_told_and_what_was_typed_stays(admin_client, paper):
    form = form_of(admin_client.get(address_of(paper))) | {"title_en": "Typed"}
    paper.parties.all().delete()

    response = admin_client.post(address_of(paper), form)

    assert response.status_code == 200
    assert "Typed" in response.text


def test_a_parent_that_was_deleted_meanwhile_is_an_error_beside_its_field(admin_client):
    event = conference()
    item = sourced(session(conference=event))
    form = form_of(admin_client.get(address_of(item))) | {"title_en": "Typed", "conference": str(event.pk + 1000)}

    response = admin_client.post(address_of(item), form)

    assert response.status_code == 200
    assert "conference" in response.context["adminform"].form.errors
    assert "Typed" in response.text


def test_a_record_that_was_deleted_meanwhile_is_told(admin_client, paper):
    form = form_of(admin_client.get(address_of(paper)))
    address = address_of(paper)
    paper.delete()

    response = admin_client.post(address, form, follow=True)

    assert response.status_code in (200, 404, 409, 410)
    assert not Agreement.objects.filter(pk=paper.pk).exists()


def test_a_new_row_for_a_choice_that_is_none_is_refused_whole(admin_client, paper):
    response = admin_client.get(address_of(paper))
    form = form_of(response) | {"title_en": "Changed"}
    add_row(form, response, "amounts", kind="bribe", currency="CNY", quantity_value="1")

    refused = admin_client.post(address_of(paper), form)

    paper.refresh_from_db()
    assert refused.status_code == 200
    assert (paper.title_en, paper.amounts.count()) == ("As it was", 0)


@pytest.mark.parametrize("name", ["title_en", "summary_en"])
def test_markup_in_plain_text_is_shown_as_text(admin_client, client, paper, name):
    attack = '<script>alert(1)</script>{{ settings.SECRET_KEY }}"><img src=x onerror=alert(1)>'

    sent(admin_client, paper, **{name: attack})
    pages = [client.get(paper.get_absolute_url()).text, admin_client.get(address_of(paper)).text]

    assert all("<script>alert" not in page and "<img src=x" not in page for page in pages)
    assert "{{ settings.SECRET_KEY }}" in pages[0]
