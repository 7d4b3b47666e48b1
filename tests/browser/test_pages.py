"""Every page type in a real browser: nothing overflows, nothing is refused by the browser, axe finds nothing, a
keyboard reaches everything, and a script adds nothing that one could not read without it.

A picture of every page in each language is left in var/screenshots/, for a person to look at.
"""

import re
from collections import namedtuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.management import call_command

from tests.browser.conftest import EVERY_LOOK

pytestmark = pytest.mark.browser

PICTURES = settings.BASE_DIR / "var" / "screenshots"
PAGES = [
    "",
    "conferences/",
    "conferences/meilan-lake-2024/",
    "conferences/meilan-lake-2024/programme/",
    "conferences/meilan-lake-2024/agenda/?s=opening&s=address-zhai-jinguo",
    "conferences/meilan-lake-2024/speakers/",
    "conferences/meilan-lake-2024/agreements/",
    "conferences/meilan-lake-2024/news/",
    "conferences/meilan-lake-2024/documents/",
    "conferences/meilan-lake-2024/photos/",
    "conferences/meilan-lake-2024/sessions/address-zhai-jinguo/",
    "speakers/chen-kaixian/",
    "agreements/",
    "agreements/?year=2024",
    "agreements/sph-cansino-joint-venture/",
    "projects/",
    "projects/sph-cansino-vaccine-plant/",
    "promises/",
    "companies/",
    "companies/?view=table",
    "companies/bao-pharma/",
    "district/",
    "district/north-shanghai-biopharma-park/",
    "indicators/biopharma-companies/",
    "news/",
    "news/compliance-guideline-2024/",
    "documents/",
    "search/",
    "search/?q=bao",
    "search/?q=xyzzy",
    "sources/",
    "sources/people-daily-online-2024-11-19/",
    "data/",
    "accessibility/",
    "privacy/",
    "enquiries/",
    "enquiries/?about=/en/conferences/meilan-lake-2024/",
    "no-such-page/",
]
LANGUAGES = ["en", "zh-hans"]
Look = namedtuple("Look", ["scheme", "width"])
LOOKS = {"en": Look("light", 1440), "zh-hans": Look("dark", 390)}  # of the pictures
QUICKLY = {"preload": False, "resultTypes": ["violations"]}  # the same findings in a third of the time
# The lattice in the head of a page is cut off at the edge of the window; nothing else may be.
UNCUT = """() => {
    document.querySelector("main").style.overflowX = "visible";
    document.querySelectorAll(".page-head .art").forEach((art) => art.remove());
}"""


