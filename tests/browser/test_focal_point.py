"""Choosing the focal point on the picture, at the staff desk."""

import pytest
from playwright.sync_api import expect

from events.models import Photo
from tests.browser.moving import follow
from tests.browser.test_editor_walk import log_in
from tests.factories import photo, picture

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(page, admin_user):
    """The form of a photograph of 800 by 400 pixels."""
    shown = photo(image=picture(size=(800, 400)), published_at=None)
    log_in(page)
    page.goto(f"/admin/events/photo/{shown.pk}/change/")
    return page


def numbers(desk):
    return [int(desk.locator(f"#id_image_focus_{axis}").input_value()) for axis in "xy"]


def mark(desk):
    """Where the mark stands on the picture, in percent."""
    return desk.locator(".focal-point").evaluate(
        """picture => {
            const [box, mark] = [picture, picture.lastElementChild].map((each) => each.getBoundingClientRect());
            const [x, y] = [mark.x + mark.width / 2 - box.x, mark.y + mark.height / 2 - box.y];
            return [Math.round(x / box.width * 100), Math.round(y / box.height * 100)];
        }"""
    )


def test_a_click_on_the_picture_is_the_focal_point(desk):
    box = desk.locator(".focal-point").bounding_box()

    desk.locator(".focal-point").click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.75})
    desk.get_by_role("button", name="Save as draft", exact=True).click()
    expect(desk.get_by_text("Only staff see it.")).to_be_visible()

    stored = Photo.objects.get()
    assert (stored.image_focus_x, stored.image_focus_y) == (25, 75)


def test_the_mark_follows_the_numbers_and_the_arrow_keys(desk):
    desk.locator("#id_image_focus_x").fill("99")
    desk.locator("#id_image_focus_y").fill("10")
    written = mark(desk)

    desk.locator(".focal-point").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowLeft"):
        desk.keyboard.press(key)

    assert (written, numbers(desk), mark(desk)) == ([99, 10], [99, 11], [99, 11])


def test_a_new_file_begins_in_the_middle(desk, tmp_path):
    desk.locator("#id_image_focus_x").fill("10")
    new = tmp_path / "stage.png"
    new.write_bytes(picture().read())

    desk.locator("#id_image").set_input_files(new)

    assert (numbers(desk), desk.locator(".focal-point").is_visible()) == ([50, 50], False)


def test_without_javascript_the_picture_is_shown_and_the_numbers_are_written(chromium, live_server, admin_user):
    shown = photo(published_at=None)
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    log_in(page)
    page.goto(f"/admin/events/photo/{shown.pk}/change/")

    page.locator("#id_image_focus_x").fill("30")
    follow(page, page.get_by_role("button", name="Save as draft", exact=True))

    shown.refresh_from_db()
    assert shown.image_focus_x == 30
    context.close()
