"""A programme in a real browser: stars with and without script, the table by room, and the handout on paper."""

from datetime import date, time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.moving import follow
from tests.factories import conference, place, session

pytestmark = pytest.mark.browser

DAY, NEXT_DAY = date(2027, 5, 20), date(2027, 5, 21)
PROGRAMME, AGENDA = "/en/conferences/fair/programme/", "/en/conferences/fair/agenda/"
STORAGE_IS_BLOCKED = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('blocked'); }});"


@pytest.fixture
def fair(transactional_db):
    """Two days in three rooms; on the second day a dinner of unknown time."""
    fair = conference(
        slug="fair",
        title_en="Kelp Fair",
        title_zh_hans="海带展",
        starts_on="2027-05-20",
        ends_on="2027-05-21",
        venue=place(name_en="Glass Hall", name_zh_hans="玻璃厅"),
    )
    for hour in range(9, 15):
        for hall in "ABC":
            title = {"title_en": f"Talk {hall}{hour}", "title_zh_hans": f"演讲{hall}{hour}"}
            times = {"day": DAY, "starts_at": time(hour), "ends_at": time(hour + 1)}
            session(conference=fair, slug=f"{hall}{hour}".lower(), room_en=f"Hall {hall}", **title, **times)
    session(conference=fair, slug="dinner", title_en="Dinner", title_zh_hans="晚餐", day=NEXT_DAY)
    return fair


@pytest.fixture
def without_script(chromium, live_server, fair):
    context = chromium.new_context(base_url=live_server.url, locale="en", java_script_enabled=False)
    yield context.new_page()
    context.close()


def star(page, title):
    return page.get_by_role("checkbox", name=f"Add to my programme: {title}")


def titles(page):
    return page.locator(".programme-item .title").all_inner_texts()


def filled(page):
    return page.locator("[name=s]:checked").evaluate_all("stars => stars.map(star => star.value)")


def open_my_programme(page):
    follow(page, page.get_by_role("button", name="My programme"))


# --- Stars ------------------------------------------------------------------------------------------------------------


def test_without_script_a_visitor_makes_a_programme_and_changes_it(without_script):
    page = without_script
    page.goto(PROGRAMME)

    star(page, "Talk A9").check()
    star(page, "Dinner").check()
    open_my_programme(page)
    first = titles(page)
    follow(page, page.get_by_role("link", name="Change the choice"))
    star(page, "Talk A9").uncheck()
    star(page, "Talk B10").check()
    open_my_programme(page)

    assert (first, titles(page)) == (["Talk A9", "Dinner"], ["Talk B10", "Dinner"])
    assert page.url.endswith(f"{AGENDA}?s=b10&s=dinner")


def test_with_script_the_stars_are_still_there_tomorrow(page, fair):
    page.goto(PROGRAMME)
    star(page, "Talk A9").check()
    star(page, "Dinner").check()

    page.goto("/en/")
    page.goto(PROGRAMME)

    assert filled(page) == ["a9", "dinner"]


def test_the_own_programme_opens_by_its_plain_address_in_both_languages(page, fair):
    page.goto(PROGRAMME)
    star(page, "Talk A9").check()

    page.goto(AGENDA.replace("/en/", "/zh-hans/"))
    page.wait_for_url("**/zh-hans/**?s=a9")

    assert titles(page) == ["演讲A9"]


def test_a_star_on_the_page_of_a_session_joins_those_chosen_before(page, fair):
    page.goto(PROGRAMME)
    star(page, "Talk A9").check()

    page.goto("/en/conferences/fair/sessions/b10/")
    page.get_by_label("Add to my programme").check()
    open_my_programme(page)

    assert titles(page) == ["Talk A9", "Talk B10"]


