import logging

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from django.test import Client

from portal import clock
from portal.search.waiting import catch_up
from tests import factories
from tests.hostile.judging import DRAFT, SLOWEST, faults_of
from tests.test_guards_pages import build_site

TOKEN = "a" * 32


class Battery:
    """Asks through the door and collects what is wrong with the answers; ends with their number."""

    def __init__(self, door, drafts_are_secret=True):
        self.door, self.drafts_are_secret = door, drafts_are_secret
        self.count, self.faults, self.statuses, self.slowest = 0, [], {}, 0

    def ask(self, target, **how):
        """The answer; `door.ask` says how."""
        self.count += 1
        answer = self._ask(target, **how)
        if answer.seconds > SLOWEST:  # a machine that is busy is slow once, a bad answer every time
            answer.seconds = min(answer.seconds, self._ask(target, **how).seconds)
        self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
        self.slowest = max(self.slowest, answer.seconds)
        self.faults += faults_of(answer, self.drafts_are_secret)
        return answer

    def _ask(self, target, **how):
        before = transaction.savepoint()
        answer = self.door.ask(target, **how)
        try:
            transaction.savepoint_commit(before)
        except (
            DatabaseError
        ):  # it refused something, the view answered with a 400, and the transaction of the test ended
            transaction.savepoint_rollback(before)
        return answer

    def post(self, target, form, **how):
        """A form as a browser with the right cookie sends it: (name, value) in bytes, escaped already."""
        body = b"&".join([*(name + b"=" + value for name, value in form), b"csrfmiddlewaretoken=" + TOKEN.encode()])
        cookie = "; ".join(filter(None, [how.pop("cookie", ""), f"csrftoken={TOKEN}"]))
        return self.ask(
            target,
            **{"method": "POST", "body": body, "content_type": "application/x-www-form-urlencoded", "cookie": cookie}
            | how,
        )


@pytest.fixture
def quiet():
    """Four thousand refusals would be told in as many tracebacks."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def site(db):
    """One record of each kind that is public, and one that is not."""
    build_site(1)
    for make in (
        *(factories.conference, factories.session, factories.organization, factories.speaker, factories.project),
        *(factories.agreement, factories.announcement, factories.document, factories.indicator),
    ):
        make(title_en=DRAFT, published_at=None) if _has_title(make) else make(name_en=DRAFT, published_at=None)
    catch_up()


def _has_title(make):
    return make not in (factories.organization, factories.speaker, factories.indicator)


@pytest.fixture
def battery(door, site, quiet, one_generation, record_property):
    """For strangers."""
    battery = Battery(door)
    yield battery
    _report(battery, record_property)


@pytest.fixture
def desk(door, site, quiet, record_property):
    """For somebody at the desk who may do everything."""
    browser = Client()
    browser.force_login(User.objects.create_superuser("hostile"), "django.contrib.auth.backends.ModelBackend")
    cookie = f"sessionid={browser.cookies['sessionid'].value}; csrftoken={TOKEN}"
    battery = Battery(door.with_headers(cookie=cookie), drafts_are_secret=False)
    battery.cookie = cookie
    yield battery
    _report(battery, record_property)


def _report(battery, record_property):
    said = {"inputs": battery.count, "statuses": dict(sorted(battery.statuses.items())), "slowest": battery.slowest}
    record_property("hostile", said)
    print(said, clock.now())  # noqa: T201 (shown with -s: the counts of docs/security.md)
