"""Writing a text with the editor of the staff desk, until visitors read it."""

import pytest
from playwright.sync_api import expect

from events.models import Announcement
from tests.browser.test_editor_walk import log_in
from tests.factories import announcement, sourced
from tests.portal.test_prose import WORD

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(page, admin_user):
    """The form of an announcement with an English text and no Chinese one."""
    news = sourced(announcement(slug="news", body_en="<p>Before</p>", body_zh_hans=""))
    log_in(page)
    page.goto(f"/admin/events/announcement/{news.pk}/change/")
    return page


def editor(desk, language):
    return desk.get_by_role("textbox", name=f"Text [{language}]")


def press(desk, name):
    desk.get_by_role("toolbar").nth(1).get_by_role("button", name=name, exact=True).click()


def paste(text, html):
    text.evaluate(
        """(element, html) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/html", html);
            clipboardData.setData("text/plain", "-");
            element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }""",
        html,
    )


def test_a_chinese_text_is_written_pasted_linked_and_read(desk):
    text = editor(desk, "zh-hans")
    text.click()
    press(desk, "Bold")
    desk.keyboard.type("签约金额")
    press(desk, "Bold")
    desk.keyboard.type("：100亿元")
    desk.keyboard.press("Enter")
    paste(text, WORD)
    desk.keyboard.press("Enter")
    desk.keyboard.type("政府")
    desk.keyboard.press("Shift+Home")
    desk.wait_for_function("getSelection().toString() === '政府'")
    desk.wait_for_timeout(200)  # the editor hears of a selection a moment later
    desk.keyboard.press("Control+k")
    desk.get_by_role("textbox", name="Web address").fill("www.shanghai.gov.cn")
    desk.get_by_role("button", name="Set the link").click()
    expect(text.get_by_role("link", name="政府")).to_be_visible()
    desk.get_by_role("button", name="Save", exact=True).click()
    desk.wait_for_url("**/announcement/")

    desk.goto("/zh-hans/news/news/")

    prose = desk.locator(".prose")
    expect(prose.locator("strong")).to_have_text(["签约金额", "26"])
    expect(prose.get_by_role("heading")).to_have_text("2024年签约")
    expect(prose.get_by_role("listitem")).to_have_text(["细胞产业", "合成生物", "北上海"])
    expect(prose.get_by_role("link", name="政府")).to_have_attribute("href", "https://www.shanghai.gov.cn")
    assert Announcement.objects.get().body_en == "<p>Before</p>"


def test_a_paste_of_a_whole_book_is_refused_in_a_sentence(desk):
    text = editor(desk, "en")

    paste(text, "<p>a</p>" * 100_000)

    expect(text).to_have_text("Before")
    expect(desk.get_by_role("status").filter(has_text="too much to paste at once")).to_be_visible()


def test_the_toolbar_is_one_stop_and_the_arrow_keys_go_through_it(desk):
    desk.locator("[name=announced_on]").focus()

    desk.keyboard.press("Tab")
    first = desk.evaluate("document.activeElement.ariaLabel")
    for key in ("ArrowRight", "ArrowLeft", "ArrowLeft"):
        desk.keyboard.press(key)
    last = desk.evaluate("document.activeElement.ariaLabel")
    desk.keyboard.press("Tab")
    then = desk.evaluate("document.activeElement.ariaLabel")

    assert (first, last, then) == ("Bold", "Redo", "Text [en]")
