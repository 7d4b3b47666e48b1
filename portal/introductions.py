"""How a record introduces itself to those who have not opened its page: in search results, shared links, pictures."""

import re

from django.utils.translation import gettext as _

from portal.corrections import title_of
from portal.fields import TextIn
from portal.prose import in_plain_words

LONGEST_GIST = 160  # what search engines show of a description

_END_OF_SENTENCE = re.compile(r"[.!?]”?(?=\s)|[。！？]”?")
_BROKEN_WORD = re.compile(r"[A-Za-z0-9À-ɏ'’-]+$")


class Introduced:
    """Mixin for records with a page of their own; loaded `introduced()`."""

    told_in: tuple[str, ...] = ("summary",)  # its texts, the best for a stranger first
    key_figure = ""  # for records that are about one number

    @property
    def kicker(self) -> str:
        """What kind of record it is, as a heading says it: “Framework agreement”."""
        raise NotImplementedError

    @property
    def key_line(self) -> str:
        """What a stranger asks first: when and where, how much, how far."""
        raise NotImplementedError

    @property
    def gist(self) -> str:
        """What its page is about, in the language of the page and a sentence or two: out of its texts, or else its
        facts."""
        title = title_of(self)
        texts = (in_plain_words(self, name) for name in self.told_in)
        for text in (" ".join(text.split()) for text in texts if text and not isinstance(text, TextIn)):
            named = _("%(title)s: %(text)s") % {"title": title, "text": text}
            # two records can share a short text, and no two pages should share their description
            return named if title not in text and len(named) <= LONGEST_GIST else shortened(text)
        return shortened(joined(title, self.kicker, self.key_figure, self.key_line))


def joined(*facts) -> str:
    """The facts that are known, side by side."""
    return " · ".join(str(fact) for fact in facts if fact)


def shortened(text, length=LONGEST_GIST) -> str:
    """The beginning of `text` in at most `length` characters: whole sentences where they fill half of it, else whole
    words and an ellipsis."""
    if len(text) <= length:
        return text
    ends = [sentence.end() for sentence in _END_OF_SENTENCE.finditer(text[: length + 1])]
    if full := [end for end in ends if length / 2 <= end <= length]:
        return text[: full[-1]]
    whole_words = _BROKEN_WORD.sub("", text[:length]) or text
    return whole_words[: length - 1].rstrip(" ，、；：·,;:–—(（“‘") + "…"
