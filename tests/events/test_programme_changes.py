"""What changed in a programme since visitors could see it (`events/programme_changes.py`)."""

from datetime import UTC, date, datetime, time, timedelta

import feedparser
import pytest

from events.models import Appearance, Conference, Series, Session, Speaker
from events.programme_changes import changes_of
from portal import clock
from portal.history.records import history_of
from tests.factories import appearance, conference, series, session, speaker, withdraw

pytestmark = pytest.mark.django_db

START = datetime(2027, 1, 1, 12, 0, tzinfo=UTC)
NOW = START + timedelta(days=100)
MODELS = (Session, Conference, Series, Appearance, Speaker)


@pytest.fixture(autouse=True)
def later():
    with clock.set_to(NOW):
        yield


def dated(day):
    """What was written since the last call was written on this day after the start."""
    for model in MODELS:
        rows = history_of(model)._base_manager.filter(history_date__gt=NOW - timedelta(days=1000))
        rows.exclude(history_date__in=dated.days).update(history_date=START + timedelta(days=day))
    dated.days.add(START + timedelta(days=day))


@pytest.fixture(autouse=True)
def no_day_yet():
    dated.days = set()


@pytest.fixture
def fair():
    return conference(slug="fair", title_en="Kelp Fair", published_at=START)


def talk(fair, slug="talk", **fields):
    times = {
        "day": date(2027, 5, 20),
        "starts_at": time(9),
        "ends_at": time(10),
        "room_en": "Hall A",
        "room_zh_hans": "",
    }
    names = {"title_en": slug.capitalize(), "title_zh_hans": ""}
    return session(conference=fair, slug=slug, **{"published_at": START, **times, **names, **fields})


def save(record, after, /, **values):
    for name, value in values.items():
        setattr(record, name, value)
    record.save()
    dated(after)


def told(fair):
    return [((each.date - START).days, each.session.slug, each.sentence) for each in changes_of(fair)]


def test_a_programme_that_was_published_at_once_has_not_changed(fair):
    talk(fair)
    talk(fair, "walk")
    dated(0)

    assert told(fair) == []


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"day": date(2027, 5, 21)}, "Moved from 20 May 2027, 09:00–10:00 to 21 May 2027, 09:00–10:00."),
        ({"starts_at": time(8, 30)}, "Moved from 20 May 2027, 09:00–10:00 to 20 May 2027, 08:30–10:00."),
        ({"ends_at": None}, "Moved from 20 May 2027, 09:00–10:00 to 20 May 2027, 09:00."),
        (
            {"day": None, "starts_at": None, "ends_at": None},
            "No longer on 20 May 2027, 09:00–10:00; the new day is not published.",
        ),
        ({"room_en": "Hall B"}, "Moved from Hall A to Hall B."),
        ({"room_en": ""}, "No longer in Hall A; the new room is not published."),
        ({"status": "cancelled"}, "Cancelled."),
        ({"title_en": "Speech"}, "Called “Talk” before."),
    ],
)
def test_each_change_is_a_sentence(fair, values, sentence):
    record = talk(fair)
    dated(0)

    save(record, 3, **values)

    assert told(fair) == [(3, "talk", sentence)]


def test_what_becomes_known_is_no_move(fair):
    dayless = talk(fair, day=None, starts_at=None, ends_at=None, room_en="")
    timeless = talk(fair, "walk", starts_at=None, ends_at=None)
    dated(0)

    save(dayless, 1, day=date(2027, 5, 20), room_en="Hall A")
    save(timeless, 2, starts_at=time(9))

    assert told(fair) == [
        (2, "walk", "Now known: 20 May 2027, 09:00."),
        (1, "talk", "Room: Hall A."),
        (1, "talk", "Now known: 20 May 2027."),
    ]


def test_cancelled_and_back_on_and_newest_first(fair):
    record = talk(fair)
    dated(0)

    save(record, 1, status="cancelled")
    save(record, 2, status="confirmed")

    assert told(fair) == [(2, "talk", "Takes place after all."), (1, "talk", "Cancelled.")]


def test_a_session_that_comes_later_is_new_and_one_within_the_hour_is_not(fair):
    talk(fair)
    talk(fair, "soon", published_at=START + timedelta(minutes=50))
    talk(fair, "late", published_at=START + timedelta(days=4))
    dated(0)

    assert told(fair) == [(4, "late", "New in the programme.")]


def test_what_no_visitor_can_notice_is_no_change(fair):
    record = talk(fair)
    dated(0)

    save(record, 1, abstract_en="On kelp.", position=7, slug="talk")

    assert told(fair) == []


# --- What must not leak -----------------------------------------------------------------------------------------------


def test_what_was_changed_in_a_draft_is_told_to_nobody(fair):
    talk(fair)
    draft = talk(fair, "secret", published_at=None, title_en="Secret name")
    dated(0)
    save(draft, 1, title_en="Other secret", room_en="Bunker")

    assert told(fair) == []
    save(draft, 2, title_en="Walk", room_en="Quay", published_at=START + timedelta(days=2))

    assert told(fair) == [(2, "secret", "New in the programme.")]


@pytest.mark.parametrize("hide", ["draft", "scheduled", "withdrawn", "deleted"])
def test_sessions_that_are_not_public_have_no_past(fair, hide):
    talk(fair)
    record = talk(fair, "secret")
    dated(0)
    save(record, 1, room_en="Bunker")
    assert len(told(fair)) == 1

    if hide == "withdrawn":
        withdraw(record)
    elif hide == "deleted":
        record.delete()
    else:
        save(record, 2, published_at=None if hide == "draft" else NOW + timedelta(days=9))

    assert told(fair) == []


