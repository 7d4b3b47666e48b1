"""Every page type in a real browser: nothing overflows, nothing is refused by the browser, axe finds nothing."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command

pytestmark = pytest.mark.browser

PAGES = [
    "",
    "conferences/",
    "conferences/meilan-lake-2024/",
    "conferences/meilan-lake-2024/programme/",
    "conferences/meilan-lake-2024/speakers/",
    "conferences/meilan-lake-2024/agreements/",
    "conferences/meilan-lake-2024/news/",
    "conferences/meilan-lake-2024/sessions/address-zhai-jinguo/",
    "speakers/chen-kaixian/",
    "agreements/",
    "agreements/sph-cansino-joint-venture/",
    "projects/sph-cansino-vaccine-plant/",
    "companies/",
    "companies/bao-pharma/",
    "district/",
    "district/north-shanghai-biopharma-park/",
    "indicators/biopharma-companies/",
    "news/",
    "news/compliance-guideline-2024/",
    "sources/",
    "sources/people-daily-online-2024-11-19/",
    "data/",
    "accessibility/",
]


@pytest.fixture
def first_dataset(transactional_db):
    call_command("loaddata", "district", "meilan_lake", verbosity=0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_axe_finds_nothing_on_any_page(chromium, live_server, first_dataset, language, scheme):
    page = chromium.new_page(color_scheme=scheme, bypass_csp=True)  # axe brings styles of its own

    findings = {}
    for path in PAGES:
        for width in (390, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{live_server.url}/{language}/{path}")
            violations = [(each["id"], each["nodes"][0]["html"]) for each in Axe().run(page).response["violations"]]
            if violations:
                findings[path, width] = violations
    page.close()

    assert findings == {}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_fits_and_asks_nobody_else_for_anything(chromium, live_server, first_dataset, language):
    page = chromium.new_page()
    complaints, requests = [], []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: requests.append(request.url))

    misfits = {}
    for path in PAGES:
        response = page.goto(f"{live_server.url}/{language}/{path}")
        for width in (320, 390, 820, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if response.status != 200 or overflow:
                misfits[path, width] = (response.status, overflow)
    page.close()

    assert misfits == {}
    assert complaints == []
    assert [url for url in requests if not url.startswith(live_server.url)] == []
