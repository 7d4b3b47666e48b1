"""The first visible sheet of an XLSX file as rows of text.

A workbook is a zip of XML files that anybody can have made. `_inspect` looks at all of them before openpyxl does: what
they grow to, how much they hold, and whether they hold what no table needs (macros, links to other files, document
types). What is left is small enough to be read in a bounded time and memory.
"""

import io
import re
import warnings
import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from portal.desk.importing.sheets import MAX_COLUMNS, TOO_WIDE, Faulty, Refused

MAX_PARTS = 1_000
MAX_UNPACKED = 100 * 2**20
MAX_ROW_NUMBER = 2**20
MAX_CELLS_IN_A_ROW = 1_000
# Elements of XML, by what they are: also rows and cells that are empty and have a colour. "other" is everything beside
# the table and its texts: styles, links, merged cells, rules.
MOST = {"row": 200_000, "cell": 1_000_000, "value": 3_000_000, "text": 2_000_000, "other": 40_000}
LAST_COLUMN = (2, "CV")  # the hundredth; the first number says how many letters it has
MAX_DIGITS = 15  # that a spreadsheet keeps of a number


def workbook_rows(content: bytes) -> list[list[str]]:
    """The rows of the sheet, each as the texts of its cells. Raises `Refused`, and nothing else."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _inspect(archive)
        with warnings.catch_warnings(action="ignore"):  # openpyxl tells programmers what it leaves out
            return _rows(io.BytesIO(content))
    except Refused:
        raise
    except Exception:
        # Whatever a damaged file makes zipfile and openpyxl stumble over, to the editor it is damaged.
        raise Refused(_("This workbook is damaged or of an unknown kind. Open it in Excel and save it anew.")) from None


# --- Before anything is read ------------------------------------------------------------------------------------------


def _inspect(archive):
    parts = archive.infolist()
    names = [part.filename.lower() for part in parts]
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Refused(_("This workbook contains macros. Save it as .xlsx, without macros."))
    if any(name.startswith(("xl/externallinks/", "xl/connections")) for name in names):
        raise Refused(
            _("This workbook takes values from other files. Copy the sheet and paste it as values into a new workbook.")
        )
    if "mimetype" in names:
        raise Refused(_("This is an OpenDocument file. Save it as .xlsx."))
    packed_oddly = any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts)
    if packed_oddly or len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise _too_much()
    census = _Census()
    for part in parts:
        census.take(archive.open(part))


def _too_much():
    return Refused(_("This workbook holds far more than a table needs. Copy the table alone into a new workbook."))


class _Census:
    """Counts what the XML files hold, without keeping any of it."""

    def __init__(self):
        self.counted = dict.fromkeys(MOST, 0)

    def take(self, file):
        self.root = self.cell = self.formula_at = ""
        self.row = self.in_row = 0
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        with file:
            try:
                parser.ParseFile(file)
            except expat.ExpatError:
                return  # no XML, or broken: openpyxl says so, should it need this part
        self._check_formula()

    def _refuse_doctype(self, *_declaration):
        raise _too_much()

    def _start(self, name, attributes):
        name = name.rpartition(" ")[2]
        self.root = self.root or name
        kind = "other"
        if self.root == "sst":
            kind = "text"
        elif self.root == "worksheet":
            kind = _KINDS.get(name, "other")
            if kind != "other":
                self._look_at(name, attributes)
        self.counted[kind] += 1
        if self.counted[kind] > MOST[kind]:
            raise _too_much()

    def _look_at(self, name, attributes):
        if name == "row":
            number = int(attributes.get("r", self.row + 1))
            if number <= self.row:
                raise ValueError("openpyxl would drop a row whose number comes again")
            if number > MAX_ROW_NUMBER:
                raise _too_much()
            self.row, self.in_row = number, 0
        elif name == "c":
            self._check_formula()
            self.cell = attributes.get("r", "?")
            self.in_row += 1
            if self.in_row > MAX_CELLS_IN_A_ROW:
                raise Refused(TOO_WIDE)
        else:
            letters = self.cell.rstrip("0123456789")
            if (len(letters), letters) > LAST_COLUMN:
                raise Refused(TOO_WIDE)
            self.formula_at = self.cell if name == "f" else ""

    def _check_formula(self):
        if self.formula_at:
            raise Refused(_("Cell %s holds a formula without a result. Replace it by its value.") % self.formula_at)


_KINDS = {"row": "row", "c": "cell", "v": "value", "f": "value", "is": "value", "t": "value"}


# --- Rows -------------------------------------------------------------------------------------------------------------


def _rows(file) -> list[list[str]]:
    workbook = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    if not sheets:
        raise Refused(_("There is no sheet in this workbook."))
    sheet = sheets[0]
    sheet.reset_dimensions()  # it may say anything about its own size
    rows, before = [], None
    for row in sheet.iter_rows(max_col=MAX_COLUMNS + 1):
        # a gap of a million rows is the same empty row again and again
        rows.append([] if row is before else [_text(cell) for cell in row])
        before = row
    return rows


def _text(cell) -> str:
    """What the cell says, as somebody would have typed it."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        if cell.data_type == "e":
            return Faulty.because(value, _("The spreadsheet shows an error here. Write the value itself."))
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return _number(value, cell.number_format or "")
    if isinstance(value, datetime):
        return _moment(value, cell.number_format or "")
    if isinstance(value, timedelta):
        value = (datetime.min + value).time()
    if isinstance(value, time):
        return f"{value:%H:%M:%S}".removesuffix(":00")
    return value.isoformat() if isinstance(value, date) else str(value)


def _number(value, number_format) -> str:
    if abs(value) >= 10**MAX_DIGITS:
        fault = _("The spreadsheet has rounded this long number. Format the column as text and write it again.")
        return Faulty.because(str(value), fault)
    if re.fullmatch("0+", number_format) and value == int(value) >= 0:
        return f"{int(value):0{len(number_format)}}"  # 002038 is kept as 2038 and shown with its zeros
    exact = Decimal(f"{value:.{MAX_DIGITS}g}")  # 0.1 + 0.2 is 0.3
    percent = "%" in number_format
    text = f"{exact * 100 if percent else exact:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + ("%" if percent else "")


_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')  # the words in a format, and its locale


def _moment(value, number_format) -> str:
    """The date as far as its format shows it: what somebody typed as 2021年9月 or Sep 2021 is kept as the first of
    September and shown as the month."""
    shown = _NOT_SHOWN.sub("", number_format).lower().partition(";")[0]
    is_midnight = value.time() == time(0)
    if "y" in shown and "d" not in shown and is_midnight and value.day == 1:
        if "m" in shown:
            return f"{value:%Y-%m}"
        if value.month == 1:
            return f"{value:%Y}"
    return value.date().isoformat() if is_midnight else value.isoformat(sep=" ")
