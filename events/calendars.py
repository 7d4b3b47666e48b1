"""Calendars for other programs (RFC 5545, 7986): conferences, programmes, single sessions, a visitor's own choice, and
the promises of investment projects, in the language of the address.

A program that subscribes fetches the same address again and again. It knows an entry by its UID, takes the newer one by
SEQUENCE, and shows what was cancelled by STATUS; the moments are those of recorded changes and never of the fetch, so
that the same records always give the same bytes. What has no published time fills its days and blocks nothing.
"""

from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _

from events.stages import Promise
from portal.addresses import absolute
from portal.characters import one_line, writable
from portal.conditional import answer
from portal.prose import in_plain_words

DAY = timedelta(days=1)
END_OF_ZONES = date(date.max.year, 1, 1)  # beyond it icalendar looks for changes of the clock after the last date
ASK_AGAIN = timedelta(hours=4)  # how often a program that subscribed should look for changes


def calendar_of_promises(promises) -> bytes:
    """The promised dates (loaded `with_changed_at()`): a month or a year runs from its first to its last day."""
    return _calendar(_("Promise calendar"), map(_promise, promises)).to_ical()


def calendar_of_conferences(conferences) -> bytes:
    """Each of `conferences` (loaded `with_changed_at()`) as one entry over its days."""
    return _calendar(_("Conferences"), map(_conference, conferences)).to_ical()


def calendar_of_sessions(conference, sessions, name="") -> bytes:
    """The `sessions` of a conference in its time zone; those without a day are in no calendar. Called after the
    conference unless it has a `name`."""
    sessions = [session for session in sessions if session.day]
    calendar = _calendar(name or conference.title, [_session(conference, session) for session in sessions])
    if sessions:
        days = [session.day for session in sessions]
        first = date(min(min(days).year, END_OF_ZONES.year - 1), 1, 1)
        calendar.add_missing_timezones(first_date=first, last_date=min(_after(max(days)), END_OF_ZONES))
    return calendar.to_ical()


def calendar_of_conference(conference, sessions) -> bytes:
    """The whole programme; as long as no session has a day, the days of the conference itself."""
    if any(session.day for session in sessions):
        return calendar_of_sessions(conference, sessions)
    return _calendar(conference.title, [_conference(conference)]).to_ical()


def calendar_of_choice(conference, sessions) -> bytes:
    """What a visitor chose of a programme."""
    return calendar_of_sessions(conference, sessions, _("My programme: %(conference)s") % {"conference": conference})


def calendar_response(content, file_name, changed_at):
    """`content` as a file; programs that subscribe do not mind its being one."""
    response = answer(content, "text/calendar; charset=utf-8", changed_at)
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


# --- The parts of every calendar --------------------------------------------------------------------------------------


