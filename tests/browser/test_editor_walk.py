"""A new editor's first afternoon: a source, a conference with its programme, two speakers and one agreement, by
clicking and typing alone, until visitors read all of it in both languages."""

import pytest
from playwright.sync_api import expect

from tests.browser.moving import follow

pytestmark = pytest.mark.browser

SESSIONS = [
    ("Opening", "开幕式", "opening", "09:00", "09:30"),
    ("Gene therapy forum", "基因治疗论坛", "forum", "10:00", "12:00"),
    ("Signing ceremony", "签约仪式", "signing", "14:00", "15:00"),
]
SPEAKERS = [
    ("Zhai Jinguo", "翟金国", "Deputy Director", "副主任", "Opening"),
    ("Anna Rossi", "安娜·罗西", "Chief Scientist", "首席科学家", "Gene therapy forum"),
]
READ_IN_ENGLISH = [
    *("2027 Meilan Lake Conference", "Opening", "Gene therapy forum", "Signing ceremony"),
    *("Zhai Jinguo", "Deputy Director", "Anna Rossi", "Chief Scientist"),
    *("Vaccine plant agreement", "more than CNY 16 billion", "Jiusi Biotechnology"),
]
READ_IN_CHINESE = [
    *("2027美兰湖大会", "开幕式", "基因治疗论坛", "签约仪式"),
    *("翟金国", "副主任", "安娜·罗西", "首席科学家"),
    *("疫苗工厂协议", "超过160亿元", "九思生物"),
]


def test_an_editor_without_help_publishes_a_conference(page, admin_user):
    log_in(page)

    create_the_source(page)
    create_the_conference(page)
    for speaker in SPEAKERS:
        create_a_speaker(page, *speaker)
    create_the_agreement(page)
    publish_all(page, "Sessions")
    publish_all(page, "Speakers")

    for language, words in (("en", READ_IN_ENGLISH), ("zh-hans", READ_IN_CHINESE)):
        read = text_of_the_public_pages(page, language)
        assert [word for word in words if word not in read] == []


def log_in(page):
    page.goto("/admin/")
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill("password")
    follow(page, page.get_by_role("button", name="Log in"))


def create_the_source(page):
    open_empty_form(page, "Source")
    page.get_by_label("Title [en]:").press_sequentially("Invitation to the conference")
    page.get_by_label("Publisher [en]:").fill("Baoshan Daily")
    page.get_by_label("Type:").select_option("official notice")
    page.get_by_label("Language:").fill("zh-Hans")
    press(page, "Save", "was added successfully")


def cite_the_source(page):
    page.get_by_role("button", name="Add another Citation").click()
    choose(page, page.locator("#citations-0 .field-source"), "Invitation to the conference")


def create_the_conference(page):
    open_empty_form(page, "Conference")
    page.get_by_label("Title [en]:").press_sequentially("2027 Meilan Lake Conference")
    page.get_by_label("Title [zh-hans]:").fill("2027美兰湖大会")
    page.get_by_label("Starts on:").fill("2027-05-20")
    for number, session in enumerate(SESSIONS):
        add_a_session(page, f"#sessions-{number}", *session)
    cite_the_source(page)
    press(page, "Publish now", "is public now.")


def add_a_session(page, row, title, chinese_title, kind, starts_at, ends_at):
    page.get_by_role("button", name="Add another Session").click()
    row = page.locator(row)
    row.locator("[name$=title_en]").press_sequentially(title)
    row.locator("[name$=title_zh_hans]").fill(chinese_title)
    row.locator("[name$=kind]").select_option(kind)
    row.locator("[name$=day]").fill("2027-05-20")
    row.locator("[name$=starts_at]").fill(starts_at)
    row.locator("[name$=ends_at]").fill(ends_at)


def create_a_speaker(page, name, chinese_name, post, chinese_post, session):
    open_empty_form(page, "Speaker")
    page.get_by_label("Name [en]:").press_sequentially(name)
    page.get_by_label("Name [zh-hans]:").fill(chinese_name)
    page.get_by_role("button", name="Add another Appearance").click()
    card = page.locator("#appearances-0")
    choose(page, card.locator(".field-session"), session)
    card.get_by_label("Post held then [en]:").fill(post)
    card.get_by_label("Post held then [zh-hans]:").fill(chinese_post)
    cite_the_source(page)
    press(page, "Save as draft", "Only staff see it.")


def create_the_agreement(page):
    open_empty_form(page, "Agreement")
    page.get_by_label("Title [en]:").press_sequentially("Vaccine plant agreement")
    page.get_by_label("Title [zh-hans]:").fill("疫苗工厂协议")
    page.get_by_role("button", name="Add another Party").click()
    page.locator("#id_parties-0-name_en").fill("Jiusi Biotechnology")
    page.locator("#id_parties-0-name_zh_hans").fill("九思生物")
    page.get_by_role("button", name="Add another Signing").click()
    choose(page, page.locator("#signings-0 .field-session"), "Signing ceremony")
    page.locator("#id_signings-0-signed_on").fill("2027-05-20")
    page.get_by_role("button", name="Add another Amount").click()
    page.locator("#id_amounts-0-quantity_comparator").select_option("more than (超过)")
    page.locator("#id_amounts-0-quantity_value").fill("16000000000")
    cite_the_source(page)
    press(page, "Publish now", "stays hidden until what it belongs to is public.")


def open_empty_form(page, kind):
    page.goto("/admin/")
    page.locator(f".model-{kind.lower()}").get_by_role("link", name="Add").first.click()


def choose(page, field, words):
    """Type into the search of a related record and take the first answer."""
    field.get_by_role("combobox").first.click()
    page.get_by_role("searchbox").last.press_sequentially(words)
    page.locator(".select2-results__option", has_text=words).click()


def press(page, button, answer):
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_text(answer)).to_be_visible()


def publish_all(page, records):
    page.goto("/admin/")
    page.locator("#content-main").get_by_role("link", name=records, exact=True).click()
    page.locator("#action-toggle").check()
    page.get_by_label("Action:").select_option("Publish now")
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_text("records published.")).to_be_visible()


def text_of_the_public_pages(page, language):
    """Everything a visitor reads on the page of the conference and on those it leads to."""
    page.goto(f"/{language}/conferences/2027-meilan-lake-conference/")
    texts = [page.locator("main").inner_text()]
    for kind in ("sessions", "speakers", "agreements"):
        page.goto(f"/{language}/conferences/2027-meilan-lake-conference/")
        follow(page, page.locator(f"main a[href*='/{kind}/']").first)
        texts.append(page.locator("main").inner_text())
    return "\n".join(texts)