def test_what_was_taken_back_stays_taken_back(page, fair):
    page.goto(PROGRAMME)
    star(page, "Talk A9").check()
    star(page, "Talk B10").check()
    open_my_programme(page)
    follow(page, page.get_by_role("link", name="Change the choice"))

    star(page, "Talk A9").uncheck()
    page.reload()
    again = filled(page)
    page.goto("/en/conferences/fair/sessions/a9/")

    assert (again, page.get_by_label("Add to my programme").is_checked()) == (["b10"], False)


def test_a_shared_programme_does_not_replace_the_own_one(page, fair):
    page.goto(PROGRAMME)
    star(page, "Talk A9").check()

    page.goto(f"{AGENDA}?s=b10&s=b11")
    shared = titles(page)
    page.goto(PROGRAMME)

    assert (shared, filled(page)) == (["Talk B10", "Talk B11"], ["a9"])


def test_a_programme_from_another_device_is_taken_over_where_there_is_none(page, fair):
    page.goto(f"{AGENDA}?s=b10&s=b11&s=gone")

    page.goto(PROGRAMME)

    assert filled(page) == ["b10", "b11"]


def test_a_session_that_was_hidden_is_told_once_and_then_forgotten(page, fair):
    page.goto(PROGRAMME)
    star(page, "Talk A9").check()
    star(page, "Dinner").check()
    fair.sessions.filter(slug="dinner").update(published_at=None)

    page.goto(PROGRAMME)
    open_my_programme(page)
    told = page.get_by_text("1 chosen session is not public any more.").count()
    page.goto(PROGRAMME)
    open_my_programme(page)

    assert (told, page.get_by_text("not public any more").count(), titles(page)) == (1, 0, ["Talk A9"])


def test_where_storage_is_blocked_the_address_is_enough(page, fair):
    page.add_init_script(STORAGE_IS_BLOCKED)
    page.goto(PROGRAMME)

    star(page, "Talk A9").check()
    open_my_programme(page)
    follow(page, page.get_by_role("link", name="Change the choice"))

    assert filled(page) == ["a9"]


@pytest.mark.parametrize("kept", ["{", "17", '{"s": "a9"}', '["a9", 7, null, "\\"><b>"]'])
def test_nonsense_in_the_storage_breaks_nothing(page, fair, kept):
    page.goto(PROGRAMME)
    page.evaluate("kept => localStorage.setItem('agenda-fair', kept)", kept)

    page.goto(PROGRAMME)
    star(page, "Talk B10").check()
    open_my_programme(page)

    assert titles(page)[-1] == "Talk B10"


@pytest.mark.parametrize("address", [PROGRAMME, f"{PROGRAMME}?view=rooms", f"{AGENDA}?s=a9&s=dinner", AGENDA])
def test_the_words_are_the_same_with_and_without_script(page, without_script, fair, address):
    texts = []
    for each in (page, without_script):
        each.goto(address)
        texts.append(each.locator("body").inner_text())

    assert texts[0] == texts[1]


