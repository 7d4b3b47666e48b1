"""The blocks that a prose text is made of, and the one way in which they are written."""

import re
from dataclasses import dataclass, field
from html import escape
from itertools import chain, groupby
from typing import NamedTuple


class Marks(NamedTuple):
    href: str = ""
    strong: bool = False
    em: bool = False


NO_MARKS = Marks()

Line = list[tuple[str, Marks]]  # a line of text, in pieces that look the same


@dataclass
class Block:
    """A paragraph (`p`) of lines, a heading (`h1` to `h6`) of one, a quotation of blocks, a list (`ul`, `ol`) of items
    (`li`), or an item of lines and lists."""

    tag: str
    content: list = field(default_factory=list)


# --- Lines ------------------------------------------------------------------------------------------------------------


_WORD_OR_SPACE = re.compile(r"\s+|\S+")
_WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")


def tidied(line) -> Line:
    """The same words with single spaces between them and none around them, in as few pieces as they look different. A
    line of markup that ends amid Chinese leaves no space: other programs break their lines anywhere."""
    pieces, space = [], None
    for text, marks in line:
        for part in _WORD_OR_SPACE.findall(text):
            if part.isspace():
                space = space or (part, marks)
                continue
            if space and pieces and not _is_none_in_chinese(space[0], pieces[-1][0][-1], part):
                _append(pieces, " ", space[1] if space[1] in (pieces[-1][1], marks) else NO_MARKS)
            _append(pieces, part, marks)
            space = None
    return [("".join(parts), marks) for parts, marks in pieces]


def _is_none_in_chinese(space, before, after) -> bool:
    return "\n" in space and bool(_WIDE.match(before[-1]) and _WIDE.match(after))


def _append(pieces, part, marks):
    if pieces and pieces[-1][1] == marks:
        pieces[-1][0].append(part)
    else:
        pieces.append(([part], marks))


def on_one_line(lines) -> Line:
    """What stands in a heading, on one line; it is heavy anyhow."""
    joined = [piece for line in lines for piece in (*line, (" ", NO_MARKS))]
    return tidied((text, marks._replace(strong=False)) for text, marks in joined)


# --- Writing ----------------------------------------------------------------------------------------------------------


def markup_of(blocks) -> str:
    """`blocks` as HTML: without its tags it is a well-shaped plain text."""
    _order_headings(blocks)
    return "\n\n".join(filter(None, map(_markup, blocks)))


def _order_headings(blocks):
    """The headings of `blocks` as h2, h3 and h4, however they were numbered: none is left out on the way down."""
    headings = [block for block in blocks if block.tag[0] == "h"]
    ranks = {tag: rank for rank, tag in enumerate(sorted({block.tag for block in headings}), start=2)}
    level = 1
    for block in headings:
        level = min(ranks[block.tag], level + 1, 4)
        block.tag = f"h{level}"


def _markup(block) -> str:
    if block.tag in ("ul", "ol"):
        content = "\n".join(filter(None, map(_markup, block.content)))
    elif block.tag == "blockquote":
        content = "\n\n".join(filter(None, map(_markup, block.content)))
    elif block.tag == "li":
        content = _item_content(block.content)
    else:
        content = _lines(block.content)
    return f"<{block.tag}>{content}</{block.tag}>" if content else ""


def _item_content(content) -> str:
    """The lines and lists of an item, a list on a line of its own."""
    runs = groupby(content, key=lambda part: isinstance(part, Block))
    parts = [list(map(_markup, run)) if are_lists else [_lines(run)] for are_lists, run in runs]
    return "\n".join(filter(None, chain.from_iterable(parts)))


def _lines(lines) -> str:
    return "<br>\n".join(filter(None, map(_pieces, lines)))


def _pieces(line) -> str:
    by_address = groupby(line, key=lambda piece: piece[1].href)
    return "".join(_link(href, _emphasized(pieces)) for href, pieces in by_address)


def _link(href, html) -> str:
    if not href:
        return html
    rel = "" if href.startswith("/") else ' rel="noopener"'
    return f'<a href="{_escaped(href)}"{rel}>{html}</a>'


def _emphasized(pieces) -> str:
    html = ""
    for strong, run in groupby(pieces, key=lambda piece: piece[1].strong):
        said = "".join(f"<em>{_escaped(text)}</em>" if marks.em else _escaped(text) for text, marks in run)
        html += f"<strong>{said}</strong>" if strong else said
    return html


def _escaped(text):
    return escape(text, quote=False)
