"""Ordering the programme at the staff desk: by dragging, and by the keyboard."""

import pytest

from tests.browser.test_editor_walk import log_in
from tests.factories import conference, session

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(page, admin_user):
    """The programme of a fair with three posters without times and an opening with one."""
    fair = conference(starts_on="2024-11-15", published_at=None)
    session(conference=fair, slug="opening", title_en="Opening", day="2024-11-15", starts_at="09:00")
    for position, slug in enumerate(["kelp", "algae", "moss"]):
        session(conference=fair, slug=slug, title_en=slug.title(), day="2024-11-15", position=position)
    page.set_viewport_size({"width": 1500, "height": 1400})
    log_in(page)
    page.goto(f"/admin/events/conference/{fair.pk}/programme/")
    page.fair = fair
    return page


def shown(desk):
    return desk.locator("[data-group] .programme-session > a").all_inner_texts()


def saved(desk):
    desk.get_by_role("button", name="Save", exact=True).click()
    desk.get_by_text("saved.").wait_for()
    return [each.title for each in desk.fair.sessions.in_programme_order()]


def told(desk):
    return desk.get_by_role("status").inner_text()


def test_a_row_is_dragged_among_its_like_and_saved(desk):
    grips = desk.locator(".programme-grip")
    start, end = grips.nth(2).bounding_box(), grips.nth(0).bounding_box()

    desk.mouse.move(start["x"] + 5, start["y"] + 5)
    desk.mouse.down()
    desk.mouse.move(end["x"] + 5, end["y"] - 5, steps=12)
    desk.mouse.up()

    assert (shown(desk), told(desk)) == (["Moss", "Kelp", "Algae"], "Moved to 1 of 3. Not saved yet.")
    assert saved(desk) == ["Opening", "Moss", "Kelp", "Algae"]


def test_a_row_is_moved_by_the_keyboard_and_keeps_the_focus(desk):
    desk.get_by_role("button", name="Drag “Kelp”").focus()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowDown")
    moved = (shown(desk), told(desk))
    desk.keyboard.press("ArrowDown")
    at_the_edge = told(desk)
    desk.get_by_role("button", name="Move “Moss” up").press("Enter")
    focused = desk.evaluate("document.activeElement.getAttribute('aria-label')")

    assert moved == (["Algae", "Moss", "Kelp"], "Moved to 3 of 3. Not saved yet.")
    assert at_the_edge == "It stands there already."
    assert focused == "Move “Moss” up"
    assert saved(desk) == ["Opening", "Moss", "Algae", "Kelp"]
