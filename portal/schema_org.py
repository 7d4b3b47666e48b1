"""What a page says to programs of what it is about: schema.org in JSON-LD, one block in its head.

An app describes its pages in its `linked_data.py`, by the names of their views (`describes`); a page that nobody
described still says its name and its place on the site. A thing has one id on every page and in every language
(`id_of`): the address of its page without the language. Nothing is said that the page does not say too, and what is
not known is left out (`node`).
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from html import unescape

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.addresses import absolute, path_of
from portal.corrections import title_of
from portal.downloads.responses import CONTENT_TYPES
from portal.fields import TextIn
from portal.introductions import shortened
from portal.languages import language_tag, without_language
from portal.partial_dates import PartialDate
from portal.prose import in_plain_words

LONGEST_DESCRIPTION = 300
LANGUAGE_TAGS = [language_tag(code) for code, _name in settings.LANGUAGES]

# --- Things -----------------------------------------------------------------------------------------------------------


def node(kind, thing_id=None, **properties) -> dict:
    """A thing of the schema.org type `kind`; properties without a value are left out."""
    named = {"@type": kind, "@id": thing_id, **properties}
    return {name: said for name, value in named.items() if (said := _said(value)) not in (None, "", [])}


_AS_IT_IS = {str, dict, type(None)}  # nearly everything, and a page says hundreds


def _said(value):
    """`value` as JSON has it. Text that is not in the language of the page says which language it is in."""
    if type(value) in _AS_IT_IS:
        return value
    if isinstance(value, TextIn):
        return {"@value": str(value), "@language": language_tag(value.language)}
    if isinstance(value, PartialDate | date | Promise):  # a partial date is ISO 8601 as it stands: 2024-11
        return value.isoformat() if isinstance(value, date) else str(value)
    if isinstance(value, list | tuple):
        return [said for each in value if (said := _said(each)) not in (None, "", [])]
    return value


def id_at(path) -> str:
    """The id of the thing that the page at `path` is about, the same in every language."""
    neutral = without_language(path)
    return absolute(neutral if "#" in neutral else f"{neutral}#this")


def id_of(record) -> str:
    return id_at(record.get_absolute_url())


def ref(record) -> dict:
    """What says which record is meant, and no more."""
    return {"@id": id_of(record)}


def named(kind, record, **properties) -> dict:
    """`record` with its name and its page; `properties` say more of it."""
    path = record.get_absolute_url()
    return node(kind, id_at(path), name=title_of(record), url=absolute(path), **properties)


def description_of(record):
    """The first of the texts that introduce `record`, shortened; None where it has none."""
    for name in record.told_in:
        if text := in_plain_words(record, name):
            short = shortened(" ".join(text.split()), LONGEST_DESCRIPTION)
            return TextIn.of(text.language, short) if isinstance(text, TextIn) else short
    return None


def picture_of(picture) -> str | None:
    """The address of an uploaded picture in its full size."""
    return absolute(picture.url) if picture else None


def dataset(name, path, definition, files=None, **properties) -> dict:
    """A register that the page at `path` is about and that can be downloaded in every format of `portal.downloads`;
    `files` is the address of its files without the ending, where it is not that of the page."""
    base = absolute(files or path.removesuffix("/"))
    said = [
        definition,
        _(
            "Every row names its sources. Amounts keep their qualifiers; what was not disclosed is empty and never "
            "zero."
        ),
        _("Free to download as CSV, XLSX and JSON, in English and in Chinese."),
    ]
    downloads = [
        node("DataDownload", encodingFormat=content_type.partition(";")[0], contentUrl=f"{base}.{ending}")
        for ending, content_type in CONTENT_TYPES.items()
    ]
    return node(
        "Dataset",
        id_at(path),
        name=name,
        description=" ".join(str(sentence) for sentence in said if sentence),
        url=absolute(path),
        license=settings.DATA_LICENCE_URL,
        isAccessibleForFree=True,
        inLanguage=LANGUAGE_TAGS,
        creator=publisher(),
        distribution=downloads,
        **properties,
    )


def source_node(source, **properties) -> dict:
    """A source with its name, its publisher and its page here."""
    path = source.get_absolute_url()
    by = node("Organization", name=source.publisher)
    return node("CreativeWork", id_at(path), name=source.headline, publisher=by, url=absolute(path), **properties)


def publisher() -> dict | None:
    """Who is responsible for the site; None where nobody is configured."""
    if name := settings.PUBLISHERS[get_language()]:
        return node("Organization", f"{settings.SITE_URL}/#publisher", name=name)
    return None


# --- Pages ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """A page on the way from the home page."""

    title: str
    path: str


def step(title, view, *slugs) -> Step:
    return Step(title, path_of(view, *slugs))


def step_to(record) -> Step:
    return Step(title_of(record), record.get_absolute_url())


@dataclass(frozen=True)
class Described:
    """What a page is: the pages above it, the record that names it, the things it is about (the first one above all),
    the rows it lists, and what else it says of itself."""

    above: Sequence[Step] = ()
    record: object = None
    title: str = ""  # on the way to it; empty: that of the record, or else of the page
    things: Sequence[dict] = ()
    rows: Iterable = ()
    kind: str = "WebPage"
    facts: Mapping = field(default_factory=dict)


_descriptions: dict[str, Callable] = {}


def describes(*views):
    """Decorator of a function that describes the pages of `views`, given what their templates know."""

    def register(describe):
        _descriptions.update(dict.fromkeys(views, describe))
        return describe

    return register


@cache
def descriptions() -> dict[str, Callable]:
    """How each page is described, by the name of its view."""
    autodiscover_modules("linked_data")
    return _descriptions


def graph_of(page) -> list[dict]:
    """Everything that `page`, the context of its template, says of itself."""
    describe = descriptions().get(page["request"].resolver_match.view_name)
    described = describe(page) if describe else Described()
    title, record = unescape(page["page_title"]), described.record
    last_step = Step(described.title or (title_of(record) if record else title), page["request"].path)
    trail = _trail([*described.above, last_step], page)
    listed = _list(described.rows, page)
    about = [*described.things, *([listed] if listed else [])]
    web_page = node(
        described.kind,
        page["canonical_url"],
        url=page["canonical_url"],
        name=title,
        description=unescape(page["page_description"]),
        inLanguage=page["language_tag"],
        dateModified=record.changed_on if record else None,
        isPartOf={"@id": _site_id()},
        breadcrumb=trail and {"@id": trail["@id"]},
        mainEntity=about and {"@id": about[0]["@id"]},
        **described.facts,
    )
    return [_site(page), web_page, *([trail] if trail else []), *about]


def _site_id():
    return f"{settings.SITE_URL}/#site"


def _site(page) -> dict:
    search = settings.SITE_URL + path_of("events:search") + "?q={search_term_string}"
    return node(
        "WebSite",
        _site_id(),
        url=absolute(path_of("events:home")),
        name=page["site_name"],
        inLanguage=LANGUAGE_TAGS,
        publisher=publisher(),
        potentialAction={
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": search},
            "query-input": "required name=search_term_string",
        },
    )


def _trail(steps, page) -> dict | None:
    """The way to the page from the home page; None on the home page itself."""
    home = path_of("events:home")
    if steps[-1].path == home:
        return None
    items = [
        node("ListItem", position=position, name=each.title, item=absolute(each.path))
        for position, each in enumerate([Step(_("Home"), home), *steps], start=1)
    ]
    return node("BreadcrumbList", f"{page['canonical_url']}#trail", itemListElement=items)


def _list(rows, page) -> dict | None:
    """What a list leads to, with its numbers in the whole of it; None where there is nothing."""
    addresses = dict.fromkeys(absolute(row.get_absolute_url()) for row in rows)
    first = rows.start_index() if hasattr(rows, "start_index") else 1
    items = [node("ListItem", position=position, url=url) for position, url in enumerate(addresses, start=first)]
    return node("ItemList", f"{page['canonical_url']}#list", itemListElement=items) if items else None


# --- In the head ------------------------------------------------------------------------------------------------------

# No text can end the block, begin another one, or be taken for the end of a line.
_ESCAPES = {character: f"\\u{ord(character):04X}" for character in "<>&\u2028\u2029"}


def block_of(graph) -> SafeString:
    """`graph` as the data block of a page. Browsers do not run it, so that no security policy has to allow it."""
    document = {"@context": "https://schema.org", "@graph": graph}
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return SafeString(f'<script type="application/ld+json">{text}</script>')