def _calendar(name, events):
    from icalendar import Calendar  # takes 3 MB, and most visitors want a page

    calendar = Calendar()
    calendar.add("prodid", f"-//{one_line(settings.SITE_NAMES['en'])}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for property_name in ("name", "x-wr-calname"):
        calendar.add(property_name, one_line(name))
    calendar.add("refresh-interval", ASK_AGAIN, {"VALUE": "DURATION"})
    calendar.add("x-published-ttl", f"PT{ASK_AGAIN.seconds // 3600}H")
    for event in events:
        calendar.add_component(event)
    return calendar


def _event(record, page, sequence, changed_at):
    """An event that other programs recognize when they meet it again, and know to be newer."""
    from icalendar import Event  # as above

    event = Event()
    event.add("uid", f"{record.uid}@{urlsplit(settings.SITE_URL).hostname}")
    moment = changed_at.astimezone(UTC).replace(microsecond=0)
    event.add("dtstamp", moment)
    event.add("last-modified", moment)
    event.add("sequence", sequence)
    event.add("url", absolute(page.get_absolute_url()))
    return event


def _say(event, *, summary, notes, location="", categories=()):
    """The words of an event; `notes` are paragraphs, of which some may be empty."""
    event.add("summary", one_line(summary))
    if description := "\n\n".join(writable(note).strip() for note in notes if note):
        event.add("description", description)
    if location:
        event.add("location", one_line(location))
    if categories:
        event.add("categories", [one_line(each) for each in categories])


def _fill_days(event, first, last):
    event.add("dtstart", first)
    event.add("dtend", _after(last))
    event.add("transp", "TRANSPARENT")


def _after(day) -> date:
    return min(day, date.max - DAY) + DAY


# --- Kinds of entries -------------------------------------------------------------------------------------------------


def _session(conference, session):
    """Its sequence rises with that of its conference too, whose venue and time zone are its own."""
    event = _event(session, session, session.revision + conference.revision, session.changed_at)
    _add_times(event, conference, session)
    state = _state_of_session(conference, session)
    event.add("status", _STATUS[state])
    _say(
        event,
        summary=_with_state(session.title, state),
        location=", ".join(filter(None, map(str, (session.room, _place_of(conference))))),
        categories=[session.get_kind_display()],
        notes=[
            in_plain_words(session, "abstract"),
            _("Part of: %(conference)s") % {"conference": conference.title},
            "" if session.starts_at else _("The time was not published."),
        ],
    )
    return event


def _add_times(event, conference, session):
    """A session whose end was not published has none here either."""
    if session.starts_at is None:
        _fill_days(event, session.day, session.day)
        return
    event.add("dtstart", _at(conference, session.day, session.starts_at))
    if session.ends_at:
        event.add("dtend", _at(conference, session.day, session.ends_at))


def _at(conference, day, moment) -> datetime:
    return datetime.combine(day, moment, conference.zone)


def _conference(conference):
    """All its days, as far as they are known: a conference in “May 2027” may be on any of that month."""
    event = _event(conference, conference, conference.revision, conference.changed_at)
    first, last = conference.starts_on, conference.last_day
    _fill_days(event, first.earliest, last.latest)
    state = conference.status
    event.add("status", _STATUS[state])
    known = "" if first.is_exact and last.is_exact else conference.dates_in_words
    _say(
        event,
        summary=_with_state(conference.title, state),
        location=_place_of(conference),
        categories=[conference.get_kind_display()],
        notes=[conference.summary, known and _("Known so far: %(dates)s.") % {"dates": known}],
    )
    return event


def _promise(milestone):
    project = milestone.project
    event = _event(milestone, project, milestone.revision, _changed_with_time(milestone))
    _fill_days(event, milestone.due_on.earliest, milestone.due_on.latest)
    promise = f"{project.title}: {milestone.get_kind_display()} ({Promise(milestone.promise).label})"
    _say(event, summary=promise, notes=[milestone.note])
    return event


def _changed_with_time(milestone) -> datetime:
    """When what a promise says of itself last changed: “still to come” ends with its last day, whoever does nothing."""
    if milestone.promise != Promise.NOT_DOCUMENTED:
        return milestone.changed_at
    over = datetime.combine(_after(milestone.due_on.latest), time.min, get_default_timezone())
    return max(milestone.changed_at, over)


# --- States -----------------------------------------------------------------------------------------------------------

_STATUS = {
    "confirmed": "CONFIRMED",
    "moved": "CONFIRMED",
    "scheduled": "CONFIRMED",
    "moved_online": "CONFIRMED",
    "postponed": "TENTATIVE",
    "cancelled": "CANCELLED",
}


def _state_of_session(conference, session) -> str:
    """Its own, or that of a conference which does not take place."""
    does_not_take_place = conference.status in (conference.Status.CANCELLED, conference.Status.POSTPONED)
    return conference.status if does_not_take_place and not session.is_cancelled else session.status


def _with_state(title, state) -> str:
    """Many programs show the title alone, so that it says what must not be missed."""
    if state == "cancelled":
        return _("Cancelled: %(title)s") % {"title": title}
    if state == "postponed":
        return _("Postponed: %(title)s") % {"title": title}
    return title


def _place_of(conference) -> str:
    if conference.status == conference.Status.MOVED_ONLINE:
        return _("Online")
    venue = conference.public_venue
    return venue.name if venue else conference.place_note
