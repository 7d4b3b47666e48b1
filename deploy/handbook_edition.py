"""The tasks of the handbook about a next edition: copying, the programme, photographs, sheets, publishing many."""

import io

from handbook_desk import HEIGHT, NEXT, WIDTH, open_record, task
from PIL import Image, ImageDraw

from portal.palette import LAKE_300, LAKE_700, LAKE_950, MOON

EDITION = (f"{NEXT} Meilan Lake Biopharma Innovation Conference", f"{NEXT}美兰湖生物医药产业创新大会")


# --- The next edition -------------------------------------------------------------------------------------------------


@task
def copy_a_conference(desk):
    open_record(desk, "conference", "meilan-lake-2024")
    desk.follow("Copy as the next edition")
    desk.fill(
        title_en=EDITION[0],
        title_zh_hans=EDITION[1],
        slug=f"meilan-lake-{NEXT}",
        starts_on=f"{NEXT}-11-12",
    )
    desk.take("copy", ".copy-form")
    desk.press("Show what will be created")
    desk.take("copy-plan", "#content-main > section", tallest=640)
    desk.press("Create these drafts")


@task
def edit_the_programme(desk):
    desk.follow("Edit the programme")
    desk.page.set_viewport_size({"width": 1440, "height": 900})  # what it needs beside the list of records
    opening, biology, manufacturing = (
        desk.row_of(desk.either(*titles))
        for titles in (("Opening", "开幕"), ("synthetic biology", "合成生物学"), ("advanced manufacturing", "先进制造"))
    )
    for row, starts, ends in (
        (opening, "09:00", "09:30"),
        (biology, "10:00", "11:30"),
        (manufacturing, "11:00", "12:00"),
    ):
        place = {"room_en": "Lake Hall", "room_zh_hans": "湖厅"}
        desk.fill_row(row, day=f"{NEXT}-11-12", starts_at=starts, ends_at=ends, **place)
    desk.press("Save")
    desk.take("programme", ".messagelist", f".programme-row:has([name='{manufacturing}day'])")
    for row in (biology, manufacturing):
        desk.page.locator(f".programme-row:has([name='{row}day']) [name=session]").check()
    desk.fill(minutes="30")
    desk.click("[name=_shift]")
    desk.take("shift-plan", "#content-main")
    desk.click("[name=_confirm]")
    desk.click(".programme-row [value$=' down']")
    desk.take("order-row", ".programme-row:has([value$=' down'])", ".programme-row:has([value$=' down']) + *")
    desk.press("Save")
    desk.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})


# --- Pictures ---------------------------------------------------------------------------------------------------------

ALT = {"alt_en": "A drawing: a circle above two waves", "alt_zh_hans": "图画：两道波浪上方的圆"}


@task
def add_a_photograph(desk):
    desk.open("/admin/")
    desk.follow("Add", within=".model-photo")
    desk.find(".field-conference", desk.either(*EDITION))
    desk.field("image").set_input_files({"name": "drawing.png", "mimeType": "image/png", "buffer": drawing()})
    desk.fill(**ALT, credit="Example office")
    desk.press("Save and continue editing")
    picture = desk.page.locator(".focal-point").bounding_box()
    moon = {"x": 0.36 * picture["width"], "y": 0.29 * picture["height"]}
    desk.page.locator(".focal-point").click(position=moon)
    desk.take("focal-point", ".field-image", ".field-alt_en", mark=".focal-point", tallest=900)
    desk.press("Save as draft")


def drawing() -> bytes:
    """A picture that shows nothing real."""
    image = Image.new("RGB", (1200, 800), LAKE_950)
    draw = ImageDraw.Draw(image)
    draw.ellipse((300, 100, 560, 360), fill=MOON)
    draw.ellipse((-300, 480, 900, 1400), fill=LAKE_700)
    draw.ellipse((500, 560, 1700, 1500), fill=LAKE_300)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


# --- Sheets -----------------------------------------------------------------------------------------------------------


@task
def import_a_sheet(desk):
    from tests.sheets import exampleland_companies, xlsx_file

    desk.open("/admin/companies/organization/")
    desk.take("sheets", "#content h1", ".object-tools", mark=".object-tools a[href$='/import/']")
    desk.follow("Import")
    for name, wrong in (("import-errors", 3), ("import-difference", 0)):
        sheet = {"name": "companies.xlsx", "mimeType": "", "buffer": xlsx_file(*exampleland_companies(wrong=wrong))}
        desk.field("sheet").set_input_files(sheet)
        desk.press("Show what would change")
        desk.take(name, "#content section", "#content section:nth-of-type(2)", tallest=560)
    desk.click("form:has([name=ticket]) button")


@task
def publish_many(desk):
    desk.open("/admin/companies/organization/?q=Exampleland&publication=draft")
    for row in range(3):
        desk.page.locator(".action-select").nth(row).check()
    desk.fill(action="publish_now")
    desk.take(
        "publish-many", "#changelist-form .actions", ".results", mark="#changelist-form .actions button", tallest=330
    )
    desk.click("#changelist-form .actions button")
    desk.take("skipped", ".messagelist", "#content h1")
