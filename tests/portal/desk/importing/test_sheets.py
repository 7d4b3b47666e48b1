"""What people save from a spreadsheet, as rows of plain text; what cannot be read whole is refused."""

import io
import time
import zipfile
from contextlib import suppress
from datetime import date, datetime
from datetime import time as clock_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.desk.importing.sheets import MAX_BYTES, MAX_ROWS, Faulty, Refused, Sheet, read_sheet
from tests.sheets import csv_file, xlsx_file

SECONDS = 2  # within which a hostile file is refused


def knows(heading):
    return heading in ("name", "day", "slug", "名称")


def read(content, name="sheet.xlsx"):
    return read_sheet(content, name, knows)


def refusal_of(content, name="sheet.xlsx"):
    began = time.process_time()
    with pytest.raises(Refused) as refused:
        read(content, name)
    assert time.process_time() - began < SECONDS
    return str(refused.value)


# --- Text files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_file_is_read_in_any_usual_encoding(encoding):
    content = csv_file(["名称", "day"], ["示例公司", "2021年9月"], encoding=encoding)

    assert read(content, "sheet.csv") == Sheet(["名称", "day"], [(2, ["示例公司", "2021年9月"])])


@pytest.mark.parametrize("text", ["name;day\nA;B\n", "name\tday\nA\tB\n", "name,day\r\nA,B", 'sep=;\nname;day\n"A";B'])
def test_the_delimiter_is_found(text):
    assert read(text.encode(), "sheet.csv").rows[0][1] == ["A", "B"]


def test_titles_above_empty_rows_between_and_empty_columns_beside_are_no_part_of_the_table():
    content = b"Companies of 2024,,,\n,,,\nname,day,,\n A\xe3\x80\x80,1,,\n,,,\n  ,,,\nB,2,,\n,,,\n"

    assert read(content, "sheet.csv") == Sheet(["name", "day"], [(4, ["A", "1"]), (7, ["B", "2"])])


def test_the_apostrophe_of_our_own_exports_is_taken_off():
    content = csv_file(["name", "slug"], ["'=A+B", "'tis"])

    assert read(content, "sheet.csv").rows[0][1] == ["=A+B", "'tis"]


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "sheet.csv", "is empty"),
        (b"\n , \n", "sheet.csv", "is empty"),
        (b"name,day\n", "sheet.csv", "no rows"),
        (b"name,day\nA,\x00\n", "sheet.csv", "not a text file"),
        (bytes(range(1, 256)) * 9, "sheet.csv", "not a text file"),
        (b'name,day\n"A,1\n', "sheet.csv", "quotation mark"),
        (b"name,,day\nA,1,2\n", "sheet.csv", "Column B has no heading, but row 2"),
        (b"name,day\nA,1\n", "sheet.xlsx", "another kind"),
        (b"PK\x03\x04", "sheet.csv", "another kind"),
        (b"name,day\nA,1\n", "sheet.exe", "ends in .xlsx or .csv"),
        (b"name," * 1_000_000, "sheet.csv", "more than 100 columns"),
        (b"name\n" + b"x\n" * (MAX_ROWS + 1), "sheet.csv", "more than 20,000 rows"),
        (b"name\n" + b"a" * (MAX_BYTES - 5), "sheet.csv", " long"),  # by its own limit or by that of `csv`
        (b"name\n" + b"a" * 40_000, "sheet.csv", "longer than 32,767"),
        (b"a" * (MAX_BYTES + 1), "sheet.csv", "larger than 10 MB"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"rest", "sheet.xlsx", "old Excel file"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "sheet.xlsx", "password"),
        (b"PK\x03\x04", "sheet.xlsm", ".xlsm cannot be imported"),
        (b"PK\x03\x04 and no more", "sheet.xlsx", "damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_read_is_refused_in_words(content, name, reason):
    assert reason in refusal_of(content, name)


@settings(max_examples=60)
@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode), st.sampled_from(["a.csv", "a.xlsx"]))
def test_any_bytes_are_a_sheet_or_refused(content, name):
    with suppress(Refused):
        sheet = read(content, name)

        assert all(len(cells) == len(sheet.headings) for _number, cells in sheet.rows)


# --- Workbooks --------------------------------------------------------------------------------------------------------


