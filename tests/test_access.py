"""Who gets which answer at every address of the staff desk: docs/access.md, asked again.

Staff who may do nearly everything are asked here only where they may not; `make access` asks everybody everything and
writes the document anew.
"""

import logging
import os

import pytest
from django.conf import settings
from django.db import connection
from django.template.backends.django import Template

from portal.desk import previews
from portal.desk.site import PortalAdminSite
from tests import access
from tests.access import METHODS, ask, browser_of, cases, document, document_of_actions, people, recorded

pytestmark = pytest.mark.django_db

DOCUMENT = settings.BASE_DIR / "docs" / "access.md"
IS_WRITTEN = bool(os.environ.get("WRITE_ACCESS"))
REFUSED = 403


@pytest.fixture
def plain_pages(monkeypatch):
    """Pages without their words, but for refusals: whether somebody sees a page is decided before it is written."""
    written = Template.render

    def render(template, *args, **kwargs):
        return written(template, *args, **kwargs) if template.origin.template_name.startswith("errors/") else ""

    monkeypatch.setattr(Template, "render", render)
    listed = PortalAdminSite.get_app_list
    monkeypatch.setattr(
        PortalAdminSite, "get_app_list", lambda site, request, app=None: listed(site, request, app) if app else []
    )
    logging.disable(logging.CRITICAL)  # thousands of refusals
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def known():
    return recorded(DOCUMENT.read_text()) if DOCUMENT.exists() else {}


def is_asked(case, role, known) -> bool:
    if IS_WRITTEN or role not in access.MIGHTY:
        return True
    return REFUSED in known.get(case.words, {role: METHODS})[role]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="what people may do does not depend on the database")
def test_everybody_gets_the_answers_of_the_document_and_no_refusal_names_a_record(plain_pages, known):
    everything, staff = cases(), people()
    answers, telling = {case: {} for case in everything}, []
    for role, user in staff.items():
        client = browser_of(user)
        for case in everything:
            if is_asked(case, role, known):
                responses = [ask(client, method, case) for method in METHODS]
                answers[case][role] = tuple(response.status_code for response in responses)
                telling += [(role, case.words) for response in responses if names_the_record(response, case)]
    if IS_WRITTEN:
        DOCUMENT.write_text(f"{document(answers)}\n{document_of_actions(staff)}")
        known = recorded(DOCUMENT.read_text())

    assert len(everything) > 300
    assert {
        status for given in answers.values() for each in given.values() for status in each if status >= 500
    } == set()
    assert telling == []
    assert differences(answers, known) == []
    assert {case.words for case in everything} == set(known), "run `make access` and look at what it adds"


def names_the_record(response, case) -> bool:
    """Whether a refusal says what the record is called that it is about, anywhere in it."""
    if response.status_code == 200 or case.record is None or case.section.startswith("auth"):
        return False
    told = f"{response.headers}{response.content.decode()}"
    return any(str(word) in told for word in (case.record, getattr(case.record, "slug", case.record)))


def differences(answers, known) -> list[str]:
    return [
        f"{case.words} for {role}: {given} instead of {known.get(case.words, {}).get(role)}"
        for case, by_role in answers.items()
        for role, given in by_role.items()
        if given != known.get(case.words, {}).get(role)
    ]


def test_the_lists_offer_to_each_role_what_the_document_says():
    assert document_of_actions(people()) in DOCUMENT.read_text()


def test_without_the_second_factor_that_is_required_everybody_is_a_visitor_everywhere(plain_pages, known, settings):
    """Also in the mightiest role: the session ends before anything asks who it belongs to."""
    settings.SECOND_FACTOR = "required"
    everything, staff = cases(), people()
    of_superuser = browser_of(staff["superuser"])
    front = [case for case in everything if case.route.name in ("admin:index", "admin:events_enquiry_changelist")]

    found = {
        case: {"visitor": tuple(ask(of_superuser, method, case).status_code for method in METHODS)}
        for case in everything
    }
    of_others = {
        ask(browser_of(user), method, case).status_code
        for user in staff.values()
        for case in front
        for method in METHODS
    }

    assert differences(found, known) == []
    assert (len(front), of_others) == (2, {302})


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_other_methods_change_nothing(plain_pages, method):
    """What is neither GET nor POST is refused or treated as a GET, whatever the address."""
    everything, client = cases(), browser_of(people()["superuser"])
    written = []

    with connection.execute_wrapper(_noting(written)):
        for case in everything[::9]:
            ask(client, method, case)

    assert written == []


def test_a_post_that_changes_something_is_noticed(plain_pages):
    case, client = case_of("admin:events_announcement_delete"), browser_of(people()["superuser"])
    written = []

    with connection.execute_wrapper(_noting(written)):
        ask(client, "POST", case)

    assert "DELETE" in {sql.split()[0] for sql in written}


def _noting(written):
    """Takes down what is written to records; sessions are noted with every request."""

    def note(execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and "session" not in sql:
            written.append(sql)
        return execute(sql, params, many, context)

    return note


# --- Controls ---------------------------------------------------------------------------------------------------------


def case_of(name):
    return next(case for case in cases() if case.route.name == name)


def test_a_view_that_forgets_to_ask_is_noticed(known, monkeypatch):
    case, client = case_of("admin:preview"), browser_of(people()["no role"])
    monkeypatch.setattr(previews, "may_preview", lambda user: True)

    answers = {case: {"no role": tuple(ask(client, method, case).status_code for method in METHODS)}}

    assert differences(answers, known) == ["/admin/preview/ for no role: (200, 200) instead of (403, 403)"]


def test_an_address_that_the_document_does_not_know_is_noticed(known):
    case = case_of("admin:preview")
    del known[case.words]

    assert differences({case: {"visitor": (302, 302)}}, known) == [
        "/admin/preview/ for visitor: (302, 302) instead of None"
    ]


def test_a_refusal_that_names_a_record_is_noticed(client):
    case = case_of("admin:events_conference_change")
    response = client.get(case.path)
    response.content = f"You may not change {case.record}.".encode()

    assert names_the_record(response, case)
