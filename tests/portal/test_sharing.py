"""Sharing images and tags: one picture per public record and language, drawn once, and never of what is hidden."""

import io
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from PIL import Image

from portal import clock
from portal.quantities import Quantity
from portal.sharing import Card, card_at, drawn, pages_of_records, png_of, sharing_image_of
from tests import factories

pytestmark = pytest.mark.django_db

CARD = Card("Exampleland Invest", "Lake Conference", "lake", kicker="Conference", key_line="15 November 2024")


def public(model):
    """A public record of `model`; a speaker is on stage."""
    record = factories.make(model)
    if model is pages_of_records()["events:speaker"]:
        factories.appearance(speaker=record)
    return record


def image_path(record):
    return f"{record.get_absolute_url()}sharing.png"


def kept():
    """The names of the pictures that are kept."""
    return default_storage.listdir("sharing")[1] if default_storage.exists("sharing") else []


def tags_of(html):
    return re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">', html)


# --- Every public record, and nothing else ----------------------------------------------------------------------------


@pytest.mark.parametrize("model", pages_of_records().values(), ids=lambda model: model.__name__)
@pytest.mark.parametrize("code", ["en", "zh-hans"])
def test_every_public_record_has_a_picture_of_1200_by_630(client, model, code):
    with translation.override(code):
        address = image_path(public(model))

    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)

    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert Image.open(io.BytesIO(response.content)).size == (1200, 630)
    assert len(response.content) < 150_000
    assert len(queries) <= 3


def test_every_kind_of_record_with_a_page_takes_part():
    assert sorted(pages_of_records()) == [
        "companies:company",
        "companies:indicator",
        "companies:place",
        "events:agreement",
        "events:announcement",
        "events:conference",
        "events:project",
        "events:session",
        "events:speaker",
    ]


@pytest.mark.parametrize("code", ["en", "zh-hans"])
def test_the_site_has_a_picture_of_its_own(client, code):
    response = client.get(f"/{code}/sharing.png")

    assert Image.open(io.BytesIO(response.content)).size == (1200, 630)


@pytest.mark.parametrize("model", pages_of_records().values(), ids=lambda model: model.__name__)
def test_a_draft_a_scheduled_and_a_withdrawn_record_have_none(client, model):
    draft, scheduled, withdrawn = (public(model) for _ in range(3))
    model.objects.filter(pk=draft.pk).update(published_at=None)
    model.objects.filter(pk=scheduled.pk).update(published_at=clock.now() + timedelta(days=1))
    factories.withdraw(withdrawn)

    answers = [client.get(image_path(each)).status_code for each in (draft, scheduled, withdrawn)]

    assert answers == [404, 404, 404]
    assert kept() == []


def test_a_record_of_a_draft_conference_and_a_speaker_without_a_public_stage_have_none(client):
    draft = factories.conference(published_at=None)
    session = factories.session(conference=draft)
    speaker = factories.appearance(session=session).speaker

    assert [client.get(image_path(each)).status_code for each in (session, speaker)] == [404, 404]


@pytest.mark.parametrize(
    "address",
    [
        "/en/agreements/sharing.png",
        "/en/conferences/no-such-thing/sharing.png",
        "/en/no/such/thing/sharing.png",
        "/en/sharing.jpg",
    ],
)
def test_a_page_without_a_record_has_none_of_its_own(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("page", "image"),
    [
        ("/en/", "/en/"),
        ("/en/agreements/", "/en/"),
        ("/en/sources/a-source/", "/en/"),
        ("/en/district/", "/en/"),
        ("/en/district/a-park/", "/en/district/a-park/"),
        ("/en/conferences/lake/", "/en/conferences/lake/"),
        ("/en/conferences/lake/programme/", "/en/conferences/lake/"),
        ("/en/conferences/lake/sessions/opening/", "/en/conferences/lake/sessions/opening/"),
        ("/nowhere/", "/en/"),
        ("/", "/en/"),
    ],
)
def test_a_page_shows_its_own_picture_or_the_nearest_above_it(page, image):
    assert sharing_image_of(page).url == f"https://portal.example{image}sharing.png"


# --- What it says -----------------------------------------------------------------------------------------------------


def test_a_picture_says_the_facts_of_its_record_in_the_language_of_its_address(settings):
    settings.SITE_NAMES = {"en": "Exampleland Invest", "zh-hans": "投资示例地区"}
    indicator = factories.indicator(
        name_en="Companies", name_zh_hans="企业", coverage_en="Everywhere", coverage_zh_hans="全区", slug="companies"
    )
    factories.observation(indicator=indicator, period="2024-11-15", quantity=Quantity(Decimal(428)))

    english = card_at("/en/indicators/companies/")
    with translation.override("zh-hans"):
        chinese = card_at("/zh-hans/indicators/companies/")

    assert english == Card("Exampleland Invest", "Companies", "companies", "Everywhere", "428", "15 November 2024")
    assert chinese == Card("投资示例地区", "企业", "companies", "全区", "428家", "2024年11月15日")


def test_a_title_in_one_language_is_shown_in_the_other_too():
    factories.conference(slug="lake", title_en="", title_zh_hans="湖区大会")

    assert card_at("/en/conferences/lake/").title == "湖区大会"


