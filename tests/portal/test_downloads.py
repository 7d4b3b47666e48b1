"""Registers as files: the same cells in CSV, XLSX and JSON, no formulas, no invented zeros, one row at a time."""

import csv
import io
import json
import weakref
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from zipfile import ZipFile

import pytest
from django.http import Http404
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from portal import clock
from portal.addresses import absolute
from portal.downloads import (
    Column,
    Kind,
    Table,
    choice_columns,
    in_each_language,
    quantity_columns,
    reached,
    respond,
    translated_columns,
)
from portal.downloads.csv_file import looks_like_formula
from portal.partial_dates import PartialDate
from portal.quantities import Measure, Quantity

FORMATS = ["csv", "xlsx", "json"]
DANGEROUS = [
    "=1+1",
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "﹦1+1",
    " =1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    '=HYPERLINK("https://evil.example","see")',
    "-",
]


@dataclass
class Plant:
    name: str = "Plant"
    area: Quantity | None = None
    opened_on: PartialDate | date | None = None
    share: Decimal | None = None
    is_open: bool | None = None
    website: str = ""
    tags: tuple = ()


COLUMNS = (
    Column("name", "Name", "What people call it.", lambda row: row.name),
    Column("opened_on", "Opened", "As far as it is known.", lambda row: row.opened_on, Kind.DATE),
    Column("share", "Share", "In percent.", lambda row: row.share, Kind.NUMBER),
    Column("is_open", "Open", "Whether it runs.", lambda row: row.is_open, Kind.BOOLEAN),
    Column("website", "Website", "Its own.", lambda row: row.website, Kind.URL),
    Column("tags", "Tags", "All of them.", lambda row: list(row.tags)),
)
AREA = quantity_columns("area", "Area", "Of the site.", lambda row: row.area, lambda row: row.area.words(Measure.AREA))


def table_of(*rows, columns=COLUMNS, **overrides):
    defaults = {"name": "plants", "title": "Plants", "columns": columns, "rows": rows, "url": "/en/plants/"}
    return Table(**{**defaults, **overrides})


def download(table, file_format, query=""):
    response = respond(RequestFactory().get(f"/en/plants.{file_format}{query}"), table, file_format)
    return b"".join(response.streaming_content)


def csv_of(table):
    return download(table, "csv").decode()


def json_of(table):
    return json.loads(download(table, "json"), parse_float=Decimal)


def sheets_of(table):
    workbook = load_workbook(io.BytesIO(download(table, "xlsx")))
    return workbook.worksheets


def cells_of(table):
    """The cells of the first row of the workbook."""
    return sheets_of(table)[0][2]


# --- CSV --------------------------------------------------------------------------------------------------------------


def test_csv_is_what_rfc_4180_says():
    full = Plant(
        'The "big" one,\r\nin Luodian',
        opened_on=PartialDate(2021, 5),
        share=Decimal("49.80"),
        is_open=True,
        website="https://plant.example/",
        tags=("vaccines", "devices"),
    )

    written = csv_of(table_of(full, Plant("上海")))

    assert written == (
        "name,opened_on,share,is_open,website,tags\r\n"
        '"The ""big"" one,\r\nin Luodian",2021-05,49.8,true,https://plant.example/,vaccines; devices\r\n'
        "上海,,,,,\r\n"
    )


@pytest.mark.parametrize(
    ("query", "beginning"), [("", b"name,"), ("?bom=1", b"\xef\xbb\xbfname,"), ("?bom=0", b"name,")]
)
def test_csv_has_a_byte_order_mark_for_who_asks(query, beginning):
    assert download(table_of(Plant()), "csv", query).startswith(beginning)


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_that_looks_like_a_formula_stands_behind_an_apostrophe(text):
    rows = list(csv.reader(io.StringIO(csv_of(table_of(Plant(text, website=text, tags=(text,)))), newline="")))

    assert rows[1] == [f"'{text}", "", "", "", f"'{text}", f"'{text}"]