def test_the_address_is_copied_at_a_click(page, fair):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{AGENDA}?s=a9&s=dinner")

    page.get_by_role("button", name="Copy the address").click()

    tools = page.get_by_role("region", name="Keep it, share it")
    expect(tools.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()").endswith(f"{AGENDA}?s=a9&s=dinner")


# --- Keys and fingers -------------------------------------------------------------------------------------------------


def test_with_the_keyboard_alone_every_star_is_reached_seen_and_filled(page, fair):
    page.set_viewport_size({"width": 390, "height": 700})
    page.emulate_media(reduced_motion="reduce")  # the page does not glide while it is looked at
    page.goto(PROGRAMME)
    star(page, "Talk A9").focus()

    reached, hidden = [], []
    while True:
        focused = page.evaluate(SEE_THE_FOCUS)
        hidden += [focused] if not focused["is_seen"] else []
        if focused["name"] == "button":
            break
        if focused["value"]:
            reached.append(focused["value"])
            page.keyboard.press("Space")
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert hidden == []
    assert reached == [f"{hall}{hour}" for hour in range(9, 15) for hall in "abc"] + ["dinner"]
    expect(page.get_by_role("heading", name="19 sessions chosen")).to_be_visible()


SEE_THE_FOCUS = """() => {
  const focused = document.activeElement;
  const { left, right, top, bottom } = focused.getBoundingClientRect();
  const above = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  return {
    name: focused.localName,
    value: focused.name === "s" ? focused.value : "",
    is_seen: focused.contains(above) || (above && above.closest("label, a") === focused.closest("label, a")),
  };
}"""


def test_the_stars_and_the_ways_through_the_programme_are_big_enough_for_a_finger(page, fair):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(PROGRAMME)

    sizes = page.locator(".programme-nav a, [name=s], .agenda-form button").evaluate_all(
        "targets => targets.map(each => each.getBoundingClientRect()).map(({width, height}) => Math.min(width, height))"
    )

    assert len(sizes) == 2 + 2 + 19 + 1
    assert min(sizes) >= 44


def test_a_filled_star_differs_by_more_than_colour(page, fair):
    page.goto(PROGRAMME)
    star(page, "Talk A9").check()

    fills = [
        star(page, title).locator("xpath=../*[name()='svg']").evaluate("drawing => getComputedStyle(drawing).fill")
        for title in ("Talk A9", "Talk B9")
    ]

    assert (fills[0] == "none", fills[1]) == (False, "none")


def test_the_table_scrolls_by_itself_with_its_times_in_place(page, fair):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{PROGRAMME}?view=rooms")
    region = page.get_by_role("region", name="By room: 20 May 2027")
    before = region.locator("tbody th").first.bounding_box()

    region.focus()
    for _press in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)  # it glides

    assert region.evaluate("region => region.scrollLeft") > 20
    assert region.locator("tbody th").first.bounding_box()["x"] == before["x"]
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_fit_every_width(page, fair, language):
    fair.sessions.filter(slug="a9").update(title_en="Pneumonoultramicroscopicsilicovolcanoconiosis" * 2)

    misfits = {}
    for address in (PROGRAMME, f"{PROGRAMME}?view=rooms", f"{AGENDA}?s=a9&s=b9&s=dinner", AGENDA):
        page.goto(address.replace("/en/", f"/{language}/"))
        for width in (320, 390, 820, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if overflow:
                misfits[address, width] = overflow

    assert misfits == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_programme_with_times_and_rooms(chromium, live_server, fair, scheme):
    fair.sessions.filter(slug="a9").update(status="cancelled")
    fair.sessions.filter(slug="b9").update(status="moved", title_en="")
    page = chromium.new_page(base_url=live_server.url, color_scheme=scheme, bypass_csp=True)

    findings = {}
    for address in (f"{PROGRAMME}?s=b9", f"{PROGRAMME}?view=rooms", f"{AGENDA}?s=a9&s=a10&s=b10&s=gone", AGENDA):
        for width in (390, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(address)
            violations = [(each["id"], each["nodes"][0]["html"]) for each in Axe().run(page).response["violations"]]
            if violations:
                findings[address, width] = violations
    page.close()

    assert findings == {}


# --- On paper ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [PROGRAMME, f"{PROGRAMME}?view=rooms", f"{AGENDA}?s=a9&s=b9&s=dinner"])
def test_on_paper_there_is_the_programme_and_nothing_to_press(page, fair, address):
    page.goto(address)
    page.emulate_media(media="print")

    pressed = page.locator("nav, button, input, label, [type=submit], .now-next, .site-footer")
    assert [each for each in pressed.all() if each.is_visible()] == []
    for words in ("Kelp Fair", "20 May 2027 – 21 May 2027", "Glass Hall", "Printed from"):
        expect(page.get_by_text(words).first).to_be_visible()
    expect(page.get_by_role("link", name="Talk A9")).to_be_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")
