"""Any register as CSV, XLSX and JSON, with the same honesty as its page: what was not disclosed is empty, never zero.

An app describes a table once (`tables.py`, `columns.py`: what the cells say; its rows; the page it belongs to) and
`respond` writes it in the format that the address asks for, row by row, so that memory does not grow with the register.
Start reading at `tables.py`; each `*_file.py` is one format.
"""

from portal.downloads.columns import (
    choice_columns,
    in_each_language,
    page_column,
    quantity_columns,
    reached,
    source_columns,
    translated_columns,
)
from portal.downloads.responses import respond
from portal.downloads.tables import Column, Kind, Table, lazily

__all__ = [
    "Column",
    "Kind",
    "Table",
    "choice_columns",
    "in_each_language",
    "lazily",
    "page_column",
    "quantity_columns",
    "reached",
    "respond",
    "source_columns",
    "translated_columns",
]