@pytest.mark.parametrize("text", ["3-5", "a=b", "'=1", "email@example", "<b>", "{{ 7*7 }}", "公司", "="])
def test_other_text_stays_as_it_is(text):
    rows = list(csv.reader(io.StringIO(csv_of(table_of(Plant(text))))))

    assert rows[1][0] == text


@pytest.mark.parametrize(
    ("number", "written"),
    [(Decimal("-5.50"), "-5.5"), (Decimal(0), "0"), (Decimal("1.6E+10"), "16000000000"), (7, "7")],
)
def test_a_number_stays_a_number(number, written):
    assert csv_of(table_of(Plant(share=number))).splitlines()[1] == f"Plant,,{written},,,"


def test_text_in_a_column_of_numbers_is_an_error_rather_than_an_unescaped_cell():
    with pytest.raises(ValueError, match="format"):
        csv_of(table_of(Plant(share="=1+1")))


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))))
def test_no_text_becomes_a_formula_or_breaks_a_row(names):
    rows = list(csv.reader(io.StringIO(csv_of(table_of(*map(Plant, names))), newline="")))[1:]

    written = [row[0] for row in rows]
    assert [text for text in written if text != "=" and looks_like_formula(text)] == []
    assert [text.removeprefix("'") for text in written] == [name.removeprefix("'") for name in names]


# --- XLSX -------------------------------------------------------------------------------------------------------------


def test_xlsx_has_typed_cells():
    full = Plant(
        "Plant",
        opened_on=PartialDate(2021, 5, 20),
        share=Decimal("49.8"),
        is_open=False,
        website="https://plant.example/",
        tags=("a", "b"),
    )

    cells = cells_of(table_of(full))

    assert [(cell.value, cell.data_type) for cell in cells[2:]] == [
        (49.8, "n"),
        (False, "b"),
        ("https://plant.example/", "s"),
        ("a; b", "s"),
    ]
    assert (cells[1].value.date(), cells[1].is_date) == (date(2021, 5, 20), True)


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (PartialDate(2021), "2021"),
        (PartialDate(2021, 5), "2021-05"),
        (PartialDate(1898, 12, 1), "1898-12-01"),
        (date(1898, 12, 1), "1898-12-01"),
        (PartialDate(1900, 2, 28), "1900-02-28"),
    ],
)
def test_a_date_that_excel_cannot_hold_is_text(day, written):
    cell = cells_of(table_of(Plant(opened_on=day)))[1]

    assert (cell.value, cell.data_type) == (written, "s")


@pytest.mark.parametrize("text", [*DANGEROUS, "#N/A", "#DIV/0!", "=", "{=1+1}"])
def test_text_in_a_workbook_is_text(text):
    table = table_of(Plant(text, website=text, tags=(text,)), title=text, filters=[(text, text)], notes=[text])

    sheets = sheets_of(table)

    kinds = {cell.data_type for sheet in sheets for row in sheet for cell in row if cell.value is not None}
    assert kinds == {"s"}
    assert sheets[0]["A2"].value == text.replace("\r", "\n")  # XML knows one kind of line break
    assert sheets[0]["A2"].quotePrefix == looks_like_formula(text)


def test_no_sheet_holds_a_formula_or_an_error():
    table = table_of(*map(Plant, DANGEROUS), Plant("#N/A"))

    with ZipFile(io.BytesIO(download(table, "xlsx"))) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if "worksheets/sheet" in name]

    assert len(sheets) == 2
    assert [sheet for sheet in sheets if "<f" in sheet or 't="e"' in sheet] == []


def test_characters_that_xml_cannot_hold_are_left_out_and_endless_text_is_cut():
    cells = sheets_of(table_of(Plant("a\x00b\x0bc\ufffed"), Plant("x" * 40_000)))[0]["A"]

    assert [cell.value for cell in cells] == ["Name", "abcd", "x" * 32_767]


