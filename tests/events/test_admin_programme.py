"""The programme of a conference at the staff desk: edited in place, ordered, shifted, copied as the next edition."""

import json
from datetime import date, time

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse

from events.models import Conference, Session
from tests.desk import form_of as form_of_record
from tests.factories import appearance, conference, conference_role, session, speaker

pytestmark = pytest.mark.django_db

FIRST, SECOND = date(2024, 11, 15), date(2024, 11, 16)
SHIFT = "/admin/events/session/shift/"


@pytest.fixture
def fair():
    """An opening and a talk with times on the first day, three posters without on the second; all drafts."""
    fair = conference(
        slug="kelp-2024", title_en="2024 Kelp Fair", starts_on="2024-11-15", ends_on="2024-11-16", published_at=None
    )
    draft(fair, "opening", day=FIRST, starts_at=time(9), ends_at=time(10), room_en="Hall A")
    draft(fair, "talk", day=FIRST, starts_at=time(10), ends_at=time(11), room_en="Hall A")
    for position, slug in enumerate(["kelp", "algae", "moss"], start=1):
        draft(fair, slug, day=SECOND, position=position)
    return fair


def draft(fair, slug, **values):
    return session(conference=fair, slug=slug, title_en=slug.title(), published_at=None, **values)


def editor(client, django_user_model, *codenames):
    """Signs in somebody with these permissions and no others."""
    person = django_user_model.objects.create_user("editor", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(person)
    return person


EDITS = ["view_conference", "change_conference", "view_session", "change_session", "add_session"]
COPIES = ["view_conference", "add_conference", "add_session", "add_conferencerole"]


def address_of(fair, page="programme"):
    return reverse(f"admin:events_conference_{page}", args=[fair.pk])


def opened(client, fair, query=""):
    """The page, and what the browser would send if nothing were touched."""
    response = client.get(address_of(fair) + query)
    return response, form_of(response)


def form_of(response):
    values = {}
    for line in response.context["programme"].lines:
        if line.form:
            values[line.form.version_name] = line.form.version
            values |= {field.html_name: shown(field) for field in line.form}
        else:
            values[f"session-{line.session.pk}-shown"] = "1"
    if new := response.context["programme"].new:
        values |= {field.html_name: shown(field) for field in new if field.name != "slug"}
    return values


def shown(field):
    """What stands in an input."""
    value = field.field.widget.format_value(field.value())
    return value[0] if isinstance(value, list) else value or ""


def at(fair, slug, name):
    """The name of an input."""
    return f"session-{fair.sessions.get(slug=slug).pk}-{name}"


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def errors_in_rows(response):
    lines = response.context["programme"].lines
    return {line.session.slug: dict(line.form.errors) for line in lines if line.form and line.form.errors}


def order(fair):
    return [each.slug for each in fair.sessions.in_programme_order()]


# --- In place ---------------------------------------------------------------------------------------------------------


def test_every_session_stands_in_its_day_with_what_is_edited_and_who_speaks(admin_client, fair):
    appearance(session=fair.sessions.get(slug="talk"), speaker=speaker(name_en="Anna Rossi"))

    response, form = opened(admin_client, fair)

    days = response.context["programme"].days
    assert [(day, [line.session.slug for line in lines]) for day, lines in days] == [
        (FIRST, ["opening", "talk"]),
        (SECOND, ["kelp", "algae", "moss"]),
    ]
    assert "Anna Rossi" in response.text
    assert (form[at(fair, "opening", "day")], form[at(fair, "opening", "starts_at")]) == ("2024-11-15", "09:00")


def test_what_is_edited_is_saved_at_once_and_nothing_else_is(admin_client, fair):
    _response, form = opened(admin_client, fair)
    form |= {at(fair, "opening", "ends_at"): "09:45", at(fair, "kelp", "room_zh_hans"): "A厅"}

    response = admin_client.post(address_of(fair), form, follow=True)

    stored = {each.slug: each for each in fair.sessions.all()}
    assert messages_of(response) == ["2 sessions were saved."]
    assert (stored["opening"].ends_at, stored["kelp"].room_zh_hans) == (time(9, 45), "A厅")
    assert {slug: each.revision for slug, each in stored.items() if each.revision} == {"opening": 1, "kelp": 1}
    assert {entry.object_repr: entry.get_change_message() for entry in LogEntry.objects.all()} == {
        "Opening": "Changed Ends at.",
        "Kelp": "Changed Room [zh-hans].",
    }
    assert stored["opening"].history.count() == 2


def test_a_page_that_nobody_touched_saves_nothing(admin_client, fair):
    _response, form = opened(admin_client, fair)

    response = admin_client.post(address_of(fair), form, follow=True)

    assert messages_of(response) == ["You changed nothing, so nothing was saved."]
    assert not LogEntry.objects.exists()


def test_an_error_stands_in_its_row_and_nothing_is_saved_or_lost(admin_client, fair):
    _response, form = opened(admin_client, fair)
    form |= {
        at(fair, "opening", "ends_at"): "08:00",
        at(fair, "talk", "starts_at"): "noon",
        at(fair, "kelp", "position"): "-1",
        at(fair, "moss", "room_en"): "Foyer",
    }

    response = admin_client.post(address_of(fair), form)

    assert errors_in_rows(response) == {
        "opening": {"__all__": ["The session must end after it starts."]},
        "talk": {"starts_at": ["Enter a valid time."]},
        "kelp": {"position": ["Ensure this value is greater than or equal to 0."]},
    }
    assert [value in response.text for value in ('value="noon"', 'value="Foyer"')] == [True, True]
    assert not any(line.clashes for line in response.context["programme"].lines), "they tell of what is stored"
    assert not fair.sessions.exclude(revision=0).exists()
    assert not fair.sessions.filter(room_en="Foyer").exists()


def test_a_time_needs_its_day_here_too(admin_client, fair):
    _response, form = opened(admin_client, fair)

    response = admin_client.post(address_of(fair), form | {at(fair, "opening", "day"): ""})

    assert errors_in_rows(response) == {"opening": {"__all__": ["A session with a time needs its day."]}}


def test_a_row_without_its_version_is_never_written_over(admin_client, fair):
    _response, form = opened(admin_client, fair)
    form[at(fair, "opening", "room_en")] = "Hall B"

    for version in ("", "[]", "{}", "null", '["x"]', "\x00", "9" * 5000):
        response = admin_client.post(address_of(fair), form | {at(fair, "opening", "version"): version})
        assert list(errors_in_rows(response)) == ["opening"]

    assert fair.sessions.get(slug="opening").room_en == "Hall A"


def test_what_is_not_sent_stays_as_it_is(admin_client, fair):
    _response, form = opened(admin_client, fair)
    kept = {name: value for name, value in form.items() if not name.startswith(at(fair, "opening", ""))}
    kept[at(fair, "opening", "version")] = form[at(fair, "opening", "version")]

    admin_client.post(address_of(fair), kept | {at(fair, "opening", "ends_at"): "09:30"})

    stored = fair.sessions.get(slug="opening")
    assert (stored.room_en, stored.starts_at, stored.ends_at) == ("Hall A", time(9), time(9, 30))


def test_seconds_that_no_input_shows_are_kept(admin_client, fair):
    fair.sessions.named(["opening"]).update(starts_at=time(9, 0, 30))
    _response, form = opened(admin_client, fair)

    admin_client.post(address_of(fair), form | {at(fair, "opening", "room_en"): "Foyer"})

    stored = fair.sessions.get(slug="opening")
    assert (stored.starts_at, stored.room_en) == (time(9, 0, 30), "Foyer")


# --- Two at once ------------------------------------------------------------------------------------------------------


def test_untouched_rows_never_overwrite_what_somebody_else_saved(admin_client, fair):
    _response, form = opened(admin_client, fair)
    fair.sessions.named(["talk"]).update(room_en="Hall B", starts_at=time(10, 30))

    admin_client.post(address_of(fair), form | {at(fair, "opening", "room_en"): "Foyer"})

    assert fair.sessions.get(slug="talk").room_en == "Hall B"
    assert fair.sessions.get(slug="opening").room_en == "Foyer"


def test_a_row_that_both_changed_is_refused_with_both_values_and_saved_when_it_is_meant(admin_client, fair):
    _response, form = opened(admin_client, fair)
    fair.sessions.named(["talk"]).update(room_en="Hall B", starts_at=time(10, 30))

    refused = admin_client.post(address_of(fair), form | {at(fair, "talk", "room_en"): "Foyer"})
    again = form_of(refused)
    untouched = fair.sessions.get(slug="talk").room_en
    admin_client.post(address_of(fair), again)

    stored = fair.sessions.get(slug="talk")
    assert errors_in_rows(refused) == {
        "talk": {
            "__all__": [
                "Starts at: it was 10:00, somebody made it 10:30 meanwhile.",
                "Room [en]: it was Hall A, somebody made it Hall B meanwhile, you wrote Foyer.",
            ]
        }
    }
    assert untouched == "Hall B"
    assert (again[at(fair, "talk", "starts_at")], again[at(fair, "talk", "room_en")]) == ("10:30", "Foyer")
    assert (stored.room_en, stored.starts_at) == ("Foyer", time(10, 30))


def test_saving_twice_is_no_conflict_with_oneself(admin_client, fair):
    _response, form = opened(admin_client, fair)
    form |= {at(fair, "talk", "room_en"): "Foyer"}

    responses = [admin_client.post(address_of(fair), form, follow=True) for _time in range(2)]

    assert [messages_of(response) for response in responses] == [
        ["1 session was saved."],
        ["You changed nothing, so nothing was saved."],
    ]


def test_a_session_that_was_deleted_meanwhile_is_told(admin_client, fair):
    _response, form = opened(admin_client, fair)
    room = at(fair, "opening", "room_en")
    fair.sessions.get(slug="talk").delete()

    response = admin_client.post(address_of(fair), form | {room: "Foyer"})

    assert response.context["errors"] == [
        "1 session of this page was deleted meanwhile. The others are shown as you filled them in."
    ]
    assert 'value="Foyer"' in response.text
    assert fair.sessions.get(slug="opening").room_en == "Hall A"


def test_a_session_of_another_conference_is_out_of_reach(admin_client, fair):
    elsewhere = draft(conference(published_at=None), "elsewhere", room_en="Hall A")
    _response, form = opened(admin_client, fair)
    forged = {f"session-{elsewhere.pk}-version": json.dumps(["", "", "", "Hall A", "", "0", "talk", "confirmed"])}

    admin_client.post(address_of(fair), form | forged | {f"session-{elsewhere.pk}-room_en": "Foyer"})

    elsewhere.refresh_from_db()
    assert elsewhere.room_en == "Hall A"


# --- Adding -----------------------------------------------------------------------------------------------------------


def test_a_session_is_added_as_the_last_draft_of_its_day(admin_client, fair):
    _response, form = opened(admin_client, fair)

    admin_client.post(address_of(fair), form | {"new-title_en": "Lichen", "new-day": "2024-11-16"})

    added = fair.sessions.get(slug="lichen")
    assert (added.published_at, added.position) == (None, 4)
    assert order(fair)[-1] == "lichen"


def test_the_day_that_is_looked_at_is_filled_in_and_adds_nothing_by_itself(admin_client, fair):
    draft(fair, "someday")

    for query, day in (("?day=2024-11-16", "2024-11-16"), ("?day=None", "")):
        _response, form = opened(admin_client, fair, query)
        response = admin_client.post(address_of(fair) + query, form, follow=True)
        assert (form["new-day"], messages_of(response)) == (day, ["You changed nothing, so nothing was saved."])


def test_a_session_without_a_title_is_explained_in_its_row(admin_client, fair):
    _response, form = opened(admin_client, fair)

    response = admin_client.post(address_of(fair), form | {"new-room_en": "Foyer"})

    assert dict(response.context["programme"].new.errors) == {
        "__all__": ["Give the session a title in at least one language."]
    }
    assert fair.sessions.count() == 5


# --- Order ------------------------------------------------------------------------------------------------------------


def test_only_sessions_of_the_same_day_and_time_are_ordered_by_position(admin_client, fair):
    response, _form = opened(admin_client, fair)

    lines = response.context["programme"].lines
    assert {line.session.slug: (line.place, line.places) for line in lines} == {
        "opening": (0, 0),
        "talk": (0, 0),
        "kelp": (1, 3),
        "algae": (2, 3),
        "moss": (3, 3),
    }


def test_without_a_script_a_button_moves_a_row_and_saving_keeps_it(admin_client, fair):
    _response, form = opened(admin_client, fair)
    moss = fair.sessions.get(slug="moss")

    moved = admin_client.post(
        address_of(fair), form | {"move": f"{moss.pk} up", at(fair, "opening", "room_en"): "Foyer"}
    )
    before_saving = order(fair)
    admin_client.post(address_of(fair), form_of(moved))

    assert [line.session.slug for line in moved.context["programme"].lines][2:] == ["kelp", "moss", "algae"]
    assert f'value="{moss.pk} up" autofocus' in moved.text
    assert messages_of(moved) == ["The order is not saved yet."]
    assert before_saving[2:] == ["kelp", "algae", "moss"]
    assert order(fair)[2:] == ["kelp", "moss", "algae"]
    assert fair.sessions.get(slug="opening").room_en == "Foyer"


def test_a_move_that_makes_no_sense_moves_nothing(admin_client, fair):
    _response, form = opened(admin_client, fair)
    numbers = {each.slug: each.pk for each in fair.sessions.all()}

    for move in ("", "up", "x up", f"{numbers['kelp']} sideways", f"{numbers['opening']} up", "9" * 30 + " up"):
        response = admin_client.post(address_of(fair), form | {"move": move})
        assert messages_of(response) == ["This session cannot be moved."]


def test_moving_first_up_changes_nothing(admin_client, fair):
    _response, form = opened(admin_client, fair)

    response = admin_client.post(address_of(fair), form | {"move": f"{fair.sessions.get(slug='kelp').pk} up"})

    assert [line.session.slug for line in response.context["programme"].lines][2:] == ["kelp", "algae", "moss"]


# --- Clashes ----------------------------------------------------------------------------------------------------------


def test_clashes_stand_in_their_rows_and_block_nothing(admin_client, fair):
    _response, form = opened(admin_client, fair)

    response = admin_client.post(address_of(fair), form | {at(fair, "opening", "ends_at"): "10:30"}, follow=True)

    lines = response.context["programme"].lines
    assert {line.session.slug: [each.sentence for each in line.clashes] for line in lines if line.clashes} == {
        "opening": ["“Talk” (10:00–11:00) is in the same room."],
        "talk": ["“Opening” (09:00–10:30) is in the same room."],
    }
    assert "“Talk” (10:00–11:00) is in the same room." in response.text


def test_a_clash_is_told_after_saving_the_form_of_a_session(admin_client, fair):
    talk = fair.sessions.get(slug="talk")
    address = reverse("admin:events_session_change", args=[talk.pk])

    response = admin_client.post(
        address, form_of_record(admin_client.get(address)) | {"starts_at": "09:30"}, follow=True
    )

    assert "“Opening” (09:00–10:00) is in the same room." in messages_of(response)


def test_clashes_are_counted_after_saving_the_form_of_a_conference(admin_client, fair):
    fair.sessions.named(["talk"]).update(starts_at=time(9, 30))
    address = reverse("admin:events_conference_change", args=[fair.pk])

    response = admin_client.post(address, form_of_record(admin_client.get(address)), follow=True)

    assert "2 sessions clash with something: see “Edit the programme”." in messages_of(response)


# --- Who may what -----------------------------------------------------------------------------------------------------


def test_without_the_right_to_publish_public_rows_are_read_only(client, django_user_model):
    fair = conference()
    session(conference=fair, slug="public")
    draft(fair, "draft")
    editor(client, django_user_model, *EDITS)

    response, form = opened(client, fair)
    client.post(address_of(fair), form | {at(fair, "draft", "room_en"): "Foyer"})

    lines = response.context["programme"].lines
    assert {line.session.slug: line.form is not None for line in lines} == {"public": False, "draft": True}
    assert fair.sessions.get(slug="draft").room_en == "Foyer"


def test_a_forged_row_of_a_public_session_is_refused_whole(client, django_user_model):
    fair = conference()
    public = session(conference=fair, slug="public", title_en="Opening")
    draft(fair, "draft")
    editor(client, django_user_model, *EDITS)
    _response, form = opened(client, fair)
    version = json.dumps(["", "", "", "", "", "0", "talk", "confirmed"])
    form |= {f"session-{public.pk}-version": version, f"session-{public.pk}-room_en": "Foyer"}

    response = client.post(address_of(fair), form | {at(fair, "draft", "room_en"): "Foyer"})

    assert response.context["errors"] == ["“Opening” is public by now, and only a publisher changes it."]
    assert not fair.sessions.filter(room_en="Foyer").exists()


def test_whoever_may_only_read_reads(client, django_user_model, fair):
    editor(client, django_user_model, "view_conference", "view_session")

    response, form = opened(client, fair)
    refused = client.post(address_of(fair), form | {at(fair, "talk", "room_en"): "Foyer"})

    assert ([line.form for line in response.context["programme"].lines], response.context["programme"].new) == (
        [None] * 5,
        None,
    )
    assert "_save" not in response.text
    assert refused.status_code == 403


@pytest.mark.parametrize("page", ["programme", "copy"])
def test_whoever_may_not_is_refused_without_a_name(client, django_user_model, fair, page):
    editor(client, django_user_model, "view_conference")

    responses = [client.get(address_of(fair, page)), client.post(address_of(fair, page), {"_create": ""})]

    assert [response.status_code for response in responses] == [403, 403]
    assert not any("Kelp" in response.text for response in responses)


def test_whoever_may_not_change_sessions_shifts_none(client, django_user_model, fair):
    editor(client, django_user_model, "view_conference", "view_session")

    response = client.post(SHIFT, {"session": fair.sessions.first().pk, "minutes": "15", "_confirm": ""})

    assert response.status_code == 403


def test_a_conference_that_is_not_there_leads_back(admin_client):
    missing = [f"{number}/{page}/" for number in ("0", "abc", "9" * 30) for page in ("programme", "copy")]

    responses = [admin_client.get(f"/admin/events/conference/{address}") for address in missing]

    assert {(response.status_code, response.url) for response in responses} == {(302, "/admin/")}


# --- Large programmes -------------------------------------------------------------------------------------------------


def test_the_page_takes_as_many_queries_for_thirty_sessions_as_for_five(admin_client, fair, django_assert_num_queries):
    queries = 6  # session, user, conference, sessions, which of them are released, appearances

    with django_assert_num_queries(queries):
        opened(admin_client, fair)
    for number in range(25):
        appearance(session=draft(fair, f"talk-{number}", day=FIRST, starts_at=time(9)))
    with django_assert_num_queries(queries):
        opened(admin_client, fair)


def test_a_large_programme_is_read_by_day_and_by_page(admin_client, fair, monkeypatch):
    monkeypatch.setattr("events.admin.programme.ROWS_PER_PAGE", 2)

    pages = {
        query: [line.session.slug for line in opened(admin_client, fair, query)[0].context["programme"].lines]
        for query in ("", "?page=3", "?page=99", "?day=2024-11-15", "?day=2024-11-16&page=2", "?day=nonsense")
    }

    assert pages == {
        "": ["opening", "talk"],
        "?page=3": ["moss"],
        "?page=99": ["moss"],
        "?day=2024-11-15": ["opening", "talk"],
        "?day=2024-11-16&page=2": ["moss"],
        "?day=nonsense": ["opening", "talk"],
    }


# --- Shifting ---------------------------------------------------------------------------------------------------------


def preview(client, fair, *slugs, **values):
    """Tick these sessions on the page of the programme and ask what would change."""
    _response, form = opened(client, fair)
    ticked = [each.pk for each in fair.sessions.named(slugs)]
    return client.post(address_of(fair), form | {"session": ticked, "_shift": "", **values})


def confirm(client, response):
    shift = response.context["shift"]
    values = shift.form.cleaned_data
    sent = {"minutes": values["minutes"], "days": values["days"], "seen": shift.digest, "_confirm": ""}
    return client.post(SHIFT, sent | {"session": [each.session.pk for each in shift.moves]}, follow=True)


def test_what_would_change_is_shown_first_and_then_done(admin_client, fair):
    shown = preview(admin_client, fair, "opening", minutes="15", with_later="on")
    before = [each.starts_at for each in fair.sessions.named(["opening", "talk"])]
    done = confirm(admin_client, shown)

    stored = {each.slug: each for each in fair.sessions.all()}
    assert before == [time(9), time(10)]
    assert (stored["opening"].starts_at, stored["opening"].ends_at) == (time(9, 15), time(10, 15))
    assert (stored["talk"].starts_at, stored["talk"].revision) == (time(10, 15), 1)
    assert messages_of(done) == ["2 sessions were shifted."]
    assert done.redirect_chain[-1][0] == address_of(fair)
    assert stored["talk"].history.first().history_change_reason == "Shifted: +15 minutes"
    assert {entry.get_change_message() for entry in LogEntry.objects.all()} == {"Shifted: +15 minutes"}


def test_days_and_minutes_are_shifted_together(admin_client, fair):
    confirm(admin_client, preview(admin_client, fair, "talk", minutes="-30", days="1"))

    stored = fair.sessions.get(slug="talk")
    assert (stored.day, stored.starts_at, stored.ends_at) == (SECOND, time(9, 30), time(10, 30))


def test_the_preview_warns_of_what_would_clash(admin_client, fair):
    response = preview(admin_client, fair, "talk", minutes="-30")

    [(_move, clashes)] = response.context["shift"].moves_with_clashes()
    assert [each.sentence for each in clashes] == ["“Opening” (09:00–10:00) is in the same room."]


def test_if_one_cannot_be_shifted_none_is(admin_client, fair):
    response = preview(admin_client, fair, "opening", "kelp", minutes=str(14 * 60 + 30))
    confirmed = admin_client.post(
        SHIFT,
        {"session": [each.pk for each in fair.sessions.all()], "minutes": "870", "_confirm": "", "seen": "x"},
    )

    assert response.context["shift"].refusals == ["“Opening” would pass midnight.", "“Kelp” has no time."]
    assert "_confirm" not in response.text
    assert confirmed.status_code == 200
    assert not fair.sessions.exclude(revision=0).exists()


def test_a_preview_that_is_out_of_date_is_shown_again(admin_client, fair):
    shown = preview(admin_client, fair, "opening", minutes="15")
    fair.sessions.named(["opening"]).update(starts_at=time(8))

    response = confirm(admin_client, shown)

    assert messages_of(response) == ["Something changed meanwhile. Look at it once more."]
    assert fair.sessions.get(slug="opening").starts_at == time(8)


def test_pressing_the_button_twice_shifts_once(admin_client, fair):
    shown = preview(admin_client, fair, "opening", minutes="15")

    for _time in range(2):
        confirm(admin_client, shown)

    assert fair.sessions.get(slug="opening").starts_at == time(9, 15)


def test_what_was_typed_is_saved_before_anything_is_shifted(admin_client, fair):
    typed = {at(fair, "talk", "room_en"): "Foyer"}

    response = preview(admin_client, fair, "opening", minutes="15", **typed)

    assert response.context["errors"] == ["You changed something here. Save it first, then shift."]
    assert ['value="Foyer"' in response.text, 'value="15"' in response.text] == [True, True]
    assert [line.session.slug for line in response.context["programme"].lines if line.is_chosen] == ["opening"]


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({}, {"__all__": ["Say by how many minutes or days."]}),
        ({"minutes": "soon"}, {"minutes": ["Enter a whole number."]}),
        ({"minutes": "9" * 30}, {"minutes": ["Ensure this value is less than or equal to 1440."]}),
        ({"days": "-99999"}, {"days": ["Ensure this value is greater than or equal to -3660."]}),
    ],
)
def test_a_shift_by_nonsense_is_explained(admin_client, fair, values, errors):
    response = preview(admin_client, fair, "opening", **values)

    assert dict(response.context["shift"].form.errors) == errors