def test_changes_while_a_session_was_taken_back_are_told_by_their_result(fair):
    talk(fair)
    record = talk(fair, "walk")
    dated(0)
    save(record, 1, published_at=None)
    save(record, 2, room_en="Bunker")
    save(record, 3, room_en="Quay")

    save(record, 4, published_at=START + timedelta(days=4))

    assert told(fair) == [(4, "walk", "Moved from Hall A to Quay.")]


def test_what_happened_before_a_scheduled_publication_came_is_no_change(fair):
    talk(fair)
    record = talk(fair, "walk", published_at=START + timedelta(days=9))
    dated(0)

    save(record, 2, room_en="Bunker")

    assert told(fair) == [(9, "walk", "New in the programme.")]


@pytest.mark.parametrize("above", ["conference", "series"])
def test_nothing_is_told_of_the_time_before_the_conference_was_public(above):
    hidden = {"published_at": None} if above == "series" else {}
    line = series(**hidden)
    fair = conference(slug="fair", series=line, published_at=None if above == "conference" else START)
    record = talk(fair)
    dated(0)
    save(record, 1, room_en="Bunker")

    save(fair if above == "conference" else line, 5, published_at=START - timedelta(days=99))  # typed in afterwards
    fair = Conference.objects.select_related("series").get()

    assert told(fair) == []
    save(record, 7, room_en="Quay")
    assert told(fair) == [(7, "talk", "Moved from Bunker to Quay.")]


def test_nobody_learns_who_changed_it(fair, client, admin_user):
    record = talk(fair)
    dated(0)
    record._history_user = admin_user
    save(record, 1, room_en="Hall B")

    pages = [client.get(f"/en/conferences/fair/changes/{end}").content for end in ("", "feed.atom", "feed.json")]

    assert [b"Hall B" in page for page in pages] == [True] * 3
    assert not any(admin_user.username.encode() in page for page in pages)


# --- On stage ---------------------------------------------------------------------------------------------------------


def test_a_speaker_who_joins_and_one_who_leaves(fair):
    record = talk(fair)
    ada, bo = (speaker(name_en=name, published_at=START) for name in ("Ada", "Bo"))
    leaving = appearance(session=record, speaker=bo)
    dated(0)

    appearance(session=record, speaker=ada)
    dated(3)
    leaving.delete()
    dated(5)

    assert told(fair) == [(5, "talk", "Bo is no longer among the speakers."), (3, "talk", "Ada joins the speakers.")]


def test_a_speaker_who_is_hidden_or_came_and_went_in_a_draft_is_not_named(fair):
    record = talk(fair)
    hidden, brief = speaker(name_en="Hidden", published_at=None), speaker(name_en="Brief", published_at=START)
    dated(0)
    appearance(session=record, speaker=hidden)
    dated(1)
    save(record, 2, published_at=None)
    going = appearance(session=record, speaker=brief)
    dated(3)
    going.delete()
    dated(4)
    save(record, 5, published_at=START + timedelta(days=5))

    assert told(fair) == []


# --- The page and the feed --------------------------------------------------------------------------------------------


def test_the_programme_leads_to_its_changes(client, fair):
    talk(fair)
    dated(0)

    programme, changes = (client.get(f"/en/conferences/fair/{page}/").text for page in ("programme", "changes"))

    assert 'href="/en/conferences/fair/changes/"' in programme
    assert "Nothing has changed since the programme was published." in changes


def test_each_language_tells_what_changed_for_its_readers(client, fair):
    record = talk(fair, title_zh_hans="演讲")
    dated(0)

    save(record, 1, title_zh_hans="讲话")

    english, chinese = (client.get(f"/{code}/conferences/fair/changes/feed.atom").content for code in ("en", "zh-hans"))
    assert (len(feedparser.parse(english).entries), len(feedparser.parse(chinese).entries)) == (0, 1)
    assert "演讲".encode() in chinese


def test_an_entry_keeps_its_identifier_and_carries_the_day_of_the_change(client, fair):
    record = talk(fair)
    dated(0)
    save(record, 1, room_en="Hall B")
    [first] = feedparser.parse(client.get("/en/conferences/fair/changes/feed.atom").content).entries

    save(record, 2, slug="speech", status="cancelled")
    newest, second = feedparser.parse(client.get("/en/conferences/fair/changes/feed.atom").content).entries

    assert (first.id, newest.title) == (second.id, "Talk: Cancelled.")
    assert (second.published, second.updated) == ("2027-01-02T12:00:00Z", "2027-01-02T12:00:00Z")


def test_the_page_is_in_pages(client, fair):
    record = talk(fair)
    dated(0)
    for number in range(1, 53):
        save(record, number, room_en=f"Hall {number}")

    first, second = (client.get(f"/en/conferences/fair/changes/?page={number}") for number in (1, 2))

    assert (first.content.count(b"Moved from"), second.content.count(b"Moved from")) == (50, 2)
    assert client.get("/en/conferences/fair/changes/?page=3").status_code == 404
    assert client.get("/en/conferences/fair/changes/?page=" + "9" * 4000).status_code == 404


@pytest.mark.parametrize("size", [1, 20])
def test_the_changes_are_a_constant_number_of_queries(fair, size, django_assert_num_queries):
    fair = Conference.objects.select_related("series").get()
    for number in range(size):
        record = talk(fair, f"talk-{number}")
        appearance(session=record, speaker=speaker())
        record.room_en = "Hall B"
        record.save()

    with django_assert_num_queries(6):
        changes_of(fair)
