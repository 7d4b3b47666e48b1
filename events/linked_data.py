"""What happened and what came of it as schema.org (`portal.schema_org`): conferences, sessions, people, papers, news.

An event of which no place may be shown is named on other pages by its id alone: without a place it is none that search
engines accept, and its own page says the rest.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from companies.linked_data import organization_node, place_node
from events.models import Announcement, Appearance, Conference, ConferenceRole, Session
from portal.api.resources import resource_named
from portal.introductions import joined
from portal.schema_org import (
    Described,
    Step,
    dataset,
    describes,
    description_of,
    id_of,
    named,
    node,
    picture_of,
    ref,
    source_node,
    step,
    step_to,
)

STATUS = {
    Conference.Status.SCHEDULED: "https://schema.org/EventScheduled",
    Conference.Status.POSTPONED: "https://schema.org/EventPostponed",
    Conference.Status.CANCELLED: "https://schema.org/EventCancelled",
    Conference.Status.MOVED_ONLINE: "https://schema.org/EventMovedOnline",
}
ONLINE = "https://schema.org/OnlineEventAttendanceMode"
# What schema.org has a word for; to guide and to exhibit it has none.
ORGANIZING = {ConferenceRole.Role.HOST, ConferenceRole.Role.ORGANIZER, ConferenceRole.Role.CO_ORGANIZER}
CONTRIBUTING = {ConferenceRole.Role.SUPPORTER, ConferenceRole.Role.PARTNER}
ATTENDING = {Appearance.Role.GUEST, Appearance.Role.SIGNATORY}

# --- Conferences and sessions -----------------------------------------------------------------------------------------


def conference_node(conference, *, roles=(), people=(), sessions=(), **properties) -> dict:
    """A conference, loaded `with_public("venue")`."""
    return named(
        "Event",
        conference,
        startDate=conference.starts_on,
        endDate=conference.ends_on,
        eventStatus=STATUS[conference.status],
        **_where(conference),
        organizer=[organization_node(each.organization) for each in roles if each.role in ORGANIZING],
        contributor=[organization_node(each.organization) for each in roles if each.role in CONTRIBUTING],
        **_on_stage(people),
        subEvent=_in_programme(sessions, conference),
        **properties,
    )


def _where(conference) -> dict:
    """Where it takes place, as far as that is known; the address of what moved online is not."""
    if conference.status == Conference.Status.MOVED_ONLINE:
        return {"eventAttendanceMode": ONLINE}
    if venue := conference.public_venue:
        return {"location": place_node(venue)}
    return {"location": _noted(conference.place_note)}


def _on_stage(people) -> dict:
    """Who speaks and who is there; a person who does both speaks."""
    speaking = {each.speaker_id: each.speaker for each in people if each.role not in ATTENDING}
    attending = {each.speaker_id: each.speaker for each in people if each.speaker_id not in speaking}
    return {
        "performer": [named("Person", speaker) for speaker in speaking.values()],
        "attendee": [named("Person", speaker) for speaker in attending.values()],
    }


def _in_programme(sessions, conference) -> list[dict]:
    """The sessions in the programme of their conference, in a few words each."""
    venue = conference.public_venue
    place = ref(venue) if venue else _noted(conference.place_note)
    return [named("Event", each, startDate=begin_of(each, conference), location=place) for each in sessions]


def begin_of(session, conference) -> str | None:
    """The day on which a session begins, with the time where it is known; None where the day is not."""
    return _moment(session.day, session.starts_at, conference)


def _moment(day, time, conference):
    if day is None or time is None:
        return day and day.isoformat()
    return datetime.combine(day, time, conference.zone).isoformat(timespec="minutes")


def _status_of(session, conference) -> str | None:
    """That of the conference, unless the session alone was called off. Of one that moved nobody recorded whether its
    time changed or its room: it says nothing."""
    if session.is_cancelled:
        return STATUS[Conference.Status.CANCELLED]
    is_settled = session.status == Session.Status.CONFIRMED or conference.status != Conference.Status.SCHEDULED
    return STATUS[conference.status] if is_settled else None


def _room(session) -> dict | None:
    venue, note = session.public_venue, session.conference.place_note
    if venue and session.room:
        return node("Place", name=session.room, address=venue.address, containedInPlace=place_node(venue))
    return place_node(venue) if venue else _noted(note)


def _noted(place_note) -> dict | None:
    return node("Place", address=place_note) if place_note else None


def _stream(session) -> dict | None:
    return node("VirtualLocation", url=session.livestream_url) if session.livestream_url else None


def _above(conference) -> list[Step]:
    return [step(_("Conferences"), "events:conferences"), step_to(conference)]


@describes("events:conferences")
def conferences(page):
    rows = [*page["current"], *page["upcoming"], *page["past"]]
    return Described(title=_("Conferences"), rows=rows, kind="CollectionPage")


@describes("events:conference")
def conference(page):
    record = page["conference"]
    around = record.public_part_of
    event = conference_node(
        record,
        roles=page["roles"],
        people=page["speakers"],
        sessions=page["sessions"],
        description=description_of(record),
        image=[image for image in (picture_of(record.hero_image), page["sharing_image"].url) if image],
        superEvent=[
            *([node("EventSeries", id_of(record.series), name=record.series.name)] if record.series else []),
            *([ref(around)] if around else []),
        ],
    )
    return Described(above=_above(record)[:1], record=record, things=[event])


@describes("events:conference_programme")
def programme(page):
    record = page["conference"]
    sessions = [item.session for day in page["programme"].days for item in day.items]
    event = conference_node(record, sessions=sessions)
    return Described(above=_above(record), title=_("Programme"), things=[event])


@describes("events:conference_changes")
def conference_changes(page):
    record = page["conference"]
    above = [*_above(record), step(_("Programme"), "events:conference_programme", record.slug)]
    return Described(above=above, title=_("Programme changes"), facts={"about": ref(record)})


@describes("events:conference_speakers")
def conference_speakers(page):
    return _list_of(page["conference"], _("Speakers and guests"), page["speakers"])


@describes("events:conference_agreements")
def conference_agreements(page):
    return _list_of(page["conference"], _("Agreements"), page["agreements"])


@describes("events:conference_news")
def conference_news(page):
    return _list_of(page["conference"], _("Announced"), page["announcements"])


@describes("events:conference_documents")
def conference_documents(page):
    return _list_of(page["conference"], _("Documents"), page["documents"])


def _list_of(conference, title, rows):
    """A page that lists what belongs to a conference."""
    facts = {"about": ref(conference)}
    return Described(above=_above(conference), title=title, rows=rows, kind="CollectionPage", facts=facts)


@describes("events:conference_photos")
def photos(page):
    conference = page["conference"]
    images = [
        node(
            "ImageObject",
            contentUrl=picture_of(photo.image),
            caption=photo.caption or photo.alt,
            creditText=photo.credit,
        )
        for photo in page["photos"]
    ]
    facts = {"about": ref(conference), "image": images}
    return Described(above=_above(conference), title=_("Photographs"), kind="ImageGallery", facts=facts)


@describes("events:session")
def session(page):
    record, conference = page["session"], page["conference"]
    is_online = conference.status == Conference.Status.MOVED_ONLINE
    event = named(
        "Event",
        record,
        description=description_of(record),
        startDate=begin_of(record, conference),
        endDate=record.ends_at and _moment(record.day, record.ends_at, conference),
        eventStatus=_status_of(record, conference),
        eventAttendanceMode=ONLINE if is_online else None,
        location=[place for place in (None if is_online else _room(record), _stream(record)) if place],
        image=page["sharing_image"].url,
        **_on_stage(page["appearances"]),
        superEvent=ref(conference),
    )
    return Described(above=_above(conference), record=record, things=[event])


# --- People -----------------------------------------------------------------------------------------------------------


@describes("events:speakers")
def speakers(page):
    return Described(title=_("Speakers and guests"), rows=page["speakers"], kind="CollectionPage")


@describes("events:speaker")
def speaker(page):
    """A person, with each appearance as a role: the post was held then, and nothing says that it still is."""
    record = page["speaker"]
    person = named(
        "Person",
        record,
        description=description_of(record),
        image=picture_of(record.portrait),
        performerIn=[
            node(
                "Role",
                roleName=joined(each.post, each.organization_name),
                startDate=each.held_at.starts_on,
                performerIn=ref(each.session or each.held_at),
            )
            for each in page["appearances"]
        ],
    )
    return Described(above=[step(_("Speakers and guests"), "events:speakers")], record=record, things=[person])


# --- What was signed --------------------------------------------------------------------------------------------------


@describes("events:agreements")
def agreements(page):
    register = page["register"]
    resource = resource_named("agreements")
    years = [choice.value for facet in register.filters for choice in facet.choices if facet.name == "year"]
    about = dataset(
        resource.title,
        page["request"].path,
        resource.definition,
        variableMeasured=[_("Amount"), _("What became of it")],
        temporalCoverage=f"{min(years)}/{max(years)}" if years else None,
    )
    return Described(
        title=_("Agreements"),
        things=[] if register.is_filtered else [about],
        rows=page["agreements"],
        kind="CollectionPage",
    )


@describes("events:agreement")
def agreement(page):
    record = page["agreement"]
    place = record.public_place
    facts = {
        "about": [organization_node(each.organization) for each in record.parties.all() if each.organization],
        "mentions": [ref(each.session or each.held_at) for each in page["signings"] if each.held_at],
        "contentLocation": place_node(place) if place else None,
        "keywords": [sector.name for sector in page["sectors"]],
    }
    return Described(above=[step(_("Agreements"), "events:agreements")], record=record, facts=facts)


@describes("events:projects")
def projects(page):
    board = page["board"]
    resource = resource_named("projects")
    stages = {"variableMeasured": _("What became of it")}
    about = dataset(resource.title, page["request"].path, resource.definition, **stages)
    return Described(
        title=_("Investment projects"), things=[] if board.on else [about], rows=page["projects"], kind="CollectionPage"
    )


@describes("events:project")
def project(page):
    record = page["project"]
    place = record.public_place
    facts = {
        "about": [organization_node(each) for each in page["organizations"]],
        "contentLocation": place_node(place) if place else None,
    }
    return Described(above=[step(_("Investment projects"), "events:projects")], record=record, facts=facts)


@describes("events:promises")
def promises(page):
    return Described(
        above=[step(_("Investment projects"), "events:projects")], title=_("Promise calendar"), kind="CollectionPage"
    )


# --- News, and what belongs to no single record -----------------------------------------------------------------------


@describes("events:news")
def news(page):
    return Described(title=_("News"), rows=page["announcements"], kind="CollectionPage")


@describes("events:announcement")
def announcement(page):
    record = page["announcement"]
    url = page["canonical_url"]
    article = node(
        "NewsArticle" if record.kind == Announcement.Kind.NEWS else "Article",
        id_of(record),
        headline=record.title,
        url=url,
        inLanguage=page["language_tag"],
        description=description_of(record),
        image=page["sharing_image"].url,
        datePublished=record.announced_on,
        dateModified=record.changed_on,
        about=ref(record.session or record.held_at) if record.held_at else None,
        citation=[source_node(entry.source) for entry in page["bibliography"]],
        mainEntityOfPage={"@id": url},
    )
    return Described(above=[step(_("News"), "events:news")], record=record, things=[article])


@describes("events:documents")
def documents(page):
    return Described(title=_("Documents"), kind="CollectionPage")


@describes("events:search")
def search(page):
    return Described(title=_("Search"), kind="SearchResultsPage")


@describes("events:enquiries")
def enquiries(page):
    return Described(kind="ContactPage")
