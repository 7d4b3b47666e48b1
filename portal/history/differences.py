"""Two versions of a text as one, with what went and what came: word by word, Chinese character by character."""

import re
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join

_HAN = "\u3400-\u9fff\uf900-\ufaff"
_WORDS = re.compile(rf"[{_HAN}]|[^\W{_HAN}]+|\s+|[^\w\s]")
_SENTENCES = re.compile(r"[^.!?。！？\n]*[.!?。！？\n]*")

LONG = 4000  # from so many words on, sentences are compared: words would take seconds
CONTEXT = 24  # words around a change; what lies between is left out


def marked(before, after):
    """`after` with `<ins>` around what is new and `<del>` around what was there before; empty when the two have so
    little in common that they are better read one after the other."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) + len(new) > LONG:
        old, new = _SENTENCES.findall(before), _SENTENCES.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=len(old) + len(new) > LONG)
    if matcher.ratio() < 0.4:
        return ""
    steps = matcher.get_opcodes()
    parts = []
    for number, (step, old_from, old_to, new_from, new_to) in enumerate(steps):
        if step == "equal":
            parts.append(_kept(old[old_from:old_to], is_first=number == 0, is_last=number == len(steps) - 1))
            continue
        if old_from < old_to:
            parts.append(format_html("<del>{}</del>", "".join(old[old_from:old_to])))
        if new_from < new_to:
            parts.append(format_html("<ins>{}</ins>", "".join(new[new_from:new_to])))
    return format_html_join("", "{}", ((part,) for part in parts))


def _kept(words, *, is_first, is_last) -> str:
    start = 0 if is_first else CONTEXT
    end = 0 if is_last else CONTEXT
    if len(words) <= start + end + CONTEXT:
        return "".join(words)
    return "".join([*words[:start], " … ", *words[len(words) - end :]])
