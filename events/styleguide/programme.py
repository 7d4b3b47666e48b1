"""The programme of a conference, a visitor's own programme, and the people on stage."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from events.agenda import agenda_of
from events.cards import post_of
from events.models import Appearance, Conference, Speaker
from events.programme import Day, Programme, by_room, now_and_next, programme_of
from events.programme_changes import ProgrammeChange
from events.styleguide.conferences import sample_session
from events.styleguide.exampleland import MOMENT, sample
from events.styleguide.specimens import component
from portal import clock
from portal.facets import Choice
from portal.provenance import Bibliography

ADDRESS = "https://exampleland.example/conferences/on/agenda/"


def conference():
    return sample(Conference.objects.published().with_public("venue"), "on")


def sessions_of(name="on"):
    return list(sample(Conference.objects, name).sessions.published().select_related("conference").in_programme_order())


def appearances(name="on"):
    return Appearance.objects.published().for_conference(sample(Conference.objects, name)).on_cards()


def programme_at(name="on"):
    return programme_of(sessions_of(name), appearances(name))


@component()
def programme():
    zone = conference().zone
    yield _("with times, two days, one unknown"), {"programme": programme_at(), "zone": zone}
    yield _("without any times"), {"programme": programme_at("past")}
    yield (
        _("to choose from, two chosen"),
        {
            "programme": programme_at(),
            "zone": zone,
            "choosable": True,
            "chosen": ["keynote", "signing"],
        },
    )
    yield _("without headings, inside another list"), {"programme": programme_at(), "headless": True}


@component("programme")
def programme_item():
    for day in programme_at().days:
        for item, entry in zip(day.items, day.entries(), strict=True):
            status = "" if item.session.status == "confirmed" else f", {item.session.get_status_display()}"
            yield capfirst(item.session.get_kind_display()) + status, {"entries": [entry]}
    day, stars = programme_at().days[0], programme_at().star_label
    yield _("with a star"), {"entries": day.entries()[:1], "stars": stars}
    chosen = [day.items[0].session.slug]
    yield _("with a filled star"), {"entries": day.entries(chosen)[:1], "stars": stars}


@component()
def programme_nav():
    days = programme_at().days
    yield _("by day"), {"days": days, "url": "/"}
    yield _("by room"), {"days": days, "url": "/", "by_room": True}
    yield _("while it is filtered"), {"days": days, "url": "/", "query": "kind=signing"}
    yield _("in pages"), {"days": days, "url": "/", "pages": [_link_to(day) for day in days if day.date]}
    yield _("without rooms"), {"days": days}
    yield _("one day, without rooms: nothing"), {"days": days[:1]}


def _link_to(day):
    return Choice(date_format(day.date, "MONTH_DAY_FORMAT"), f"day={day.date}", len(day.items), day.date.day == 14)


@component()
def room_grid():
    zone = conference().zone
    tables = by_room(programme_at())
    yield _("two days, one unknown"), {"tables": tables, "zone": zone}
    placed = [item for day in programme_at().days[:1] for item in day.items if item.session.room]
    yield (
        _("one day, everything in a room"),
        {
            "tables": by_room(Programme([Day(placed[0].session.day, placed)])),
            "zone": zone,
        },
    )


@component()
def now_next():
    moments = {
        _("on now in two rooms, and next"): MOMENT,
        _("before the first day"): datetime(2100, 5, 13, 20, 0, tzinfo=ZoneInfo("Asia/Shanghai")),
        _("the last session is on"): datetime(2100, 5, 15, 11, 10, tzinfo=ZoneInfo("Asia/Shanghai")),
    }
    for state, moment in moments.items():
        yield state, {"now_and_next": now_and_next(sessions_of(), conference().zone, moment)}


# --- A visitor's own programme ----------------------------------------------------------------------------------------


@component()
def agenda_form():
    zone = conference().zone
    shared = {"programme": programme_at(), "conference": conference(), "zone": zone}
    yield _("nothing chosen"), {**shared, "chosen": []}
    yield _("two chosen"), {**shared, "chosen": ["keynote", "signing"]}
    yield _("two chosen, one of them not shown"), {**shared, "chosen": ["keynote"], "elsewhere": ["hidden"]}


@component("column")
def agenda_tools():
    chosen = {
        _("every session has a day"): ["keynote", "signing"],
        _("one session has no day"): ["keynote", "video"],
        _("no session has a day"): ["video"],
    }
    for state, slugs in chosen.items():
        agenda = agenda_of(conference(), slugs)
        yield state, {"conference": conference(), "agenda": agenda, "address": f"{ADDRESS}?{agenda.query}"}


@component("column")
def calendar_links():
    yield _("a calendar"), {"address": "/en/conferences/exampleland-on.ics"}
    note = _("All that is on or to come.")
    yield _("with a sentence about what is in it"), {"address": "/en/conferences.ics", "note": note}


@component()
def programme_files():
    days = programme_at().days
    shared = {"conference": conference(), "days": days}
    yield (
        _("two days, for apps too"),
        {**shared, "has_schedule": True, "left_out": 3},
    )
    yield _("every session is in the files for apps"), {**shared, "has_schedule": True, "left_out": 0}
    yield _("one day, without times"), {"conference": conference(), "days": days[:1]}


@component()
def change_list():
    keynote, signing = sample_session("keynote"), sample_session("signing")
    moments = [MOMENT - timedelta(days=days) for days in (0, 1)]
    told = [
        ProgrammeChange(
            moments[0], keynote, "moved", _("Moved from %(before)s to %(after)s.") % {"before": "A", "after": "B"}
        ),
        ProgrammeChange(moments[0], signing, "cancelled", _("Cancelled.")),
        ProgrammeChange(moments[1], signing, "added", _("New in the programme.")),
    ]
    yield _("two days"), {"changes": told}


@component()
def clashes():
    yield _("two"), {"clashes": agenda_of(conference(), ["keynote", "panel", "talk"]).clashes}
    yield _("one"), {"clashes": agenda_of(conference(), ["signing", "forum"]).clashes}


@component()
def star():
    session = sample_session("keynote")
    yield _("empty"), {"session": session, "chosen": []}
    yield _("filled"), {"session": session, "chosen": ["keynote"]}
    yield _("with words"), {"session": session, "with_words": True}


@component("panel")
def star_form():
    yield _("on the page of a session"), {"session": sample_session("keynote"), "conference": conference()}


@component()
def print_source():
    yield _("on paper only: print this page to see it"), {"address": ADDRESS, "today": clock.today()}


# --- On stage ---------------------------------------------------------------------------------------------------------


def states_of_appearances():
    """An appearance for each state, and the state in words."""
    named = {
        ("ada", "speaker"): _("with a portrait, statements and quotes; the organization has a page"),
        ("bo", "speaker"): _("with a statement without a quote; the organization has no page"),
        ("chinese-only", "speaker"): _("by video message; Chinese only"),
        ("english-only", "moderator"): _("remotely, a moderator; English only"),
        ("bo", "panellist"): _("without a post"),
        ("ada", "host"): _("a master of ceremonies, without an organization"),
        ("ada", "signatory"): _("a signatory, without a post"),
        ("word", "guest"): _("one word that is longer than a line"),
    }
    found = {(each.speaker.slug.removeprefix("exampleland-"), each.role): each for each in appearances()}
    for key, state in named.items():
        yield state, found[key]


@component("column")
def person_cards():
    for state, appearance in states_of_appearances():
        yield state, {"appearances": [appearance], "bibliography": Bibliography(appearance)}


@component("cards")
def speaker_card():
    named = {
        "ada": _("several appearances"),
        "bo": _("one appearance"),
        "chinese-only": _("a name in Chinese only"),
        "english-only": _("a name in English only"),
        "word": _("a name without a break"),
    }
    for name, state in named.items():
        yield state, {"speaker": sample(Speaker.objects.with_appearances(), name)}


@component("appearances")
def appearance_card():
    for state, appearance in states_of_appearances():
        yield state, {"appearance": appearance, "bibliography": Bibliography(appearance)}
    guest = appearances("past").get(role="guest")
    yield _("at a conference whose session is not known"), {"appearance": guest, "bibliography": Bibliography(guest)}


@component("column")
def post():
    for state, appearance in states_of_appearances():
        yield state, {"post": post_of(appearance)}


@component("column")
def statement():
    found = {each.speaker.slug: each for each in appearances() if each.statements}
    with_quote, in_chinese = found["exampleland-ada"].statements
    (without_quote,) = found["exampleland-bo"].statements
    yield _("with a quote"), {"statement": with_quote}
    yield _("Chinese only, with a quote in Chinese"), {"statement": in_chinese}
    yield _("without a quote"), {"statement": without_quote}
