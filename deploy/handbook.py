"""`make handbook`: walks through every task of docs/editing.md as a member of staff would, and takes its pictures.

In English and again in Chinese, each on a scratch copy of the portal with its fixtures. What the fixtures do not have
is invented and says so: Exampleland is no place, and the next edition is a draft of the scratch copy alone. A step that
no longer works ends the walk; words in bold that the desk does not say, and pictures that nobody takes or shows, are
named at the end. `--check` keeps no picture. Needs Chromium.
"""

import io
import os
import re
import shutil
import sys
import tempfile
from base64 import b32decode
from datetime import date
from pathlib import Path

import django
from babel.messages.pofile import read_po
from django.db import connection
from django_otp.oath import totp
from handbook_desk import HEIGHT, WIDTH, Desk, chromium
from PIL import Image, ImageDraw
from playwright.sync_api import Error
from scratch_server import ROOT, prepared, serving

sys.path.insert(0, str(ROOT))

from portal.palette import LAKE_300, LAKE_700, LAKE_950, MOON

LANGUAGES = {"en": "English", "zh-hans": "中文"}
HANDBOOK = ROOT / "docs" / "editing.md"
PICTURES = ROOT / "docs" / "screenshots" / "editing"
PASSWORD = "for this walk and gone after it"  # noqa: S105
NEXT = date.today().year + 1  # of the next edition

TASKS = []


def task(function):
    TASKS.append(function)
    return function


# --- Signing in -------------------------------------------------------------------------------------------------------


@task
def sign_in(desk):
    desk.open("/admin/")
    desk.speak(desk.language)
    desk.fill(username="publisher", password=PASSWORD)
    desk.take("sign-in", "#header", ".submit-row")
    desk.press("Log in")
    desk.click(".desk-menu summary")
    desk.take("own-name", "#header", below=70, mark=".desk-menu a")
    desk.follow("Your account")


@task
def turn_on_the_second_factor(desk):
    desk.follow("Set it up")
    desk.take("second-factor", "#content h1", ".desk-cards", mark="[name=code]")
    secret = desk.page.locator(".sign-in-secret").inner_text()
    desk.fill(code=code_of(secret))
    desk.press("Turn it on")
    desk.read()
    desk.follow("I have kept them")
    desk.click(".desk-menu summary")
    desk.press("Log out")
    desk.open("/admin/")
    desk.fill(username="publisher", password=PASSWORD)
    desk.press("Log in")
    desk.fill(code=code_of(secret, later=30))  # each code works once
    desk.take("code", "#header", "#content p >> nth=-1")
    desk.press("Go on")


def code_of(secret, later=0) -> str:
    """What an authenticator app shows for `secret`, now or some seconds later."""
    return f"{totp(b32decode(re.sub(chr(32), '', secret)), t0=-later):06}"


# --- Records ----------------------------------------------------------------------------------------------------------

SOURCE = {
    "title_en": "Example report about Exampleland",
    "title_zh_hans": "示例国示例报告",
    "publisher_en": "Example Gazette",
    "publisher_zh_hans": "示例日报",
    "source_type": "independent_media",
    "language": "en",
    "url": "https://example.org/report",
    "published_on": "2026-05",
}
WORKS = {"name_en": "Exampleland Works", "name_zh_hans": "示例国工厂"}
SUMMARY = "An invented company of the invented region Exampleland."
SUMMARY_ZH = "虚构地区“示例国”的虚构企业。"


@task
def record_a_source(desk):
    desk.open("/admin/")
    desk.follow("Add", within=".model-source")
    desk.fill(**SOURCE)
    desk.take("source", "#source_form fieldset:nth-of-type(1)", "#source_form fieldset:nth-of-type(2)")
    desk.press("Save")


@task
def write_a_record(desk):
    desk.open("/admin/")
    desk.follow("Add", within=".model-organization")
    desk.fill(**WORKS, summary_en=SUMMARY, summary_zh_hans=SUMMARY_ZH)
    desk.take("two-languages", ".field-name_en", ".field-legal_name")
    desk.take("buttons", ".submit-row")
    desk.press("Save as draft")


@task
def be_refused(desk):
    desk.press("Publish now")
    desk.take("refused-sources", "#citations-group")


@task
def cite_and_publish(desk):
    desk.add_row("citations")
    desk.find("#citations-0 .field-source", desk.either(SOURCE["title_en"], SOURCE["title_zh_hans"]))
    desk.fill(citations__0__quote="Exampleland Works opened in May.")
    desk.take("citation", "#citations-group")
    desk.press("Publish now")


