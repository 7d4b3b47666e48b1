"""A feed as a browser shows it: a page that can be read, with links that lead on."""

import pytest

from tests.factories import announcement

pytestmark = pytest.mark.browser


def test_a_feed_reads_as_a_page_and_its_links_lead_to_the_site(page):
    announcement(slug="kelp", title_en="Kelp", body_en="<h2>Why</h2><p>On <em>kelp</em>.</p>")

    page.goto("/en/news/feed.atom")

    assert page.evaluate("getComputedStyle(document.querySelector('entry > title')).display") == "block"
    assert page.evaluate("getComputedStyle(document.querySelector('entry > id')).display") == "none"
    assert page.get_by_text("This is a feed").is_visible()
    assert page.get_by_role("link", name="Read it on").get_attribute("href").endswith("/en/news/kelp/")
    assert page.locator("entry em").inner_text() == "kelp"
