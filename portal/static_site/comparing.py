"""Whether a file says the same as before. Downloads name the moment of the download; that alone is no change."""

import io
import re
import zipfile

_MOMENT_IN_JSON = re.compile(rb'"as_of": ?"[^"]*"')
_MOMENT_IN_SHEET = re.compile(rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d\d:\d\d")
_PROPERTIES = "docProps/core.xml"  # of a workbook: when it was written


def say_the_same(one: bytes, other: bytes, content_type="") -> bool:
    """Whether two answers of one address differ in nothing but the moment at which they were made."""
    if one == other:
        return True
    if content_type.endswith("spreadsheetml.sheet"):
        return _parts(one) == _parts(other)
    if content_type.startswith("application/json"):
        return _MOMENT_IN_JSON.sub(b"", one) == _MOMENT_IN_JSON.sub(b"", other)
    return False


def _parts(workbook) -> dict[str, bytes] | None:
    try:
        with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
            names = [name for name in parts.namelist() if name != _PROPERTIES]
            return {name: _MOMENT_IN_SHEET.sub(b"", parts.read(name)) for name in names}
    except zipfile.BadZipFile:
        return None
