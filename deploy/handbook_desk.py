"""Somebody at the staff desk, in a browser: clicks, types, and takes the pictures of the handbook.

Whatever they press is named by the words on the screen, in the language of the desk. A page that fails, and a script
that complains, ends the walk.
"""

import io
import shutil
import sys
from contextlib import contextmanager
from datetime import date
from html import unescape

from PIL import Image, ImageDraw
from playwright.sync_api import sync_playwright

ARGUMENTS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
PASSWORD = "for this walk and gone after it"  # noqa: S105
NEXT = date.today().year + 1  # of the next edition
WIDTH, HEIGHT = 1180, 900
SCALE = 1.25  # pixels of a picture for each of the page: Chinese stays readable
AROUND = 10  # pixels of the page around what a picture shows
TALLEST = 760
MARK = "#c2410c"
QUALITY = 68
BOX = """part => {
  const box = part.getBoundingClientRect();
  return {x: box.x + scrollX, y: box.y + scrollY, width: box.width, height: box.height};
}"""


@contextmanager
def chromium():
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        sys.exit("The handbook needs Chromium, and there is none here.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


class Desk:
    """A browser of its own at `site`, whose words are those of `language`; its pictures go to `folder`."""

    def __init__(self, browser, site, language, folder):
        self.browser, self.site, self.language, self.folder = browser, site, language, folder
        self.taken, self.seen, self.complaints = [], [], []
        view = {"width": WIDTH, "height": HEIGHT}
        context = browser.new_context(
            base_url=site,
            viewport=view,
            device_scale_factor=SCALE,
            timezone_id="Asia/Shanghai",
            locale="en",
        )
        context.set_default_timeout(20_000)
        self.page = context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))
        self.page.on("response", self._hear)

    def _hear(self, response):
        if response.status >= 500:
            self.complaints.append(f"{response.status} {response.url}")

    @property
    def ending(self) -> str:
        return f"{self.language.partition('-')[0]}.webp"

    def words(self, text) -> str:
        """`text`, an English one of the interface, as the desk shows it."""
        from django.utils.translation import gettext, override

        with override(self.language):
            return gettext(text)

    # --- What people do ---

    def open(self, address):
        self.page.goto(address)
        self.read()

    def follow(self, text, within="body"):
        self._press("link", text, within)

    def press(self, text, within="body"):
        self._press("button", text, within)

    def _press(self, role, text, within):
        self.click(self.page.locator(within).get_by_role(role, name=self.words(text), exact=True))

    def click(self, part):
        """Clicks on the first `part` (a selector) that there is."""
        part = self.page.locator(part) if isinstance(part, str) else part
        part.first.click()
        self.page.wait_for_load_state()
        self.read()

    def fill(self, **values):
        """Types into the fields with these names; rows are `citations-0-quote`, written with two underscores."""
        for name, value in values.items():
            field = self.field(name)
            is_choice = field.evaluate("field => field.tagName == 'SELECT'")
            field.select_option(**value if isinstance(value, dict) else {"value": value}) if is_choice else field.fill(
                value
            )

    def fill_row(self, prefix, **values):
        self.fill(**{f"{prefix}{name}": value for name, value in values.items()})

    def either(self, english, chinese) -> str:
        """What a record is called in the language of the desk."""
        return english if self.language == "en" else chinese

    def field(self, name):
        return self.page.locator(":is(input, select, textarea)").and_(
            self.page.locator(f"[name='{name.replace('__', '-')}']")
        )

    def find(self, row, text):
        """Types `text` into the search field of a related record and takes the first answer."""
        self.page.locator(row).get_by_role("combobox").first.click()
        self.page.get_by_role("searchbox").last.fill(text)
        self.page.locator(".select2-results__option", has_text=text).first.click()

    def add_row(self, rows):
        self.page.locator(f"#{rows}-group .add-row a, #{rows}-group .add-row button").first.click()

    def speak(self, language):
        """Chooses the language of the desk, as people do."""
        button = self.page.locator(f".language-switch [value='{language}']")
        if button.count():
            button.first.click()
            self.page.wait_for_load_state()

    def read(self):
        """Remembers every word of the page, for the check of the handbook."""
        if self.complaints:
            sys.exit("A page failed: " + "; ".join(self.complaints))
        self.seen.append(unescape(self.page.content()))

    def row_of(self, title) -> str:
        """The prefix of the fields in the row of the programme with this title in the language of the desk."""
        version = self.page.locator(".programme-row", has_text=title).first.locator("[name$='-version']")
        return version.get_attribute("name").removesuffix("version")

    def somebody_else(self) -> "Desk":
        """Another person at the same portal, in another browser."""
        return Desk(self.browser, self.site, self.language, self.folder)

    # --- Pictures ---

    def take(self, name, *parts, mark=None, below=0, tallest=TALLEST):
        """Takes the picture `name` of `parts` (selectors) and what lies between them, with a frame around `mark`."""
        self.page.wait_for_timeout(250)  # fonts, and pictures that fade in
        self.read()
        self._keep(name, self._picture(parts, mark, below, tallest))

    def take_apart(self, name, *parts, mark=None):
        """The same of `parts` that stand far from one another, without what lies between them."""
        images = [self._picture([part], mark) for part in parts]
        whole = Image.new("RGB", (max(image.width for image in images), sum(image.height for image in images)), "white")
        top = 0
        for image in images:
            whole.paste(image, (0, top))
            top += image.height
        self._keep(name, whole)

    def _keep(self, name, image):
        image.save(self.folder / f"{name}.{self.ending}", quality=QUALITY, method=6)
        self.taken.append(name)

    def _picture(self, parts, mark, below=0, tallest=TALLEST):
        boxes = [self._box(part) for part in parts]
        x = max(min(box["x"] for box in boxes) - AROUND, 0)
        y = max(min(box["y"] for box in boxes) - AROUND, 0)
        right = min(max(box["x"] + box["width"] for box in boxes) + AROUND, self.page.viewport_size["width"])
        bottom = max(box["y"] + box["height"] for box in boxes) + AROUND + below
        clip = {"x": x, "y": y, "width": right - x, "height": min(bottom - y, tallest)}
        image = Image.open(io.BytesIO(self.page.screenshot(full_page=True, clip=clip, animations="disabled")))
        image = image.convert("RGB")
        if mark is not None:
            self._draw_mark(image, self._box(mark), clip)
        return image

    def _box(self, part):
        """Where a part stands on the whole page."""
        part = self.page.locator(part).first if isinstance(part, str) else part.first
        part.wait_for()
        return part.evaluate(BOX)

    @staticmethod
    def _draw_mark(image, box, clip):
        left, top = (box["x"] - clip["x"] - 4) * SCALE, (box["y"] - clip["y"] - 4) * SCALE
        right, bottom = left + (box["width"] + 8) * SCALE, top + (box["height"] + 8) * SCALE
        ImageDraw.Draw(image).rounded_rectangle((left, top, right, bottom), radius=8, outline=MARK, width=3)


# --- Tasks ------------------------------------------------------------------------------------------------------------

TASKS = []  # in the order of the handbook, which is that in which their modules are imported


def task(function):
    TASKS.append(function)
    return function


def open_record(desk, model, name):
    app = "companies" if model in ("organization", "place", "indicator") else "events"
    desk.open(f"/admin/{app}/{model}/?q={name}")
    desk.click("#result_list tbody th a")
