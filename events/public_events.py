"""Conferences and their sessions in the Core Public Event Vocabulary of the EU (CPEV 1.1), as JSON-LD.

Every term is one of that vocabulary or of those it reuses (Dublin Core, FOAF, OWL-Time, the Core Location Vocabulary).
What it has no word for, such as who signed what, is left to the other datasets.
"""

from django.conf import settings
from django.db.models import Prefetch
from django.utils import translation
from translated_fields import to_attribute

from events.models import Conference, ConferenceRole, Session
from portal.addresses import absolute
from portal.api.fields import in_words
from portal.downloads import lazily
from portal.languages import language_tag
from portal.prose import in_plain_words

CONTEXT = {
    "cv": "http://data.europa.eu/m8g/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "locn": "http://www.w3.org/ns/locn#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "time": "http://www.w3.org/2006/time#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
NORMAL = "http://publications.europa.eu/resource/authority/event-status/NORMAL"


def public_events() -> dict:
    """Every public conference with its sessions as events within it."""
    sessions = Session.objects.published().select_related("conference").in_programme_order()
    roles = ConferenceRole.objects.published().with_organization()
    conferences = (
        Conference.objects.published()
        .with_parents()
        .prefetch_related(Prefetch("sessions", sessions), Prefetch("roles", roles))
        .order_by("slug")
    )
    return {"@context": CONTEXT, "@graph": [_conference(each) for each in lazily(conferences)]}


def _conference(conference) -> dict:
    part_of = conference.public_part_of
    return _known(
        {
            **_event(conference),
            "dct:description": _texts(conference, "summary") or _texts(conference, "description"),
            "cv:eventStatus": _status(conference, conference.status == Conference.Status.SCHEDULED),
            "cv:eventNumber": conference.edition and str(conference.edition),
            "time:hasTime": _span(conference.starts_on, conference.ends_on),
            "locn:address": _address(conference),
            "cv:hasParticipation": [_participation(each) for each in conference.roles.all()],
            "cv:parentEvent": {"@id": _id(part_of)} if part_of else None,
            "cv:subEvent": [_session(each) for each in conference.sessions.all()],
        }
    )


def _session(session) -> dict:
    return _known(
        {
            **_event(session),
            "dct:description": _texts(session, "abstract"),
            "cv:eventStatus": _status(session, session.status == Session.Status.CONFIRMED),
            "time:hasTime": session.day and _entity({"time:hasBeginning": _instant(session.day)}),
            "cv:parentEvent": {"@id": _id(session.conference)},
        }
    )


def _event(record) -> dict:
    """What holds for either."""
    name = "title"
    return {
        "@id": _id(record),
        "@type": "cv:PublicEvent",
        "dct:identifier": record.slug,
        "dct:title": _texts(record, name),
        "dct:type": _concept(record.get_kind_display),
        "foaf:homepage": [{"@id": each} for each in _pages(record)],
    }


def _id(record) -> str:
    with translation.override("en"):
        return absolute(record.get_absolute_url()) + "#event"


def _pages(record) -> list[str]:
    pages = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            pages.append(absolute(record.get_absolute_url()))
    return pages


def _texts(record, name) -> list[dict]:
    """A translated text in the languages in which it is recorded."""
    texts = {code: in_plain_words(record, to_attribute(name, code)) for code, _language in settings.LANGUAGES}
    return [{"@value": text, "@language": language_tag(code)} for code, text in texts.items() if text]


def _concept(words) -> dict:
    labels = [{"@value": text, "@language": tag} for tag, text in in_words(words).items()]
    return {"@type": "skos:Concept", "skos:prefLabel": labels}


def _status(record, is_as_planned) -> dict:
    return {"@id": NORMAL} if is_as_planned else _concept(record.get_status_display)


def _span(starts_on, ends_on) -> dict:
    end = {"time:hasEnd": _instant(ends_on)} if ends_on else {}
    return _entity({"time:hasBeginning": _instant(starts_on), **end})


def _entity(parts) -> dict:
    return {"@type": "time:TemporalEntity", **parts}


FORMS = {4: ("time:inXSDgYear", "xsd:gYear"), 7: ("time:inXSDgYearMonth", "xsd:gYearMonth")}


def _instant(day) -> dict:
    """A day, or a month or a year where no more is known."""
    term, datatype = FORMS.get(len(str(day)), ("time:inXSDDate", "xsd:date"))
    return {"@type": "time:Instant", term: {"@value": str(day), "@type": datatype}}


def _address(conference) -> dict | None:
    venue = conference.public_venue
    texts = (venue and (_texts(venue, "address") or _texts(venue, "name"))) or _texts(conference, "place_note")
    return {"@type": "locn:Address", "locn:fullAddress": texts} if texts else None


def _participation(role) -> dict:
    return {
        "@type": "cv:Participation",
        "cv:role": _concept(role.get_role_display),
        "cv:hasParticipant": {"@type": "foaf:Agent", "foaf:name": _texts(role.organization, "name")},
    }


def _known(values) -> dict:
    return {name: value for name, value in values.items() if value not in (None, "", [])}
