"""The feeds of the portal: news, what was signed, and what changed in a programme."""

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.feeds import NEWEST, Entry, Feed, paragraphs, prose
from portal.introductions import joined


def feed_of_news(announcements) -> Feed:
    """The newest of `announcements`, loaded `with_changed_at()`."""
    return Feed(
        title=_("News"),
        about=_("What was announced, unveiled and released."),
        page=reverse("events:news"),
        address=reverse("events:news_feed", args=["atom"]).removesuffix(".atom"),
        entries=[_announcement(each) for each in announcements[:NEWEST]],
    )


def feed_of_agreements(agreements) -> Feed:
    """The newest of `agreements`, loaded `with_terms()` and `with_changed_at()`."""
    return Feed(
        title=_("Agreements"),
        about=_("What was signed, as this site publishes it; who signed, how much it is about, and when."),
        page=reverse("events:agreements"),
        address=reverse("events:agreement_feed", args=["atom"]).removesuffix(".atom"),
        entries=[_agreement(each) for each in agreements[:NEWEST]],
    )


def feed_of_changes(conference, changes) -> Feed:
    """The newest changes of a published programme (`events.programme_changes`)."""
    page = reverse("events:conference_changes", args=[conference.slug])
    return Feed(
        title=_("Programme changes: %(conference)s") % {"conference": conference.title},
        about=_("What is different in the programme since it was published."),
        page=page,
        address=f"{page}feed",
        entries=[_change(each) for each in changes[:NEWEST]],
    )


def _announcement(announcement) -> Entry:
    return Entry(
        key=f"news/{announcement.uid}",
        title=announcement.title,
        page=announcement.get_absolute_url(),
        content=paragraphs(joined(announcement.kicker, announcement.key_line)) + prose(announcement.body),
        published=announcement.published_at or announcement.changed_at,  # a preview shows drafts
        updated=announcement.changed_at,
        kind=announcement.kicker,
    )


def _agreement(agreement) -> Entry:
    parties = pgettext("between names", ", ").join(_party(each) for each in agreement.parties.all())
    return Entry(
        key=f"agreements/{agreement.uid}",
        title=agreement.title,
        page=agreement.get_absolute_url(),
        content=paragraphs(
            joined(agreement.kicker, agreement.key_line),
            parties and _("Parties: %(names)s") % {"names": parties},
            agreement.summary,
        ),
        published=agreement.published_at or agreement.changed_at,
        updated=agreement.changed_at,
        kind=agreement.kicker,
    )


def _party(party) -> str:
    name = party.organization.name if party.organization else party.name
    return _("%(name)s (%(role)s)") % {"name": name, "role": party.get_role_display()}


def _change(change) -> Entry:
    return Entry(
        key=f"changes/{change.uid}",
        title=_("%(session)s: %(change)s") % {"session": change.session.title, "change": change.sentence},
        page=change.session.get_absolute_url(),
        content=paragraphs(change.session.title, capfirst(change.sentence)),
        published=change.date,
        updated=change.date,
    )