def test_cells_are_read_as_somebody_would_have_typed_them():
    rows = [
        ("name", "day", "slug"),
        (428.0, datetime(2024, 11, 15), 0.1 + 0.2),
        (0.25, date(2021, 9, 1), 2038),
        (clock_time(9, 30), datetime(2021, 9, 1), True),
        ("A_x000D_\nB ", datetime(2021, 1, 1), 1.5e10),
    ]
    formats = {"A3": "0%", "B4": 'yyyy"年"m"月"', "B3": "mmm-yy", "B5": "yyyy", "C3": "000000"}

    sheet = read(xlsx_file(*rows, formats=formats))

    assert [cells for _number, cells in sheet.rows] == [
        ["428", "2024-11-15", "0.3"],
        ["25%", "2021-09", "002038"],
        ["09:30", "2021-09", "TRUE"],
        ["A\nB", "2021", "15000000000"],
    ]


def test_what_a_spreadsheet_has_spoilt_says_so():
    long_number = read(xlsx_file(["name"], [91310113000000000])).rows[0][1][0]

    assert isinstance(long_number, Faulty)
    assert "rounded this long number" in long_number.fault


HEAD = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
ROW = b'<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>'
TAIL = b"</sheetData></worksheet>"


def workbook_with(sheet=None, **parts):
    """A good workbook, but for the XML of its sheet and for further parts."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx_file(["name"], ["A"]))) as good,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in good.namelist():
            is_replaced = sheet is not None and name.endswith("sheet1.xml")
            made.writestr(name, sheet if is_replaced else good.read(name))
        for name, content in parts.items():
            made.writestr(name, content)
    return file.getvalue()


HOSTILE = {
    "bomb": (lambda: workbook_with(HEAD + b"<sheetData>" + b" " * 101 * 2**20 + TAIL), "far more than a table"),
    "columns": (
        lambda: workbook_with(HEAD + b'<sheetData><row r="1">' + b"<c/>" * 10**6 + b"</row>" + TAIL),
        "100 col",
    ),
    "far column": (
        lambda: workbook_with(HEAD + b'<sheetData><row r="1"><c r="XFD1"><v>1</v></c></row>' + TAIL),
        "100 columns",
    ),
    "cells": (
        lambda: workbook_with(HEAD + b"<sheetData>" + (b"<row>" + b"<c/>" * 99 + b"</row>") * 20_000 + TAIL),
        "far",
    ),
    "rows": (lambda: workbook_with(HEAD + b"<sheetData>" + b"<row/>" * 10**6 + TAIL), "far more"),
    "row number": (lambda: workbook_with(HEAD + b'<sheetData><row r="99999999999"/>' + TAIL), "far more"),
    "entities": (
        lambda: workbook_with(
            b'<!DOCTYPE x [<!ENTITY a "aaa"><!ENTITY b "&a;&a;">]>' + HEAD + b"<sheetData>" + ROW + TAIL
        ),
        "far more",
    ),
    "merged cells": (
        lambda: workbook_with(
            HEAD + b"<sheetData>" + ROW + b"</sheetData>" + b'<mergeCell ref="A1:B1"/>' * 10**6 + b"</worksheet>"
        ),
        "far more",
    ),
    "formula without a result": (
        lambda: workbook_with(HEAD + b'<sheetData><row r="1"><c r="B7"><f>1+1</f></c></row>' + TAIL),
        "Cell B7 holds a formula",
    ),
    "macros": (lambda: workbook_with(**{"xl/vbaProject.bin": b"x"}), "macros"),
    "links": (lambda: workbook_with(**{"xl/externalLinks/externalLink1.xml": b"<x/>"}), "other files"),
    "open document": (lambda: workbook_with(mimetype=b"application/vnd.oasis"), "OpenDocument"),
    "long cell": (
        lambda: workbook_with(
            HEAD + b"<sheetData>" + ROW + ROW.replace(b"name", b"a" * 10 * 2**20).replace(b"1", b"2") + TAIL
        ),
        "longer than 32,767",
    ),
    "rows twice": (lambda: workbook_with(HEAD + b"<sheetData>" + ROW + ROW + TAIL), "damaged"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_workbook_is_refused_at_once(case):
    make, reason = HOSTILE[case]

    assert reason in refusal_of(make())


def test_a_sheet_may_lie_about_its_size():
    lie = b'<dimension ref="A1:XFD1048576"/><sheetData>'
    rows = ROW + b'<row r="100000"><c r="A100000" t="inlineStr"><is><t>A</t></is></c></row>'

    assert read(workbook_with(HEAD + lie + rows + TAIL)).rows == [(100_000, ["A"])]
