"""What the forms and lists of the staff desk share: slugs, rows, publication, citations."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from companies.models import Sector
from events.models import Agreement, Amount, Conference, InvestmentProject, Session, Speaker
from portal import clock
from portal.desk.citing import fact_choices
from portal.desk.editing import quantity
from portal.quantities import Quantity
from tests.desk import add_row, form_of, latest_changes
from tests.factories import (
    agreement,
    amount,
    cite,
    conference,
    milestone,
    organization,
    party,
    place,
    project,
    sector,
    session,
    source,
    sourced,
    speaker,
)

pytestmark = pytest.mark.django_db

SECTORS = "admin:companies_sector_add"
CONFERENCES = "admin:events_conference_changelist"


def save(client, name, *args, **values):
    """Open the form, fill in `values` and press "Save"."""
    address = reverse(name, args=args)
    return client.post(address, form_of(client.get(address)) | values)


def errors_of(response):
    return response.context["errors"]


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


# --- Slugs ------------------------------------------------------------------------------------------------------------


def test_an_empty_slug_is_made_of_the_english_title(admin_client):
    save(admin_client, SECTORS, name_en="Cell & gene therapy", name_zh_hans="细胞与基因治疗")

    assert Sector.objects.get().slug == "cell-gene-therapy"


def test_without_an_english_title_an_empty_slug_names_the_kind_and_counts(admin_client):
    for title in ("战略合作框架协议", "项目落户框架协议"):
        save(admin_client, "admin:events_agreement_add", title_zh_hans=title, kind=Agreement.Kind.LETTER_OF_INTENT)

    assert sorted(Agreement.objects.values_list("slug", flat=True)) == ["letter-of-intent", "letter-of-intent-2"]


def test_a_record_without_a_kind_is_named_after_its_model(admin_client):
    save(admin_client, "admin:events_speaker_add", name_zh_hans="翟金国")

    assert Speaker.objects.get().slug == "speaker"


def test_a_slug_made_of_a_title_that_is_taken_is_numbered(admin_client):
    sector(slug="vaccines")

    save(admin_client, SECTORS, name_en="Vaccines")

    assert Sector.objects.get(name_en="Vaccines").slug == "vaccines-2"


def test_a_long_title_gives_a_slug_that_fits(admin_client):
    save(admin_client, SECTORS, name_en="Monoclonal antibodies " * 4)

    assert len(Sector.objects.get().slug) <= 60


def test_emptying_the_slug_of_a_record_keeps_its_address(admin_client):
    vaccines = sector(slug="vaccines")

    save(admin_client, "admin:companies_sector_change", vaccines.pk, slug="", name_en="Vaccines and sera")

    vaccines.refresh_from_db()
    assert (vaccines.name_en, vaccines.slug) == ("Vaccines and sera", "vaccines")


def test_a_slug_that_was_written_and_is_taken_is_explained(admin_client):
    sector(slug="vaccines")

    response = save(admin_client, SECTORS, name_en="Vaccines", slug="vaccines")

    assert errors_of(response) == [["Sector with this Slug already exists."]]


def test_new_rows_with_empty_slugs_get_different_ones(admin_client):
    address = reverse("admin:events_conference_add")
    response = admin_client.get(address)
    form = form_of(response) | {"title_zh_hans": "美兰湖大会", "starts_on": "2024-11-15"}
    for title in ("开幕", "致辞", "签约"):
        add_row(form, response, "sessions", title_zh_hans=title)

    admin_client.post(address, form)

    assert sorted(Session.objects.values_list("slug", flat=True)) == ["talk", "talk-2", "talk-3"]


def test_sessions_of_different_conferences_share_slugs(admin_client):
    session(slug="opening")
    address = reverse("admin:events_conference_add")
    response = admin_client.get(address)
    form = form_of(response) | {"title_en": "Another conference", "starts_on": "2024-11-15"}
    add_row(form, response, "sessions", title_en="Opening")

    admin_client.post(address, form)

    assert [each.slug for each in Session.objects.all()] == ["opening", "opening"]


# --- Numbers from words -----------------------------------------------------------------------------------------------


def add_amount(client, **values):
    """Add an amount to a new agreement and fill in `values`."""
    address = reverse("admin:events_agreement_change", args=[agreement(published_at=None).pk])
    response = client.get(address)
    form = form_of(response)
    add_row(form, response, "amounts", **values)
    return client.post(address, form)


def errors_by_field(response, prefix):
    formset = next(each.formset for each in response.context["inline_admin_formsets"] if each.formset.prefix == prefix)
    return dict(formset.forms[0].errors)


def test_a_number_without_a_value_is_read_from_the_words_of_the_source(admin_client):
    add_amount(admin_client, quantity_words="总投资超160亿元")

    capital = Amount.objects.get()
    assert (capital.quantity, capital.currency) == (Quantity(Decimal(16_000_000_000), ">"), "CNY")
    assert capital.quantity_words == "总投资超160亿元"


@pytest.mark.parametrize(
    ("words", "area"),
    [
        ("近300平方公里", Quantity(Decimal(300), "<", approximate=True)),
        ("2-3 km²", Quantity(Decimal(2), value_to=Decimal(3))),
        ("6.86", Quantity(Decimal("6.86"))),
    ],
)
def test_all_parts_of_a_number_are_read(words, area, admin_client):
    park = place(published_at=None)

    save(admin_client, "admin:companies_place_change", park.pk, area_words=words)

    park.refresh_from_db()
    assert park.area == area


def test_a_value_that_was_written_stands_whatever_the_words_say(admin_client):
    add_amount(admin_client, quantity_value="1105000000", quantity_words="5億5500万元と5億5000万元")
    add_amount(admin_client, quantity_value="7", quantity_words="428")

    assert {capital.quantity for capital in Amount.objects.all()} == {
        Quantity(Decimal(1_105_000_000)),
        Quantity(Decimal(7)),
    }


def test_words_that_cannot_be_read_ask_for_the_value(admin_client):
    response = add_amount(admin_client, quantity_words="5億5500万元と5億5000万元")

    assert errors_by_field(response, "amounts") == {
        "quantity_value": ["This field is required."],
        "quantity_words": [
            "“5億5500万元と5億5000万元” is not a number we can read. "
            "Write for example: 428, more than 70, 近400, CNY 6 billion, 10-15.",
            "Keep the words of the source and fill in the value beside them.",
        ],
    }
    assert not Amount.objects.exists()


def test_words_that_cannot_be_read_stay_as_they_are_where_no_value_is_needed(admin_client):
    park = place(published_at=None)

    save(admin_client, "admin:companies_place_change", park.pk, area_words="about the size of Monaco")

    park.refresh_from_db()
    assert (park.area, park.area_words) == (None, "about the size of Monaco")


def test_neither_value_nor_words_is_the_ordinary_error(admin_client):
    response = add_amount(admin_client, kind=Amount.Kind.FUND_SIZE)

    assert errors_by_field(response, "amounts") == {"quantity_value": ["This field is required."]}


def test_a_value_that_is_no_number_is_not_replaced_by_the_words(admin_client):
    response = add_amount(admin_client, quantity_value="many", quantity_words="428")

    assert errors_by_field(response, "amounts") == {"quantity_value": ["Enter a number."]}


def test_a_value_that_was_emptied_is_not_filled_again_from_old_words(admin_client):
    park = place(area=Quantity(Decimal(300)), area_words="300平方公里", published_at=None)

    save(admin_client, "admin:companies_place_change", park.pk, area_value="")

    park.refresh_from_db()
    assert (park.area, park.area_words) == (None, "300平方公里")


def test_a_currency_that_differs_from_the_words_is_an_error(admin_client):
    response = add_amount(admin_client, currency="CNY", quantity_words="US$2.25 billion")

    assert errors_by_field(response, "amounts") == {
        "currency": ["The words name the currency USD, this field says CNY. Correct one of them."]
    }
    assert not Amount.objects.exists()


def test_words_in_the_currency_of_the_form_are_read(admin_client):
    add_amount(admin_client, currency="USD", quantity_words="US$2.25 billion")

    capital = Amount.objects.get()
    assert (capital.quantity, capital.currency) == (Quantity(Decimal(2_250_000_000)), "USD")


def test_a_part_of_the_number_that_contradicts_the_words_is_an_error(admin_client):
    response = add_amount(admin_client, quantity_comparator="<", quantity_words="超过70家")

    assert errors_by_field(response, "amounts") == {
        "quantity_comparator": ["The words say something else. Correct them, or fill in the value."]
    }
    assert not Amount.objects.exists()


def test_a_part_of_the_number_that_agrees_with_the_words_is_kept(admin_client):
    add_amount(admin_client, quantity_comparator=">", quantity_words="超过70家")

    assert Amount.objects.get().quantity == Quantity(Decimal(70), ">")


def test_a_number_with_more_digits_than_can_be_stored_is_an_error_beside_its_value(admin_client):
    response = add_amount(admin_client, quantity_words="0.00001")

    assert errors_by_field(response, "amounts").keys() == {"quantity_value"}
    assert not Amount.objects.exists()


# --- Errors -----------------------------------------------------------------------------------------------------------


def test_a_broken_rule_of_the_database_is_a_sentence_in_the_form(admin_client):
    response = save(admin_client, SECTORS, name_en="", name_zh_hans="")

    assert errors_of(response) == [["Name the sector in at least one language."]]
    assert "Name the sector in at least one language." in response.text


def test_two_new_rows_that_contradict_each_other_are_a_sentence_in_the_form(admin_client):
    address = reverse("admin:events_agreement_add")
    response = admin_client.get(address)
    form = form_of(response) | {"title_en": "Investment agreement"}
    add_row(form, response, "parties", name_en="Jiusi Biotechnology")
    add_row(form, response, "parties", name_en="Jiusi Biotechnology")

    response = admin_client.post(address, form)

    assert errors_of(response) == ["This name is already listed in this role."]
    assert not Agreement.objects.exists()


def test_two_new_rows_that_only_look_alike_are_saved(admin_client):
    address = reverse("admin:events_agreement_add")
    response = admin_client.get(address)
    form = form_of(response) | {"title_en": "Investment agreement"}
    add_row(form, response, "parties", organization=organization().pk)
    add_row(form, response, "parties", organization=organization().pk)

    admin_client.post(address, form)

    assert Agreement.objects.get().parties.count() == 2


@pytest.mark.parametrize("value", ["0", "abc", "\x00", "99999999999999999999999"])
def test_a_related_record_that_does_not_exist_is_an_error_beside_its_field(value, admin_client):
    response = save(admin_client, SECTORS, name_en="Vaccines", parent=value)

    assert response.status_code == 200
    assert response.context["adminform"].form.errors.keys() == {"parent"}


def test_a_row_that_a_colleague_deleted_meanwhile_is_an_error_in_the_form(admin_client):
    capital = amount()
    address = reverse("admin:events_agreement_change", args=[capital.agreement_id])
    form = form_of(admin_client.get(address))
    capital.delete()

    response = admin_client.post(address, form)

    assert response.status_code == 200
    assert errors_of(response)


def test_what_others_depend_on_is_not_deleted(admin_client):
    park = place()
    project(place=park)

    response = admin_client.post(reverse("admin:companies_place_delete", args=[park.pk]), {"post": "yes"})

    assert response.status_code == 200
    assert list(response.context["protected"])
    assert type(park).objects.contains(park)


def test_a_form_that_nobody_touched_changes_nothing(admin_client):
    capital = amount(quantity=Quantity(16_000_000_000, ">", approximate=True))
    partner = party(agreement=capital.agreement, name_en="Jiusi Biotechnology")
    cite(capital.agreement, fact="parties", quote="原话")

    response = save(admin_client, "admin:events_agreement_change", capital.agreement_id)

    capital.refresh_from_db()
    assert response.status_code == 302
    assert capital.quantity == Quantity(16_000_000_000, ">", approximate=True)
    assert [each.pk for each in capital.agreement.parties.all()] == [partner.pk]
    assert [(each.fact, each.quote) for each in capital.agreement.citations.all()] == [("parties", "原话")]


# --- Publication ------------------------------------------------------------------------------------------------------


def act(client, action, *records):
    values = {"action": action, "_selected_action": [record.pk for record in records], "index": "0"}
    return client.post(reverse(CONFERENCES), values, follow=True)


def test_publishing_says_how_many_became_public(admin_client, now):
    earlier = conference()
    draft = sourced(conference(published_at=None))
    scheduled = sourced(conference(published_at=now + timedelta(days=1)))

    response = act(admin_client, "publish_now", earlier, draft, scheduled)

    assert messages_of(response) == ["2 records published."]
    assert set(Conference.objects.published()) == {earlier, draft, scheduled}
    assert Conference.objects.get(pk=earlier.pk).published_at == earlier.published_at


def test_publishing_from_the_list_of_drafts_says_how_many_stay_hidden_and_why(admin_client):
    draft = sourced(session(published_at=None, conference=conference(published_at=None)))
    address = reverse("admin:events_session_changelist") + "?publication=draft"

    response = admin_client.post(
        address, {"action": "publish_now", "_selected_action": [draft.pk], "index": "0"}, follow=True
    )

    assert messages_of(response) == [
        "1 record published.",
        "1 record stays hidden until what it belongs to is public.",
    ]


def test_back_to_draft_says_how_many_are_hidden_now(admin_client):
    public, draft = conference(), conference(published_at=None)

    response = act(admin_client, "back_to_draft", public, draft)

    assert messages_of(response) == ["1 record is a draft."]
    assert not Conference.objects.published().exists()


def test_the_history_of_a_record_tells_that_it_was_published(admin_client):
    draft = sourced(conference(published_at=None))
    act(admin_client, "publish_now", draft)

    response = admin_client.get(reverse("admin:events_conference_history", args=[draft.pk]))

    assert latest_changes(response) == ["Published at"]


def test_lists_say_and_filter_what_is_public(admin_client):
    kept = {
        "draft": conference(published_at=None),
        "scheduled": conference(published_at=clock.now() + timedelta(days=1)),
        "public": conference(),
    }

    for state, record in kept.items():
        response = admin_client.get(reverse(CONFERENCES), {"publication": state})

        assert list(response.context["cl"].result_list) == [record]
        assert f'<span class="desk-badge" data-state="{state}">{state}</span>' in response.text


def test_the_way_to_the_public_page_is_shown_for_drafts_too(admin_client):
    draft = conference(published_at=None)

    response = admin_client.get(reverse("admin:events_conference_change", args=[draft.pk]))

    assert response.context["absolute_url"] == draft.get_absolute_url()


# --- Fields -----------------------------------------------------------------------------------------------------------


def test_both_languages_stand_in_one_row_and_say_which_they_are(admin_client):
    response = admin_client.get(reverse("admin:events_conference_add"))

    assert [field.name for field in _row(response, "title_en")] == ["title_en", "title_zh_hans"]
    assert "Title [en]:" in response.text
    assert "Title [zh-hans]:" in response.text


def test_the_parts_of_a_number_stand_in_one_row(admin_client):
    response = admin_client.get(reverse("admin:companies_place_add"))

    assert tuple(field.name for field in _row(response, "area_value")) == quantity("area")


def _row(response, name):
    rows = [[field.field for field in line] for fieldset in response.context["adminform"] for line in fieldset]
    return next(row for row in rows if name in [field.name for field in row])


def test_codes_come_with_suggestions(admin_client):
    response = admin_client.get(reverse("admin:portal_source_add"))

    assert response.context["adminform"].form["language"].field.widget.attrs["list"] == "languages"
    assert '<datalist id="languages">' in response.text


def test_time_zones_are_chosen(admin_client):
    response = admin_client.get(reverse("admin:events_conference_add"))

    assert ("Asia/Shanghai", "Asia/Shanghai") in response.context["adminform"].form["timezone"].field.widget.choices


# --- Citations --------------------------------------------------------------------------------------------------------


def test_a_citation_supports_a_fact_of_its_record_or_all_of_it():
    choices = dict(fact_choices(InvestmentProject))

    assert choices == {
        "": "the record as a whole",
        "title": "title",
        "place": "place",
        "organizations": "organizations",
        "route": "route",
        "summary": "summary",
        "agreements": "agreements",
        "milestones": "milestones",
    }


def test_an_editor_chooses_the_fact_among_those_of_the_record(admin_client):
    met = milestone()
    address = reverse("admin:events_milestone_change", args=[met.pk])
    response = admin_client.get(address)
    form = form_of(response)
    add_row(form, response, "citations", source=source().pk, fact="met_on", quote="5月开工")

    admin_client.post(address, form)

    offered = response.context["inline_admin_formsets"][0].formset.empty_form["fact"].field.widget.choices
    assert offered == fact_choices(type(met))
    assert [(each.fact, each.quote) for each in met.citations.all()] == [("met_on", "5月开工")]


def test_a_rejected_source_is_refused_beside_its_field(admin_client):
    copy = source(rejected_reason="machine-made copy")
    address = reverse("admin:events_speaker_change", args=[speaker().pk])
    response = admin_client.get(address)
    form = form_of(response)
    add_row(form, response, "citations", source=copy.pk)

    response = admin_client.post(address, form)

    assert errors_of(response) == [["This source was rejected: machine-made copy"]]


def test_an_agreement_is_related_to_others_by_its_own_rows_only(admin_client):
    first, second = agreement(), sourced(agreement())
    address = reverse("admin:events_agreement_change", args=[second.pk])
    response = admin_client.get(address)
    form = form_of(response)
    add_row(form, response, "relations", kind="upgrades", to=first.pk)

    admin_client.post(address, form)

    assert [(each.agreement, each.to) for each in second.relations.all()] == [(second, first)]
