"""Photographs, large: by mouse, by touch, by keyboard alone, and without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests import factories

pytestmark = pytest.mark.browser

PHOTOS = "/en/conferences/meilan/photos/"


@pytest.fixture
def four_photos(transactional_db):
    meeting = factories.conference(slug="meilan")
    return [
        factories.photo(
            conference=meeting, position=number, alt_en=f"Speaker {number}", image=factories.picture(size=(900, 600))
        )
        for number in (1, 2, 3, 4)
    ]


@pytest.fixture
def page_without_javascript(chromium, live_server):
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    yield context.new_page()
    context.close()


def shown(page):
    """What the photographs that lie open show, the uppermost last, and which button or thumbnail has the focus."""
    opened = page.locator(".viewer:popover-open").all()
    pictures = [viewer.locator(".picture").get_attribute("alt") for viewer in opened]
    return pictures, page.locator(":focus").first.inner_text() or page.locator(":focus img").get_attribute("alt")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


# --- With JavaScript --------------------------------------------------------------------------------------------------


def test_a_photograph_opens_and_closes_by_mouse(page, four_photos):
    page.goto(PHOTOS)

    page.get_by_role("button", name="Speaker 2").click()
    opened = shown(page)
    page.get_by_role("button", name="Close").click()

    assert (opened, shown(page)) == ((["Speaker 2"], "Close"), ([], "Speaker 2"))


def test_the_buttons_lead_from_one_photograph_to_the_next(page, four_photos):
    page.goto(PHOTOS)
    page.get_by_role("button", name="Speaker 2").click()

    seen = []
    for name in ("Next", "Next", "Previous", "Previous", "Previous"):
        page.get_by_role("button", name=name).click()
        seen += shown(page)[0]

    assert seen == ["Speaker 3", "Speaker 4", "Speaker 3", "Speaker 2", "Speaker 1"]


def test_a_photograph_opens_leads_on_and_closes_by_keyboard(page, four_photos):
    page.goto(PHOTOS)
    page.get_by_role("button", name="Speaker 2").focus()

    press(page, "Enter", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft")
    opened = shown(page)
    press(page, "Escape")

    assert (opened, shown(page)) == ((["Speaker 3"], "Close"), ([], "Speaker 3"))


def test_the_arrow_keys_do_nothing_while_no_photograph_is_open(page, four_photos):
    page.goto(PHOTOS)

    press(page, "ArrowRight", "ArrowLeft")

    assert page.locator(".viewer:popover-open").count() == 0


def test_a_finger_leads_on_too(chromium, live_server, four_photos):
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(PHOTOS)

    page.get_by_role("button", name="Speaker 2").tap()
    page.get_by_role("button", name="Next").tap()
    opened = shown(page)[0]
    page.get_by_role("button", name="Close").tap()

    assert (opened, page.locator(".viewer:popover-open").count()) == (["Speaker 3"], 0)
    context.close()


def test_a_large_picture_is_fetched_only_once_it_is_opened(page, four_photos):
    fetched = []
    page.on("requestfinished", lambda request: fetched.append(request.url.rpartition("/")[2]))
    page.goto(PHOTOS)
    page.wait_for_load_state("networkidle")
    masters = [photo.image.name.rpartition("/")[2] for photo in four_photos]
    before = [name for name in fetched if name in masters]

    with page.expect_event("requestfinished", lambda request: request.url.endswith(masters[1])):
        page.get_by_role("button", name="Speaker 2").click()

    assert (before, [name for name in fetched if name in masters]) == ([], [masters[1]])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1440])
def test_an_open_photograph_fits_and_its_focus_is_seen(chromium, live_server, four_photos, width, scheme):
    page = chromium.new_page(viewport={"width": width, "height": 640}, color_scheme=scheme)
    page.goto(live_server.url + PHOTOS)
    page.get_by_role("button", name="Speaker 2").focus()
    press(page, "Enter")

    viewer = page.locator(".viewer:popover-open")
    overflow = viewer.evaluate("it => [it.scrollWidth - it.clientWidth, it.scrollHeight - it.clientHeight]")
    small = [
        box
        for box in (button.bounding_box() for button in viewer.get_by_role("button").all())
        if min(box["width"], box["height"]) < 44
    ]
    outline = viewer.locator(":focus").evaluate("it => getComputedStyle(it).outlineStyle")

    assert (overflow, small, outline) == ([0, 0], [], "solid")
    page.close()


def test_the_tab_key_does_not_leave_an_open_photograph(page, four_photos):
    page.goto(PHOTOS)
    page.get_by_role("button", name="Speaker 2").focus()
    press(page, "Enter")

    reached = set()
    for _ in range(12):
        press(page, "Tab")
        reached |= set(page.locator(":focus").all_inner_texts())

    assert reached == {"Close", "Previous", "Next"}


# --- Without ----------------------------------------------------------------------------------------------------------


def test_a_photograph_opens_and_closes_without_javascript(page_without_javascript, four_photos):
    page = page_without_javascript
    page.goto(PHOTOS)
    page.get_by_role("button", name="Speaker 2").focus()

    press(page, "Enter")
    opened = shown(page)
    press(page, "Escape")

    assert (opened, shown(page)) == ((["Speaker 2"], "Close"), ([], "Speaker 2"))


def test_every_photograph_is_reached_by_keyboard_without_javascript(page_without_javascript, four_photos):
    page = page_without_javascript
    page.goto(PHOTOS)
    page.get_by_role("button", name="Speaker 1").focus()

    seen = []
    for _photo in four_photos:
        press(page, "Enter")
        seen += shown(page)[0]
        press(page, "Escape", "Tab")

    assert seen == ["Speaker 1", "Speaker 2", "Speaker 3", "Speaker 4"]


def test_no_button_leads_on_without_javascript_because_photographs_would_pile_up(page_without_javascript, four_photos):
    page = page_without_javascript
    page.goto(PHOTOS)

    page.get_by_role("button", name="Speaker 2").click()

    assert page.locator(".viewer:popover-open").get_by_role("button").all_inner_texts() == ["Close"]


def test_paper_shows_the_thumbnails_with_their_credits(page, four_photos):
    page.goto(PHOTOS)

    page.emulate_media(media="print")

    expect(page.locator(".gallery .credit").first).to_have_text("Photo: Shanghai Daily")
    assert [credit.is_visible() for credit in page.locator(".gallery .credit").all()] == [True] * 4
    assert page.locator(".viewer").first.is_visible() is False