@task
def schedule_and_take_back(desk):
    desk.press("Take back to draft")
    desk.fill(published_at_0=f"{NEXT}-03-01", published_at_1="09:00")
    desk.take_apart("schedule", ".field-published_at", ".submit-row", mark="[name=_schedule]")
    desk.press("Schedule")


@task
def preview_what_is_not_public(desk):
    desk.follow("Share a preview")
    desk.press("Make a link")
    desk.take("share-preview", "#content h1", "#content form")
    desk.page.go_back()
    desk.page.go_back()
    address = desk.page.get_by_role("link", name=desk.words("View on site")).first.get_attribute("href")
    desk.open(address)
    desk.take("draft-with-ribbon", "body", tallest=420)
    desk.open("/admin/")
    desk.follow("Preview")
    desk.take("choose-moment", "#content h1", "#content .desk-card >> nth=-1")
    desk.click("#content .desk-list button")
    desk.press("End the preview")


@task
def format_a_text(desk):
    open_record(desk, "organization", "Exampleland Works")
    editor = desk.page.locator(".field-description_en [contenteditable]").first
    editor.click()
    desk.page.keyboard.type("It makes invented things.")
    desk.take("rich-text", ".field-description_en")
    desk.fill(founded_on="2026-05")
    desk.press("Save, still scheduled")


@task
def read_the_history(desk):
    open_record(desk, "organization", "Exampleland Works")
    desk.follow("History")
    desk.take("history", "#content", tallest=620)
    desk.click(".save .button")
    desk.take("go-back", "#content", tallest=620)
    desk.press("Go back to this")


def open_record(desk, model, name):
    app = "companies" if model in ("organization", "place", "indicator") else "events"
    desk.open(f"/admin/{app}/{model}/?q={name}")
    desk.click("#result_list tbody th a")


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


# --- Two people, numbers, what was deleted ----------------------------------------------------------------------------


@task
def meet_a_colleague(desk):
    open_record(desk, "organization", "Exampleland Amber Biologics Works")
    colleague = desk.somebody_else()
    colleague.open("/admin/")
    colleague.speak(desk.language)
    colleague.fill(username="editor", password=PASSWORD)
    colleague.press("Log in")
    open_record(colleague, "organization", "Exampleland Amber Biologics Works")
    colleague.fill(website="https://example.org/works")
    colleague.press("Save")
    desk.fill(website="https://example.org/amber")
    desk.press("Save as draft")
    desk.take("conflict", ".errornote", ".conflict")
    desk.press("Save as draft")


@task
def type_a_number(desk):
    desk.open("/admin/")
    desk.follow("Add", within=".model-agreement")
    desk.fill(title_en="Example agreement", title_zh_hans="示例协议")
    desk.add_row("amounts")
    desk.fill(amounts__0__currency="CNY", amounts__0__quantity_words="超过100亿元")
    desk.press("Save as draft")
    desk.take("number-read", "#amounts-group")


@task
def delete_and_restore(desk):
    desk.follow("Delete")
    desk.page.locator("#content [type=submit]").click()
    desk.follow("Recently deleted")
    desk.take("deleted", "#content h1", "#content table")
    desk.click("#content a[href$='/restore/']")
    desk.press("Restore it")


@task
def correct_what_was_public(desk):
    open_record(desk, "organization", "Exampleland Works")
    desk.add_row("corrections")
    desk.take("correction", "#corrections-group")


@task
def follow_a_project(desk):
    open_record(desk, "investmentproject", "cheerland")
    desk.take("milestones", "#milestones-group", tallest=480)
    desk.open("/admin/events/investmentproject/?review=due")
    desk.page.locator(".action-select").first.check()
    desk.fill(action="reviewed_today")
    desk.take("reviewed", "#changelist-form .actions", ".results", tallest=240)
    desk.click("#changelist-form .actions button")


# --- Enquiries --------------------------------------------------------------------------------------------------------


