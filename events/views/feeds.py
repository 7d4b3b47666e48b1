"""Feeds, the change log of a programme, and the programme for conference apps."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from companies.models import Organization
from events.feeds import feed_of_agreements, feed_of_changes, feed_of_news
from events.models import (
    Agreement,
    AgreementParty,
    Amount,
    Announcement,
    Appearance,
    Conference,
    Series,
    Session,
    Signing,
    Speaker,
)
from events.programme_changes import changes_of
from events.schedule_exchange import Schedule
from portal.conditional import answer
from portal.corrections import get_public_or_tombstone
from portal.feeds import respond
from portal.history.changed import newest_change
from portal.paging import page_of


@require_safe
def news_feed(request, file_format):
    announcements = Announcement.objects.published().with_stage().with_changed_at().latest_published_first()
    changed_at = newest_change(Announcement, Conference, Session, Series)
    return respond(request, feed_of_news(announcements), file_format, changed_at)


@require_safe
def agreement_feed(request, file_format):
    agreements = Agreement.objects.published().with_terms().with_changed_at().latest_published_first()
    terms = (AgreementParty, Amount, Signing, Organization, Conference, Session, Series)
    return respond(request, feed_of_agreements(agreements), file_format, newest_change(Agreement, *terms))


OF_A_PROGRAMME = (Session, Conference, Series, Appearance, Speaker)


@require_safe
def conference_changes(request, slug):
    conference = get_public_or_tombstone(Conference.objects.published().select_related("series"), slug=slug)
    changes = page_of(request, changes_of(conference), per_page=50)
    return render(request, "events/conference_changes.html", {"conference": conference, "changes": changes})


@require_safe
def change_feed(request, slug, file_format):
    conference = get_public_or_tombstone(Conference.objects.published().select_related("series"), slug=slug)
    feed = feed_of_changes(conference, changes_of(conference))
    return respond(request, feed, file_format, newest_change(*OF_A_PROGRAMME))


@require_safe
def conference_schedule(request, slug, file_format):
    conference = get_public_or_tombstone(Conference.objects.published().with_changed_at(), slug=slug)
    sessions = conference.sessions.published().in_programme_order().with_changed_at()
    people = Appearance.objects.published().for_conference(conference).with_stage()
    schedule = Schedule(conference, list(sessions), list(people))
    if not schedule.days:
        raise Http404("the format needs at least one day")
    changed_at = newest_change(*OF_A_PROGRAMME)
    if file_format == "xml":
        return answer(schedule.as_xml(), "application/xml; charset=utf-8", changed_at)
    return answer(schedule.as_json(), "application/json; charset=utf-8", changed_at)
