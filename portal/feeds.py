"""Feeds: what is new, for programs that look for it (Atom, RFC 4287; JSON Feed 1.1).

A feed is put together as a `Feed` of `Entry`s and answered by `respond`. An entry has an identifier that nothing
changes and says when it last changed, as the histories of the records have it. Its content is markup that was cleaned,
well-formed and without relative addresses. Browsers show the Atom feed as a page: the style sheet is ours, and because
the content is XHTML its links work without any transformation (Chromium gives up XSLT).
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree

from django.conf import settings
from django.http import Http404
from django.template.loader import render_to_string
from django.urls import register_converter
from django.utils.cache import patch_vary_headers
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.addresses import absolute
from portal.characters import one_line, writable
from portal.conditional import answer
from portal.fields import TextIn
from portal.history.changed import LONG_AGO
from portal.languages import language_tag, versions_of
from portal.prose import as_html, text_of

NEWEST = 50  # entries of a feed
SINCE = 2026  # a part of every identifier: a year in which the host was the portal's; it never changes
CONTENT_TYPES = {"atom": "application/atom+xml; charset=utf-8", "json": "application/feed+json; charset=utf-8"}
FOR_BROWSERS = "application/xml; charset=utf-8"  # they show the other one as plain text

_FROM_THE_ROOT = re.compile(r'(\bhref=")(?=/(?!/))')


class FeedFormat:
    """`path("news/feed.<feed_format:file_format>", …)`: any other format is no such page."""

    regex = "|".join(CONTENT_TYPES)

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(FeedFormat, "feed_format")


@dataclass(frozen=True)
class Entry:
    """One thing that is new. `key` names it for good, within what kind of thing it is; `page` is the path of its page;
    `content` is safe markup."""

    key: str
    title: str
    page: str
    content: str
    published: datetime
    updated: datetime
    kind: str = ""

    @property
    def id(self) -> str:
        """A tag URI (RFC 4151), another one in each language: a translation is not the same entry."""
        host = urlsplit(settings.SITE_URL).hostname
        return f"tag:{host},{SINCE}:{language_tag(get_language())}/{self.key}"

    @property
    def url(self) -> str:
        return absolute(self.page)

    @property
    def name(self) -> str:
        return one_line(self.title)

    @property
    def tag(self) -> str:
        return one_line(self.kind)

    @property
    def language(self) -> str:
        """That of its title, where it is not the one of the feed."""
        return language_tag(self.title.language) if isinstance(self.title, TextIn) else ""

    @property
    def html(self) -> SafeString:
        """Its content as well-formed markup; text without any where that fails."""
        link = format_html('<p><a href="{}">{}</a></p>', self.url, _("Read it on %(site)s") % {"site": site_name()})
        html = (
            writable(f"{conditional_escape(self.content)}{link}").replace("<br>", "<br/>").replace("&nbsp;", "\u00a0")
        )
        html = _FROM_THE_ROOT.sub(rf"\g<1>{settings.SITE_URL}", html)
        try:
            ElementTree.fromstring(f"<div>{html}</div>")  # noqa: S314 (cleaned, and no document type)
        except ElementTree.ParseError:
            return format_html("<p>{}</p>{}", text_of(html), link)
        return SafeString(html)

    @property
    def published_at(self) -> str:
        return _moment(self.published)

    @property
    def updated_at(self) -> str:
        return _moment(max(self.updated, self.published))


@dataclass(frozen=True)
class Feed:
    """The newest of something. `page` is the path of the page that lists all of it, `address` that of the feed without
    its ending."""

    title: str
    about: str
    page: str
    address: str
    entries: list[Entry]

    @property
    def url(self) -> str:
        return absolute(f"{self.address}.atom")

    @property
    def json_url(self) -> str:
        return absolute(f"{self.address}.json")

    @property
    def page_url(self) -> str:
        return absolute(self.page)

    @property
    def name(self) -> str:
        return one_line(f"{self.title} · {site_name()}")

    @property
    def author(self) -> str:
        return one_line(settings.PUBLISHERS[get_language()] or site_name())

    @property
    def other_languages(self) -> list:
        return [version for version in versions_of(f"{self.address}.atom") if not version.is_active]

    @property
    def updated_at(self) -> str:
        return max((entry.updated_at for entry in self.entries), default=_moment(LONG_AGO))


def respond(request, feed, file_format, changed_at):
    """`feed` as "atom" or "json", as it was since `changed_at`."""
    if file_format == "json":
        return answer(json_of(feed), CONTENT_TYPES["json"], changed_at)
    if file_format != "atom":
        raise Http404("no such format")
    is_browser = "text/html" in request.headers.get("Accept", "")
    response = answer(atom_of(feed), FOR_BROWSERS if is_browser else CONTENT_TYPES["atom"], changed_at)
    patch_vary_headers(response, ["Accept"])
    return response


def atom_of(feed) -> bytes:
    context = {"feed": feed, "language_tag": language_tag(get_language()), "licence": settings.DATA_LICENCE}
    return render_to_string("portal/feed.xml", context).encode()


def json_of(feed) -> bytes:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.name,
        "home_page_url": feed.page_url,
        "feed_url": feed.json_url,
        "description": one_line(feed.about),
        "authors": [{"name": feed.author}],
        "language": language_tag(get_language()),
        "items": [_item(entry) for entry in feed.entries],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _item(entry) -> dict:
    item = {
        "id": entry.id,
        "url": entry.url,
        "title": entry.name,
        "content_html": entry.html,
        "date_published": entry.published_at,
        "date_modified": entry.updated_at,
    }
    if entry.tag:
        item["tags"] = [entry.tag]
    if entry.language:
        item["language"] = entry.language
    return item


def _moment(moment) -> str:
    return f"{moment.astimezone(LONG_AGO.tzinfo):%Y-%m-%dT%H:%M:%SZ}"


def site_name() -> str:
    return one_line(settings.SITE_NAMES[get_language()])


# --- Content ----------------------------------------------------------------------------------------------------------


def paragraphs(*texts) -> SafeString:
    """Each of `texts` that is not empty as a paragraph; they hold no markup."""
    return format_html_join("", "{}", ((_in_its_language("p", text, writable(text)),) for text in texts if text))


def prose(text) -> SafeString:
    """A stored text with markup."""
    return _in_its_language("div", text, as_html(text, headings_from=3)) if text else SafeString("")


def _in_its_language(tag, text, content) -> SafeString:
    language = language_tag(text.language) if isinstance(text, TextIn) else ""
    attributes = format_html(' lang="{0}" xml:lang="{0}"', language) if language else ""
    return format_html("<{0}{1}>{2}</{0}>", SafeString(tag), attributes, content)
