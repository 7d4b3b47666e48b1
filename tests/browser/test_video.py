"""A video of another site: nothing is asked of that site before the visitor wants to watch."""

import pytest
from playwright.sync_api import expect

from tests.factories import session

pytestmark = pytest.mark.browser

PAGE = "https://www.youtube.com/watch?v=abcDEF_-123"
PLAYER = "https://www.youtube-nocookie.com/embed/abcDEF_-123"


@pytest.fixture
def talk(transactional_db):
    return session(title_en="Opening", recording_url=PAGE, livestream_url="https://live.example/lake")


@pytest.fixture
def asked_of_others(page, live_server):
    """The addresses on other hosts that were asked for; each answers with an empty page."""
    asked = []

    def answer(route):
        asked.append(route.request.url)
        route.fulfill(body="<p>Elsewhere</p>", content_type="text/html")

    page.context.route(lambda url: not url.startswith(live_server.url), answer)
    return asked


def recording(page):
    return page.get_by_role("link", name="Recording Opening")


def test_nothing_is_asked_of_another_host_before_the_click(page, talk, asked_of_others):
    page.goto(talk.get_absolute_url(), wait_until="networkidle")

    expect(recording(page)).to_be_visible()
    assert (page.locator("iframe").count(), asked_of_others) == (0, [])


@pytest.mark.parametrize("wanted", [lambda link: link.click(), lambda link: link.press("Enter")], ids=["mouse", "keys"])
def test_a_click_puts_the_player_in_place_of_the_picture(page, talk, asked_of_others, wanted):
    page.goto(talk.get_absolute_url())

    wanted(recording(page))

    frame = page.locator("iframe")
    expect(frame).to_have_count(1)
    expect(frame).to_be_focused()
    assert {name: frame.get_attribute(name) for name in ("src", "title", "allow", "referrerpolicy", "sandbox")} == {
        "src": PLAYER,
        "title": "Recording: Opening",
        "allow": "encrypted-media; fullscreen; picture-in-picture",
        "referrerpolicy": "strict-origin",
        "sandbox": "allow-same-origin allow-scripts",
    }
    expect(page.frame_locator("iframe").locator("p")).to_have_text("Elsewhere")
    assert asked_of_others == [PLAYER]
    expect(page.get_by_role("link", name="Open at youtube.com")).to_be_visible()


def test_a_click_for_a_new_tab_is_left_to_the_browser(page, talk, asked_of_others):
    page.goto(talk.get_absolute_url())
    page.evaluate("addEventListener('click', click => { leadsOut = !click.defaultPrevented; click.preventDefault(); })")

    recording(page).click(modifiers=["Control"])

    assert (page.evaluate("leadsOut"), page.locator("iframe").count()) == (True, 0)


def test_a_video_without_a_player_opens_where_it_is(page, talk, asked_of_others):
    page.goto(talk.get_absolute_url())

    page.get_by_role("link", name="Live stream Opening").click()

    expect(page).to_have_url("https://live.example/lake")


def test_the_browser_refuses_any_other_frame(chromium, talk, live_server):
    page = chromium.new_page(base_url=live_server.url)
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(talk.get_absolute_url())
    recording(page).evaluate("link => { link.dataset.player = 'https://evil.example/' }")

    recording(page).click()
    expect(page.locator("iframe")).to_have_count(1)
    page.wait_for_timeout(300)
    page.close()

    assert [url for url in asked if not url.startswith(live_server.url)] == []
    assert ["frame-src" in complaint for complaint in complaints] == [True]


def test_without_javascript_the_page_says_the_same_and_the_link_leads_to_the_platform(
    chromium, page, talk, asked_of_others, live_server
):
    page.goto(talk.get_absolute_url())
    with_javascript = page.locator(".video-list").inner_text()
    context = chromium.new_context(base_url=live_server.url, locale="en", java_script_enabled=False)
    context.route("https://www.youtube.com/**", lambda route: route.fulfill(body="watch", content_type="text/html"))
    plain = context.new_page()
    plain.goto(talk.get_absolute_url())
    without_javascript = plain.locator(".video-list").inner_text()

    recording(plain).click()

    expect(plain).to_have_url(PAGE)
    assert without_javascript == with_javascript
    context.close()
