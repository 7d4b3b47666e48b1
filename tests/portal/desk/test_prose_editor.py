"""Prose texts in the forms of the staff desk: what is sent is cleaned, what is too long is refused."""

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from events.models import Announcement
from portal.prose import LONGEST
from tests.desk import form_of
from tests.factories import announcement, sourced

pytestmark = pytest.mark.django_db


@pytest.fixture
def news():
    return sourced(announcement(body_en="<p>First</p><p><b>Second</b></p>", body_zh_hans=""))


def address_of(record):
    return reverse("admin:events_announcement_change", args=[record.pk])


def save(client, record, **values):
    """Open the form, fill in `values` and press "Save"."""
    return client.post(address_of(record), form_of(client.get(address_of(record))) | values)


def stored(record, column="body_en"):
    return Announcement.objects.values_list(column, flat=True).get(pk=record.pk)


def test_the_text_stands_in_a_textarea_of_its_language_with_the_editor_beside_it(admin_client, news):
    html = admin_client.get(address_of(news)).content.decode()

    textarea = html.partition('<textarea name="body_zh_hans"')[2].partition(">")[0]
    assert 'lang="zh-Hans"' in textarea
    assert f'maxlength="{LONGEST}"' in textarea
    assert "&lt;p&gt;First&lt;/p&gt;\n\n&lt;p&gt;&lt;strong&gt;Second&lt;/strong&gt;&lt;/p&gt;</textarea>" in html
    assert html.count('<script src="/static/admin_desk/prose_editor.js" type="module"></script>') == 1
    assert html.count('data-editor="/static/django_prose_editor/editor.js"') == 2


def test_the_editor_needs_no_exception_from_the_policy(admin_client, news):
    response = admin_client.get(address_of(news))

    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy.split("; ")
    assert "style-src 'self'" in policy.split("; ")
    assert b"importmap" not in response.content


def test_a_form_without_prose_loads_no_editor(admin_client):
    html = admin_client.get(reverse("admin:companies_sector_add")).content.decode()

    assert "prose_editor" not in html


def test_what_is_sent_is_cleaned(admin_client, news):
    save(
        admin_client,
        news,
        body_en="<p onclick=x>A<script>alert(1)</script> <b>b</b></p><p></p>",
        body_zh_hans="签约\r\n仪式",
    )

    assert stored(news) == "<p>A <strong>b</strong></p>"
    assert stored(news, "body_zh_hans") == "<p>签约<br>\n仪式</p>"


@pytest.mark.parametrize(
    ("sent", "is_changed"),
    [
        ("<p>First</p>\r\n<p><strong>Second</strong></p>", False),
        ("<p>First</p><p></p><p><b>Second</b></p>", False),
        ("<p>First</p><p>Second</p>", True),
    ],
)
def test_only_what_is_left_after_cleaning_counts_as_a_change(news, sent, is_changed):
    field = Announcement._meta.get_field("body_en").formfield()

    assert field.has_changed(news.body_en, sent) is is_changed


@pytest.mark.parametrize("empty", ["", "<p></p>", "<p>&nbsp;</p>\n<p><br></p>"])
def test_a_text_without_words_is_empty(admin_client, news, empty):
    save(admin_client, news, body_en=empty)

    assert stored(news) == ""


def test_too_long_a_text_is_refused_in_a_sentence_and_nothing_is_saved(admin_client, news):
    response = save(admin_client, news, body_en="字" * 600_000, title_en="Changed")

    [error] = response.context["adminform"].form.errors["body_en"]
    assert error.startswith("This text is too long: 600,000 characters with its formatting, and 50,000 are the most.")
    assert (stored(news), stored(news, "title_en")) == (news.body_en, news.title_en)


def test_a_paste_that_is_more_than_a_form_may_hold_is_refused_in_a_sentence(admin_client, news, settings):
    settings.DEBUG = False

    response = save(admin_client, news, body_en="a" * 5_000_000)

    assert response.status_code == 400
    assert "Go back, shorten the text and send it again." in response.content.decode()
    assert stored(news) == news.body_en


def test_what_was_refused_for_another_field_is_shown_cleaned(admin_client, news):
    response = save(admin_client, news, body_en="<p>A</p><script>alert(1)</script>", announced_on="never")

    html = response.content.decode()
    assert "alert(1)" not in html
    assert "&lt;p&gt;A&lt;/p&gt;</textarea>" in html


def test_those_who_may_only_read_see_the_text_and_no_tags(client, news):
    reader = User.objects.create_user("reader", password="x", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_announcement"))
    client.force_login(reader)

    html = client.get(address_of(news)).content.decode()

    assert '<div class="prose"><p>First</p>  <p><strong>Second</strong></p></div>' in html
    assert "&lt;p&gt;" not in html
    assert stored(news) == news.body_en


def test_the_limit_of_a_form_holds_every_text_of_the_largest_one():
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE > 4 * 2 * 3 * LONGEST  # four texts in two languages, in UTF-8