@pytest.fixture
def first_dataset(transactional_db):
    call_command("loaddata", "district", "meilan_lake", verbosity=0)


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [("en", "light", 1440), ("en", "dark", 390), ("zh-hans", "light", 390), ("zh-hans", "dark", 1440)],
)
def test_axe_finds_nothing_on_any_page(chromium, live_server, first_dataset, language, scheme, width):
    page = chromium.new_page(color_scheme=scheme, bypass_csp=True)  # axe brings styles of its own

    findings = {}
    for path in PAGES:
        page.goto(f"{live_server.url}/{language}/{path}")
        for each_width in (390, 1440) if EVERY_LOOK else (width,):
            page.set_viewport_size({"width": each_width, "height": 900})
            violations = [
                (each["id"], each["nodes"][0]["html"])
                for each in Axe().run(page, options=QUICKLY).response["violations"]
            ]
            if violations:
                findings[path, each_width] = violations
    page.close()

    assert findings == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_fits_and_asks_nobody_else_for_anything(chromium, live_server, first_dataset, language):
    page = chromium.new_page(color_scheme=LOOKS[language].scheme)
    complaints, requests = [], []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: requests.append(request.url))
    PICTURES.mkdir(parents=True, exist_ok=True)

    misfits = {}
    for path in PAGES:
        response = page.goto(f"{live_server.url}/{language}/{path}")
        page.set_viewport_size({"width": LOOKS[language].width, "height": 900})
        name = re.sub(r"\W+", "-", path).strip("-") or "home"
        page.screenshot(path=PICTURES / f"{name}-{language}.jpg", type="jpeg", quality=60, full_page=True)
        page.evaluate(UNCUT)
        for width in (320, 390, 820, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if response.status != (404 if path == "no-such-page/" else 200) or overflow:
                misfits[path, width] = (response.status, overflow)
    page.close()

    assert misfits == {}
    assert [text for text in complaints if "404" not in text] == []  # Chromium notes that the missing page is missing
    assert [url for url in requests if not url.startswith(live_server.url)] == []


def test_a_script_adds_nothing_that_could_not_be_read_without_it(chromium, live_server, first_dataset):
    with_script = chromium.new_page(viewport={"width": 1440, "height": 900})
    without = chromium.new_context(java_script_enabled=False, viewport={"width": 1440, "height": 900}).new_page()

    differences = {}
    for path in PAGES:
        texts = []
        for page in (with_script, without):
            page.goto(f"{live_server.url}/en/{path}")
            texts.append(page.inner_text("body"))
        if texts[0] != texts[1]:
            differences[path] = set(texts[0].splitlines()) ^ set(texts[1].splitlines())
    with_script.close()
    without.context.close()

    assert differences == {}


WALK = """() => {
    const element = document.activeElement;
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    const middle = [box.left + box.width / 2, box.top + Math.min(box.height / 2, 8)];
    const above = document.elementFromPoint(...middle);
    return {
        what: element.outerHTML.slice(0, 120),
        isPage: element === document.body,
        isOutlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        isSeen: !above || element.contains(above) || above.contains(element) || box.height === 0,
        isInView: box.bottom > 0 && box.top < innerHeight,
    };
}"""


@pytest.mark.parametrize(
    "path",
    [
        "",
        "conferences/meilan-lake-2024/",
        "conferences/meilan-lake-2024/programme/",
        "agreements/",
        "agreements/sph-cansino-joint-venture/",
        "companies/?view=table",
        "indicators/biopharma-companies/",
        "search/?q=bao",
    ],
)
def test_a_keyboard_reaches_everything_and_sees_where_it_is(chromium, live_server, first_dataset, path):
    page = chromium.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page.goto(f"{live_server.url}/en/{path}")

    stops = []
    for _ in range(400):
        page.keyboard.press("Tab")
        if (stop := page.evaluate(WALK))["isPage"]:
            break
        stops.append(stop)
    page.close()

    assert 'class="skip-link"' in stops[0]["what"]
    assert len(stops) > 15
    assert [stop["what"] for stop in stops if not (stop["isOutlined"] and stop["isSeen"] and stop["isInView"])] == []


def test_the_skip_link_leads_past_the_navigation(page, first_dataset):
    page.goto("/en/agreements/")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_visitor_chooses_the_colours_and_they_stay(chromium, live_server, first_dataset):
    context = chromium.new_context(color_scheme="light", base_url=live_server.url)
    page = context.new_page()
    page.goto("/en/")
    ground = "getComputedStyle(document.body).backgroundColor"
    switch = page.get_by_role("button", name=re.compile("^Colours"))

    names, grounds = [], []
    for _ in range(4):
        names.append(switch.get_attribute("aria-label"))
        grounds.append(page.evaluate(ground))
        switch.click()
    page.goto("/zh-hans/companies/")
    names.append(page.locator("[data-theme-switch]").get_attribute("aria-label"))
    context.close()

    assert names[:4] == ["Colours: as your device", "Colours: light", "Colours: dark", "Colours: as your device"]
    assert grounds[0] == grounds[1] == grounds[3] != grounds[2]
    assert names[4] == "颜色：浅色"


def test_colours_can_be_chosen_where_storage_is_blocked(chromium, live_server, first_dataset):
    page = chromium.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('blocked') }})")
    page.goto(f"{live_server.url}/en/")

    page.locator("[data-theme-switch]").click()

    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    assert errors == []
    page.close()


def test_nothing_moves_for_who_asked_for_less_motion(chromium, live_server, first_dataset):
    page = chromium.new_page(reduced_motion="reduce")
    page.goto(f"{live_server.url}/en/conferences/meilan-lake-2024/")

    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].filter((element) => {
            const style = getComputedStyle(element);
            return style.scrollBehavior === "smooth" || style.animationName !== "none"
                || style.transitionDuration.split(",").some((time) => parseFloat(time) > 0);
        }).length"""
    )
    page.close()

    assert moving == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_prints_as_a_clean_handout(chromium, live_server, first_dataset, language):
    page = chromium.new_page(color_scheme="dark")
    for path in ("conferences/meilan-lake-2024/programme/", "agreements/sph-cansino-joint-venture/"):
        page.goto(f"{live_server.url}/{language}/{path}")
        page.emulate_media(media="print", color_scheme="dark")

        shown = page.evaluate(
            """() => [...document.querySelectorAll("nav, button, input, .skip-link")]
                .filter((element) => element.checkVisibility({visibilityProperty: true}) && element.offsetHeight)
                .map((element) => element.outerHTML.slice(0, 80))"""
        )
        ink = page.evaluate("getComputedStyle(document.querySelector('h1')).color")

        assert shown == [], path
        assert max(map(int, re.findall(r"\d+", ink))) < 100, path
        assert page.pdf(format="A4").startswith(b"%PDF")
        page.emulate_media(media="screen")
    page.close()
