"""Back to an earlier state, and back from having been deleted."""

import pytest
from django.contrib.auth.models import Permission
from django.core.files.storage import default_storage
from django.urls import reverse

from companies.models import Place, Sector
from events.models import Agreement, AgreementParty, Conference, InvestmentProject, Milestone, Photo, Session
from portal.models import Source
from tests.factories import (
    LONG_AGO,
    agreement,
    amount,
    cite,
    conference,
    milestone,
    organization,
    party,
    photo,
    picture,
    place,
    project,
    sector,
    session,
    signing,
    source,
    sourced,
    speaker,
)

pytestmark = pytest.mark.django_db


def address_of(record, name, *args):
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{name}", args=[record.pk, *args])


def later(record, day=1, **values):
    """Changes `record` in a save of its own: the second, for the first day."""
    for name, value in values.items():
        setattr(record, name, value)
    record._change_reason = f"Day {day}"
    record.save()
    return record


def gone_later(record, day=1):
    record._change_reason = f"Day {day}"
    record.delete()


def saves_of(client, record):
    return client.get(address_of(record, "history")).context["page"].object_list


def way_back(client, record, number=1):
    """The page that offers to go back to the save of that number."""
    save = next(each for each in saves_of(client, record) if each.number == number)
    return address_of(record, "go_back", save.cut)


def go_back(client, record, number=1):
    address = way_back(client, record, number)
    version = client.get(address).context["version"]
    return client.post(address, {"version": version}, follow=True)


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def errors_of(response):
    return response.context["errors"]


# --- Going back -------------------------------------------------------------------------------------------------------


def test_the_page_shows_what_would_change_and_changes_nothing(admin_client):
    area = later(sector(name_en="Vaccines"), name_en="Sera")

    response = admin_client.get(way_back(admin_client, area))

    [move] = response.context["plan"].moves
    assert [(each.fact.label, each.before, each.after) for each in move.changes] == [("Name", "Sera", "Vaccines")]
    assert Sector.objects.get().name_en == "Sera"


def test_a_record_goes_back_and_its_history_says_so(admin_client, admin_user):
    area = later(sector(name_en="Vaccines"), name_en="Sera")

    response = go_back(admin_client, area)

    newest = response.context["page"].object_list[0]
    assert Sector.objects.get().name_en == "Vaccines"
    assert messages_of(response)[0].startswith("It is back to the state of ")
    assert newest.why.startswith("Back to the state of ")
    assert (newest.by, newest.number) == (admin_user.username, 3)


def test_rows_come_back_change_and_go(admin_client):
    paper = sourced(agreement())
    stays, goes_back = party(agreement=paper, name_en="Jiusi", position=1), amount(agreement=paper)
    gone_later(goes_back)
    later(stays, position=2)
    came = AgreementParty(agreement=paper, name_en="Guosheng", role="witness")
    later(came)

    go_back(admin_client, paper)

    assert [(each.pk, each.name_en, each.position) for each in paper.parties.all()] == [(stays.pk, "Jiusi", 1)]
    assert [each.words for each in paper.amounts.all()] == ["CNY 16 billion"]


def test_a_row_that_went_and_was_entered_again_is_the_same_row(admin_client):
    paper = sourced(agreement())
    first = party(agreement=paper, name_en="Jiusi", position=1)
    gone_later(first)
    again = AgreementParty(agreement=paper, name_en="Jiusi", role="investor", position=2)
    later(again, day=2)

    page = admin_client.get(way_back(admin_client, paper))
    go_back(admin_client, paper)

    moves = [move for move in page.context["plan"].moves if move.changes]
    assert [(move.kind, [change.fact.name for change in move.changes]) for move in moves] == [("changed", ["position"])]
    assert [(each.pk, each.position) for each in paper.parties.all()] == [(again.pk, 1)]


def test_related_records_go_back(admin_client):
    vaccines, devices = sector(), sector()
    company = sourced(organization(sectors=[vaccines]))
    company._change_reason = "Day 1"
    company.sectors.set([devices])

    go_back(admin_client, company)

    assert list(company.sectors.all()) == [vaccines]


def test_whether_it_is_public_stays_as_it_is(admin_client):
    paper = sourced(agreement(title_en="Framework", published_at=None))
    signing(agreement=paper)
    later(paper, title_en="Investment", published_at=LONG_AGO)

    go_back(admin_client, paper)

    paper.refresh_from_db()
    assert (paper.title_en, paper.published_at) == ("Framework", LONG_AGO)


def test_the_programme_of_a_conference_does_not_go_back_with_it(admin_client):
    event = sourced(conference(title_en="Meilan Lake"))
    opening = session(conference=event, title_en="Opening")
    later(event, title_en="Luodian")
    later(opening, title_en="Grand opening")

    go_back(admin_client, event)

    assert (Conference.objects.get().title_en, Session.objects.get().title_en) == ("Meilan Lake", "Grand opening")