@task
def answer_an_enquiry(desk):
    visitor = desk.somebody_else()
    site = f"/{desk.language}"
    visitor.open(f"{site}/enquiries/?about={site}/conferences/meilan-lake-2024/")
    visitor.page.locator("[name=topic]").first.check()
    visitor.fill(message="Where can I read the programme?", name="Example Reader", email="reader@example.org")
    visitor.page.locator("[name=consent]").check()
    visitor.page.wait_for_timeout(3500)  # as long as a person takes at least
    visitor.press("Send")
    desk.open("/admin/")
    desk.follow("Add", within=".model-replytemplate")
    desk.fill(
        name="Programme",
        subject_en="Where to find the programme",
        subject_zh_hans="议程查询",
        text_en="Dear {name},\n\nthe programme of “{title}” stands on its page.\n\nKind regards,",
        text_zh_hans="{name}，您好：\n\n“{title}”的议程见会议页面。\n\n此致",
    )
    desk.press("Save")
    desk.open("/admin/events/enquiry/")
    desk.take("enquiries", "#changelist", tallest=420)
    desk.click("#result_list tbody th a")
    desk.fill(template={"label": "Programme"})
    desk.press("Fill it in")
    desk.take_apart("answer", "fieldset:has([name=answer])", ".submit-row", mark="[name=_send]")
    desk.press("Send the answer")


@task
def look_at_what_waits(desk):
    desk.open("/admin/")
    desk.take("front-page", "#content", tallest=700)
    desk.click(".work-lines a")


# --- Running ----------------------------------------------------------------------------------------------------------


def make_people():
    from django.contrib.auth.models import Group, User

    for name, group in (("publisher", "Publishers · 发布"), ("editor", "Editors · 编辑")):
        user = User.objects.create_user(name, f"{name}@example.org", PASSWORD, is_staff=True)
        user.groups.add(Group.objects.get(name=group))


def walk(environment, language, pictures) -> Desk:
    with serving("portal.wsgi", environment) as port, chromium() as browser:
        desk = Desk(browser, f"http://127.0.0.1:{port}", language, pictures)
        for each in TASKS:
            print(f"{LANGUAGES[language]}: {each.__name__.replace('_', ' ')}", flush=True)
            try:
                each(desk)
            except Error as problem:
                seen = ROOT / "var" / "handbook.png"
                desk.page.screenshot(path=seen, full_page=True)
                sys.exit(f"This step no longer works, at {desk.page.url} (its picture: {seen}).\n{problem}")
    return desk


def complaints(desk, text):
    """What `text`, the handbook in the language of `desk`, says and the walk did not find."""
    messages = [words for message in catalog() for words in (message.id, message.string)]
    known = re.sub(r"\s+", " ", " ".join(desk.seen + [word for words in messages for word in _all(words)]))
    for words in dict.fromkeys(re.findall(r"\*\*(.+?)\*\*", text)):
        if any(part.strip() not in known for part in words.split("…")):
            yield f"the desk never says “{words}”"
    shown = set(re.findall(r"screenshots/editing/([\w-]+)\.\w+\.webp", text))
    yield from (f"nobody takes the picture {name}" for name in sorted(shown - set(desk.taken)))
    yield from (f"the picture {name} is not shown" for name in sorted(set(desk.taken) - shown))


def catalog():
    path = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def _all(words):
    return [words] if isinstance(words, str) else words or []


def main(pictures=PICTURES):
    with tempfile.TemporaryDirectory() as folder:
        environment = prepared(folder) | {"EMAIL_URL": f"filemail:///{folder}/mail"}
        os.environ.update(environment, DJANGO_SETTINGS_MODULE="portal.settings", DJANGO_ALLOW_ASYNC_UNSAFE="true")
        django.setup()
        make_people()
        connection.close()
        parts, wrong = HANDBOOK.read_text().split("\n## 中文\n"), []
        for (language, name), text in zip(LANGUAGES.items(), parts, strict=True):
            database = shutil.copy(f"{folder}/scratch.sqlite3", f"{folder}/{language}.sqlite3")
            desk = walk(environment | {"DATABASE_URL": f"sqlite:///{database}"}, language, pictures)
            wrong += [f"{name}: {complaint}." for complaint in complaints(desk, text)]
            for path in pictures.glob(f"*.{desk.ending}"):
                if path.name.removesuffix(f".{desk.ending}") not in desk.taken:
                    path.unlink()
    size = sum(path.stat().st_size for path in pictures.glob("*.webp")) / 1000
    print("\n".join([*wrong, f"{len(desk.taken)} pictures in each language, {size:.0f} kB together."]))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    if "--check" in sys.argv:
        with tempfile.TemporaryDirectory() as nowhere:
            main(Path(nowhere))
    main()
