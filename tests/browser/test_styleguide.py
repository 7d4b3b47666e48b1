"""Every component in every state in a real browser: axe finds nothing, nothing runs out of the page."""

from itertools import cycle

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

from events.styleguide.catalogue import COMPONENTS
from tests.browser.conftest import EVERY_LOOK

pytestmark = pytest.mark.browser

PAGE = "/en/styleguide/"
LOOKS = [("light", 390), ("dark", 1440), ("dark", 390), ("light", 1440)]  # one after the other, to save time
QUICKLY = {"preload": False, "resultTypes": ["violations"]}  # without the style sheets, which only one rule asks for
RUNNING_OUT = """
() => [...document.querySelectorAll("main *")]
  .filter((each) => !each.closest("svg, .art, .visually-hidden, [popover]:not(:popover-open)"))
  .filter((each) => !each.parentElement.closest(".scroll-x, .region, .section-nav ul"))
  .filter((each) => each.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map((each) => each.outerHTML.slice(0, 120))
"""


@pytest.fixture
def desk(chromium, transactional_db, live_server, client, django_user_model):
    """A page of somebody of the staff. Axe brings styles of its own, which the policy of the site would refuse."""
    client.force_login(django_user_model.objects.create_user("editor", is_staff=True))
    context = chromium.new_context(base_url=live_server.url, bypass_csp=True)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    yield context.new_page()
    context.close()


def open_states(page, half):
    """Opens the contents, then every second component in its first state and in every third of the others (in all of
    them with EVERY_LOOK); yields the address of each."""
    page.goto(PAGE)
    yield ""
    addresses = "links => links.map(link => link.getAttribute('href'))"
    for component in page.eval_on_selector_all("main ol a[href^='?component=']", addresses)[half::2]:
        page.goto(PAGE + component)
        yield component
        states = page.eval_on_selector_all("main nav a[href*='&state=']:not([aria-current])", addresses)
        for state in states if EVERY_LOOK else states[::3]:
            page.goto(PAGE + state)
            yield state


@pytest.mark.parametrize("half", [0, 1])  # so that two workers share it
def test_axe_finds_nothing_in_its_states_and_no_state_runs_out_of_a_narrow_page(desk, half):
    findings, seen = {}, 0
    for address, (scheme, width) in zip(open_states(desk, half), cycle(LOOKS), strict=False):
        seen += 1
        desk.emulate_media(color_scheme=scheme)
        desk.set_viewport_size({"width": width, "height": 900})
        for each in Axe().run(desk, options=QUICKLY).response["violations"]:
            findings[address, each["id"]] = each["nodes"][0]["html"]
        desk.set_viewport_size({"width": 320, "height": 900})
        if found := desk.evaluate(RUNNING_OUT):
            findings[address, 320] = found

    assert findings == {}
    assert seen > len(COMPONENTS) // 2
