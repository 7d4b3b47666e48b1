"""Two app servers behind one balancer: what one of them knows, the other knows too."""

import io
import time

import pytest
from django.core.management import call_command
from django.db import connection
from PIL import Image

from companies.models import Organization
from portal.taking_turns import WAITING, one_at_a_time
from tests import factories

pytestmark = pytest.mark.django_db


def test_who_signs_in_on_one_server_is_signed_in_on_the_other(two_servers):
    editor = two_servers.visitor()
    assert editor.get(two_servers.second, "/admin/").status == 302

    editor.sign_in(two_servers.first)

    assert editor.get(two_servers.second, "/admin/").status == 200
    assert editor.post(two_servers.second, "/admin/logout/", {}).status in (200, 302)
    assert editor.get(two_servers.first, "/admin/").status == 302


def test_a_form_opened_on_one_server_is_saved_on_the_other_and_seen_on_both(two_servers):
    with two_servers.here():
        organization = factories.sourced(factories.organization(name_en="Before"))
    editor, change = two_servers.visitor(), f"/admin/companies/organization/{organization.pk}/change/"
    editor.sign_in(two_servers.first)

    form = editor.form(two_servers.first, change)
    saved = editor.post(two_servers.second, change, {**form, "name_en": "After"})

    assert saved.status == 302, saved.complaints
    assert "was changed successfully" in editor.get(two_servers.first, saved.location).text  # the message follows
    pages = [server.get(organization.get_absolute_url()).text for server in two_servers.servers]
    assert ["After" in page for page in pages] == [True, True]


def test_a_picture_uploaded_on_one_server_is_shown_by_the_other(two_servers):
    with two_servers.here():
        organization = factories.sourced(factories.organization())
    editor, change = two_servers.visitor(), f"/admin/companies/organization/{organization.pk}/change/"
    editor.sign_in(two_servers.first)

    form = editor.form(two_servers.first, change)
    saved = editor.post(two_servers.first, change, {**form, "logo": factories.picture(size=(400, 200))})

    assert saved.status == 302, saved.complaints
    with two_servers.here():
        logo = Organization.objects.get(pk=organization.pk).logo
    shown = two_servers.second.get(logo.url)
    assert Image.open(io.BytesIO(shown.body)).size == (400, 200)
    assert shown.headers["Cache-Control"] == "public, max-age=31536000, s-maxage=3600, immutable"


def test_limits_count_what_was_done_on_either_server(two_servers):
    """Three letters an hour go to an address."""
    visitor = two_servers.visitor()
    visitor.sign_in(two_servers.first, "forgetful")
    stranger = two_servers.visitor()

    for server in [*two_servers.servers, *two_servers.servers]:
        asked = stranger.post(server, "/admin/password-reset/", {"email": "forgetful@example.org"})
        assert asked.status == 302, asked.complaints

    deadline = time.monotonic() + 20  # letters leave after the answer
    while sum("To: forgetful@" in each for each in two_servers.letters) < 3:
        assert time.monotonic() < deadline, two_servers.letters
        time.sleep(0.2)
    time.sleep(0.5)
    assert sum("To: forgetful@" in each for each in two_servers.letters) == 3


def test_two_migrations_at_once_take_turns_while_the_portal_serves(two_servers):
    with two_servers.here():
        call_command("migrate", "otp_static", "zero", verbosity=0)
        with one_at_a_time(connection):
            both = [two_servers.start_managing("migrate", "otp_static") for _ in range(2)]
            assert [process.stderr.readline().strip() for process in both] == [WAITING] * 2
            served = [server.get("/en/").status for server in two_servers.servers]

    ended = [(process.wait(timeout=120), process.stdout.read()) for process in both]

    assert served == [200, 200]
    assert [status for status, _said in ended] == [0, 0], ended
    assert sorted("No migrations to apply" in said for _status, said in ended) == [False, True]


def test_a_server_that_starts_anew_refuses_nobody(two_servers):
    """`systemctl reload`: new workers start, the old ones finish what they are at."""
    two_servers.second.reload()

    for _ in range(10):
        assert two_servers.second.get("/en/").status == 200
        time.sleep(0.1)
