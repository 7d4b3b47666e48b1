"""Answers in one language: plain text in place of the text in each, and a note where it is in another."""

from django.conf import settings

from portal.api.fields import Said
from portal.languages import language_tag

TAGS = [language_tag(code) for code, _name in settings.LANGUAGES]


def in_language(document, tag):
    """`document` (the JSON of a record) with its texts in the language `tag`. Where a text is not recorded in it, it is
    in another one, and `fallbacks` says in which, by the place of the text (a JSON pointer)."""
    fallbacks = {}
    return {**_told(document, tag, "", fallbacks), "fallbacks": fallbacks}


def _told(value, tag, pointer, fallbacks):
    if isinstance(value, Said):
        return _text(value, tag, pointer, fallbacks)
    if isinstance(value, dict):
        return {name: _told(each, tag, f"{pointer}/{name}", fallbacks) for name, each in value.items()}
    if isinstance(value, list):
        return [_told(each, tag, f"{pointer}/{number}", fallbacks) for number, each in enumerate(value)]
    return value


def _text(texts, tag, pointer, fallbacks):
    if texts[tag]:
        return texts[tag]
    found = next(other for other in TAGS if texts[other])
    fallbacks[pointer] = found
    return texts[found]