def test_nothing_recorded_is_an_empty_cell():
    assert [cell.value for cell in cells_of(table_of(Plant()))] == ["Plant", None, None, None, None, None]


def test_the_head_of_a_workbook_stays_in_sight():
    data, explanation = sheets_of(table_of(Plant()))

    assert [cell.value for cell in data[1]] == ["Name", "Opened", "Share", "Open", "Website", "Tags"]
    assert data.freeze_panes == "A2"
    assert [data.column_dimensions[letter].width for letter in "ABC"] == [28, 12, 18]
    assert (data.title, explanation.title) == ("Data", "Explanation")


def test_the_second_sheet_explains_the_first(now):
    table = table_of(Plant(), filters=[("Sector", "Vaccines")], notes=["Read this."], licence="CC BY 4.0")

    rows = [tuple(filter(None, row)) for row in sheets_of(table)[1].iter_rows(values_only=True)]

    assert rows == [
        ("Plants",),
        ("Page", "https://portal.example/en/plants/"),
        ("Downloaded at", "2024-11-15 12:00:00+08:00"),
        ("Licence", "CC BY 4.0"),
        ("Filter: Sector", "Vaccines"),
        ("Note", "Read this."),
        (),
        ("Name", "Column", "Explanation", "Type"),
        ("name", "Name", "What people call it.", "text"),
        ("opened_on", "Opened", "As far as it is known.", "date"),
        ("share", "Share", "In percent.", "number"),
        ("is_open", "Open", "Whether it runs.", "boolean"),
        ("website", "Website", "Its own.", "url"),
        ("tags", "Tags", "All of them.", "text"),
    ]


def test_a_workbook_that_fails_half_way_leaves_no_file_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    with pytest.raises(ValueError, match="many"):
        download(table_of(Plant(share="many")), "xlsx")
    assert list(tmp_path.iterdir()) == []

    download(table_of(Plant()), "xlsx")
    assert list(tmp_path.iterdir()) == []


# --- JSON -------------------------------------------------------------------------------------------------------------


def test_json_says_where_it_comes_from(now):
    table = table_of(columns=COLUMNS[:1], filters=[("Sector", "Vaccines")], notes=["Read this."])

    assert json_of(table) == {
        "register": "plants",
        "title": "Plants",
        "url": "https://portal.example/en/plants/",
        "language": "en",
        "as_of": "2024-11-15T12:00:00+08:00",
        "licence": None,
        "filters": [{"label": "Sector", "value": "Vaccines"}],
        "notes": ["Read this."],
        "fields": [{"name": "name", "kind": "text", "heading": "Name", "explanation": "What people call it."}],
        "rows": [],
        "count": 0,
    }


def test_json_keeps_every_figure_and_null_for_nothing():
    exact = Decimal("12345678901234567890.1234")
    full = Plant('"</script>\u2028\n', None, date(2021, 5, 20), exact, True, "", ("a",))

    written = json_of(table_of(full, Plant()))

    assert written["rows"] == [
        {
            "name": '"</script>\u2028\n',
            "opened_on": "2021-05-20",
            "share": exact,
            "is_open": True,
            "website": None,
            "tags": ["a"],
        },
        {"name": "Plant", "opened_on": None, "share": None, "is_open": None, "website": None, "tags": []},
    ]
    assert written["count"] == 2


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_json_gives_back_any_text(names):
    written = json_of(table_of(*map(Plant, names), columns=COLUMNS[:1]))

    assert [row["name"] for row in written["rows"]] == [name or None for name in names]


