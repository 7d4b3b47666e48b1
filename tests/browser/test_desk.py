"""The staff desk as editors see it: every list and every form, and one page of every other kind, in both languages and
both themes, on a phone and on a wide screen."""

from itertools import cycle

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib import admin
from django.core.management import call_command
from django.urls import NoReverseMatch, reverse
from playwright.sync_api import expect

from events.models import Conference
from tests.browser.moving import follow
from tests.browser.test_editor_walk import log_in
from tests.browser.test_pages import QUICKLY
from tests.factories import enquiry

pytestmark = pytest.mark.browser

# Django offers these for every model; of all other kinds of pages one of each is seen.
OF_EVERY_MODEL = ("changelist", "change")
LOOKS = [("en", "light", 1440), ("zh-hans", "dark", 390), ("en", "dark", 390), ("zh-hans", "light", 1440)]
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def desk(chromium, live_server, transactional_db, admin_user):
    """A page of an administrator."""
    context = chromium.new_context(base_url=live_server.url, timezone_id="Asia/Shanghai")
    page = context.new_page()
    log_in(page)
    yield page
    context.close()


def addresses(client):
    """Those of the pages; found in the admin itself, so that what is added is looked at too."""
    kinds = set()
    models = sorted(admin.site._registry, key=lambda model: model is not Conference)
    for model in models:
        record, prefix = model._default_manager.first(), f"{model._meta.app_label}_{model._meta.model_name}_"
        for pattern in admin.site._registry[model].get_urls():
            kind = (pattern.name or "").removeprefix(prefix)
            if kind in kinds and kind not in OF_EVERY_MODEL:
                continue
            if address := address_of_a_page(client, pattern.name, record):
                kinds.add(kind)
                yield address
    for pattern in admin.site.get_urls():
        if address := address_of_a_page(client, getattr(pattern, "name", None), None):
            yield address
    yield f"{reverse('admin:events_agreement_changelist')}?q=xyzzy"


def address_of_a_page(client, name, record):
    """The address under `name` if it answers with a page, be it a broken one; some are downloads, or show nothing."""
    for arguments in ([], [record and record.pk]):
        try:
            address = reverse(f"admin:{name}", args=arguments)
        except NoReverseMatch:
            continue
        answer = client.get(address)
        if answer.status_code in (200, 500) and answer["Content-Type"].startswith("text/html"):
            return address
    return None


def test_every_page_is_accessible_fits_and_keeps_the_policy(desk, admin_client):
    call_command("loaddata", "district", "meilan_lake", verbosity=0)
    enquiry()
    admin_client.raise_request_exception = False
    complaints, problems = [], {}
    desk.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    desk.on("pageerror", lambda error: complaints.append(str(error)))

    for address, (language, scheme, width) in zip(addresses(admin_client), cycle(LOOKS)):
        desk.context.add_cookies([{"name": "django_language", "value": language, "url": desk.url}])
        desk.emulate_media(color_scheme=scheme)
        desk.set_viewport_size({"width": width, "height": 900})
        desk.goto(address)
        said = complaints[:]  # what follows is said of the styles that axe brings
        found = [
            (each["id"], each["nodes"][0]["html"]) for each in Axe().run(desk, options=QUICKLY).response["violations"]
        ]
        desk.set_viewport_size({"width": 390, "height": 900})
        if said or found or desk.evaluate(TOO_WIDE):
            problems[address, language, scheme, width] = said, found, desk.evaluate(TOO_WIDE)
        complaints.clear()

    assert problems == {}


def test_what_scripts_draw_has_a_name_and_can_be_read_in_the_dark(desk):
    desk.emulate_media(color_scheme="dark")
    desk.goto(reverse("admin:events_session_add"))
    drawn = {
        "search": (".field-conference [role=combobox]", "Escape"),
        "calendar": (".field-day .date-icon", "Escape"),
        "clock": (".field-starts_at .clock-icon", "Escape"),
    }

    problems = {}
    for name, (opener, key) in drawn.items():
        desk.locator(opener).first.click()
        desk.wait_for_timeout(500)
        problems[name] = [each["id"] for each in Axe().run(desk, options=QUICKLY).response["violations"]]
        desk.keyboard.press(key)

    assert problems == {"search": [], "calendar": [], "clock": []}


def test_an_editor_chooses_the_language_of_the_desk_and_stays_where_they_are(desk):
    desk.goto(f"{reverse('admin:events_agreement_changelist')}?q=cansino")

    follow(desk, desk.get_by_role("button", name="简体中文"))

    assert desk.url.endswith("?q=cansino")
    expect(desk.get_by_role("button", name="English")).to_be_visible()
    expect(desk.locator("html")).to_have_attribute("lang", "zh-hans")
