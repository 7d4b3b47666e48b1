"""The history of a record: who changed what, when, fact by fact."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.contrib.admin import site
from django.contrib.auth.models import Permission
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.text import capfirst
from translated_fields import show_language_code

from companies.models import OrganizationIdentifier
from events.models import (
    Agreement,
    AgreementParty,
    AgreementRelation,
    Amount,
    Conference,
    ConferenceRole,
    InvestmentProject,
)
from portal.history.families import beneath, owner_of
from portal.history.timeline import Timeline
from portal.models import Redirect
from portal.natural_keys import NaturalKey
from portal.partial_dates import PartialDate
from portal.provenance import Citation
from portal.quantities import Quantity
from tests.desk import add_row, form_of
from tests.factories import (
    agreement,
    amount,
    cite,
    conference,
    make,
    milestone,
    organization,
    party,
    photo,
    place,
    project,
    sector,
    session,
    sourced,
    speaker,
)

pytestmark = pytest.mark.django_db

LATER = datetime(2035, 1, 1, tzinfo=UTC)
MODELS = [model for model in apps.get_models() if issubclass(model, NaturalKey)]


def save(record, day=1, **values):
    """Changes `record` on that day, long after it was made."""
    for name, value in values.items():
        setattr(record, name, value)
    record._history_date = LATER + timedelta(days=day)
    record.save()


def told(record):
    """What the newest save did, as (kind, name of the record, [(label, language, before, after)])."""
    timeline = Timeline(type(record), record.pk)
    newest = timeline.tell(timeline.saves[:1])[0]
    return [(each.kind, each.name, [_line(change) for change in each.changes]) for each in newest.told]


def changes(record):
    """The changed facts of the newest save of one record."""
    [(_kind, _name, lines)] = told(record)
    return lines


def _line(change):
    return change.fact.label, change.fact.language_name, change.before, change.after


# --- Every editorial model --------------------------------------------------------------------------------------------


def fact_of(model) -> tuple[str, object]:
    """A column of `model` to change, and its new value: a text in Chinese where it has one."""
    if issubclass(model, Citation):
        return "quote", "原话"
    others = {
        Amount: ("quantity_words", "超160亿元"),
        AgreementRelation: ("kind", "supersedes"),
        ConferenceRole: ("position", 7),
        OrganizationIdentifier: ("value", "HKEX 2591"),
        Redirect: ("old_path", "poster"),
    }
    translated = [each.name for each in model._meta.concrete_fields if each.name.endswith("_zh_hans")]
    return (translated[0], "新的说法") if translated else others[model]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_save_is_told_under_the_label_of_its_fact_in_both_languages(model):
    record = party(name_zh_hans="九思生物") if model is AgreementParty else make(model)
    name, value = fact_of(model)
    save(record, **{name: value})
    root = record if site.is_registered(model) else getattr(record, owner_of(model))

    for language in ("en", "zh-hans"):
        with translation.override(language), show_language_code(False):
            timeline = Timeline(type(root), root.pk)
            [each] = timeline.tell(timeline.saves[:1])[0].told
            shown = render_to_string("admin/history_of_record.html", {"told": each})
            of_quantity = name.endswith("_words") and record._meta.get_field(name.replace("words", "value"))
            label = capfirst(str((of_quantity or record._meta.get_field(name)).verbose_name))

        [change] = each.changes
        assert change.fact.name == name
        assert change.fact.language_name == ("简体中文" if name.endswith("_zh_hans") else "")
        assert label in shown
        assert change.after in shown


def test_every_row_beneath_a_record_belongs_to_its_history():
    assert sorted(each.model.__name__ for each in beneath(Agreement)) == [
        "AgreementCitation",
        "AgreementCorrection",
        "AgreementParty",
        "AgreementRelation",
        "Amount",
        "Signing",
    ]
    assert {each.name for each in beneath(Agreement) if each.model is AgreementRelation} == {"agreement"}


# --- What is told -----------------------------------------------------------------------------------------------------


def test_a_number_is_told_as_it_reads_and_not_by_its_columns():
    park = place(area=Quantity(Decimal(300)))

    save(park, area=Quantity(Decimal(10), ">", approximate=True))

    assert changes(park) == [("Area in km²", "", "300 km²", "slightly more than 10 km²")]


def test_an_amount_is_told_with_its_currency():
    capital = amount(quantity=Quantity(Decimal(6_000_000_000)))

    save(capital, quantity=Quantity(Decimal(16_000_000_000), ">"))

    assert changes(capital) == [("Amount", "", "CNY 6 billion", "more than CNY 16 billion")]


def test_values_are_told_in_words():
    venue = place(name_en="Meilan Lake Hall")
    event = conference(starts_on="2024", status=Conference.Status.SCHEDULED)

    save(event, starts_on=PartialDate(2024, 11, 15), status=Conference.Status.POSTPONED, venue=venue, edition=7)

    assert changes(event) == [
        ("Edition", "", "", "7"),
        ("Starts on", "", "2024", "15 November 2024"),
        ("Venue", "", "", "Meilan Lake Hall"),
        ("Status", "", "as planned", "postponed"),
    ]


def test_yes_and_no_are_words():
    batch = agreement(is_batch=False)

    save(batch, is_batch=True)

    assert changes(batch) == [("Is a batch", "", "no", "yes")]


def test_what_was_deleted_since_keeps_its_name():
    venue, event = place(name_en="Old hall"), conference()
    save(event, venue=venue)
    save(event, day=2, venue=None)
    venue.delete()

    assert changes(event) == [("Venue", "", "Old hall (deleted)", "")]


def test_related_records_come_and_go_by_name():
    vaccines, devices = sector(name_en="Vaccines"), sector(name_en="Devices")
    company = organization(sectors=[vaccines])
    company._history_date = LATER

    company.sectors.set([devices])

    timeline = Timeline(type(company), company.pk)
    [change] = timeline.tell(timeline.saves[:1])[0].told[0].changes
    assert (change.fact.label, change.added, change.removed) == ("Sectors", ("Devices",), ("Vaccines",))


def test_a_long_text_shows_what_came_and_what_went():
    person = speaker(biography_en="She led the old plant for years.", biography_zh_hans="她多年领导旧厂。")

    save(person, biography_en="She led the new plant for years.", biography_zh_hans="她多年领导新厂。")

    timeline = Timeline(type(person), person.pk)
    marked = [change.marked for change in timeline.tell(timeline.saves[:1])[0].told[0].changes]
    assert marked == [
        "She led the <del>old</del><ins>new</ins> plant for years.",
        "她多年领导<del>旧</del><ins>新</ins>厂。",
    ]


def test_markup_in_a_text_is_shown_as_text(admin_client):
    person = speaker(name_en="<script>alert(1)</script> Zhai")

    save(person, name_en="<script>alert(2)</script> Zhai")

    response = admin_client.get(reverse("admin:events_speaker_history", args=[person.pk]))
    assert "<script>alert" not in response.text
    assert "&lt;script&gt;alert" in response.text


def test_a_focal_point_is_one_fact():
    stage = photo()

    save(stage, image_focus_x=20)

    assert changes(stage) == [
        (
            "Picture: focal point",
            "",
            "50% from the left, 50% from the top",
            "20% from the left, 50% from the top",
        )
    ]


# --- Saves ------------------------------------------------------------------------------------------------------------


def test_a_form_with_its_rows_is_one_save_of_one_person(admin_client, admin_user):
    paper = sourced(agreement(published_at=None))
    address = reverse("admin:events_agreement_change", args=[paper.pk])
    response = admin_client.get(address)
    form = form_of(response) | {"title_en": "Investment agreement", "sectors": [sector(name_en="Vaccines").pk]}
    add_row(form, response, "parties", name_en="Jiusi Biotechnology", role="investor")

    admin_client.post(address, form)

    timeline = Timeline(Agreement, paper.pk)
    newest, *_earlier = timeline.tell(timeline.saves)
    assert newest.by == admin_user.username
    assert [(each.kind, each.model) for each in newest.told] == [("changed", Agreement), ("added", AgreementParty)]
    assert [change.fact.label for change in newest.told[0].changes] == ["Title", "Sectors"]


def test_two_requests_of_one_person_are_two_saves(admin_client):
    area = sector()
    address = reverse("admin:companies_sector_change", args=[area.pk])
    for name in ("Vaccines", "Vaccines and sera"):
        admin_client.post(address, form_of(admin_client.get(address)) | {"name_en": name})

    saves = Timeline(type(area), area.pk).saves

    assert [each.number for each in saves] == [3, 2, 1]


def test_the_first_version_is_told_as_created():
    capital = amount()

    [(kind, _name, lines)] = told(capital)

    assert kind == "added"
    assert ("Amount", "", "", "CNY 16 billion") in lines


def test_a_row_that_went_is_told_with_what_it_said():
    capital = amount(quantity=Quantity(Decimal(16_000_000_000), ">"))
    paper = capital.agreement
    capital._history_date = LATER

    capital.delete()

    [(kind, _name, lines)] = told(paper)
    assert kind == "removed"
    assert ("Amount", "", "more than CNY 16 billion", "") in lines


def test_a_session_is_only_mentioned_with_the_way_to_its_own_history():
    opening = session(title_en="Opening")

    save(opening, title_en="Grand opening")

    timeline = Timeline(Conference, opening.conference_id)
    [mention] = timeline.tell(timeline.saves[:1])[0].told
    assert (mention.kind, mention.name, mention.changes) == ("changed", "Grand opening", [])
    assert mention.address == reverse("admin:events_session_history", args=[opening.pk])


def test_a_row_that_moved_to_another_record_left_the_first_one():
    met = milestone()
    first, second = met.project, project()

    save(met, project=second)

    assert [kind for kind, _name, _lines in told(first)] == ["removed"]
    assert [kind for kind, _name, _lines in told(second)] == ["added"]


def test_a_record_from_before_there_were_histories_begins_with_its_first_entry():
    plant = project()
    InvestmentProject.history.all().delete()

    save(plant, title_en="Vaccine plant")

    assert [kind for kind, _name, _lines in told(plant)] == ["first"]


# --- The page ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [2, 60])
def test_the_page_needs_the_same_queries_for_two_entries_and_for_sixty(number, admin_client, django_assert_num_queries):
    paper = agreement(place=place())
    partner, capital = party(agreement=paper), amount(agreement=paper)
    citation = cite(paper)
    for day in range(number):
        save(citation, day=day, locator=f"page {day}")
        save(paper, day=day, title_en=f"Agreement of day {day}")
        save(partner, day=day, position=day + 1)
        save(capital, day=day, quantity=Quantity(Decimal(day + 1)))
    address = reverse("admin:events_agreement_history", args=[paper.pk])
    admin_client.get(address)

    with django_assert_num_queries(13):
        admin_client.get(address)


def test_a_page_holds_twenty_five_saves(admin_client):
    area = sector()
    for day in range(30):
        save(area, day=day, name_en=f"Sector {day}")
    address = reverse("admin:companies_sector_history", args=[area.pk])

    sizes = [len(admin_client.get(address, {"p": page}).context["page"].object_list) for page in (1, 2, "nonsense")]

    assert sizes == [25, 6, 25]


def test_whoever_may_see_a_record_sees_its_history_and_nobody_else(client, django_user_model):
    event = conference(title_en="Secret plans")
    address = reverse("admin:events_conference_history", args=[event.pk])
    reader, stranger = (django_user_model.objects.create_user(name, is_staff=True) for name in ("reader", "stranger"))
    reader.user_permissions.add(Permission.objects.get(codename="view_conference"))

    client.force_login(stranger)
    refused = client.get(address)
    client.force_login(reader)
    seen = client.get(address)

    assert (refused.status_code, seen.status_code) == (403, 200)
    assert "Secret plans" not in refused.text
    assert "Go back to this" not in seen.text


@pytest.mark.parametrize("key", ["999", "abc", "99999999999999999999999", "1_5F"])
def test_a_history_of_nothing_leads_back_to_the_list(key, admin_client):
    response = admin_client.get(f"/admin/events/conference/{key}/history/")

    assert response.status_code == 302
