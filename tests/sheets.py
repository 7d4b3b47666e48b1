"""Sheets for tests, as files that somebody could upload, and a large one for the walk through the desk.

Everything in the large one is invented: Exampleland is no place.
"""

import csv
import io

from openpyxl import Workbook


def csv_file(*rows, encoding="utf-8") -> bytes:
    """A CSV file of these rows."""
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue().encode(encoding)


def xlsx_file(*rows, formats=None) -> bytes:
    """A workbook of these rows; `formats` are the number formats of single cells: `{"B2": "yyyy"}`."""
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    for cell, number_format in (formats or {}).items():
        workbook.active[cell].number_format = number_format
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def checked(resource, *rows):
    """What the sheet of these rows would do."""
    from portal.desk.importing.sheets import read_sheet  # the files themselves are made without Django too

    return resource.check(read_sheet(csv_file(*rows), "sheet.csv", resource.headings().knows))


def imported(resource, *rows):
    """What the sheet of these rows did."""
    from portal.desk.importing.writing import write

    outcome = checked(resource, *rows)
    assert not outcome.wrong, [entry.problems for entry in outcome.wrong_rows]
    write(resource, outcome, "sheet.csv")
    return outcome


def problems_of(outcome) -> list[tuple]:
    """Row, column and sentence of everything that is wrong."""
    return [
        (entry.number, problem.column and problem.column.column_name, problem.message)
        for entry in outcome.wrong_rows
        for problem in entry.problems
    ]


def changes_of(outcome) -> list[tuple]:
    """Row, column, what was there and what would be."""
    return [
        (entry.number, change.column.column_name, change.before, change.after)
        for entry in outcome.changed_rows
        for change in entry.changes
    ]


# --- Four hundred companies of a region that does not exist -----------------------------------------------------------

_PLACES = [
    *("Amber", "Birch", "Cedar", "Dune", "Ember", "Fjord", "Grove", "Heron"),
    *("Iris", "Juniper", "Kestrel", "Linden", "Maple", "North", "Otter", "Pine"),
]
_PLACES_ZH = [
    *("琥珀", "桦木", "雪松", "沙丘", "余烬", "峡湾", "林地", "苍鹭"),
    *("鸢尾", "杜松", "红隼", "椴树", "枫木", "北岸", "水獭", "青松"),
]
_TRADES = [
    ("Biologics", "生物制剂"),
    ("Diagnostics", "诊断"),
    ("Medical Devices", "医疗器械"),
    ("Cell Therapy", "细胞治疗"),
    ("Vaccines", "疫苗"),
]
_FORMS = [("Works", "制造"), ("Laboratories", "实验室"), ("Group", "集团"), ("Research", "研究"), ("Partners", "合伙")]
COMPANY_HEADINGS = (
    *("name (English)", "名称（中文）", "registered name", "kind", "stock code", "country", "founded"),
    *("summary (English)", "摘要（中文）", "last confirmed on"),
)


def exampleland_companies(number=400, wrong=3) -> list[list]:
    """The rows of `number` invented companies of the invented region Exampleland under their headings, typed as offices
    type; `wrong` of them (at most three) cannot be imported."""
    rows = [list(COMPANY_HEADINGS), *(_company(n) for n in range(number))]
    for (row, column, text), _n in zip(_MISTAKES, range(wrong), strict=False):
        rows[row % len(rows) or 1][COMPANY_HEADINGS.index(column)] = text
    return rows


_MISTAKES = [(57, "kind", "compny"), (213, "founded", "31/02/2019"), (318, "country", "Exampleland")]


def _company(n) -> list:
    place, place_zh = _PLACES[n % 16], _PLACES_ZH[n % 16]
    trade, trade_zh = _TRADES[n // 16 % 5]
    form, form_zh = _FORMS[n // 80 % 5]
    rank = f" {n // 400 + 1}" if n >= 400 else ""
    return [
        f"Exampleland {place} {trade} {form}{rank}",
        f"示例国{place_zh}{trade_zh}{form_zh}{rank}",
        f"示例国{place_zh}{trade_zh}{form_zh}{rank}有限公司",
        ("company", "公司", "investment firm", "Company ")[n % 4],
        f"EXA {1000 + n}" if n % 5 == 0 else "",
        "CN",
        (2008 + n % 16, f"{2008 + n % 16}年{n % 12 + 1}月", f"{2008 + n % 16}-{n % 12 + 1:02}", "")[n % 4],
        "An invented company of the invented region Exampleland, for tests.",
        "虚构地区“示例国”的虚构企业，仅供测试。",
        "２０２４-11-15" if n % 7 == 0 else "2024-11-15",
    ]