def test_without_a_session_nothing_is_shifted(admin_client, fair):
    for chosen in ([], ["abc"], ["9" * 30], ["0"]):
        response = admin_client.post(SHIFT, {"session": chosen, "minutes": "15", "_confirm": ""}, follow=True)
        assert messages_of(response) == ["Choose the sessions to shift, at most 1000 at once."]


def test_the_action_of_the_list_leads_to_the_same_page(admin_client, fair):
    values = {"action": "shift", "_selected_action": [each.pk for each in fair.sessions.all()], "index": "0"}

    response = admin_client.post(reverse("admin:events_session_changelist"), values)

    assert [each.slug for each in response.context["shift"].sessions] == order(fair)


def test_public_sessions_are_shifted_by_publishers_alone(client, django_user_model):
    public = session(title_en="Opening", day=FIRST, starts_at=time(9))
    editor(client, django_user_model, *EDITS)

    response = client.post(SHIFT, {"session": public.pk, "minutes": "15", "_confirm": ""})

    assert response.context["shift"].refusals == ["“Opening” is public, and only a publisher changes it."]
    assert Session.objects.get().starts_at == time(9)


# --- Copying ----------------------------------------------------------------------------------------------------------


def look(client, fair, **values):
    """Open the form, fill in `values` and ask what will be created."""
    form = client.get(address_of(fair, "copy")).context["form"]
    sent = {field.html_name: field.value() or "" for field in form if field.name != "with_appearances"}
    return client.post(address_of(fair, "copy"), sent | values)


