"""The foundation and the wiring: settings, root addresses, publishing, provenance, quantities, dates, admin site.

It knows no conference and no company: it imports neither `companies` nor `events` and names them only as strings.
Start reading at `publishing.py` (what is public), then `quantities.py` (what a number means) and `provenance.py`
(where it comes from).
"""

VERSION = "0.1.0"  # as pyproject.toml and the CHANGELOG say
