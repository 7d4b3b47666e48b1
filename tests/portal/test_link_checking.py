"""Links that lead away are tried; the staff desk says which no longer answer.

The tests let a proxy of their own answer for the outside, as an operator's does.
"""

import threading
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from portal import clock, link_checking
from portal.link_checking import Answer, try_link
from portal.models import OutsideLink, Source
from portal.outside_addresses import outside_addresses
from tests.factories import announcement, conference, organization, place, session, source

State = OutsideLink.State


class Outside(BaseHTTPRequestHandler):
    """The path of an address says how it answers: /404, /301?to=…; /hang answers nothing."""

    def do_GET(self):
        path, _question, query = self.path.partition("?")
        status = path.rpartition("/")[2]
        if status == "hang":
            return self.connection.close()
        self.send_response(int(status) if status.isdecimal() else 200)
        if query.startswith("to="):
            self.send_header("Location", query.removeprefix("to="))
        self.send_header("Content-Length", "0")
        self.end_headers()
        return None

    def log_message(self, *args):
        pass


@pytest.fixture
def outside(monkeypatch):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Outside)
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setattr(link_checking, "PAUSE", 0)
    yield server
    server.shutdown()
    server.server_close()


# --- How one link answers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (200, State.ANSWERS),
        (204, State.ANSWERS),
        (404, State.GONE),
        (410, State.GONE),
        (500, State.FAILS),
        (400, State.FAILS),
        (403, State.CLOSED),
        (429, State.CLOSED),
        (401, State.CLOSED),
    ],
)
def test_the_status_says_how_a_link_answers(outside, status, state):
    assert try_link(f"http://news.example/{status}") == Answer(state, status)


def test_only_what_has_moved_for_good_is_said_to_have_moved(outside):
    new = "http://news.example/200"

    assert try_link(f"http://news.example/301?to={new}") == Answer(State.MOVED, 200, moved_to=new)
    assert try_link(f"http://news.example/302?to={new}") == Answer(State.ANSWERS, 200)
    assert try_link("http://news.example/301?to=http://news.example/404") == Answer(State.GONE, 404)


def test_a_redirect_leads_to_web_pages_alone(outside):
    assert try_link("http://news.example/302?to=ftp://news.example/200").state == State.SILENT
    assert try_link("http://news.example/302?to=file:///etc/hostname").state == State.FAILS


def test_a_circle_of_redirects_fails(outside):
    circle = "http://news.example/302?to=http://news.example/302"

    assert try_link(circle).state == State.FAILS


def test_no_answer_is_said_in_words(outside):
    answer = try_link("http://news.example/hang")

    assert answer.state == State.SILENT
    assert answer.problem


def test_addresses_in_other_scripts_are_tried(outside):
    assert try_link("http://宝山.example/新闻/200?页=1 2") == Answer(State.ANSWERS, 200)


@pytest.mark.parametrize(
    "url", ["http://[::1", "http://", "http://x:99999999/", "gopher://news.example/", "http://a..b/"]
)
def test_nonsense_does_not_stop_the_others(outside, url):
    assert try_link(url).state in (State.SILENT, State.FAILS)


def test_machines_of_our_own_network_are_never_asked(outside, monkeypatch):
    monkeypatch.delenv("http_proxy")
    asked = []
    monkeypatch.setattr(Outside, "do_GET", lambda self: asked.append(self.path))

    answer = try_link(f"http://127.0.0.1:{outside.server_port}/200")

    assert answer == Answer(State.SILENT, problem="The address leads into a network of our own.")
    assert asked == []


# --- Which links there are --------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_links_of_public_pages_are_tried_and_no_others():
    cited = source(url="https://news.example/cited", archived_url="https://archive.example/cited")
    source(url="https://news.example/uncited")
    conference().citations.create(source=cited)
    organization(website="https://company.example/")
    place(website="https://draft.example/", published_at=None)
    session(recording_url="https://video.example/1", livestream_url="")
    announcement(body_en='<p>See <a href="https://other.example/?a=1&amp;b=2">this</a> and <a href="/en/">home</a></p>')

    assert outside_addresses() == {
        "https://news.example/cited",
        "https://archive.example/cited",
        "https://company.example/",
        "https://video.example/1",
        "https://other.example/?a=1&b=2",
    }


