from datetime import timedelta

import pytest
from django.utils import translation

from events.models import Announcement, Conference, Session
from portal import clock
from tests.factories import announcement, conference, session

pytestmark = pytest.mark.django_db


def test_a_conference_shows_what_was_announced_there_in_a_session_or_not_oldest_first():
    meeting = conference()
    later = announcement(conference=meeting, announced_on="2024-11-16")
    earlier = announcement(session=session(conference=meeting), announced_on="2024-11-15")
    announcement()
    announcement(conference=conference())

    assert list(Announcement.objects.for_conference(meeting)) == [earlier, later]


def test_a_session_shows_what_was_announced_in_it():
    stage = session()
    unveiled = announcement(session=stage)
    announcement(conference=stage.conference)

    assert list(Announcement.objects.for_session(stage)) == [unveiled]


def test_news_is_shown_newest_first():
    older, newest, same_day = (announcement(announced_on=on) for on in ("2023", "2024-11-15", "2024-11-15"))

    assert list(Announcement.objects.pinned_first()) == [same_day, newest, older]
    assert list(Announcement.objects.all()) == [same_day, newest, older]


def test_what_is_pinned_stays_on_top_until_its_moment(now):
    newest = announcement(announced_on="2024-11-15")
    pinned = announcement(announced_on="2020", pinned_until=now + timedelta(hours=1))
    unpinned = announcement(announced_on="2021", pinned_until=now)
    orders = [list(Announcement.objects.pinned_first())]

    with clock.set_to(now + timedelta(hours=1)):
        orders.append(list(Announcement.objects.pinned_first()))

    assert orders == [[pinned, newest, unpinned], [newest, unpinned, pinned]]


@pytest.mark.parametrize("model", [Session, Conference])
def test_what_was_announced_on_a_draft_stage_is_hidden(model):
    unveiled = announcement(session=session())
    before = list(Announcement.objects.published())

    model.objects.unpublish()

    assert (before, list(Announcement.objects.published())) == ([unveiled], [])


def test_news_of_no_conference_is_shown():
    news = announcement()

    assert (list(Announcement.objects.published()), news.held_at) == ([news], None)


def test_scheduled_news_appears_at_its_moment(now):
    news = announcement(published_at=now + timedelta(hours=1))
    before = list(Announcement.objects.published())

    with clock.set_to(now + timedelta(hours=1)):
        then = list(Announcement.objects.published())

    assert (before, then) == ([], [news])


def test_the_stage_of_an_announcement_is_loaded_with_it(django_assert_num_queries):
    in_session, at_conference = announcement(session=session()), announcement(conference=conference())

    with django_assert_num_queries(1):
        stages = {each: each.held_at for each in Announcement.objects.with_stage()}

    assert stages == {in_session: in_session.session.conference, at_conference: at_conference.conference}


@pytest.mark.parametrize(("language", "url"), [("en", "/en/news/opened/"), ("zh-hans", "/zh-hans/news/opened/")])
def test_an_announcement_has_a_page_in_each_language(language, url):
    with translation.override(language):
        assert Announcement(slug="opened").get_absolute_url() == url


@pytest.mark.parametrize(("language", "title"), [("en", "Centre opened"), ("zh-hans", "中心启用")])
def test_an_announcement_is_named_by_its_title(language, title):
    with translation.override(language):
        assert str(Announcement(title_en="Centre opened", title_zh_hans="中心启用")) == title
