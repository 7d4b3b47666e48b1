"""Going from page to page as people do."""


def follow(page, target):
    """Click the link or button `target` and wait for the page it leads to: a click alone returns before that."""
    with page.expect_navigation():
        target.click()
