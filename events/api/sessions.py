"""The programme as data, session by session; and the stage on which something else took place."""

import re
from datetime import date
from operator import attrgetter

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.api.conferences import conference_named
from events.models import Appearance, Session
from portal.api.fields import coded, plain, slug, texts
from portal.api.filters import Filter, by_record, chosen
from portal.api.record_fields import address_of, many, one, pages, reference
from portal.api.resources import Resource
from portal.api.source_fields import sources
from portal.downloads import Column, Kind, in_each_language


def _session_fields():
    time = {"type": ["string", "null"], "pattern": "^[0-9]{2}:[0-9]{2}$"}
    local = _("Local time of the conference; empty where it was not published.")
    return (
        reference(
            "conference",
            _("Conference"),
            _("The conference it is part of."),
            attrgetter("conference"),
            "conferences",
            label="title",
        ),
        slug("opening"),
        texts("title", _("Title"), _("Empty where none is recorded in this language.")),
        coded("kind", _("Kind"), _("What kind of item of the programme it is."), Session.Kind.choices),
        plain("day", _("Day"), _("Empty where it was not published."), kind=Kind.DATE, example="2024-11-15"),
        plain("starts_at", _("Starts at"), local, lambda row: _time(row.starts_at), shape=time, example="09:00"),
        plain("ends_at", _("Ends at"), local, lambda row: _time(row.ends_at), shape=time, example="09:30"),
        texts("room", _("Room"), _("Empty where it was not published.")),
        coded("status", _("Status"), _("Whether it takes place as planned."), Session.Status.choices),
        plain(
            "revision",
            _("Revision"),
            _("Rises when day, time, room or status change."),
            kind=Kind.NUMBER,
            example=0,
        ),
        _speaker_field(),
        texts("abstract", _("Abstract"), _("What its page says of it, without markup.")),
        plain("livestream_url", _("Live stream"), _("Where it can be watched."), kind=Kind.URL),
        plain("recording_url", _("Recording"), _("Where it can be watched afterwards."), kind=Kind.URL),
        sources(),
        pages(),
    )


def _time(value) -> str:
    return f"{value:%H:%M}" if value else ""


def _speaker_field():
    parts = (
        reference("speaker", _("Speaker"), _("Who was on stage."), attrgetter("speaker"), "speakers"),
        coded("role", _("Role"), _("What the person did there."), Appearance.Role.choices),
    )
    heading, explanation = _("Speakers"), _("Who was on stage, and as what.")

    def words(row):
        return [f"{each.speaker.name} ({each.get_role_display()})" for each in row.appearances.all()]

    columns = in_each_language("speakers", heading, explanation, words)
    return many("speakers", heading, explanation, lambda row: row.appearances.all(), parts, columns)


def _with_session_details(sessions):
    appearances = Appearance.objects.published().with_speaker()
    return sessions.select_related("conference").with_citations().prefetch_related(Prefetch("appearances", appearances))


def _on_day(rows, value):
    try:
        return (
            rows.filter(day=date.fromisoformat(value)) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) else None
        )
    except ValueError:
        return None


SESSIONS = Resource(
    name="sessions",
    singular="session",
    position=2,
    title=gettext_lazy("Programme, session by session"),
    definition=gettext_lazy("The programmes of the conferences, item by item, with day, time and room where known."),
    records=Session.objects.published,
    loaded=_with_session_details,
    describe=_session_fields,
    filters=(
        by_record(
            "conference",
            gettext_lazy("Conference"),
            gettext_lazy("The identifier of a conference."),
            "meilan-lake-2024",
            conference_named,
            lambda rows, conference: rows.filter(conference=conference),
        ),
        chosen(
            "kind",
            gettext_lazy("Kind"),
            gettext_lazy("What kind of item of the programme it is."),
            Session.Kind.choices,
        ),
        Filter("day", gettext_lazy("Day"), gettext_lazy("A day: 2024-11-15."), example="2024-11-15", narrowed=_on_day),
        chosen(
            "status", gettext_lazy("Status"), gettext_lazy("Whether it takes place as planned."), Session.Status.choices
        ),
    ),
    order=("conference__slug", "slug"),
    key=("conference", "slug"),
    key_columns=("conference", "session"),
    lookup=lambda conference, slug: {"conference__slug": conference, "slug": slug},
)


def stage_fields():
    """At which conference, and in which of its sessions where that is known."""

    def session_url(session):
        return address_of("sessions", session.conference.slug, session.slug)

    session = (
        slug("signing"),
        texts("title", _("Title"), _("Its name or title.")),
        plain("api_url", _("Address in the API"), _("Everything the API says of it."), session_url, Kind.URL),
    )
    heading, explanation = _("Session"), _("The item of the programme; empty where it is not known.")
    column = Column("session", heading, explanation, lambda row: row.session and row.session.slug)
    return (
        reference(
            "conference",
            _("Conference"),
            _("Empty where it was away from any conference."),
            attrgetter("held_at"),
            "conferences",
            label="title",
        ),
        one("session", heading, explanation, attrgetter("session"), session, (column,)),
    )