def test_a_state_that_is_the_present_one_changes_nothing(admin_client):
    area = later(sector(name_en="Vaccines"), name_en="Sera")
    later(area, day=2, name_en="Vaccines")

    response = admin_client.get(way_back(admin_client, area))

    assert not response.context["plan"]
    assert "It is in this state now" in response.text


def test_a_picture_that_is_gone_stays_the_present_one(admin_client):
    stage = photo(alt_en="The lake")
    lost, kept = stage.image.name, picture()
    later(stage, alt_en="The hall", image=kept)
    default_storage.delete(lost)

    page = admin_client.get(way_back(admin_client, stage))
    go_back(admin_client, stage)

    again = Photo.objects.get()
    assert page.context["plan"].notes == ["Picture: its file no longer exists. The present one stays."]
    assert (again.alt_en, again.image.name) == ("The lake", stage.image.name)


def test_a_picture_goes_back_with_its_size(admin_client):
    stage = photo(image=picture(size=(8, 6)))
    first = stage.image.name
    later(stage, image=picture(size=(4, 3)))

    go_back(admin_client, stage)

    again = Photo.objects.get()
    assert (again.image.name, again.image_width, again.image_height) == (first, 8, 6)


# --- Refusals ---------------------------------------------------------------------------------------------------------


def test_what_a_record_led_to_must_still_be_there(admin_client):
    hall, event = place(name_en="Old hall"), sourced(conference(title_en="Meilan Lake"))
    later(event, venue=hall)
    later(event, day=2, venue=None, title_en="Luodian")
    hall.delete()

    response = go_back(admin_client, event, number=2)

    assert errors_of(response) == ["Meilan Lake, Venue: Old hall (deleted). Restore it first."]
    assert Conference.objects.get().title_en == "Luodian"


def test_an_address_that_was_taken_since_is_refused(admin_client):
    first = later(sector(slug="vaccines", name_en="Vaccines"), slug="sera")
    sector(slug="vaccines", name_en="Others")

    response = go_back(admin_client, first)

    assert errors_of(response) == ["Vaccines, Slug: Sector with this Slug already exists."]


def test_a_source_that_was_rejected_since_does_not_come_back_and_nothing_else_does(admin_client):
    paper = agreement(title_en="Framework", published_at=None)
    report = source()
    citation = cite(paper, report)
    later(paper, title_en="Investment")
    gone_later(citation)
    Source.objects.update(rejected_reason="machine-made copy")

    response = go_back(admin_client, paper)

    assert errors_of(response)[0].endswith("Source: This source was rejected: machine-made copy")
    assert (Agreement.objects.get().title_en, paper.citations.count()) == ("Investment", 0)


def test_a_public_record_keeps_a_usable_source(admin_client):
    person = speaker(published_at=None, name_en="Zhai")
    later(person, name_en="Zhai Jinguo")
    citation = cite(person)
    later(citation, day=2)
    later(person, day=3, published_at=LONG_AGO)

    response = go_back(admin_client, person)

    assert errors_of(response) == ["it has no usable source"]
    assert person.citations.count() == 1


def test_a_source_on_which_something_rests_is_not_rejected_again(admin_client):
    report = source(rejected_reason="machine-made copy")
    later(report, rejected_reason="")
    person = speaker(name_en="Zhai")
    cite(person, report)

    response = go_back(admin_client, report)

    assert "These rest on this source alone: Zhai." in errors_of(response)[0]
    assert Source.objects.get().rejected_reason == ""


def test_what_was_saved_after_the_page_was_shown_is_looked_at_again(admin_client):
    area = later(sector(name_en="Vaccines"), name_en="Sera")
    address = way_back(admin_client, area)
    version = admin_client.get(address).context["version"]
    later(area, day=2, name_en="Antibodies")

    response = admin_client.post(address, {"version": version})

    assert errors_of(response)[0].startswith("It was saved again in the meantime.")
    assert Sector.objects.get().name_en == "Antibodies"


@pytest.mark.parametrize("cut", ["0", "99999999999999999999999999"])
def test_a_moment_at_which_nothing_was_saved_is_no_page(cut, admin_client):
    area = sector()

    assert admin_client.get(f"/admin/companies/sector/{area.pk}/history/{cut}/").status_code == 404


# --- Restoring --------------------------------------------------------------------------------------------------------


