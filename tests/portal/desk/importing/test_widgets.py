"""What cells mean; what a widget writes it reads back."""

from datetime import date, time
from decimal import Decimal

import pytest
from django.utils import translation

from companies.models import Organization
from events.models import Speaker
from portal.desk.importing.known import Known
from portal.desk.importing.references import (
    RecordOrName,
    RecordOrNew,
    Reference,
    References,
    names_in,
    written_names,
)
from portal.desk.importing.widgets import (
    Choice,
    ClockTime,
    Code,
    Codes,
    Day,
    Number,
    YesNo,
)
from tests.factories import organization, speaker

KIND = Choice(Organization.Kind.choices)


def refusal_of(widget, text, **given):
    with pytest.raises(ValueError, match=r"\w") as refused:
        widget.clean(text, **given)
    return str(refused.value)


# --- Values -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("widget", "text", "value"),
    [
        (Code(), "　ｄｉａｓｏｒｉｎ ", "diasorin"),
        (Code(capitals=True), "９1310113ma1gk", "91310113MA1GK"),
        (Codes(capitals=True), "HKEX 2591；sse 688123;HKEX 2591", ("HKEX 2591", "SSE 688123")),
        (Number(), "１,２３４.5", Decimal("1234.5")),
        (Number(), "49.8%", Decimal("49.8")),
        (Number(whole=True), "3.0", 3),
        (YesNo(), "是", True),
        (YesNo(), "FALSE", False),
        (Day(), "45611", date(2024, 11, 15)),
        (KIND, "Company", "company"),
        (KIND, "research_institute", "research_institute"),
        (KIND, "企业", "company"),
        (ClockTime(), "9:30", time(9, 30)),
        (ClockTime(), "０９：３０", time(9, 30)),
        (ClockTime(), "2:30 PM", time(14, 30)),
        (ClockTime(), "12:05 am", time(0, 5)),
        (ClockTime(), "下午2:30", time(14, 30)),
        (ClockTime(), "14点", time(14)),
        (ClockTime(), "0.395833", time(9, 30)),
    ],
)
def test_a_cell_is_read_as_it_was_meant_and_written_so_that_it_reads_back(widget, text, value):
    assert widget.clean(text) == value
    assert widget.clean(widget.render(value)) == value


@pytest.mark.parametrize(
    ("widget", "text", "reason"),
    [
        (Number(), "many", "“many” is not a number"),
        (Number(), "NaN", "is not a number"),
        (Number(), "1e99", "is not a number"),
        (Number(whole=True), "1.5", "is not a number. Write for example: 3"),
        (YesNo(), "maybe", "Write yes or no"),
        (Day(), "2024-11", "Write the whole day"),
        (KIND, "compny", "Did you mean company?"),
        (KIND, "zzz", "Write one of these: company, research institute"),
        (ClockTime(), "25:00", "is not a time of day"),
        (ClockTime(), "13:00 PM", "is not a time of day"),
        (ClockTime(), "9.3", "is not a time of day"),
    ],
)
def test_what_cannot_be_read_says_what_to_write(widget, text, reason):
    assert reason in refusal_of(widget, text)


def test_a_choice_is_written_in_the_language_of_the_sheet_and_read_in_any():
    with translation.override("zh-hans"):
        assert KIND.render("company") == "企业"

    assert KIND.clean("企业") == "company"


@pytest.mark.parametrize(
    "names", [("Acme", ""), ("", "示例"), ("Acme", "示例"), ("示例", ""), ("", "Acme"), ("A b", "A b")]
)
def test_a_name_in_either_language_or_both_reads_back(names):
    assert names_in(written_names(names)) == names


# --- References -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["acme", "ACME Biotech", "acme  biotech", "示例生物", "ＡＣＭＥ Biotech", "示例生物有限公司"]
)
def test_a_record_is_meant_by_its_slug_or_any_of_its_names(text):
    acme = organization(slug="acme", name_en="Acme Biotech", name_zh_hans="示例生物", legal_name="示例生物有限公司")

    assert Reference(Organization).clean(text, known=Known()) == acme


@pytest.mark.django_db
def test_a_name_that_two_records_bear_asks_for_the_slug():
    for slug in ("acme-1", "acme-2"):
        organization(slug=slug, name_en="Acme")

    assert refusal_of(Reference(Organization), "Acme", known=Known()) == (
        "2 records have the name “Acme”. Write the slug of the one you mean: acme-1, acme-2."
    )


@pytest.mark.django_db
def test_a_name_that_is_almost_known_is_suggested():
    organization(slug="diasorin", name_en="DiaSorin Shanghai")

    said = refusal_of(References(Organization), "Diasorin Shangai", known=Known())

    assert said == ("No organization is called “Diasorin Shangai”. Did you mean DiaSorin Shanghai (diasorin)?")


@pytest.mark.django_db
def test_a_name_that_nothing_resembles_stays_a_name_and_is_written_so_that_it_reads_back():
    widget, known = RecordOrName(Organization), Known()
    organization(slug="diasorin", name_en="DiaSorin")

    value = widget.clean("Example Bank | 示例银行", known=known)

    assert value == (None, "Example Bank", "示例银行")
    assert widget.render(value) == "name: Example Bank | 示例银行"
    assert widget.clean(widget.render(value), known=known) == value


@pytest.mark.django_db
def test_a_name_that_resembles_a_known_one_is_another_only_when_that_is_said():
    organization(slug="diasorin", name_en="DiaSorin")

    assert "If it is another one, write: name: DiaSorim" in refusal_of(
        RecordOrName(Organization), "DiaSorim", known=Known()
    )
    assert RecordOrName(Organization).clean("名称：DiaSorim", known=Known()) == (None, "DiaSorim", "")


@pytest.mark.django_db
def test_an_unknown_speaker_is_introduced_once():
    widget, known = RecordOrNew(Speaker), Known()
    speaker(slug="ann-otherwise")

    first, second = (widget.clean(text, known=known) for text in ("Ann  Otherwise | 安", "ann otherwise | 安"))

    assert first is second
    assert (first.pk, first.slug, first.name_zh_hans) == (None, "ann-otherwise-2", "安")
    assert known.introduced() == [(Speaker, [first])]
