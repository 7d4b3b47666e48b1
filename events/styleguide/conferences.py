"""Conferences, and what was announced at them: their covers and cards, their news, documents, photographs, videos."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from companies.models import Organization
from events.models import Announcement, Conference, Document, Photo, Speaker
from events.styleguide.exampleland import sample, samples
from events.styleguide.specimens import component
from portal.provenance import Bibliography


def conferences():
    return Conference.objects.published().with_parents().with_citations()


def states_of_conferences():
    """A conference for each state, and the state in words."""
    named = {
        "on": _("on now, with everything known"),
        "upcoming": _("upcoming, known to the month, without a venue"),
        "past": _("past, with nothing known but the day"),
        "cancelled": _("cancelled"),
        "postponed": _("postponed to a year"),
        "online": _("moved online"),
        "pictured": _("with a picture of its own"),
        "week": capfirst(Conference.Kind.WEEK.label),
        "long": _("the longest texts"),
        "word": _("one word that is longer than a line"),
        "english-only": _("English only"),
        "chinese-only": _("Chinese only"),
    }
    for name, state in named.items():
        yield state, sample(conferences(), name)


@component("edge")
def conference_cover():
    for state, conference in states_of_conferences():
        yield state, {"conference": conference, "bibliography": Bibliography(conference)}
    current = sample(conferences(), "on")
    yield _("on the home page"), {"conference": current, "kicker": _("On now"), "linked": True}
    pictured = sample(conferences(), "pictured")
    yield (
        _("on the home page, with a picture"),
        {"conference": pictured, "kicker": _("Latest conference"), "linked": True},
    )


@component("conferences")
def conference_card():
    for state, conference in states_of_conferences():
        yield state, {"conference": conference}


@component()
def when_where():
    for state, conference in states_of_conferences():
        yield state, {"conference": conference}


@component("edge")
def section_nav():
    parts = ("programme", "agreements", "speakers", "announcements", "photos", "documents", "sources")
    yield _("all parts"), {f"has_{part}": True for part in parts}
    yield _("one part"), {}


@component("announcements")
def announcement_card():
    named = {
        "notice": _("pinned"),
        "award": _("a long title"),
        "release": _("one word that is longer than a line"),
        "policy": _("Chinese only"),
    }
    for announcement in samples(Announcement.objects.published().with_stage()):
        name = announcement.slug.removeprefix("exampleland-")
        kind = capfirst(announcement.get_kind_display())
        yield f"{kind}: {named[name]}" if name in named else kind, {"announcement": announcement}


@component("panel")
def document_list():
    documents = samples(Document.objects.published().by_conference())
    yield _("several: of every type, with and without a description and a size"), {"documents": documents}
    yield _("one"), {"documents": documents[:1]}


@component()
def gallery():
    photos = sample(Conference.objects, "on").photos.published()
    yield _("several: wide, high, square; with and without a caption"), {"photos": list(photos)}
    yield _("one"), {"photos": list(photos[:1])}


@component()
def picture():
    conference = sample(Conference.objects, "pictured")
    speaker = sample(Speaker.objects, "ada")
    logo = sample(Organization.objects, "wide-logo").logo
    photo = Photo(image=conference.hero_image.name)  # as one that was stored before sizes were measured
    yield (
        _("wide, with a focal point"),
        {"picture": conference.hero_image, "sizes": "100vw", "alt": conference.hero_image_alt},
    )
    yield _("high, beside the name of what it shows"), {"picture": speaker.portrait, "sizes": "20rem"}
    yield _("small, seen first"), {"picture": logo, "sizes": "20rem", "eager": True}
    yield _("of unknown size"), {"picture": photo.image, "sizes": "100vw", "alt": conference.hero_image_alt}


@component("videos")
def video():
    session = sample_session("keynote")
    shown = {"title": session.title, "slug": session.conference.slug}
    yield _("with a player"), {"video": session.recording, "label": _("Recording"), **shown}
    yield _("only linked"), {"video": session.livestream, "label": _("Live stream"), **shown}


def sample_session(slug, conference="on"):
    sessions = sample(Conference.objects, conference).sessions.published()
    return sessions.select_related("conference").get(slug=slug)
