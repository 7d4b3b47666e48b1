"""What a preview shows: the site at a moment, with drafts, or one draft with what belongs to it."""

from datetime import timedelta

import pytest

from events.models import Agreement, Announcement, Conference, Session
from portal import clock, previews
from portal.previews import Preview
from tests.factories import agreement, announcement, conference, series, session, signing

pytestmark = pytest.mark.django_db

TOMORROW = timedelta(days=1)


def test_without_a_preview_visitors_see_what_is_public(now):
    conference(published_at=None)
    conference(published_at=now + TOMORROW)

    assert previews.current() is None
    assert not Conference.objects.published().exists()


def test_a_moment_shows_what_will_be_public_then_and_no_draft(now):
    conference(published_at=None)
    scheduled = conference(published_at=now + TOMORROW)

    with previews.showing(Preview(moment=now + TOMORROW)):
        shown = list(Conference.objects.published())
        then = clock.now()

    assert (shown, then) == ([scheduled], now + TOMORROW)
    assert clock.now() == now


def test_with_drafts_everything_is_shown_but_what_was_withdrawn(now):
    event = conference(published_at=None)
    item = session(conference=event, published_at=None)

    with previews.showing(Preview(drafts=True)):
        assert list(Session.objects.published()) == [item]
        assert list(Conference.objects.published()) == [event]


def test_one_draft_is_shown_with_what_it_hangs_on_and_what_hangs_on_it():
    years = series(published_at=None)
    event = conference(series=years, published_at=None)
    item = session(conference=event, published_at=None)
    news = announcement(session=item, conference=None, published_at=None)
    sister = conference(series=years, published_at=None)
    other = announcement(session=session(conference=sister, published_at=None), conference=None, published_at=None)

    with previews.showing(Preview(record=event)):
        assert list(Conference.objects.published()) == [event]
        assert list(Session.objects.published()) == [item]
        assert list(Announcement.objects.published()) == [news]

    with previews.showing(Preview(record=item)):
        assert list(Conference.objects.published()) == [event]
    assert other.pk != news.pk


def test_the_draft_of_a_conference_does_not_give_away_what_was_signed_there():
    event = conference(published_at=None)
    secret = agreement(published_at=None)
    signing(agreement=secret, conference=event)

    with previews.showing(Preview(record=event)):
        assert not Agreement.objects.published().exists()