def create(client, fair, response):
    form = response.context["form"]
    sent = {field.html_name: field.value() or "" for field in form if field.value()}
    sent |= {"seen": response.context["plan"].digest, "_create": ""}
    return client.post(address_of(fair, "copy"), sent, follow=True)


def test_the_form_suggests_the_next_year_and_the_same_day_of_the_week(admin_client, fair):
    form = admin_client.get(address_of(fair, "copy")).context["form"]

    assert (form["title_en"].value(), form["slug"].value()) == ("2025 Kelp Fair", "kelp-2025")
    assert str(form["starts_on"].value()) == "2025-11-14"


def test_what_will_be_created_is_shown_first_and_then_created(admin_client, fair):
    conference_role(conference=fair)

    shown = look(admin_client, fair)
    before = Conference.objects.count()
    done = create(admin_client, fair, shown)

    created = Conference.objects.get(slug="kelp-2025")
    assert before == 1
    assert "2025-11-15" in shown.text
    assert messages_of(done) == ["The next edition was created as a draft."]
    assert done.redirect_chain[-1][0] == reverse("admin:events_conference_change", args=[created.pk])
    assert [str(each.day) for each in created.sessions.in_programme_order()] == ["2025-11-14"] * 2 + ["2025-11-15"] * 3
    assert (created.published_at, created.roles.count()) == (None, 1)
    assert created.history.get().history_change_reason == "Copied from 2024 Kelp Fair"
    assert LogEntry.objects.get().get_change_message() == "Copied from 2024 Kelp Fair"


