"""The first tasks of the handbook: signing in, and a record from its source to its history."""

import re
from base64 import b32decode

from django_otp.oath import totp
from handbook_desk import NEXT, PASSWORD, open_record, task

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
    desk.click("#content section.desk-card button")
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
