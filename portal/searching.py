"""Finding records by the words in them.

A model says in `searched_in` which of its texts are looked through, its title or name first. Every word must occur in
one of them, in any language, also in the middle of other words: Chinese has no spaces between them.
"""

import re
import unicodedata

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Q, Value, When, Window
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from translated_fields import to_attribute

from portal.fields import TextIn, columns
from portal.prose import in_plain_words

LONGEST_QUERY = 200
MOST_WORDS = 8

# Brackets, quotes and stops too, so that 上海（宝山）园区 is found however its brackets were typed; R&D stays one word.
_BETWEEN_WORDS = re.compile(r"""[\s"“”‘’()<>《》〈〉「」『』\[\]【】{},、;:。!?·|]+""")


def words_of(query) -> list[str]:
    """The words to look for, each once: at most 8, out of the first 200 characters of `query`."""
    text = unicodedata.normalize("NFKC", query)[:LONGEST_QUERY]  # full-width letters are letters
    return list(dict.fromkeys(word for word in _BETWEEN_WORDS.split(text) if word))[:MOST_WORDS]


class SearchedQuerySet(models.QuerySet):
    def matching(self, words):
        """The rows in which every one of `words` occurs, the closest first: those of that very title, those whose title
        begins so, those with all words in the title. Adds `number_found`, how many rows there are in all."""
        title, everywhere = (
            _columns(self.model, names) for names in (self.model.searched_in[:1], self.model.searched_in)
        )
        phrase = " ".join(words)
        closeness = Case(
            When(_any(title, "iexact", phrase), then=Value(0)),
            When(_any(title, "istartswith", phrase), then=Value(1)),
            When(_every(title, words), then=Value(2)),
            default=Value(3),
        )
        found = self.filter(_every(everywhere, words)).annotate(number_found=Window(Count("pk")))
        return found.order_by(closeness, *self.model._meta.ordering)


def _columns(model, names) -> list[str]:
    """The columns behind `names`: one per language where the text is translated."""
    stored = {field.name for field in model._meta.concrete_fields}
    return [column for name in names for column in ((name,) if name in stored else columns(name))]


def _any(columns, lookup, text) -> Q:
    return Q(*((f"{column}__{lookup}", text) for column in columns), _connector=Q.OR)


def _every(columns, words) -> Q:
    return Q(*(_any(columns, "icontains", word) for word in words))


# --- What was found, in its place -------------------------------------------------------------------------------------


def _hits(words) -> re.Pattern:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)", re.IGNORECASE)


def with_marks(text, words) -> SafeString:
    """`text` as HTML, with each of `words` in it inside `<mark>`."""
    hits = _hits(words)
    between, found = hits.split(text), hits.findall(text)
    pairs = zip(between, [*found, ""], strict=True)
    return format_html_join(
        "", "{}{}", ((before, format_html("<mark>{}</mark>", hit) if hit else "") for before, hit in pairs)
    )


def excerpt_of(record, words, length=160) -> str:
    """Where `words` occur in `record` outside the title that is shown: about `length` characters around the first one.
    Texts in another language count only where that title has none of the words; empty where there is nothing."""
    hits = _hits(words)
    for text in _texts_of(record, with_other_languages=not hits.search(str(getattr(record, record.searched_in[0])))):
        if hit := hits.search(text):
            return _around(text, hit, length)
    return ""


def _texts_of(record, with_other_languages):
    """The searched texts of `record` but for the title that is shown: those in the active language first."""
    title, *others = record.searched_in
    stored = {field.name for field in record._meta.concrete_fields}
    active = get_language()
    yield from (in_plain_words(record, name if name in stored else to_attribute(name, active)) for name in others)
    if with_other_languages:
        translated = [name for name in (title, *others) if name not in stored]
        for language, _name in settings.LANGUAGES:
            if language != active:
                texts = (in_plain_words(record, to_attribute(name, language)) for name in translated)
                yield from (TextIn.of(language, text) for text in texts)


def _around(text, hit, length):
    """About `length` characters of `text` around `hit`, from word to word where words have spaces between them."""
    start, end = max(0, hit.start() - length // 3), max(hit.start() + length * 2 // 3, hit.end())
    if start:
        start = text.find(" ", start, hit.start()) + 1 or start
    if end < len(text):
        end = max(text.rfind(" ", hit.end(), end), 0) or end
    cut = ("…" if start else "") + " ".join(text[start:end].split()) + ("…" if end < len(text) else "")
    return TextIn.of(text.language, cut) if isinstance(text, TextIn) else cut
