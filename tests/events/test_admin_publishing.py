"""Publishing at the staff desk: nothing is public without a source; what was wrong is corrected in the open."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from companies.models import Observation
from events.models import Agreement, Conference, Session
from portal import clock
from portal.models import Source
from tests.desk import add_row, form_of, latest_changes
from tests.factories import (
    agreement,
    cite,
    conference,
    document,
    indicator,
    observation,
    series,
    session,
    source,
    sourced,
    withdraw,
)

pytestmark = pytest.mark.django_db

NEEDS_A_SOURCE = (
    "Nothing is public without a source. Cite one that states or implies something, or save this as a draft."
)
LOSES_ITS_SOURCE = (
    "This would leave a public record without a usable source. Cite another one, or tick “Make it a draft and remove "
    "the source”."
)
NEEDS_A_SOURCE_OF_ITS_OWN = (
    "Nothing is public without a source. Save this as a draft, open it on its own page, cite its source there and "
    "publish it."
)
NOW = {"published_at_0": "2024-11-15", "published_at_1": "10:00"}
NEVER = {"published_at_0": "", "published_at_1": ""}
TITLES = {"title_en": "Vaccine plant", "title_zh_hans": "疫苗生产基地"}
BOX = "Make it a draft and remove the source"


def address_of(record):
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


def opened(client, address):
    response = client.get(address)
    return response, form_of(response)


def errors_of(response):
    return response.context["errors"]


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def citing(form, response, **values):
    add_row(form, response, "citations", **{"source": source().pk, "stance": "states", **values})


# --- Forms ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("events_series", {"name_en": "Meilan Lake", "name_zh_hans": "美兰湖"}),
        ("events_conference", {**TITLES, "starts_on": "2024-11-15"}),
        ("events_speaker", {"name_en": "Zhai Jinguo"}),
        ("events_investmentproject", TITLES),
        ("events_announcement", {**TITLES, "announced_on": "2024-11-15"}),
        ("companies_organization", {"name_en": "DiaSorin"}),
        ("companies_place", {"name_en": "Biopharma Park", "name_zh_hans": "生物医药产业园", "kind": "park"}),
        ("companies_indicator", {"name_en": "Biopharma companies", "name_zh_hans": "生物医药企业"}),
    ],
)
def test_a_record_is_published_with_a_source_and_is_a_draft_without_one(admin_client, name, values):
    address = reverse(f"admin:{name}_add")
    response, form = opened(admin_client, address)

    refused = admin_client.post(address, form | values | NOW)
    kept = admin_client.post(address, form | values)
    with_source = form | values | NOW | {"slug": "with-source"}
    citing(with_source, response)
    published = admin_client.post(address, with_source)

    assert errors_of(refused) == [NEEDS_A_SOURCE]
    assert BOX not in refused.text
    assert (kept.status_code, published.status_code) == (302, 302)
    model = refused.context["adminform"].form._meta.model
    assert [each.is_draft for each in model.objects.order_by("pk")] == [True, False]
    assert [each.slug for each in model.objects.published()] == ["with-source"]


def test_nothing_that_was_typed_is_lost(admin_client):
    address = reverse("admin:events_conference_add")
    response, form = opened(admin_client, address)
    form |= {"title_en": "Meilan Lake 2024", "starts_on": "2024-11-15", **NOW}
    add_row(form, response, "sessions", title_en="Opening")

    response = admin_client.post(address, form)

    assert 'value="Meilan Lake 2024"' in response.text
    assert 'value="Opening"' in response.text
    assert 'value="2024-11-15"' in response.text


def test_scheduling_needs_a_source_too(admin_client):
    draft = conference(published_at=None)
    _response, form = opened(admin_client, address_of(draft))

    response = admin_client.post(address_of(draft), form | {"published_at_0": "2099-01-01", "published_at_1": "00:00"})

    assert errors_of(response) == [NEEDS_A_SOURCE]


@pytest.mark.parametrize("values", [{"stance": "contradicts"}, {"DELETE": "on"}])
def test_a_citation_that_is_not_usable_is_no_source(admin_client, values):
    draft = conference(published_at=None)
    response, form = opened(admin_client, address_of(draft))
    citing(form, response, **values)

    response = admin_client.post(address_of(draft), form | NOW)

    assert errors_of(response) == [NEEDS_A_SOURCE]


def test_a_citation_that_has_an_error_of_its_own_is_the_only_error(admin_client):
    draft = conference(published_at=None)
    response, form = opened(admin_client, address_of(draft))
    citing(form, response, source=source(rejected_reason="machine-made copy").pk)

    response = admin_client.post(address_of(draft), form | NOW)

    assert errors_of(response) == [["This source was rejected: machine-made copy"]]


def test_a_document_needs_no_source(admin_client):
    paper = document(published_at=None)
    _response, form = opened(admin_client, address_of(paper))

    admin_client.post(address_of(paper), form | NOW)

    paper.refresh_from_db()
    assert not paper.is_draft


def test_a_public_record_without_a_source_is_not_saved_as_public(admin_client):
    public = conference()
    _response, form = opened(admin_client, address_of(public))

    refused = admin_client.post(address_of(public), form)
    kept = admin_client.post(address_of(public), form | NEVER)

    assert errors_of(refused) == [NEEDS_A_SOURCE]
    assert kept.status_code == 302
    assert Conference.objects.get().is_draft


# --- The last source --------------------------------------------------------------------------------------------------


def removing_the_source(client, record, **values):
    _response, form = opened(client, address_of(record))
    return client.post(address_of(record), form | {"citations-0-DELETE": "on", **values}, follow=True)


def test_removing_the_last_source_of_a_public_record_is_refused_and_offers_a_draft(admin_client):
    public = sourced(agreement())

    response = removing_the_source(admin_client, public)

    assert errors_of(response) == [LOSES_ITS_SOURCE]
    assert BOX in response.text
    assert Agreement.objects.published().get().citations.count() == 1


def test_whoever_chooses_the_draft_gets_it(admin_client):
    public = sourced(agreement())

    response = removing_the_source(admin_client, public, **{"citations-make_draft": "on"})

    record = Agreement.objects.get()
    history = admin_client.get(reverse("admin:events_agreement_history", args=[record.pk]))
    assert (record.is_draft, record.citations.count()) == (True, 0)
    assert messages_of(response)[0] == "It is a draft now, because no usable source is left."
    assert "Published at" in latest_changes(history)


def test_the_chosen_draft_is_not_made_when_another_source_is_cited_after_all(admin_client):
    public = sourced(agreement())
    response, form = opened(admin_client, address_of(public))
    citing(form, response)

    admin_client.post(address_of(public), form | {"citations-0-DELETE": "on", "citations-make_draft": "on"})

    assert list(Agreement.objects.published()) == [public]


def test_a_source_that_turns_to_contradict_is_a_source_that_is_gone(admin_client):
    public = sourced(agreement())
    _response, form = opened(admin_client, address_of(public))

    response = admin_client.post(address_of(public), form | {"citations-0-stance": "contradicts"})

    assert errors_of(response) == [LOSES_ITS_SOURCE]


def test_one_of_two_sources_is_removed_without_ado(admin_client):
    public = sourced(sourced(agreement()))

    response = removing_the_source(admin_client, public)

    assert response.status_code == 200
    assert Agreement.objects.published().get().citations.count() == 1


def test_a_draft_loses_its_source_without_ado(admin_client):
    draft = sourced(agreement(published_at=None))

    removing_the_source(admin_client, draft)

    assert Agreement.objects.get().citations.count() == 0


def test_a_source_on_which_something_public_rests_alone_is_not_rejected(admin_client):
    report = source()
    cite(agreement(title_en="Vaccine plant"), source=report)
    _response, form = opened(admin_client, address_of(report))

    response = admin_client.post(address_of(report), form | {"rejected_reason": "machine-made copy"})

    assert errors_of(response) == [
        ["These rest on this source alone: Vaccine plant. First cite another source for each or make it a draft."]
    ]
    assert Source.objects.get().rejected_reason == ""


def test_a_source_is_rejected_once_nothing_rests_on_it(admin_client):
    report = source()
    cite(sourced(agreement()), source=report)
    cite(agreement(published_at=None), source=report)
    _response, form = opened(admin_client, address_of(report))

    admin_client.post(address_of(report), form | {"rejected_reason": "machine-made copy"})

    assert Source.objects.filter(rejected_reason="machine-made copy").get() == report


# --- Rows -------------------------------------------------------------------------------------------------------------


def test_the_programme_rests_on_the_sources_of_the_conference(admin_client):
    address = reverse("admin:events_conference_add")
    response, form = opened(admin_client, address)
    form |= {**TITLES, "starts_on": "2024-11-15", **NOW}
    citing(form, response)
    moment = {"published_at_0": "2024-11-15", "published_at_1": "10:00"}
    add_row(form, response, "sessions", title_en="Opening", title_zh_hans="开幕式", **moment)

    admin_client.post(address, form)

    assert [each.title for each in Session.objects.published()] == ["Opening"]


@pytest.mark.parametrize(("cited", "errors"), [(True, None), (False, [NEEDS_A_SOURCE])])
def test_a_session_is_published_when_its_conference_has_a_source(admin_client, cited, errors):
    event = sourced(conference()) if cited else conference()
    item = session(conference=event, published_at=None)
    _response, form = opened(admin_client, address_of(item))

    response = admin_client.post(address_of(item), form | NOW)

    assert (response.context["errors"] if response.context else None) == errors
    assert Session.objects.get().is_draft != cited


def test_a_value_of_an_indicator_needs_a_source_of_its_own(admin_client):
    companies = sourced(indicator())
    uncited, cited = (observation(indicator=companies, period=year, published_at=None) for year in ("2020", "2024"))
    cite(cited)
    response, form = opened(admin_client, address_of(companies))
    rows = {"observations-0-published_at_0": "2024-11-15", "observations-0-published_at_1": "10:00"}
    row_of_cited = {name.replace("s-0", "s-1"): value for name, value in rows.items()}

    refused = admin_client.post(address_of(companies), form | rows)
    add_row(form, response, "observations", period="2023", quantity_value="400")
    published = admin_client.post(address_of(companies), form | row_of_cited)

    assert errors_of(refused) == [[NEEDS_A_SOURCE_OF_ITS_OWN]]
    assert published.status_code == 302
    assert list(Observation.objects.published()) == [cited]
    assert Observation.objects.drafts().count() == 2
    assert uncited.pk in Observation.objects.drafts().values_list("pk", flat=True)


def test_whoever_may_not_cite_may_not_publish_what_has_no_source(client, django_user_model):
    editor = django_user_model.objects.create_user("editor", is_staff=True)
    editor.user_permissions.set(
        Permission.objects.filter(codename__in=["change_conference", "view_conference", "publish"])
    )
    client.force_login(editor)
    uncited, cited = conference(published_at=None), sourced(conference(published_at=None))

    responses = []
    for record in (uncited, cited):
        _response, form = opened(client, address_of(record))
        responses.append(client.post(address_of(record), form | NOW))

    assert errors_of(responses[0]) == [[NEEDS_A_SOURCE_OF_ITS_OWN]]
    assert list(Conference.objects.published()) == [cited]


# --- Lists ------------------------------------------------------------------------------------------------------------


def heading_of(message):
    return message.partition("<ul>")[0]


def publish_now(client, model, *records):
    values = {"action": "publish_now", "_selected_action": [record.pk for record in records], "index": "0"}
    return client.post(reverse(f"admin:events_{model}_changelist"), values, follow=True)


def test_publish_now_skips_what_has_no_source_and_says_so(admin_client):
    cited = sourced(conference(published_at=None))
    uncited = [conference(published_at=None), conference(published_at=clock.now() + timedelta(days=1))]
    public = conference()

    response = publish_now(admin_client, "conference", cited, *uncited, public)

    assert [heading_of(message) for message in messages_of(response)] == [
        "1 record published.",
        "2 records were skipped:",
    ]
    assert messages_of(response)[1].count("it has no usable source") == 2
    assert set(Conference.objects.published()) == {cited, public}


def test_a_skipped_record_has_no_history_of_being_published(admin_client):
    uncited = conference(published_at=None)

    publish_now(admin_client, "conference", uncited)

    history = admin_client.get(reverse("admin:events_conference_history", args=[uncited.pk]))
    assert [save.number for save in history.context["page"]] == [1]  # it was made, and nothing since


def test_publish_now_skips_what_was_withdrawn(admin_client):
    gone = sourced(conference(published_at=None))
    withdraw(gone)

    response = publish_now(admin_client, "conference", gone)

    assert "it was withdrawn" in messages_of(response)[1]
    gone.refresh_from_db()
    assert gone.is_draft


def test_lists_say_and_filter_what_is_withdrawn(admin_client):
    gone, kept = conference(), conference()
    withdraw(gone)

    shown = {
        state: list(
            admin_client.get(reverse("admin:events_conference_changelist"), {"publication": state})
            .context["cl"]
            .result_list
        )
        for state in ("withdrawn", "public")
    }
    html = admin_client.get(reverse("admin:events_conference_changelist"), {"publication": "withdrawn"}).text

    assert shown == {"withdrawn": [gone], "public": [kept]}
    assert '<span class="desk-badge" data-state="withdrawn">withdrawn</span>' in html


# --- Corrections ------------------------------------------------------------------------------------------------------


def test_a_correction_is_recorded_under_its_record(admin_client):
    event = sourced(conference())
    response, form = opened(admin_client, address_of(event))
    reason = "The organizer announced another day."
    add_row(form, response, "corrections", fact="starts_on", old_value="2024-11-14", made_on="2025-05-03")

    refused = admin_client.post(address_of(event), form)
    saved = admin_client.post(address_of(event), form | {"corrections-0-reason_en": reason})

    assert errors_of(refused) == [["Give the reason of the correction in at least one language."]]
    assert saved.status_code == 302
    assert event.corrections.get().sentence == "Corrected on 3 May 2025: starts on was “2024-11-14”."


def test_a_second_withdrawal_is_explained(admin_client):
    event = sourced(conference())
    withdraw(event)
    response, form = opened(admin_client, address_of(event))
    add_row(form, response, "corrections", kind="withdrawal", reason_en="Again.", made_on="2025-05-04")

    response = admin_client.post(address_of(event), form)

    assert errors_of(response) == ["This record is already withdrawn. Change the reason there."]


def test_a_series_is_not_corrected(admin_client):
    response = admin_client.get(address_of(series()))

    assert [each.formset.prefix for each in response.context["inline_admin_formsets"]] == ["citations"]
