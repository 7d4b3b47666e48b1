"""Cells that refer to records: by slug or by name, to several, to one that is not known yet."""

import re

from django.utils.translation import gettext as _
from import_export.widgets import Widget

from portal.desk.importing.known import BETWEEN, address
from portal.fields import columns


class Reference(Widget):
    """A record of `model`, by its slug or by its name in any language."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def clean(self, value, row=None, known=None, **kwargs):
        return known.of(self.model).find(value)

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else address(value)


class References(Reference):
    """Several records of `model`, with semicolons between them."""

    def clean(self, value, row=None, known=None, **kwargs):
        found = [known.of(self.model).find(each) for each in BETWEEN.split(value) if each]
        return tuple(dict.fromkeys(found))

    def render(self, value, obj=None, **kwargs):
        return "; ".join(map(address, value or ()))


# --- Names of what may not be known yet -------------------------------------------------------------------------------

_NAMED = re.compile(r"(?:name|new|名称|新)\s*[:：]\s*(.+)", re.IGNORECASE | re.DOTALL)
_CHINESE = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_BOTH = re.compile(r"\s*[|｜]\s*")


def names_in(text) -> tuple[str, ...]:
    """A name once per language of the site: "Example Bank | 示例银行", or one of the two by its letters."""
    english, *chinese = _BOTH.split(" ".join(text.split()), maxsplit=1)
    if chinese:
        return (english, chinese[0])
    return ("", english) if _CHINESE.search(english) else (english, "")


def written_names(names) -> str:
    """The text that `names_in` reads back."""
    filled = [name for name in names if name]
    return filled[0] if len(filled) == 1 and names_in(filled[0]) == tuple(names) else " | ".join(names)


class _Named(Reference):
    """A record that is known, or names: `name: …` where they resemble those of a record and are another's."""

    def _record_or_names(self, text, known):
        index = known.of(self.model)
        if forced := _NAMED.fullmatch(text):
            return None, names_in(forced[1])
        found = index.named(text)
        if len(found) == 1:
            return found[0], ()
        if found:
            raise ValueError(index.several(text, found))
        if index.like(text):
            message = _("%(unknown)s If it is another one, write: name: %(text)s")
            raise ValueError(message % {"unknown": index.unknown(text), "text": text[:80]})
        return None, names_in(text)


class RecordOrName(_Named):
    """A record, else its names: `(record, "", "")` or `(None, "Example Bank", "示例银行")`."""

    def clean(self, value, row=None, known=None, **kwargs):
        record, names = self._record_or_names(value, known)
        return (record, *(names or ("", "")))

    def render(self, value, obj=None, **kwargs):
        record, *names = value or (None, "", "")
        if record is not None:
            return address(record)
        return f"name: {written_names(names)}" if any(names) else ""


class RecordOrNew(_Named):
    """A record; one that the sheet introduces where no known one has or resembles the name."""

    def clean(self, value, row=None, known=None, **kwargs):
        record, names = self._record_or_names(value, known)
        return record or known.of(self.model).introduce(names)

    def render(self, value, obj=None, **kwargs):
        if value is None or value.pk:
            return super().render(value)
        return _("new: %s") % written_names([getattr(value, column) for column in columns("name")])
