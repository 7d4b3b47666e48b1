import re
from datetime import UTC, datetime, timedelta

from portal import clock

ADDRESS = "/.well-known/security.txt"


def test_it_says_whom_to_write_to_until_when_and_in_which_languages(client, settings, now):
    settings.CONTACT_EMAIL = "office@portal.example"

    response = client.get(ADDRESS)
    fields = dict(line.split(": ", 1) for line in response.content.decode().splitlines())

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert fields == {
        "Contact": "mailto:office@portal.example",
        "Expires": "2025-05-14T00:00:00Z",
        "Preferred-Languages": "en, zh-Hans",
        "Canonical": f"https://portal.example{ADDRESS}",
    }


def test_it_never_expires_while_the_portal_runs(client, settings):
    settings.CONTACT_EMAIL = "office@portal.example"

    expires = re.search(r"Expires: (\S+)", client.get(ADDRESS).content.decode())[1]
    left = datetime.fromisoformat(expires) - clock.now().astimezone(UTC)

    assert timedelta(days=170) < left < timedelta(days=365)


def test_a_portal_without_a_contact_claims_none(client, settings, db):
    settings.CONTACT_EMAIL = ""

    assert client.get(ADDRESS).status_code == 404
