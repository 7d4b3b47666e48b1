"""Words set in pictures: which font, where a line breaks, what happens when there is no room."""

import unicodedata

import pytest
from django.conf import settings
from PIL import Image

from portal.lettering import CHINESE, LATIN, _face_of, _set, fitted, fitted_facts, legible

SIZES = (84, 60, 42)
WIDTH = 760


def lines(text, size=60, width=WIDTH):
    return list(fitted(text, (size,), width, height=10_000).lines)


# --- Fonts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "faces"),
    [
        ("WuXi", [LATIN] * 4),
        ("Łódź β", [LATIN] * 6),
        ("药2024年", [CHINESE, *[LATIN] * 4, CHINESE]),
        ("“湖”", [CHINESE] * 3),
        ("“a”", [LATIN] * 3),
        ("，", [CHINESE]),
    ],
)
def test_each_character_is_drawn_by_the_font_of_its_script(text, faces):
    assert [letter.face for letter in _set(text)] == faces


def test_every_character_of_the_first_dataset_and_of_the_catalog_can_be_drawn():
    texts = [path.read_text() for path in settings.BASE_DIR.glob("fixtures/*.json")]
    texts += [path.read_text() for path in settings.BASE_DIR.glob("locale/**/*.po")]

    characters = {each for text in texts for each in text if not each.isspace()}

    assert len(characters) > 1000
    assert [each for each in sorted(characters) if not _face_of(each)] == []


def test_every_character_of_gb_2312_can_be_drawn():
    rows = (bytes([row, cell]) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    characters = [each for pair in rows if (each := pair.decode("gb2312", "ignore"))]

    assert len(characters) == 6763
    assert [each for each in characters if not _face_of(each)] == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("🎉 Grand opening 🎉", "Grand opening"),
        ("مؤتمر 2024", "2024"),
        ("🎉🎉", ""),
        ("Sko\u030cda\n\tAuto", "Skǒda Auto"),
        ("\u202eevil\u0000", "evil"),
    ],
)
def test_what_no_font_can_draw_is_left_out_and_never_a_box(text, shown):
    assert legible(text) == unicodedata.normalize("NFC", shown)


def test_pairs_of_letters_are_kerned_also_under_accents():
    def width(text):
        return _set(text)[-1].right

    assert width("AV") < width("A") + width("V") - 0.1
    assert width("To") < width("T") + width("o") - 0.04
    assert width("Tö") - width("ö") == pytest.approx(width("To") - width("o"))


# --- Lines ------------------------------------------------------------------------------------------------------------


def test_lines_are_as_few_as_can_be_and_even():
    assert lines("Cooperation signing for key biopharma projects") == [
        "Cooperation signing for",
        "key biopharma projects",
    ]


def test_a_chinese_title_leaves_no_character_alone():
    thirteen_in_a_line_of_twelve = "北部滨江生物医药产业创新大会"[:13]

    broken = lines(thirteen_in_a_line_of_twelve, width=12 * 60)

    assert [len(line) for line in broken] == [7, 6]


@pytest.mark.parametrize(
    "text",
    [
        "签约项目，签约项目，签约项目，签约项目，签约项目，签约项目。",
        "甲乙丙丁戊己庚辛壬癸子丑寅（卯辰巳午未申酉戌亥）甲乙丙丁戊己",
        "建设“产业链协同创新”平台、“中试”平台、“检测”平台、“临床”平台",
        "甲乙丙丁戊己庚辛壬癸子2024年11月15日甲乙丙第12届甲乙丙100亿元",
    ],
)
@pytest.mark.parametrize("width", range(300, 800, 60))
def test_no_chinese_line_begins_or_ends_with_what_belongs_to_its_neighbour(text, width):
    broken = lines(text, width=width)

    assert "".join(broken) == text
    assert [line for line in broken if line[0] in "，。）”、年月日届亿" or line[-1] in "（“第"] == []


def test_a_word_wider_than_a_line_is_taken_apart():
    broken = lines("Donaudampfschifffahrtselektrizitätenhauptbetriebswerk", width=400)

    assert len(broken) > 1
    assert "".join(broken) == "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk"


def test_a_long_title_shrinks_before_it_is_cut():
    short, long, longest = (fitted("signed agreement " * count, SIZES, WIDTH, 280) for count in (2, 4, 40))

    assert (short.size, long.size, longest.size) == (84, 60, 42)
    assert "".join(long.lines[-1:]).endswith("agreement")
    assert longest.lines[-1].endswith("…")
    assert longest.height <= 280


@pytest.mark.parametrize("text", ["签约" * 200, "a" * 500, "word " * 100])
def test_a_line_that_is_cut_still_fits(text):
    block = fitted(text, SIZES, WIDTH, 280)

    assert max(_set(line)[-1].right * block.size for line in block.lines) <= WIDTH


def test_facts_stay_whole_where_there_is_room_and_their_separator_never_ends_a_line():
    facts = fitted_facts("15 November 2024 · Northern Riverside Park of Life Sciences", (34, 28), WIDTH, 80)
    long_facts = fitted_facts("Director of the Center for " + "Very " * 12 + "Things · 2024", (34, 28), WIDTH, 80)

    assert facts.lines == ("15 November 2024", "Northern Riverside Park of Life Sciences")
    assert long_facts.lines[-1].endswith("· 2024")


def test_nothing_to_say_takes_no_room():
    assert (fitted("", SIZES, WIDTH, 100).lines, fitted("🎉", SIZES, WIDTH, 100).height) == ((), 0)


# --- Drawn ------------------------------------------------------------------------------------------------------------


def test_words_are_drawn_where_they_are_set_and_nowhere_else():
    picture = Image.new("RGB", (800, 200))

    fitted("湖 Lake", (60,), WIDTH, 60).draw(picture, 40, 50, "#ffffff")

    left, top, right, bottom = picture.getbbox()
    width = _set("湖 Lake")[-1].right * 60
    assert (left, right) == (pytest.approx(40, abs=4), pytest.approx(40 + width, abs=4))
    assert 48 <= top < bottom <= 120
