"""A real Chromium: the one of the system, headless and silent. Where there is none the tests are skipped and say so;
`REQUIRE_BROWSER=1` makes that a failure. `EVERY_LOOK=1` looks at every page and state in every look; without it each is
seen in some, and each look on many."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs an event loop in the thread of the tests

EVERY_LOOK = os.environ.get("EVERY_LOOK") == "1"
NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium():
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        reason = f"NO BROWSER: none of {', '.join(NAMES)} is installed, so nothing was seen in a browser"
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip)(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium, transactional_db, live_server):
    """A page of a visitor in Shanghai who reads English; addresses are relative to the site. It has no errors."""
    context = chromium.new_context(base_url=live_server.url, locale="en", timezone_id="Asia/Shanghai")
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert errors == []