def test_pressing_the_button_twice_creates_one(admin_client, fair):
    shown = look(admin_client, fair)

    responses = [create(admin_client, fair, shown) for _time in range(2)]

    assert [messages_of(response) for response in responses] == [
        ["The next edition was created as a draft."],
        ["It was created already."],
    ]
    assert Conference.objects.count() == 2
    assert responses[0].redirect_chain == responses[1].redirect_chain


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"slug": "kelp-2024"}, {"slug": ["Conference with this Slug already exists."]}),
        ({"starts_on": "soon"}, {"starts_on": ["Write a year, a month or a day: 2021, 2020-09 or 2024-11-15."]}),
        (
            {"title_en": "", "title_zh_hans": ""},
            {"__all__": ["Give the conference a title in at least one language."]},
        ),
    ],
)
def test_wrong_input_is_explained_before_anything_is_shown(admin_client, fair, values, errors):
    response = look(admin_client, fair, **values)

    assert (dict(response.context["form"].errors), response.context["plan"]) == (errors, None)
    assert Conference.objects.count() == 1


def test_a_slug_that_was_taken_meanwhile_is_explained(admin_client, fair):
    shown = look(admin_client, fair)
    taken = conference(slug="kelp-2025")

    response = create(admin_client, fair, shown)

    assert dict(response.context["form"].errors) == {"slug": ["Conference with this Slug already exists."]}
    assert set(Conference.objects.all()) == {fair, taken}


