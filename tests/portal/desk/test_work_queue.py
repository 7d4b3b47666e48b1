"""The front page of the desk: what waits, for whom, and where each line leads."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from events.models import Agreement, Conference
from portal.desk.status import status
from portal.history.entries import record_history
from portal.publishing import publishable_models
from tests.factories import (
    agreement,
    cite,
    conference,
    enquiry,
    make,
    milestone,
    photo,
    project,
    source,
    sourced,
    speaker,
)

pytestmark = pytest.mark.django_db

INDEX = reverse("admin:index")


def section(client, name):
    sections = {each.name: each for each in client.get(INDEX).context["work_queue"]}
    return sections.get(name)


def listed(client, line):
    """The records in the list that `line` leads to."""
    return list(client.get(line.address).context["cl"].result_list)


def only_line(client, name):
    (line,) = section(client, name).lines
    return line


def test_an_empty_portal_says_of_every_kind_of_work_that_there_is_none(admin_client):
    sections = admin_client.get(INDEX).context["work_queue"]

    assert [(each.name, each.lines, each.segments) for each in sections] == [
        (name, [], [])
        for name in (
            *("now", "enquiries", "scheduled", "drafts", "milestones", "projects"),
            *("sources", "links", "translations", "photographs", "recent"),
        )
    ]
    assert all(str(each.nothing) in admin_client.get(INDEX).text for each in sections)


def test_conferences_are_on_now_or_next(admin_client, now):
    conference(starts_on="2024-11-01", ends_on="2024-11-02")
    conference(starts_on="2024-11-20", status="cancelled")
    on, coming = conference(starts_on="2024-11-15"), conference(starts_on="2024-12")

    lines = section(admin_client, "now").lines

    assert [(line.words, line.tone, line.detail) for line in lines] == [
        (on.title, "soon", "on now"),
        (coming.title, "", "December 2024"),
    ]


def test_what_is_scheduled_is_listed_by_the_next_moment(admin_client, now):
    agreement(published_at=now + timedelta(days=2))
    for days in (1, 3):
        conference(published_at=now + timedelta(days=days))

    lines = section(admin_client, "scheduled").lines

    assert [(line.words, line.number, line.detail) for line in lines] == [
        ("Conferences", 2, "next on 16 November 2024, 12:00"),
        ("Agreements", 1, "next on 17 November 2024, 12:00"),
    ]
    assert [len(listed(admin_client, line)) for line in lines] == [2, 1]


def test_drafts_are_counted_by_the_age_that_their_histories_tell(admin_client):
    drafts = [conference(published_at=None) for _each in range(3)]
    conference()
    ages = dict(zip((each.pk for each in drafts), (1, 10, 100), strict=True))
    for row in Conference.history.all():
        row.history_date -= timedelta(days=ages.get(row.id, 0), minutes=1)
        row.save()

    found = section(admin_client, "drafts")

    assert [(part.number, part.tone) for part in found.bar] == [(1, ""), (1, "soon"), (1, "late")]
    assert found.lines[0].detail == "the oldest for 100 days"
    assert set(listed(admin_client, found.lines[0])) == set(drafts)


def test_a_line_of_the_sources_names_what_has_none(admin_client):
    sourced(conference())
    bare = conference(published_at=None)

    line = next(line for line in section(admin_client, "sources").lines if line.words.startswith("Conferences"))

    assert line.number == 1
    assert listed(admin_client, line) == [bare]


def test_sources_that_are_gone_or_were_read_long_ago_are_told_with_what_rests_on_them(admin_client, now):
    gone = source(unreachable_since=date(2024, 11, 1), accessed_on=date(2024, 10, 1))
    kept = source(unreachable_since=date(2024, 11, 1), archived_url="https://a.example/", accessed_on=date(2024, 10, 1))
    old, never = source(accessed_on=date(2023, 1, 1)), source(accessed_on=None)
    source(rejected_reason="a copy", unreachable_since=date(2024, 1, 1), accessed_on=None)
    for each in (gone, kept, old, never):
        cite(agreement(), source=each)

    lines = {line.words: line for line in section(admin_client, "sources").lines}
    unreachable, unread = lines["sources that no longer answer"], lines["sources that nobody has read for 18 months"]

    assert (unreachable.number, unreachable.detail) == (1, "1 record rests on them")
    assert (unread.number, unread.detail) == (2, "2 records rest on them")
    assert listed(admin_client, unreachable) == [gone]
    assert set(listed(admin_client, unread)) == {old, never}


@pytest.mark.parametrize("value", ["missing", "unreachable", "old"])
def test_every_list_of_records_is_filtered_by_the_state_of_their_sources(admin_client, now, value):
    bare, fine = agreement(), agreement()
    cite(fine, source=source(accessed_on=date(2024, 11, 1)))
    lost, unread = agreement(), agreement()
    cite(lost, source=source(accessed_on=date(2024, 11, 1), unreachable_since=date(2024, 11, 1)))
    cite(unread, source=source(accessed_on=date(2020, 11, 1)))

    response = admin_client.get(reverse("admin:events_agreement_changelist"), {"sources": value})

    assert list(response.context["cl"].result_list) == [{"missing": bare, "unreachable": lost, "old": unread}[value]]


def test_what_is_said_in_one_language_alone_waits_for_the_other(admin_client):
    half = sourced(speaker(name_zh_hans=""))
    sourced(speaker())

    line = next(line for line in section(admin_client, "translations").lines if line.words.startswith("Speakers"))

    assert (line.words, line.number) == ("Speakers, not all in 简体中文", 1)
    assert listed(admin_client, line) == [half]


def test_promises_are_overdue_or_due_soon_until_a_good_source_documents_them(admin_client, now):
    plant = project()
    overdue = milestone(project=plant, kind="completed", due_on="2024-10", met_on="")
    soon = milestone(project=plant, kind="operating", due_on="2025-01", met_on="")
    milestone(project=plant, kind="at_scale", due_on="2026", met_on="")
    milestone(project=plant, kind="registered", due_on="2020", met_on="")
    documented = milestone(project=plant, kind="registered", due_on="", met_on="2019")
    cite(documented, source=source(source_type="official_register", published_on="2024"))

    late, next_ = section(admin_client, "milestones").lines

    assert [(line.number, line.tone) for line in (late, next_)] == [(1, "late"), (1, "soon")]
    assert (listed(admin_client, late), listed(admin_client, next_)) == ([overdue], [soon])


def test_a_project_is_looked_after_again_after_six_months(admin_client, now):
    project(reviewed_on=date(2024, 5, 15))
    waiting = [project(reviewed_on=date(2024, 5, 14)), project(reviewed_on=None)]

    line = only_line(admin_client, "projects")
    found = listed(admin_client, line)
    data = {"action": "reviewed_today", "_selected_action": [each.pk for each in waiting]}
    admin_client.post(reverse("admin:events_investmentproject_changelist"), data)

    assert (line.number, set(found)) == (2, set(waiting))
    assert section(admin_client, "projects").lines == []


def test_a_photograph_that_is_described_by_its_file_name_or_in_one_language_twice_waits(admin_client):
    poor = [photo(alt_en="IMG_2044.JPG", alt_zh_hans="签约"), photo(alt_en="Signing", alt_zh_hans="Signing")]
    photo()

    line = only_line(admin_client, "photographs")

    assert set(listed(admin_client, line)) == set(poor)


def test_enquiries_are_told_by_their_deadlines(admin_client, now):
    enquiry(received_at=now - timedelta(days=9), due_at=now - timedelta(days=1))
    enquiry(received_at=now, due_at=now + timedelta(days=1))
    enquiry(received_at=now, due_at=now + timedelta(days=5))

    found = section(admin_client, "enquiries")

    assert [(part.number, part.tone) for part in found.bar] == [(1, "late"), (1, "soon"), (1, "")]
    assert [len(listed(admin_client, line)) for line in found.lines[:2]] == [1, 1]


def test_what_was_changed_last_stands_first(admin_client):
    first, last = agreement(), agreement()
    record_history([first], "Import of a.xlsx")
    record_history([last], "Import of b.xlsx")

    lines = section(admin_client, "recent").lines

    assert lines[0].words == str(last)
    assert "Import of b.xlsx" in lines[0].detail


# --- For whom ---------------------------------------------------------------------------------------------------------


def test_people_see_the_work_on_what_they_may_see(client, django_user_model):
    user = django_user_model.objects.create_user("wang", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_agreement"]))
    client.force_login(user)
    agreement(published_at=None)
    conference(published_at=None)
    enquiry()

    sections = {each.name: each for each in client.get(INDEX).context["work_queue"]}

    assert set(sections) == {"scheduled", "drafts", "sources", "translations", "recent"}
    assert [line.words for line in sections["drafts"].lines] == ["Agreements"]


def test_staff_without_any_right_see_an_empty_desk(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("new", is_staff=True))

    assert client.get(INDEX).status_code == 200


@pytest.mark.parametrize("times", [1, 12])
def test_the_front_page_costs_as_many_queries_whatever_there_is(admin_client, django_assert_num_queries, times):
    for _each in range(times):
        for model in publishable_models():
            make(model, published_at=None)
        enquiry()
    for _each in range(8):
        record_history(Agreement.objects.all()[:1], "the same in both cases")

    status()  # has once seen that the database is migrated

    with django_assert_num_queries(17):
        admin_client.get(INDEX)
