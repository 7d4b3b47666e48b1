"""The page of all corrections (`portal/correction_list.py`)."""

from datetime import date

import pytest

from portal.correction_list import all_corrections, line_of
from portal.corrections import correction_models
from tests.factories import agreement, conference, correct, indicator, make, observation, session, withdraw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def lines():
    return [line_of(row) for row in all_corrections()]


def said():
    return [(line.title, line.correction.sentence, line.correction.reason) for line in lines()]


def test_a_correction_names_its_record_what_was_changed_and_why():
    fair = conference(title_en="Kelp Fair", slug="fair")
    correct(fair, fact="starts_on", made_on=date(2024, 5, 3), reason_en="A notice names the 15th.")

    [line] = lines()

    assert said() == [("Kelp Fair", "Corrected on 3 May 2024: starts on was “2024-11-14”.", "A notice names the 15th.")]
    assert (line.page, line.kind_of_record) == ("/en/conferences/fair/", "Conference")


@pytest.mark.parametrize("model", correction_models(), ids=lambda model: model.__name__)
def test_every_kind_of_record_can_be_corrected_and_leads_to_its_page(client, model):
    correct(make(model.record_model()))

    [line] = lines()

    assert (bool(line.title), line.page.startswith("/en/")) == (True, True)


def test_the_newest_stands_first_whatever_it_is_of():
    for day, record in enumerate(
        [conference(title_en="A"), agreement(title_en="B"), conference(title_en="C")], start=1
    ):
        correct(record, made_on=date(2024, 5, day))

    assert [line.title for line in lines()] == ["C", "B", "A"]


@pytest.mark.parametrize("hide", [{"published_at": None}, {"withdrawn": True}, {"above": None}])
def test_what_visitors_cannot_see_is_not_corrected_before_them(hide):
    above = conference(title_en="Above", published_at=hide.get("above", "2020-01-01T00:00Z"))
    record = session(
        conference=above, title_en="Secret", **{name: hide[name] for name in hide if name == "published_at"}
    )
    correct(record, old_value="Secret value")
    if "withdrawn" in hide:
        withdraw(record, reason_en="It was wrong.")

    expected = [("Secret", "Withdrawn on 3 May 2025.", "It was wrong.")] if "withdrawn" in hide else []
    assert said() == expected


def test_a_withdrawn_parent_takes_the_corrections_of_what_hangs_on_it_along():
    above = conference(title_en="Above")
    correct(session(conference=above, title_en="Below"))
    of_value = observation(indicator=indicator(name_en="Indicator"))
    withdraw(of_value)

    withdraw(above)

    assert {line.title for line in lines()} == {"Above", "Indicator"}


def test_the_page_speaks_its_language_and_is_in_pages(client):
    for day in range(1, 29):
        for month in (1, 2):
            correct(conference(title_zh_hans="海带展"), made_on=date(2024, month, day), reason_zh_hans="通知有误。")

    first, second = (client.get(f"/zh-hans/corrections/?page={number}").content.decode() for number in (1, 2))

    assert (first.count("通知有误。"), second.count("通知有误。"), "海带展" in first) == (50, 6, True)
    assert {client.get(f"/en/corrections/?page={page}").status_code for page in ("0", "3", "x", "9" * 4000)} == {404}


def test_without_any_the_page_says_so(client):
    assert b"Nothing has been corrected yet." in client.get("/en/corrections/").content