# --- Quantities -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quantity", "cells"),
    [
        (Quantity(Decimal(428)), "=,428,428,false,428 km²"),
        (Quantity(Decimal(100), "<"), "<,,100,false,less than 100 km²"),
        (Quantity(Decimal(100), "<="), "<=,,100,false,up to 100 km²"),
        (Quantity(Decimal(70), ">"), ">,70,,false,more than 70 km²"),
        (Quantity(Decimal(70), ">="), ">=,70,,false,at least 70 km²"),
        (Quantity(Decimal(400), "<", approximate=True), "<,,400,true,nearly 400 km²"),
        (Quantity(Decimal(10), value_to=Decimal("15.5")), "=,10,15.5,false,10 to 15.5 km²"),
        (Quantity(Decimal(0)), "=,0,0,false,0 km²"),
        (None, ",,,,not disclosed"),
    ],
)
def test_a_quantity_keeps_what_its_source_said(quantity, cells):
    header, row = csv_of(table_of(Plant(area=quantity), columns=AREA)).splitlines()

    assert header == "area_comparator,area_low,area_high,area_approximate,area_words"
    assert row == cells


def test_a_quantity_is_one_object_in_json():
    written = json_of(table_of(Plant(area=Quantity(Decimal("6.86"), ">")), Plant(), columns=AREA))

    assert [row["area"] for row in written["rows"]] == [
        {"comparator": ">", "low": Decimal("6.86"), "high": None, "approximate": False, "words": "more than 6.86 km²"},
        {"comparator": None, "low": None, "high": None, "approximate": None, "words": "not disclosed"},
    ]
    assert [field["name"] for field in written["fields"]][:2] == ["area.comparator", "area.low"]


@pytest.mark.parametrize(("language", "words"), [("en", "not disclosed"), ("zh-hans", "未披露")])
def test_what_was_not_disclosed_is_never_zero(language, words):
    with translation.override(language):
        table = table_of(Plant(), columns=AREA)
        of_csv = csv_of(table).splitlines()[1]
        of_xlsx = [cell.value for cell in cells_of(table)]
        of_json = list(json_of(table)["rows"][0]["area"].values())

    assert of_csv == f",,,,{words}"
    assert of_xlsx == of_json == [None, None, None, None, words]


def test_a_row_that_cannot_have_the_quantity_says_nothing_of_it():
    columns = quantity_columns("area", "Area", "", lambda row: None, str, applies=lambda row: row.is_open)

    rows = json_of(table_of(Plant(is_open=True), Plant(is_open=False), columns=columns))["rows"]

    assert [row["area"]["words"] for row in rows] == ["not disclosed", None]


def test_the_words_of_the_source_can_stand_beside_the_number():
    columns = quantity_columns("area", "Area", "", lambda row: row.area, str, as_published=lambda row: "不足百家")

    assert json_of(table_of(Plant(), columns=columns))["rows"][0]["area"]["as_published"] == "不足百家"


quantities = st.builds(
    Quantity,
    st.decimals(0, 10**15, places=4),
    st.sampled_from(["=", "<", "<=", ">=", ">"]),
    approximate=st.booleans(),
)


@given(st.lists(st.none() | quantities))
def test_a_zero_is_never_invented(areas):
    rows = json_of(table_of(*(Plant(area=area) for area in areas), columns=AREA))["rows"]

    expected = [
        (None, None) if area is None else (area.low.value if area.low else None, area.high.value if area.high else None)
        for area in areas
    ]
    assert [(row["area"]["low"], row["area"]["high"]) for row in rows] == expected


# --- Other groups of columns ------------------------------------------------------------------------------------------


@dataclass
class Site:
    title_en: str = ""
    title_zh_hans: str = ""
    kind: str = ""
    part: "Site | None" = None


def test_a_translated_field_stands_in_both_languages_as_it_is_stored():
    columns = translated_columns("title", "Title", "", name="site")

    written = json_of(table_of(Site("Plant", "工厂"), Site("Plant"), columns=columns))

    assert written["rows"] == [
        {"site_en": "Plant", "site_zh_hans": "工厂"},
        {"site_en": "Plant", "site_zh_hans": None},
    ]
    assert [field["heading"] for field in written["fields"]] == ["Title (English)", "Title (简体中文)"]


