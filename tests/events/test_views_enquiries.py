"""Writing to the office: the form, what it refuses and how, the receipt, and the ways that lead there."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from events.enquiries import Receipt
from events.enquiry_form import AT_MOST, EnquiryForm, looks_like_spam
from events.models import Enquiry
from portal import clock
from tests.factories import agreement, conference, enquiry, organization, project

pytestmark = pytest.mark.django_db

FORM = "/en/enquiries/"
SAID = {
    "topic": "invest",
    "message": "Where can we rent a laboratory?",
    "name": "Bo Ek",
    "organization": "Ek AB",
    "email": "bo@example.com",
    "consent": "on",
}
HIDDEN = ("sending", "csrfmiddlewaretoken")


@pytest.fixture(autouse=True)
def stand_still(now):
    """Everything happens at one moment, unless a test moves on."""


def opened(ago=60) -> dict:
    """What a form carries that was opened so many seconds ago."""
    with clock.set_to(clock.now() - timedelta(seconds=ago)):
        return {"sending": EnquiryForm().signed_moment}


def send(client, *left_out, ago=60, address=FORM, **values):
    form = {**SAID, **opened(ago), **values}
    return client.post(address, {name: value for name, value in form.items() if name not in left_out})


def html_of(response):
    return response.content.decode()


def errors_of(response):
    """The sentences at the head of the form."""
    summary = html_of(response).partition('id="errors-title"')[2].partition("</div>")[0]
    return [unescape(re.sub("<[^>]+>", "", item)) for item in re.findall(r"<li>(.*?)</li>", summary)]


# --- The form ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("address", "words"), [(FORM, "Write to the office"), ("/zh-hans/enquiries/", "<html lang=")])
def test_the_form_is_kept_by_no_cache_and_gives_one_cookie(client, address, words):
    response = client.get(address)

    assert response.status_code == 200
    assert words in html_of(response)
    assert {"no-store", "private"} <= set(response["Cache-Control"].split(", "))
    assert [(name, cookie["max-age"]) for name, cookie in response.cookies.items()] == [("csrftoken", "")]


def test_no_other_page_for_visitors_gives_a_cookie(client):
    record = conference()
    pages = ["/en/", record.get_absolute_url(), "/en/agreements/", "/en/data/", "/en/search/?q=x", "/nowhere/"]

    assert [path for path in [*pages, Receipt.for_nothing().get_absolute_url()] if client.get(path).cookies] == []


def test_every_field_has_a_label_and_says_when_it_is_not_needed(client):
    html = html_of(client.get(FORM))

    fields = re.findall(r'<(?:input|textarea)[^>]* id="(id_\w+)"', html)
    assert set(fields) == set(re.findall(r'<label for="(id_\w+)"', html))
    assert len(re.findall(r"\(optional\)", html)) == 2
    assert re.findall(r'autocomplete="(\w[\w-]+)"', html) == ["name", "organization", "email", "off"]


def test_the_form_says_until_when_an_answer_comes_and_how_long_answers_took(client, now):
    for _number in range(5):
        enquiry(received_at=now - timedelta(days=1), answered_at=now, outcome="answered")

    html = html_of(client.get(FORM))

    assert "By <strong>22 November 2024</strong>" in html
    assert (
        "At least half of the 5 enquiries answered in the last twelve months were answered within 1 working day."
        in html
    )
    assert "1 working day." in html_of(client.get("/en/data/method/"))


def test_a_form_that_is_opened_from_a_record_knows_it(client):
    record = conference(title_en="Lake <2024>", title_zh_hans="湖会")

    html = html_of(client.get(f"/zh-hans/enquiries/?about={record.get_absolute_url()}"))

    assert f'name="about" value="/zh-hans/conferences/{record.slug}/"' in html
    assert "<b>湖会</b>" in html


@pytest.mark.parametrize("about", ["https://evil.example/", "//evil.example/x/", "javascript:alert(1)", "/en/nowhere/"])
def test_a_form_about_something_else_is_about_nothing(client, about):
    response = client.get(FORM, {"about": about})

    assert response.status_code == 200
    assert 'name="about"' not in html_of(response)


def test_records_lead_to_the_form(client):
    records = [conference(), agreement(), project(), organization()]

    for record in records:
        html = html_of(client.get(record.get_absolute_url()))
        assert f'<a href="/en/enquiries/?about={record.get_absolute_url()}" rel="nofollow">' in html
    assert html_of(client.get("/en/")).count('href="/en/enquiries/"') == 2  # for investors, and at the foot


# --- Sending ----------------------------------------------------------------------------------------------------------


def test_what_is_sent_is_stored_and_answered_with_a_receipt(client):
    record = conference()

    response = send(client, about=record.get_absolute_url())

    asked = Enquiry.objects.get()
    stored = {name: getattr(asked, name) for name in SAID if name != "consent"}
    assert stored == {name: value for name, value in SAID.items() if name != "consent"}
    assert (asked.about_path, asked.about_title) == (record.get_absolute_url(), record.title)
    assert (asked.language, asked.is_suspicious) == ("en", False)
    assert (response.status_code, response["Location"]) == (303, Receipt.of(asked, is_mailed=True).get_absolute_url())
    assert [letter.to for letter in mail.outbox] == [["bo@example.com"]]


def test_the_receipt_shows_the_reference_the_topic_and_the_day_and_nothing_that_was_written(client):
    page = client.get(send(client)["Location"])

    html = html_of(page)
    assert page.status_code == 200
    assert Enquiry.objects.get().reference in html
    assert "Investing here" in html
    assert '<time datetime="2024-11-22">22 November 2024</time>' in html
    assert [word for word in ("laborator", "Bo Ek", "Ek AB", "bo@") if word in html] == []
    assert '<meta name="robots" content="noindex">' in html
    assert "no-store" in page["Cache-Control"]


def test_a_receipt_in_the_other_language_says_the_same(client):
    path = Receipt("E-2024-7K3Q", "invest", clock.today(), is_mailed=False).get_absolute_url()

    html = html_of(client.get(path.replace("/en/", "/zh-hans/")))

    assert "E-2024-7K3Q" in html
    assert "2024年11月15日" in html


@pytest.mark.parametrize("token", ["x", "WyJFIl0:forged", "%F0%9F%92%A5", "a:b:c", "." * 3000])
def test_a_receipt_that_nobody_gave_does_not_exist(client, token):
    assert client.get(f"/en/enquiries/{token}/").status_code == 404


def test_the_topic_is_the_only_choice_and_a_name_is_not_needed(client):
    send(client, "name", "organization")

    assert Enquiry.objects.get().name == ""


def test_the_page_it_was_opened_from_can_be_left_out(client):
    conference(slug="main")

    send(client)

    assert Enquiry.objects.get().about_path == ""


def test_a_form_that_is_sent_twice_is_one_enquiry_with_one_letter(client):
    form = opened()

    first, second = (send(client, **form) for _number in range(2))

    asked = Enquiry.objects.get()
    assert [Receipt.read(each["Location"].split("/")[-2]).reference for each in (first, second)] == [
        asked.reference
    ] * 2
    assert len(mail.outbox) == 1


def test_a_mail_server_that_fails_loses_no_enquiry_and_nothing_is_claimed(client, settings):
    settings.EMAIL_BACKEND = "no.such.Backend"

    response = send(client)

    assert Enquiry.objects.count() == 1
    assert not Receipt.read(response["Location"].split("/")[-2]).is_mailed
    assert "by e-mail" not in html_of(client.get(response["Location"])).partition("<main")[2].partition("</main")[0]


# --- What is refused --------------------------------------------------------------------------------------------------


def test_what_is_missing_is_said_at_the_head_with_links_and_at_each_field(client):
    response = client.post(FORM, opened())

    html = html_of(response)
    assert response.status_code == 200
    assert errors_of(response) == [
        "Choose what it is about.",
        "Write your message.",
        "Give the e-mail address that the answer goes to.",
        "Tick the box: without it the office may not keep your message to answer it.",
    ]
    assert re.findall(r'<li><a href="#(\w+)">', html) == ["id_topic_0", "id_message", "id_email", "id_consent"]
    assert set(re.findall(r'<li><a href="#(\w+)">', html)) <= set(re.findall(r'id="(\w+)"', html))
    assert "<title>Not sent yet: " in html
    assert re.search(r'<div class="form-errors"[^>]* tabindex="-1"[^>]* autofocus>', html)
    for name in ("message", "email", "consent"):
        field = re.search(rf'<(?:input|textarea)[^>]*name="{name}"[^>]*>', html)[0]
        assert 'aria-invalid="true"' in field
        assert f"id_{name}_error" in re.search(r'aria-describedby="([^"]+)"', field)[1]
        assert f'id="id_{name}_error"' in html
    assert '<fieldset class="form-field" aria-describedby="id_topic_error">' in html


def test_nothing_that_was_typed_is_lost(client):
    record = conference()

    response = send(client, "email", message="<b>1 < 2</b>", about=record.get_absolute_url())

    html = html_of(response)
    assert "&lt;b&gt;1 &lt; 2&lt;/b&gt;</textarea>" in html
    assert 'value="Bo Ek"' in html
    assert re.search(r'value="invest"[^>]* checked', html)
    assert re.search(r'name="consent"[^>]* checked', html)
    assert f'value="{record.get_absolute_url()}" id="id_about" checked' in html


FORGED = "WyJ4Iiw5OTk5OTk5OTk5XQ:forged"


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"ago": 2}, "That was faster than we can tell from a program. Please send it again."),
        ({"ago": 24 * 3600 + 1}, "The form was open for too long. Your text is still here: please send it again."),
        ({"ago": -60}, "The form was open for too long. Your text is still here: please send it again."),
        ({"sending": ""}, "The form was open for too long. Your text is still here: please send it again."),
        ({"sending": FORGED}, "The form was open for too long. Your text is still here: please send it again."),
        ({"email": "bo@"}, "This is no e-mail address. Write it like name@example.com."),
        (
            {"email": "bo@example.com\r\nBcc: all@example.com"},
            "This is no e-mail address. Write it like name@example.com.",
        ),
        ({"topic": "no-such-topic"}, "Choose what it is about."),
        ({"topic": "in\x00vest"}, "Choose what it is about."),
        ({"message": " \r\n\x00\x07 "}, "Write your message."),
        ({"message": "x" * 1_000_000}, "1000000 characters are too many: 5000 can be sent. Please shorten it."),
        ({"name": "x" * 121}, "121 characters are too many: 120 can be sent. Please shorten it."),
        (
            {"about": "//evil.example/en/conferences/main/"},
            "The page that your enquiry is about is not public any more. Please say in your message what it is about, "
            "and send it again.",
        ),
    ],
)
def test_what_cannot_be_taken_is_refused_in_a_sentence(client, form, error):
    response = send(client, **form)

    assert response.status_code == 200
    assert error in errors_of(response)
    assert not Enquiry.objects.exists()
    assert mail.outbox == []


@pytest.mark.parametrize("ago", [2, 24 * 3600 + 1])
def test_a_form_that_came_too_fast_or_too_late_only_needs_to_be_sent_again(client, ago):
    refused = send(client, ago=ago)
    (again,) = re.findall(r'name="sending" value="([^"]+)"', html_of(refused))

    with clock.set_to(clock.now() + timedelta(seconds=10)):
        response = client.post(FORM, {**SAID, "sending": again})

    assert response.status_code == 303
    assert Enquiry.objects.count() == 1


def test_a_browser_counts_line_breaks_once_and_so_do_we(client):
    send(client, message="x\r\n" * 2500)

    assert Enquiry.objects.get().message == ("x\n" * 2500).strip()


def test_a_name_is_one_line_and_text_in_any_script_stays(client):
    arabic = "مرحبا 👋🏽 \u202eabc 你好"

    send(client, name="Bo\r\nBcc: all@example.com\x00", message=arabic)

    asked = Enquiry.objects.get()
    assert (asked.name, asked.message) == ("Bo Bcc: all@example.com", arabic)


def test_a_sprung_trap_stores_nothing_and_looks_like_success(client):
    response = send(client, subject="Cheap lenses")

    receipt = client.get(response["Location"])
    assert (response.status_code, receipt.status_code) == (303, 200)
    assert not Enquiry.objects.exists()
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("message", "is_spam"),
    [
        ("See https://a.example and https://b.example.", False),
        ("http://a.example HTTPS://b.example www.c.example", True),
        ("<a href=1><a href=2><a href=3>", True),
        ("", False),
    ],
)
def test_many_links_look_like_spam_and_are_left_to_people(client, message, is_spam):
    assert looks_like_spam(message) == is_spam


def test_what_looks_like_spam_is_stored(client):
    send(client, message="https://a.example " * 3)

    assert Enquiry.objects.get().is_suspicious


# --- Limits -----------------------------------------------------------------------------------------------------------


def test_the_sixth_form_of_an_hour_from_one_network_waits_and_keeps_its_text(client):
    for number in range(5):
        assert send(client, email=f"{number}@example.com").status_code == 303

    response = send(client, message="My sixth question")
    elsewhere = client.post(FORM, {**SAID, **opened()}, REMOTE_ADDR="203.0.113.9")

    assert (response.status_code, response["Retry-After"]) == (429, "3600")
    assert "My sixth question</textarea>" in html_of(response)
    assert errors_of(response)[0].startswith("More was sent in the last hour than we can read.")
    assert elsewhere.status_code == 303


def test_an_address_gets_no_more_than_five_letters_in_an_hour_from_anywhere(client):
    answers = [
        client.post(FORM, {**SAID, **opened()}, REMOTE_ADDR=f"203.0.113.{number}").status_code for number in range(6)
    ]

    assert answers == [303] * 5 + [429]
    assert len(mail.outbox) == 5


def test_there_is_a_limit_for_all_together(client, monkeypatch):
    monkeypatch.setitem(AT_MOST, "everybody", 2)

    answers = [
        client.post(FORM, {**SAID, **opened(), "email": f"{n}@example.com"}, REMOTE_ADDR=f"203.0.113.{n}").status_code
        for n in range(3)
    ]

    assert answers == [303, 303, 429]


def test_what_is_refused_or_sent_again_does_not_count(client):
    form = opened()
    for _number in range(6):
        send(client, "email")
        assert send(client, **form).status_code == 303

    assert send(client).status_code == 303


# --- Hostile requests -------------------------------------------------------------------------------------------------


def test_a_form_of_another_site_is_refused_and_its_text_kept():
    strict = Client(enforce_csrf_checks=True)

    response = send(strict)

    assert response.status_code == 403
    assert errors_of(response)[0].startswith("Your browser did not send the cookie that came with this form.")
    assert "rent a laboratory?</textarea>" in html_of(response)
    assert not Enquiry.objects.exists()


def test_the_form_of_our_page_passes_the_same_check():
    strict = Client(enforce_csrf_checks=True)
    html = html_of(strict.get(FORM))
    hidden = {name: re.search(rf'name="{name}" value="([^"]+)"', html)[1] for name in HIDDEN}

    with clock.set_to(clock.now() + timedelta(seconds=10)):
        response = strict.post(FORM, {**SAID, **hidden})

    assert response.status_code == 303


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"topic": "invest"}'),
        ("text/plain", b"topic=invest"),
        ("", b"\xff\xfe"),
        ("application/x-www-form-urlencoded", b"message=%ED%A0%80%FF&topic[]=x&topic=invest&topic=data&=&&&"),
        ("application/x-www-form-urlencoded", b"message=%00%0d%0a.%0d%0a&email=%22a%22@example.com"),
        ("multipart/form-data; boundary=x", b"--x\r\nno form at all"),
    ],
)
def test_nonsense_is_answered_with_the_form(client, content_type, body):
    response = client.generic("POST", FORM, body, content_type=content_type)

    assert response.status_code == 200
    assert len(errors_of(response)) >= 3
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"without a boundary"),
        ("application/x-www-form-urlencoded", b"message=" + b"x" * 3_000_000),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(6000))),
        ("application/x-www-form-urlencoded; charset=utf-16", b"topic=invest"),
    ],
)
def test_what_no_browser_sends_is_a_bad_request(client, content_type, body):
    assert client.generic("POST", FORM, body, content_type=content_type).status_code == 400


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_the_form_is_read_and_sent_and_nothing_else(client, method):
    assert getattr(client, method)(FORM).status_code == 405
    assert client.post(reverse("events:enquiry_receipt", args=["x"])).status_code == 405