def test_a_plan_that_is_out_of_date_is_shown_again(admin_client, fair):
    shown = look(admin_client, fair)
    draft(fair, "late")

    response = create(admin_client, fair, shown)

    assert messages_of(response) == ["Something changed meanwhile. Look at it once more."]
    assert Conference.objects.count() == 1


def test_who_may_copy_is_who_may_add_each_part(client, django_user_model, fair):
    appearance(session=fair.sessions.first())
    editor(client, django_user_model, *COPIES)

    page = client.get(address_of(fair, "copy"))
    shown = look(client, fair, with_appearances="on")

    assert "with_appearances" not in page.context["form"].fields
    assert shown.context["plan"].number_of_appearances == 0


def test_who_may_not_add_a_part_may_not_copy(client, django_user_model, fair):
    person = editor(client, django_user_model)
    rights = Permission.objects.filter(codename__in=COPIES)

    for missing in COPIES:
        person.user_permissions.set(rights.exclude(codename=missing))
        assert client.get(address_of(fair, "copy")).status_code == 403


# --- The way there ----------------------------------------------------------------------------------------------------


def test_the_form_and_the_lists_lead_to_the_programme(admin_client, fair):
    pages = [
        reverse("admin:events_conference_change", args=[fair.pk]),
        reverse("admin:events_conference_changelist"),
        reverse("admin:events_session_changelist"),
    ]

    texts = [admin_client.get(page).text for page in pages]

    assert [f'href="{address_of(fair)}"' in text for text in texts] == [True, True, True]
    assert f'href="{address_of(fair, "copy")}"' in texts[0]


def test_the_pages_need_no_inline_script_or_style(admin_client, fair):
    texts = [
        opened(admin_client, fair)[0].text,
        look(admin_client, fair).text,
        preview(admin_client, fair, "talk", minutes="15").text,
    ]

    assert not any("style=" in text or "<style" in text or "<script>" in text for text in texts)
