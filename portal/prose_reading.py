"""What people type and paste, read as the few kinds of blocks that a prose text has, whatever program wrote it.

Nothing is taken over as it came: text and structure are read out of the markup, and `portal.prose_blocks` writes them
anew. The time it takes grows with the length of the text alone, however its tags are broken or nested.
"""

import re
from html import unescape

from portal.prose_blocks import Block, Marks, on_one_line, tidied
from portal.prose_from_word import WordList
from portal.prose_links import address_of

DEEPEST_LIST = 3  # lists in lists; what is deeper joins the last of them

# --- Markup -----------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"""
      <!--.*?(?:-->|\Z)
    | <[!?][^<>]*>
    | <(?P<unseen>script|style|title|template|iframe|noscript|svg|xml)\b[^<>]*>.*?(?:</(?P=unseen)\s*>|\Z)
    | <(?P<end>/?)(?P<name>[a-z][a-z0-9-]*+(?::[a-z0-9-]++)?)(?P<attributes>(?:[\s/](?:[^<>"']|"[^<"]*"|'[^<']*')*+)?)>
    | </?[a-z][a-z0-9:-]*+\s[^<>]*>
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""(?:^|[\s"'/])(href|style)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_ENDLESS_NUMBER = re.compile(r"&#[xX]?[0-9a-fA-F]{8,};?")
_LINE_BREAK = re.compile("\r\n|[\r\v\x85\u2028]")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
# Controls, soft hyphens, marks of direction and of width zero: seen by nobody, in the way of every search.
_INVISIBLE = re.compile(
    "[\0-\x08\f\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)

_BLOCK = re.compile(
    "address|article|aside|blockquote|body|caption|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|"
    "h[1-6]|header|hr|html|legend|li|main|nav|ol|p|pre|section|summary|table|tbody|tfoot|thead|tr|ul"
)
_HEADING = re.compile("h[1-6]")
_INLINE = frozenset(["b", "strong", "i", "em", "span", "font"])
_HEAVY = re.compile(r"(?<![\w-])font-weight:\s*(bold|[6-9]00)?")
_SLANTED = re.compile(r"(?<![\w-])font-style:\s*(italic|oblique)?")


def blocks_of(text) -> list[Block]:
    """The blocks of `text`. Where it has no markup, blank lines part its paragraphs, and its lines stay lines."""
    text = _INVISIBLE.sub("", _LINE_BREAK.sub("\n", text).replace("\u2029", "\n\n"))
    return _of_markup(text) if _TOKEN.search(text) else _of_plain_text(text)


def _of_plain_text(text):
    reader = Reader()
    for line in text.split("\n"):
        reader.text(line)
        reader.end_line()
    return reader.finish()


def _of_markup(text):
    reader, position = Reader(), 0
    for token in _TOKEN.finditer(text):
        reader.text(_said(text[position : token.start()]))
        position = token.end()
        if name := token["name"]:
            (reader.end if token["end"] else reader.start)(name.lower(), token["attributes"])
    reader.text(_said(text[position:]))
    return reader.finish()


def _said(text):
    """The characters that the markup `text` stands for."""
    return _INVISIBLE.sub("", unescape(_ENDLESS_NUMBER.sub("", text)))


def _attributes(written) -> dict[str, str]:
    """The address and the style out of what stands in a tag; the first of each counts."""
    found = {}
    for match in _ATTRIBUTE.finditer(written):
        found.setdefault(match[1].lower(), _said(match[2] or match[3] or match[4] or ""))
    return found


class Reader:
    """Told what comes in a text, one after the other, it knows in which block that stands."""

    def __init__(self):
        self.blocks = []
        self.open = []  # the lists, items and quotations around the text that comes next
        self.list_of_stray_items = None
        self.lines = [[]]
        self.heading = ""
        self.inside = 0  # how many blocks were begun and not ended
        self.not_opened = {"list": 0, "blockquote": 0}  # too deep; their ends are to end nothing else
        self.href = ""
        self.inline = {name: [] for name in _INLINE}
        self.weight = self.slant = 0
        self.word = WordList()

    def finish(self):
        self.end_block()
        return self.blocks

    def text(self, text):
        if not text or self.word.takes(text):
            return
        between, *others = [text] if self.inside else _BLANK_LINE.split(text)
        self._add(between)
        for part in others:
            self.end_block()
            self._add(part)

    def _add(self, text):
        self.lines[-1].append((text, Marks(self.href, self.weight > 0, self.slant > 0)))

    def end_line(self):
        self.lines.append([])

    # Tags

    def start(self, name, written):
        if name == "br":
            self.end_line()
        elif name in ("td", "th"):
            self.text(" ")
        elif name == "a":
            self.href = address_of(_attributes(written).get("href", ""))
        elif name in _INLINE:
            self._start_inline(name, _attributes(written).get("style", "").lower())
        elif _BLOCK.fullmatch(name):
            self.end_block()
            self.inside += 1
            self.heading = name if _HEADING.fullmatch(name) else ""
            self._start_block(name, written)

    def _start_block(self, name, written):
        if name != "li" and self.open and self.open[-1] is self.list_of_stray_items:
            self.open.pop()
        if name in ("ul", "ol"):
            self._open(name, "list", sum(block.tag != "li" for block in self.open) < DEEPEST_LIST)
        elif name == "blockquote":
            self._open(name, "blockquote", not self.open)
        elif name == "li":
            self._close("li")
            self.open.append(self._put(Block("li")))
        elif name == "p":
            self.word.begins("mso-list:" in _attributes(written).get("style", "").lower())

    def end(self, name, _written=""):
        if name == "a":
            self.href = ""
        elif name in _INLINE:
            self._end_inline(name)
        elif _BLOCK.fullmatch(name):
            self.end_block()
            self.inside = max(0, self.inside - 1)
            self.heading = ""
            if name in ("ul", "ol", "blockquote"):
                self._end_container("blockquote" if name == "blockquote" else "list")
            elif name == "li":
                self._close("li")

    def _start_inline(self, name, style):
        heavy, slanted = _HEAVY.search(style), _SLANTED.search(style)
        marks = (
            bool(heavy[1]) if heavy else name in ("b", "strong"),
            bool(slanted[1]) if slanted else name in ("i", "em"),
        )
        self.inline[name].append(marks)
        self.weight, self.slant = self.weight + marks[0], self.slant + marks[1]
        if name == "span" and "mso-list:" in style:
            self.word.begins_marker(len(self.inline["span"]))

    def _end_inline(self, name):
        if name == "span":
            self.word.ends_marker(len(self.inline["span"]))
        if self.inline[name]:
            heavy, slanted = self.inline[name].pop()
            self.weight, self.slant = self.weight - heavy, self.slant - slanted

    # Blocks

    def _open(self, tag, kind, is_allowed):
        if is_allowed:
            self.open.append(self._put(Block(tag)))
        else:
            self.not_opened[kind] += 1

    def _end_container(self, kind):
        if self.not_opened[kind]:
            self.not_opened[kind] -= 1
            return
        tags = ("blockquote",) if kind == "blockquote" else ("ul", "ol")
        places = [n for n, block in enumerate(self.open) if block.tag in tags]
        if places:
            del self.open[places[-1] :]

    def _close(self, tag):
        if self.open and self.open[-1].tag == tag:
            self.open.pop()

    def end_block(self):
        """What was said since the last block is one: several paragraphs, if empty lines stand between."""
        lines, self.lines = [tidied(line) for line in self.lines], [[]]
        paragraphs = [[]]
        for line in lines:
            if line:
                paragraphs[-1].append(line)
            elif paragraphs[-1]:
                paragraphs.append([])
        for paragraph in filter(None, paragraphs):
            self._put_paragraph(paragraph)
        self.word.ends()

    def _put_paragraph(self, lines):
        if not self.open and self.heading:
            self.blocks.append(Block(self.heading, [on_one_line(lines)]))
        elif not self.open and self.word.is_item:
            self.word.add(self.blocks, lines)
        elif self.open and self.open[-1].tag != "blockquote":
            self._item().content += lines
        else:
            self._put(Block("p", lines))

    def _item(self) -> Block:
        """The item that text in a list belongs to."""
        if self.open[-1].tag == "li":
            return self.open[-1]
        items = self.open[-1].content
        if not items:
            items.append(Block("li"))
        return items[-1]

    def _put(self, block) -> Block:
        """The same block, in its place."""
        if block.tag == "li" and (not self.open or self.open[-1].tag == "blockquote"):
            self.list_of_stray_items = self._put(Block("ul"))
            self.open.append(self.list_of_stray_items)
        if not self.open:
            self.blocks.append(block)
        elif block.tag == "li" or self.open[-1].tag == "blockquote":
            self.open[-1].content.append(block)
        else:
            self._item().content.append(block)
        return block
