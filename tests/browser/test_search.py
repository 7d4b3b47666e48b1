"""Suggestions under the search field, by keyboard and by mouse."""

import pytest

from tests import factories

pytestmark = pytest.mark.browser

OPTIONS = "[role=listbox]:not([hidden]) [role=option]"


@pytest.fixture
def lake(transactional_db):
    return factories.place(name_en="Invented lake", name_zh_hans="虚构湖")


def typed(page, words, where=".is-main"):
    field = page.locator(f"{where} input[name=q]")
    field.press_sequentially(words)
    page.wait_for_selector(OPTIONS)
    return field


def test_a_suggestion_is_chosen_with_the_arrows(page, lake):
    page.goto("/en/search/")
    field = typed(page, "inven")

    before = field.get_attribute("aria-activedescendant")
    field.press("ArrowDown")
    option = page.locator(OPTIONS)

    assert before is None
    assert field.get_attribute("aria-expanded") == "true"
    assert field.get_attribute("aria-activedescendant") == option.get_attribute("id")
    assert (option.inner_text().split("\n")[0], option.get_attribute("aria-selected")) == ("Invented lake", "true")

    field.press("Enter")
    page.wait_for_url(f"**{lake.get_absolute_url()}")


def test_escape_closes_the_list_and_enter_still_searches(page, lake):
    page.goto("/en/search/")
    field = typed(page, "inven")

    field.press("Escape")
    closed = (page.locator(OPTIONS).count(), field.get_attribute("aria-expanded"), field.input_value())
    field.press("Enter")
    page.wait_for_url("**/en/search/?q=inven")

    assert closed == (0, "false", "inven")


def test_the_field_in_the_head_of_a_page_suggests_too(page, lake):
    page.goto("/zh-hans/data/")
    typed(page, "xugouhu", where=".site-header")

    page.locator(OPTIONS).click()
    page.wait_for_url(f"**/zh-hans/district/{lake.slug}/")