def test_a_text_that_is_made_up_of_parts_is_made_in_each_language():
    columns = in_each_language("state", "State", "", lambda row: [translation.gettext("not disclosed")])

    assert csv_of(table_of(Site(), columns=columns)) == "state_en,state_zh_hans\r\nnot disclosed,未披露\r\n"


def test_a_choice_is_a_code_and_words():
    columns = choice_columns("kind", "Kind", "", [("plant", "a plant")])

    written = csv_of(table_of(Site(kind="plant"), Site(kind="new"), Site(), columns=columns))

    assert written == "kind,kind_words\r\nplant,a plant\r\nnew,new\r\n,\r\n"


def test_a_column_can_reach_what_a_row_hangs_on():
    columns = reached(lambda row: row.part, translated_columns("title", "Part", "", name="part"))

    written = csv_of(table_of(Site(part=Site("Hall")), Site(), columns=columns))

    assert written == "part_en,part_zh_hans\r\nHall,\r\n,\r\n"


def test_addresses_are_absolute():
    assert [absolute("/en/"), absolute("https://a.example/")] == ["https://portal.example/en/", "https://a.example/"]


# --- Responses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file_format", "content_type"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("json", "application/json; charset=utf-8"),
    ],
)
def test_a_file_is_named_after_its_register_and_the_day(now, file_format, content_type):
    response = respond(RequestFactory().get("/"), table_of(Plant()), file_format)

    assert {name: response[name] for name in ("Content-Type", "Content-Disposition", "X-Content-Type-Options")} == {
        "Content-Type": content_type,
        "Content-Disposition": f'attachment; filename="plants-2024-11-15.{file_format}"',
        "X-Content-Type-Options": "nosniff",
    }


def test_an_unknown_format_does_not_exist():
    with pytest.raises(Http404):
        respond(RequestFactory().get("/"), table_of(), "pdf")


@pytest.mark.parametrize("file_format", FORMATS)
def test_an_answer_without_a_body_reads_no_row(file_format):
    def rows():
        raise AssertionError("a row was read")
        yield

    response = respond(RequestFactory().head("/"), table_of(rows=rows()), file_format)

    assert (response.content, "attachment" in response["Content-Disposition"]) == (b"", True)


@pytest.mark.parametrize("file_format", ["csv", "json"])
def test_rows_are_pulled_as_they_are_sent(file_format):
    pulled = []
    rows = (pulled.append(number) or Plant(f"Plant {number}") for number in range(100_000))

    pieces = iter(respond(RequestFactory().get("/"), table_of(rows=rows), file_format).streaming_content)
    before = len(pulled)
    next(pieces)
    after_one = len(pulled)
    next(pieces)

    assert (before, after_one <= 100, len(pulled) <= 200) == (0, True, True)


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_row_is_let_go_before_the_next_but_one_is_pulled(file_format):
    alive = weakref.WeakSet()
    most = 0

    def rows():
        nonlocal most
        for number in range(1000):
            plant = Tracked(f"Plant {number}")
            alive.add(plant)
            most = max(most, len(alive))
            yield plant

    download(table_of(rows=rows()), file_format)

    assert most <= 2


class Tracked(Plant):
    __hash__ = object.__hash__


@pytest.mark.parametrize("file_format", ["csv", "json"])
def test_a_file_keeps_the_language_and_the_moment_of_its_request(file_format):
    moment = datetime(2030, 1, 1, tzinfo=UTC)
    columns = (*AREA, Column("now", "Now", "", lambda row: clock.now().year, Kind.NUMBER))

    with clock.set_to(moment):
        response = respond(RequestFactory().get("/"), table_of(Plant(), columns=columns), file_format)
    with translation.override("zh-hans"):
        written = b"".join(response.streaming_content).decode()
        after = translation.get_language()

    assert [text in written for text in ("not disclosed", "2030", "未披露")] == [True, True, False]
    assert after == "zh-hans"
