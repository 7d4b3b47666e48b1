"""Lists as Word writes them: paragraphs with their bullet or number in the text, told apart by their style alone."""

import re

from portal.prose_blocks import Block

_NUMBERED = re.compile(r"[(（]?[0-9a-zA-Z一二三四五六七八九十]+[.．)）、]")


class WordList:
    """The list that stands last in a text, and whether the paragraph that comes next is an item of it."""

    def __init__(self):
        self.is_item = False
        self.marker = ""
        self.marker_depth = 0
        self.list = None

    def begins(self, is_item):
        self.is_item, self.marker = is_item, ""

    def begins_marker(self, depth):
        if self.is_item and not self.marker_depth:
            self.marker_depth = depth

    def ends_marker(self, depth):
        if depth <= self.marker_depth:
            self.marker_depth = 0

    def takes(self, text) -> bool:
        """Whether `text` is part of the bullet or number."""
        if self.marker_depth:
            self.marker += text
        return bool(self.marker_depth)

    def add(self, blocks, lines):
        """The next item, in the list that stands last in `blocks` if that is the same one."""
        tag = "ol" if _NUMBERED.match(self.marker.strip()) else "ul"
        if not (blocks and blocks[-1] is self.list and self.list.tag == tag):
            self.list = Block(tag)
            blocks.append(self.list)
        self.list.content.append(Block("li", lines))

    def ends(self):
        self.is_item, self.marker_depth = False, 0