# --- What is taken down -----------------------------------------------------------------------------------------------


def website(path, **overrides):
    return organization(website=f"http://company.example/{path}", **overrides).website


@pytest.mark.django_db
def test_a_link_is_broken_when_it_fails_twice_and_whole_when_it_answers_again(outside, now):
    url = website("404")
    website("200")

    call_command("check_links", verbosity=0)
    link = OutsideLink.objects.get(url=url)
    assert (link.state, link.failures, link.is_broken, link.failing_since) == ("gone", 1, False, date(2024, 11, 15))

    with clock.set_to(now + timedelta(days=1)):
        call_command("check_links")
    link.refresh_from_db()
    assert (link.failures, link.is_broken, link.failing_since) == (2, True, date(2024, 11, 15))

    link.note(Answer(State.ANSWERS, 200))
    assert (link.failures, link.is_broken, link.failing_since) == (0, False, None)


@pytest.mark.django_db
def test_what_answered_rests_for_a_week(outside, now, capsys):
    website("200")
    call_command("check_links")

    with clock.set_to(now + timedelta(days=6)):
        call_command("check_links")
        assert "0 to try" in capsys.readouterr().out
    with clock.set_to(now + timedelta(days=7)):
        call_command("check_links")

    assert "1 to try" in capsys.readouterr().out


@pytest.mark.django_db
def test_links_that_no_page_has_any_more_are_forgotten(outside):
    old = website("200", slug="company")
    call_command("check_links")

    company = organization(website="http://company.example/204")
    type(company).objects.get(slug="company").delete()
    call_command("check_links")

    assert [link.url for link in OutsideLink.objects.all()] == [company.website] != [old]


@pytest.mark.django_db
def test_a_machine_without_a_way_out_takes_nothing_down(outside):
    for host in ("one", "two"):
        organization(website=f"http://{host}.example/hang")

    with pytest.raises(CommandError, match="no way out"):
        call_command("check_links")

    assert OutsideLink.objects.counts() == {"broken": 0, "moved": 0, "tried": 0}


# --- At the desk ------------------------------------------------------------------------------------------------------


@pytest.fixture
def broken():
    return OutsideLink.objects.create(url="https://news.example/cited", state="gone", status=404, failures=2)


@pytest.mark.django_db
def test_a_source_whose_link_is_broken_is_unreachable_unless_a_copy_is_kept(broken):
    cited = source(url=broken.url)
    source(url="https://news.example/whole")
    assert list(Source.objects.unreachable()) == [cited]

    cited.archived_url = "https://archive.example/"
    cited.save()

    assert list(Source.objects.unreachable()) == []


@pytest.mark.django_db
def test_the_desk_lists_broken_links_and_the_records_to_put_right(admin_client, broken):
    company = organization(website=broken.url, name_en="A Company")
    OutsideLink.objects.create(url="https://whole.example/", state="answers", status=200)

    front = admin_client.get(reverse("admin:index"))
    line = next(line for each in front.context["work_queue"] if each.name == "links" for line in each.lines)
    listed = admin_client.get(line.address).context["cl"].result_list
    page = admin_client.get(reverse("admin:portal_outsidelink_change", args=[broken.pk])).content.decode()

    assert (line.words, line.number) == ("links that no longer answer", 1)
    assert list(listed) == [broken]
    assert f'<a href="{reverse("admin:companies_organization_change", args=[company.pk])}">' in page


@pytest.mark.django_db
def test_nobody_types_the_state_of_a_link(admin_client, broken):
    page = reverse("admin:portal_outsidelink_change", args=[broken.pk])

    assert admin_client.post(page, {"state": "answers"}).status_code == 403
    assert admin_client.get(reverse("admin:portal_outsidelink_add")).status_code == 403
