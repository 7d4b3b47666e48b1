"""The tasks of the handbook that people share: two in one form, what was deleted, corrected, promised, asked."""

from handbook_desk import PASSWORD, open_record, task

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
