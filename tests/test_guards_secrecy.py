"""Guard of everything unpublished: no public address of any format tells of it.

Records of every kind are made, hidden in every way there is (`tests.test_guards_data.hidden`) and public ones beside
them, each with a word of its own in every text. Then everything that visitors can ask for is asked for, hidden records
included, and whatever it links to. The words of the public records are the control: they are all found.
"""

import io
import re
from dataclasses import asdict
from html import unescape
from urllib.parse import unquote
from zipfile import ZipFile, is_zipfile

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.http import Http404
from django.utils import translation

from events.models import (
    AgreementParty,
    AgreementRelation,
    Amount,
    AnnouncementCitation,
    ConferenceRole,
    Photo,
    Series,
    SeriesCitation,
    SpeakerCitation,
)
from portal.corrections import Correction, correction_models
from portal.media_in_use import upload_fields, versions_of
from portal.sharing import IMAGE, card_at
from tests import factories
from tests.public_addresses import LANGUAGES, public_addresses
from tests.test_guards_data import (
    MODELS,
    PRIVATE,
    SECRET,
    hidden,
    nameless,
    other,
    public_records_that_name_hidden_ones,
    secrets_of,
)

pytestmark = pytest.mark.django_db

PUBLIC = "zzpublic"
FORMATS = ("text/html", "json", "atom+xml", "text/calendar", "text/csv", "sheet", "zip", "sharing", "application/xml")
LINK = re.compile(rf"(?:{re.escape(settings.SITE_URL)}|[\"'>])(/[^\s\"'<>\\]+)")
# Without a text of their own, or with none that a page or the data shows
UNSPOKEN = {
    AgreementParty,
    AgreementRelation,
    Amount,
    ConferenceRole,
    AnnouncementCitation,
    SeriesCitation,
    SpeakerCitation,
}
MANY = {"en": 40, "zh-hans": 10}  # linked addresses asked for besides; those of both languages are the same


def public(model):
    """A public record of `model` with the word in every text."""
    texts = {name: text.replace(SECRET, PUBLIC) for name, text in secrets_of(model).items()}
    texts = nameless(model, other(texts, "shown"))
    texts |= {name: "2024-11-15" for name in ("quote",) if name in texts and issubclass(model, Correction)}
    return factories.make(model, **texts)


def with_pictures(records):
    """The same records, each with a picture or document of its own where it can have one."""
    for model, field in upload_fields():
        for record in records:
            if isinstance(record, model):
                is_picture = hasattr(record, f"{field.name}_width")
                setattr(record, field.name, factories.picture(size=(400, 300)) if is_picture else factories.pdf())
                record.save()
    return records


def on_a_page_of_a_conference(records):
    """A series and a photograph have no page of their own."""
    series, photo = (next(each for each in records if isinstance(each, model)) for model in (Series, Photo))
    photo.conference = factories.conference(slug="zz-stage", series=series)
    photo.save()


def files_of(records) -> set[str]:
    found = set()
    for record in records:
        for model, field in upload_fields():
            if isinstance(record, model) and (file := getattr(record, field.name)):
                found |= set(versions_of(file.name, getattr(record, f"{field.name}_width", None)))
    return found


class Visit:
    """What a visitor was told where."""

    def __init__(self, client):
        self.client, self.told, self.statuses, self.formats = client, {}, {}, {}

    def ask(self, address):
        if address in self.told or address.startswith(("/static/", "/covers/", "/icons/")):
            return
        if address.endswith(IMAGE):
            self.told[address], self.statuses[address], self.formats[address] = _words_of_picture(address)
            return
        response = self.client.get(address)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        if is_zipfile(io.BytesIO(content)):
            with ZipFile(io.BytesIO(content)) as archive:
                content = b"\n".join(archive.read(name) for name in archive.namelist())
        text = f"{dict(response.headers)}{content.decode(errors='replace')}"
        self.told[address] = _without(address, unescape(text))
        self.statuses[address], self.formats[address] = response.status_code, response.get("Content-Type", "")

    def links(self) -> list[str]:
        """Where pages lead that were not asked for: filters, pages of lists, what no pattern of an address knows."""
        found = {link.partition("#")[0] for text in self.told.values() for link in LINK.findall(text)}
        new = (link for link in found - set(self.told) if re.match(r"/(en|zh-hans|api|data)/", link))
        return sorted(new, key=lambda link: ("?" in link, link))

    def where(self, word) -> list[str]:
        return [address for address, text in self.told.items() if word in text.lower()]


def _words_of_picture(address):
    """A sharing image as the words that are drawn on it."""
    with translation.override(translation.get_language_from_path(address)):
        try:
            return str(asdict(card_at(address.removesuffix(IMAGE)))), 200, "sharing"
        except Http404:
            return "", 404, "sharing"


def _without(address, text):
    """An address of a draft, told back to whoever asked for it, tells nothing."""
    for each in {address, unquote(address), *re.findall(rf"{SECRET}[\w-]*", address)}:
        text = text.replace(each, "")
    return text


@pytest.mark.skipif(connection.vendor != "sqlite", reason="long; tests/test_guards_data.py asks the other database")
def test_no_public_address_of_any_format_tells_of_anything_unpublished(client):
    shown = with_pictures([public(model) for model in MODELS if model not in PRIVATE])
    on_a_page_of_a_conference(shown)
    get_user_model().objects.create_user(SECRET, email=f"{SECRET}@example.com", is_staff=True, first_name=SECRET)
    concealed = with_pictures([record for model in MODELS for record in hidden(model)])
    public_records_that_name_hidden_ones()
    for model in correction_models():  # why something was withdrawn is public
        model.objects.filter(kind="withdrawal").update(reason_en="Taken back.")

    client.raise_request_exception = False
    visit = Visit(client)
    for address in public_addresses("zz", searching=SECRET):
        if SECRET not in address.partition("?")[0] or not address.startswith("/zh-hans/"):  # hidden in any language
            visit.ask(address)
    for language in LANGUAGES:
        for address in [each for each in visit.links() if not each.startswith(f"/{language}/")][: MANY[language]]:
            visit.ask(address)

    leaks = {address: leak for address in visit.told if (leak := leak_at(visit, address))}
    assert leaks == {}
    assert {visit.statuses[f"/media/{name}"] for name in files_of(concealed)} == {404}
    assert {visit.statuses[f"/media/{name}"] for name in files_of(shown)} == {200}
    assert {status for status in visit.statuses.values() if status >= 500} == set()
    assert [each for each in FORMATS if not told_in(visit, each)] == []
    assert [type(record).__name__ for record in shown if not is_told(visit, record)] == []


def leak_at(visit, address) -> list[str]:
    """The secret words at an address. A tombstone names what was withdrawn, and so does the list of corrections."""
    found = set(re.findall(rf"{SECRET}[\w-]*", visit.told[address].lower()))
    if visit.statuses[address] == 410 or "/corrections/" in address:
        found = {word for word in found if not word.endswith("-withdrawn")}
    return sorted(found)


def told_in(visit, form) -> list[str]:
    return [address for address in visit.where(PUBLIC) if form in visit.formats[address]]


def is_told(visit, record) -> bool:
    return bool(visit.where(f"{PUBLIC}-{type(record).__name__}-".lower())) or type(record) in UNSPOKEN