@pytest.mark.parametrize(
    "title",
    [
        "Strategic cooperation framework agreement on a joint laboratory and a fund " * 4,
        "关于共建细胞与基因治疗关键共性技术联合实验室、中试平台及早期临床研究基金的战略合作框架协议" * 5,
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3,
        "🎉🎉🎉",
        "مؤتمر البحيرة",
        "<script>alert(1)</script> {{ 7 }} %s \x00",
        "",
    ],
)
def test_no_title_breaks_the_picture_or_leaves_its_column(title):
    card = Card("Exampleland Invest", title, "lake", "Conference", "", "15 November 2024")
    without_words = Card("Exampleland Invest", "", "lake")

    picture, ground = drawn(card), drawn(without_words)

    right_of_the_words = (850, 0, 1200, 630)
    assert picture.crop(right_of_the_words).tobytes() == ground.crop(right_of_the_words).tobytes()
    assert picture.crop((0, 0, 1200, 150)).tobytes() == ground.crop((0, 0, 1200, 150)).tobytes()


# --- Drawn once -------------------------------------------------------------------------------------------------------


def test_the_same_words_are_the_same_picture_and_other_words_another():
    assert drawn(CARD).tobytes() == drawn(CARD).tobytes()
    assert CARD.digest == Card(**vars(CARD)).digest
    others = [Card(**{**vars(CARD), name: "other"}) for name in vars(CARD)]
    assert len({CARD.digest, *(card.digest for card in others)}) == 1 + len(vars(CARD))


def test_a_changed_title_gets_a_new_picture_at_the_same_address(client):
    conference = factories.conference(title_en="Lake Conference")
    before = client.get(image_path(conference))

    type(conference).objects.filter(pk=conference.pk).update(title_en="Lake and River Conference")
    after = client.get(image_path(conference))

    assert before["ETag"] != after["ETag"]
    assert before.content != after.content
    assert len(kept()) == 2


def test_a_picture_that_is_kept_is_not_drawn_again():
    other = png_of(Card("", "Another", "another"))
    default_storage.save(f"sharing/{CARD.digest}.png", ContentFile(other))

    assert png_of(CARD) == other


def test_a_picture_that_was_kept_only_half_is_drawn_again():
    whole = png_of(CARD)
    name = f"sharing/{CARD.digest}.png"
    default_storage.delete(name)
    default_storage.save(name, ContentFile(whole[:1000]))

    assert png_of(CARD) == whole
    assert default_storage.open(name).read() == whole
    assert kept() == [f"{CARD.digest}.png"]


def test_a_picture_is_shown_even_where_it_cannot_be_kept(settings, tmp_path):
    (tmp_path / "full").write_text("a file where a folder should be")
    settings.MEDIA_ROOT = tmp_path / "full"

    assert png_of(CARD).startswith(b"\x89PNG")


def test_a_picture_is_asked_for_again_after_an_hour_by_its_tag(client):
    address = image_path(factories.conference())
    first = client.get(address)

    second = client.get(address, headers={"if-none-match": first["ETag"]})

    assert first["Cache-Control"] == "public, max-age=3600"
    assert (second.status_code, second.content) == (304, b"")
    assert "Cookie" not in first.get("Vary", "")


def test_what_is_kept_cannot_be_asked_for_by_its_stored_name(client):
    conference = factories.conference()
    client.get(image_path(conference))

    assert [client.get(f"/media/sharing/{name}").status_code for name in kept()] == [404]


def test_a_picture_is_only_read(client):
    assert client.post("/en/sharing.png").status_code == 405


# --- Tags -------------------------------------------------------------------------------------------------------------


def test_a_page_says_what_people_see_where_it_is_shared(client, settings):
    settings.SITE_NAMES = {"en": "Exampleland Invest", "zh-hans": "投资示例地区"}
    factories.conference(slug="lake", title_en='The "Lake" & River', summary_en="Three days about lakes.")

    html = client.get("/en/conferences/lake/", headers={"host": "127.0.0.1"}).content.decode()

    page = "https://portal.example/en/conferences/lake/"
    title = "The &quot;Lake&quot; &amp; River"
    description = f"{title}: Three days about lakes."
    assert f"<title>{title} · Exampleland Invest</title>" in html
    assert f'<meta name="description" content="{description}">' in html
    assert tags_of(html) == [
        ("og:type", "website"),
        ("og:url", page),
        ("og:title", title),
        ("og:description", description),
        ("og:site_name", "Exampleland Invest"),
        ("og:locale", "en_GB"),
        ("og:locale:alternate", "zh_CN"),
        ("og:image", f"{page}sharing.png"),
        ("og:image:width", "1200"),
        ("og:image:height", "630"),
        ("og:image:alt", f"{title} · Exampleland Invest"),
        ("twitter:card", "summary_large_image"),
    ]


def test_a_page_in_chinese_is_shared_in_chinese(client):
    news = factories.announcement(slug="news", title_zh_hans="湖区消息", body_zh_hans="湖区消息有了下文。")

    tags = dict(tags_of(client.get("/zh-hans/news/news/").content.decode()))

    with translation.override("zh-hans"):
        title = f"湖区消息 · {news.kicker}"
    assert [tags[f"og:{name}"] for name in ("type", "title", "description", "locale", "locale:alternate")] == [
        "article",
        title,
        "湖区消息有了下文。",
        "zh_CN",
        "en_GB",
    ]


def test_a_list_is_shared_with_the_picture_of_the_site(client):
    tags = dict(tags_of(client.get("/en/agreements/").content.decode()))

    assert tags["og:image"] == "https://portal.example/en/sharing.png"
    assert tags["og:image:alt"] == tags["og:site_name"]


def test_an_error_page_and_a_tombstone_are_not_for_sharing(client):
    withdrawn = factories.conference()
    factories.withdraw(withdrawn)

    pages = [client.get("/en/nowhere/"), client.get(withdrawn.get_absolute_url())]

    assert [(page.status_code, tags_of(page.content.decode())) for page in pages] == [(404, []), (410, [])]