def test_a_deleted_record_comes_back_as_a_draft_with_all_that_went_with_it(admin_client):
    plant = sourced(project(title_en="Vaccine plant", organizations=[organization(name_en="CanSino")]))
    cite(milestone(project=plant))
    key = plant.pk
    admin_client.post(reverse("admin:events_investmentproject_delete", args=[key]), {"post": "yes"})
    assert not InvestmentProject.objects.exists()

    response = admin_client.post(reverse("admin:events_investmentproject_restore", args=[key]), follow=True)

    again = InvestmentProject.objects.get(pk=key)
    assert messages_of(response)[-1] == "“Vaccine plant” is restored, as a draft."
    assert (again.title_en, again.published_at) == ("Vaccine plant", None)
    assert [each.name_en for each in again.organizations.all()] == ["CanSino"]
    assert (again.citations.count(), Milestone.objects.get().citations.count()) == (1, 1)
    assert response.context["page"].object_list[0].why == "Restored after it was deleted"


def test_a_deleted_conference_comes_back_with_its_programme(admin_client):
    event = sourced(conference())
    sourced(session(conference=event, title_en="Opening"))
    admin_client.post(reverse("admin:events_conference_delete", args=[event.pk]), {"post": "yes"})

    admin_client.post(reverse("admin:events_conference_restore", args=[event.pk]))

    assert [(each.title_en, each.published_at) for each in Session.objects.all()] == [("Opening", None)]


def test_what_was_removed_on_another_day_does_not_come_back(admin_client):
    paper = agreement()
    partner = party(agreement=paper)
    partner._history_date = LONG_AGO
    partner.delete()
    key = paper.pk
    paper.delete()

    admin_client.post(reverse("admin:events_agreement_restore", args=[key]))

    assert Agreement.objects.get().parties.count() == 0


def test_deleted_records_are_listed_with_who_deleted_them(admin_client, admin_user):
    kept, area = sector(), sector(name_en="Vaccines")
    admin_client.post(reverse("admin:companies_sector_delete", args=[area.pk]), {"post": "yes"})

    response = admin_client.get(reverse("admin:companies_sector_deleted"))

    assert [(each.name, each.by) for each in response.context["deletions"]] == [("Vaccines", admin_user.username)]
    assert reverse("admin:companies_sector_restore", args=[area.pk]) in response.text
    assert (
        reverse("admin:companies_sector_deleted") in admin_client.get(reverse("admin:companies_sector_changelist")).text
    )
    assert kept.pk


def test_the_history_of_a_deleted_record_stays_and_offers_to_restore_it(admin_client):
    area = sector(name_en="Vaccines")
    key = area.pk
    gone_later(area)

    response = admin_client.get(reverse("admin:companies_sector_history", args=[key]))

    assert "This record was deleted." in response.text
    assert "History: Vaccines" in response.text
    assert [each.told[0].kind for each in response.context["page"]] == ["removed", "added"]


@pytest.mark.parametrize("number", [2, 60])
def test_the_list_of_deleted_records_takes_the_same_queries_for_any_number(
    number, admin_client, django_assert_num_queries
):
    for _number in range(number):
        place(part_of=None).delete()
    address = reverse("admin:companies_place_deleted")
    admin_client.get(address)

    with django_assert_num_queries(4):
        admin_client.get(address)


def test_what_is_there_is_not_restored(admin_client):
    park = place()

    response = admin_client.post(reverse("admin:companies_place_restore", args=[park.pk]))

    assert response.status_code == 302
    assert Place.history.count() == 1


# --- Who may ----------------------------------------------------------------------------------------------------------


def test_reading_is_not_enough_to_go_back_or_to_restore(client, django_user_model):
    reader = django_user_model.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_sector"))
    area, gone = later(sector(name_en="Vaccines"), name_en="Sera"), sector(name_en="Secret")
    key = gone.pk
    gone.delete()
    client.force_login(reader)
    address = way_back(client, area)
    restoring = reverse("admin:companies_sector_restore", args=[key])

    answers = [ask(each) for each in (address, restoring) for ask in (client.get, client.post)]

    assert [answer.status_code for answer in answers] == [403] * 4
    assert not any("Secret" in answer.text for answer in answers)
    assert Sector.objects.get().name_en == "Sera"


def test_rows_do_not_go_back_without_the_right_to_them(client, django_user_model):
    editor = django_user_model.objects.create_user("editor", is_staff=True)
    editor.user_permissions.add(*Permission.objects.filter(codename__in=["view_agreement", "change_agreement"]))
    paper = agreement(published_at=None)
    gone_later(party(agreement=paper))
    client.force_login(editor)

    response = go_back(client, paper)

    assert errors_of(response) == ["You may not do this with parties."]
    assert paper.parties.count() == 0


def test_nobody_without_an_account_reads_a_history(client):
    area = sector()
    gone = reverse("admin:companies_sector_deleted")

    assert [client.get(each).status_code for each in (address_of(area, "history"), gone)] == [302, 302]
