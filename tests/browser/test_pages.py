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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("width", [390, 1440])
def test_every_page_is_accessible_and_fits(chromium, transactional_db, live_server, language, scheme, width):
    call_command("loaddata", "district", "meilan_lake", verbosity=0)
    page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    complaints, requests = [], []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: requests.append(request.url))

    findings = {}
    for path in PAGES:
        response = page.goto(f"{live_server.url}/{language}/{path}")
        page.set_viewport_size({"width": 320, "height": 900})
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        page.set_viewport_size({"width": width, "height": 900})
        violations = [(each["id"], each["nodes"][0]["html"]) for each in Axe().run(page).response["violations"]]
        if (response.status, overflow, violations) != (200, 0, []):
            findings[path] = (response.status, overflow, violations)
    page.close()

    assert findings == {}
    assert complaints == []
    assert [url for url in requests if not url.startswith(live_server.url)] == []
