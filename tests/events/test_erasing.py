import json
from io import StringIO

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from events.erasing import erase, mentions
from events.models import Appearance, AppearanceCitation, Session, Speaker
from portal.media_in_use import files_in
from portal.models import Redirect
from portal.search.waiting import catch_up
from tests import factories

pytestmark = pytest.mark.django_db

NAME, NAME_ZH = "Yu Wanxia Zhang", "张虞晚霞"
SECRETS = (
    NAME,
    NAME_ZH,
    "yu-wanxia",
    "Deputy of the secret office",
    "Said in confidence",
    "zzbiography",
    "\\u5f20\\u865e",
)


@pytest.fixture
def person(admin_user, client):
    """Somebody of whom the portal keeps whatever it can keep, after a change of everything."""
    speaker = factories.speaker(
        name_en=NAME,
        name_zh_hans=NAME_ZH,
        slug="yu-wanxia-old",
        portrait=factories.picture(size=(400, 300)),
        biography_en="<p>zzbiography</p>",
    )
    session = factories.session(title_en="Opening")
    appearance = factories.appearance(speaker=speaker, session=session, post_en="Deputy of the secret office")
    factories.cite(appearance, statement_en="Said in confidence", quote="Said in confidence")
    factories.cite(speaker)
    factories.correct(speaker, old_value=NAME)
    client.get(f"{speaker.get_absolute_url()}sharing.png")
    speaker.slug, speaker.portrait = "yu-wanxia", factories.picture(size=(500, 300))
    speaker.save()
    gone = factories.appearance(speaker=speaker, post_en="Deputy of the secret office")
    gone.delete()
    client.get(f"{speaker.get_absolute_url()}sharing.png")
    factories.enquiry(about_path="/en/speakers/yu-wanxia/", about_title=NAME, message="A question")
    log(admin_user, speaker, NAME, "")
    log(
        admin_user,
        session,
        "Opening",
        json.dumps([{"added": {"name": "appearance", "object": f"{NAME_ZH} · Opening"}}]),
    )
    catch_up()
    return speaker


def log(user, record, words, message):
    kind = ContentType.objects.get_for_model(record)
    LogEntry.objects.create(
        user=user, content_type=kind, object_id=str(record.pk), object_repr=words, action_flag=CHANGE,
        change_message=message,
    )  # fmt: skip


def everything_stored() -> str:
    """All rows of all tables, as text."""
    told = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 (names of tables)
            told += ["\t".join(map(str, row)) for row in cursor.fetchall()]
    return "\n".join(told).lower()


def kept_of_person() -> list[str]:
    stored = everything_stored()
    return [secret for secret in SECRETS if secret.lower() in stored]


def test_of_an_erased_person_nothing_is_left_in_any_table_and_no_file(person, django_capture_on_commit_callbacks):
    assert kept_of_person() == list(SECRETS)
    assert Redirect.objects.filter(new_path="speakers/yu-wanxia").exists()
    assert len(list(files_in(default_storage))) > 4

    with django_capture_on_commit_callbacks(execute=True):
        erased = erase(person)

    assert kept_of_person() == []
    assert [name for name in files_in(default_storage) if name.startswith("speaker/")] == []
    assert (Speaker.objects.count(), Appearance.objects.count(), AppearanceCitation.objects.count()) == (0, 0, 0)
    assert (erased.records, erased.files > 4, erased.log_entries) == (5, True, 2)


def test_others_keep_all_that_is_theirs(person, django_capture_on_commit_callbacks):
    other = factories.speaker(name_en="Zhang", portrait=factories.picture())
    appearance = factories.appearance(speaker=other, session=Session.objects.get(title_en="Opening"))
    cited = factories.cite(appearance, statement_en="Of another")
    past = other.history.count() + appearance.history.count() + cited.history.count()

    with django_capture_on_commit_callbacks(execute=True):
        erase(person)

    assert default_storage.exists(other.portrait.name)
    assert Speaker.objects.get() == other
    assert other.history.count() + appearance.history.count() + cited.history.count() == past
    assert Session.objects.filter(title_en="Opening").exists()


def test_an_erasure_that_fails_half_way_erases_nothing(person, monkeypatch):
    monkeypatch.setattr("events.erasing._forget_addresses", lambda slugs: 1 / 0)
    files = list(files_in(default_storage))

    with pytest.raises(ZeroDivisionError):
        erase(person)

    assert kept_of_person() == list(SECRETS)
    assert list(files_in(default_storage)) == files


def test_where_others_name_the_person_is_said(person):
    news = factories.announcement(title_en=f"{NAME} opens the fair")
    source = factories.source(title_original=f"{NAME_ZH}致辞")

    assert set(mentions(person)) == {news, source}


def person_in(group):
    user = User.objects.create_user("wang", is_staff=True)
    user.groups.add(Group.objects.get(name__startswith=group))
    return user


def address_of(person):
    return reverse("admin:events_speaker_erase", args=[person.pk])


def test_an_administrator_erases_a_person_by_typing_the_slug(client, person):
    client.force_login(person_in("Administrators"))
    factories.announcement(title_en=f"{NAME} opens the fair")

    page = client.get(address_of(person)).content.decode()
    wrong = client.post(address_of(person), {"slug": "somebody-else"})
    is_there = Speaker.objects.filter(pk=person.pk).exists()
    right = client.post(address_of(person), {"slug": " yu-wanxia "})

    assert f"{NAME} opens the fair" in page
    assert ("This is not the slug" in wrong.content.decode(), is_there) == (True, True)
    assert (right.status_code, Speaker.objects.exists()) == (302, False)
    assert client.get(address_of(person)).status_code == 302


def test_nobody_else_may(client, person):
    client.force_login(person_in("Publishers"))

    assert [client.get(address_of(person)).status_code, client.post(address_of(person)).status_code] == [403, 403]
    assert (
        "Erase this person" not in client.get(reverse("admin:events_speaker_change", args=[person.pk])).content.decode()
    )


def test_the_command_says_what_would_go_before_it_does_anything(person):
    factories.announcement(title_en=f"{NAME} opens the fair")
    said = StringIO()

    call_command("erase_person", "yu-wanxia", stdout=said)
    is_there = Speaker.objects.exists()
    call_command("erase_person", "yu-wanxia", "--yes", stdout=said)

    assert is_there
    assert not Speaker.objects.exists()
    assert "The name also stands in these records, which stay:\n  announcement" in said.getvalue()
    assert "yu-wanxia and 1 appearances would be erased. Say --yes to do it." in said.getvalue()
    with pytest.raises(CommandError, match="no speaker"):
        call_command("erase_person", "yu-wanxia")
