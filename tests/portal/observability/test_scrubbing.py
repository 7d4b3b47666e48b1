import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError

from portal.observability import scrubbing
from portal.observability.requests import RememberRequest
from portal.observability.scrubbing import scrubbed, told


@pytest.fixture
def of_settings(settings):
    """Secrets of this test alone are known."""
    scrubbing._secrets.cache_clear()
    yield settings
    scrubbing._secrets.cache_clear()


def while_asking(request, action):
    """What `action()` gives while `request` is answered."""
    seen = []
    RememberRequest(lambda request: seen.append(action()))(request)
    return seen[0]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Not Found: /en/nope/", "Not Found: /en/nope/"),
        ("Error handling request GET /en/search/?q=vaccine&page=2", "Error handling request GET /en/search/?…"),
        ("Invalid request from ip=203.0.113.77: no", "Invalid request from ip=…: no"),
        ("from 2001:db8::7:1 and ::ffff:203.0.113.77", "from … and …"),
        ("The cache at 127.0.0.1:9/1 is treated as empty", "The cache at 127.0.0.1:9/1 is treated as empty"),
        ("at 12:30:45 on 2024-11-15", "at 12:30:45 on 2024-11-15"),
        ("told anna.li@example.org of it", "told …@… of it"),
        ("Forbidden: /preview/eyJ:1t:x/", "Forbidden: /preview/…"),
        ("duplicate key\nDETAIL:  Key (email)=(Anna) already exists.\n", "duplicate key\nDETAIL: …\n"),
        ("syntax\nLINE 1: SELECT 'Anna'\n               ^\nend", "syntax\nLINE 1: …\nend"),
    ],
)
def test_what_says_who_asked_for_what_is_taken_out(text, left):
    assert scrubbed(text) == left


def test_secrets_are_taken_out_wherever_they_are(of_settings):
    of_settings.SECRET_KEY = "the-key-of-the-portal"
    of_settings.METRICS_TOKEN = "the-token-of-prometheus"
    of_settings.ENVIRONMENT = {
        "DATABASE_URL": "postgres://portal:open%20sesame@db/portal",
        "CACHE_URL": "redis://:rediscovered@cache/1",
        "MEDIA_STORAGE": "s3://KEY:the-s3-secret@bucket",
    }
    text = "the-key-of-the-portal the-token-of-prometheus open sesame open%20sesame rediscovered the-s3-secret stays"

    assert scrubbed(text) == "… … … … … … stays"


def test_a_traceback_keeps_its_lines_and_loses_its_secrets(of_settings):
    of_settings.SECRET_KEY = "the-key-of-the-portal"
    try:
        try:
            raise DatabaseError("the-key-of-the-portal")
        except DatabaseError as problem:
            raise RuntimeError("for anna@example.org") from problem
    except RuntimeError as problem:
        text = told(problem)

    assert "test_a_traceback_keeps_its_lines" in text
    assert "RuntimeError: for …@…" in text
    assert text.endswith("django.db.utils.DatabaseError: …")


def test_what_was_sent_is_taken_out_of_what_an_exception_says(rf):
    request = rf.post("/en/enquiries/?about=lithium", {"name": "安娜", "message": "Sesame\nstreet", "kind": "no"})
    request.COOKIES["sessionid"] = "kept-secret"
    request.user = request._cached_user = User(
        username="lingling", email="ling@x.org", first_name="Ling", last_name="Xu"
    )

    def said():
        assert request.POST["name"]
        return scrubbed("安娜 said sesame, STREET of lithium as kept-secret: lingling Ling Xu, no")

    assert while_asking(request, said) == "… said …, … of … as …: … … Xu, no"


def test_the_same_words_stay_where_nobody_sent_them():
    assert scrubbed("安娜 said sesame") == "安娜 said sesame"
