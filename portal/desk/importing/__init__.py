"""Import and export of records as sheets (CSV, XLSX), on top of django-import-export.

A sheet comes in through `sheets.py` (bytes to rows of plain text: every quirk and every limit of a spreadsheet is dealt
with there), a resource of an app says what its columns mean (`resources.py`, `columns.py`, `groups.py`, `widgets.py`),
and `writing.py` writes all of it or nothing. May import portal alone. Start reading at `resources.py`, then
`companies/importing.py`, which is one of the resources.
"""
