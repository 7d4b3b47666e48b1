"""Texts with headings, lists, links and emphasis: how they are stored, shown, searched and said without markup.

`clean_prose` is the only way in, from the form as from a fixture, and the only way out into a page. It writes a text so
that leaving out the tags leaves a well-shaped plain text: blank lines between paragraphs, an item a line.
"""

import re
from functools import lru_cache
from html import unescape

import nh3
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.lookups import IContains
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.fields import TextIn, columns
from portal.languages import language_tag
from portal.lent_sqlite.base import FUNCTIONS
from portal.prose_blocks import markup_of
from portal.prose_links import SCHEMES
from portal.prose_reading import blocks_of

LONGEST = 50_000  # characters with the markup: some twenty printed pages
LONGEST_READ = 10 * LONGEST  # what other programs paste is mostly markup
REMEMBERED = 10_000  # characters of a text that is not cleaned again each time

TOO_LONG = _(
    "This text is too long: %(length)s characters with its formatting, and %(limit)s are the most. Shorten it, or "
    "publish it as a document."
)

_ALLOWED = nh3.Cleaner(
    tags={"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "a", "strong", "em", "br"},
    attributes={"a": {"href", "rel"}},
    url_schemes=SCHEMES,
    link_rel=None,
)
_TAG = re.compile(r"<[^>]*>")


def clean_prose(text) -> str:
    """`text` as paragraphs, headings (h2 to h4), lists, quotations, links and emphasis, in the one way they are stored.

    Whatever else it holds is dropped: of scripts and styles everything, of other markup the tags. Text without any
    markup becomes paragraphs. Cleaning twice changes nothing.
    """
    return _remembered(text) if len(text) <= REMEMBERED else _cleaned(text)


def _cleaned(text) -> str:
    return _ALLOWED.clean(markup_of(blocks_of(text)))


_remembered = lru_cache(maxsize=500)(_cleaned)  # one save cleans a text five times, and pages show the same ones


def text_of(text) -> str:
    """A prose text without its markup."""
    return unescape(_TAG.sub("", clean_prose(text)))


def storable(text) -> str:
    """`text` as it is stored; `ValidationError` if that is too long."""
    _refuse_over(len(text), LONGEST_READ)
    cleaned = clean_prose(text)
    _refuse_over(len(cleaned), LONGEST)
    return cleaned


def _refuse_over(length, most):
    if length > most:
        raise ValidationError(TOO_LONG, code="too_long", params={"length": f"{length:,}", "limit": f"{LONGEST:,}"})


# --- Stored -----------------------------------------------------------------------------------------------------------


class ProseFormField(forms.CharField):
    """Takes what the editor sends, or plain text, and sees a change only where one is left after cleaning."""

    def to_python(self, value):
        return storable(super().to_python(value))


class ProseField(models.TextField):
    """A text with markup, cleaned whichever way it comes in: forms, `save()`, bulk writes, `update()`, fixtures.

    In the database and in migrations it is a text as any other. `__icontains` looks through its words, not its tags.
    """

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def to_python(self, value):
        value = super().to_python(value)
        return storable(value) if value else value

    def pre_save(self, model_instance, add):
        """The cleaned text, which the record has from now on too."""
        value = super().pre_save(model_instance, add)
        if isinstance(value, str):
            value = self.to_python(value)
            setattr(model_instance, self.attname, value)
        return value

    def formfield(self, **kwargs):
        field = super().formfield(**{"form_class": ProseFormField, **kwargs})
        if language := getattr(self, "_translated_field_language_code", ""):
            field.widget.attrs["lang"] = language_tag(language)
        return field


def is_prose(model, name) -> bool:
    """Whether the text `name` of `model`, translated or not, may have markup."""
    names = {name, *columns(name)}
    return any(isinstance(field, ProseField) for field in model._meta.concrete_fields if field.name in names)


def in_plain_words(record, name) -> str:
    """The text `name` of `record` without any markup; it stays marked where it is not in the language of the page."""
    text = getattr(record, name)
    if not text or not is_prose(type(record), name):
        return text
    plain = text_of(text)
    return TextIn.of(text.language, plain) if isinstance(text, TextIn) else plain


# --- Shown ------------------------------------------------------------------------------------------------------------

_END_OF_LAST_BLOCK = re.compile(r"(?:</(?:p|h[2-5]|li|ul|ol|blockquote)>)*\Z")


def as_html(text, *, markers="", headings_from=2) -> SafeString:
    """A prose text for a page, cleaned again; its last words end with `markers`, and its headings begin at the level
    `headings_from`."""
    html = clean_prose(text)
    if deeper := headings_from - 2:
        html = re.sub(r"(</?h)([2-4])>", lambda tag: f"{tag[1]}{int(tag[2]) + deeper}>", html)
    end = _END_OF_LAST_BLOCK.search(html).start()
    return SafeString(f"{html[:end]}{conditional_escape(markers)}{html[end:]}")


# --- Searched ---------------------------------------------------------------------------------------------------------


class PlainWords(models.Transform):
    """A stored prose text without its markup, in SQL."""

    output_field = models.TextField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function="portal_plain_words", **context)

    def as_postgresql(self, compiler, connection, **context):
        template = (
            "replace(replace(replace(regexp_replace(%(expressions)s, '<[^>]*>', '', 'g'),"
            " '&lt;', '<'), '&gt;', '>'), '&amp;', '&')"
        )
        return self.as_sql(compiler, connection, template=template, **context)


@ProseField.register_lookup
class WordsContain(IContains):
    """`__icontains` that finds no tag, and words across them."""

    def __init__(self, lhs, rhs):
        super().__init__(PlainWords(lhs), rhs)


def _plain_words(stored):
    """What `PlainWords` is on SQLite."""
    return None if stored is None else unescape(_TAG.sub("", stored))


FUNCTIONS["portal_plain_words", 1] = _plain_words
