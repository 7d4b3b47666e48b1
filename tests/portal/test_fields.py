from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given

from companies.models import Observation, Place
from events.models import Conference, Milestone
from portal.fields import PartialDateFormField, TextIn, columns
from portal.partial_dates import PartialDate
from portal.quantities import Quantity
from tests import factories
from tests.portal.strategies import partial_dates, quantities

# --- translated text --------------------------------------------------------------------------------------------------


def test_translated_text_has_a_column_per_language():
    assert columns("title") == ("title_en", "title_zh_hans")


@pytest.mark.parametrize(("language", "name"), [("en", "Biopharma Park"), ("zh-hans", "生物医药产业园")])
def test_text_is_read_in_the_language_of_the_page(language, name):
    park = Place(name_en="Biopharma Park", name_zh_hans="生物医药产业园")

    with translation.override(language):
        text = park.name

    assert (text, type(text)) == (name, str)


@pytest.mark.parametrize(
    ("page", "filled", "text", "language"),
    [
        ("en", {"name_zh_hans": "生物医药产业园"}, "生物医药产业园", "zh-hans"),
        ("zh-hans", {"name_en": "Biopharma Park"}, "Biopharma Park", "en"),
        ("fr", {"name_en": "Biopharma Park", "name_zh_hans": "生物医药产业园"}, "Biopharma Park", "en"),
    ],
)
def test_text_that_falls_back_says_which_language_it_is_in(page, filled, text, language):
    park = Place(**filled)

    with translation.override(page):
        name = park.name

    assert (name, type(name), name.language) == (text, TextIn, language)


def test_text_that_is_empty_in_every_language_is_empty():
    name = Place().name

    assert (name, type(name)) == ("", str)


def test_text_is_written_in_the_language_of_the_page():
    park = Place(name_en="Biopharma Park")

    with translation.override("zh-hans"):
        park.name = "生物医药产业园"

    assert (park.name_en, park.name_zh_hans) == ("Biopharma Park", "生物医药产业园")


@pytest.mark.django_db
@pytest.mark.parametrize("column", columns("title"))
def test_one_language_is_enough(column):
    conference = Conference(slug="meilan-lake", starts_on=PartialDate(2024), **{column: "Meilan Lake 美兰湖"})

    conference.full_clean()
    conference.save()

    assert Conference.objects.get().title == "Meilan Lake 美兰湖"


# --- partial dates ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@given(partial_dates())
def test_a_partial_date_is_stored_and_read_back(partial):
    Milestone.objects.all().delete()
    factories.milestone(met_on=partial)

    stored = Milestone.objects.values_list("met_on", flat=True)

    assert list(stored) == [partial]


@pytest.mark.django_db
def test_an_absent_partial_date_is_stored_as_empty_text_and_read_as_none():
    milestone = factories.milestone(due_on=None, met_on="2021")

    milestone.refresh_from_db()

    assert milestone.due_on is None
    assert list(Milestone.objects.filter(due_on="")) == [milestone]
    assert list(Milestone.objects.filter(due_on=None)) == [milestone]


@pytest.mark.django_db
def test_partial_dates_sort_and_compare_in_the_database_as_they_do_in_python():
    written = ["2021", "2020-09", "2020-09-01", "2020", "2020-10"]
    for text in written:
        factories.milestone(met_on=text)

    in_order = [str(met_on) for met_on in Milestone.objects.order_by("met_on").values_list("met_on", flat=True)]
    later = Milestone.objects.filter(met_on__gt=PartialDate(2020, 9)).order_by("met_on")

    assert in_order == ["2020", "2020-09", "2020-09-01", "2020-10", "2021"]
    assert [str(milestone.met_on) for milestone in later] == ["2020-09-01", "2020-10", "2021"]


@pytest.mark.django_db
def test_partial_dates_can_be_asked_for_as_they_are_written():
    milestone = factories.milestone(met_on="2020-09")
    factories.milestone(met_on="2020")

    found = Milestone.objects.filter(met_on="2020-09"), Milestone.objects.filter(met_on__in=["2020-09", "2019"])

    assert [list(milestones) for milestones in found] == [[milestone], [milestone]]


@pytest.mark.django_db
def test_partial_dates_can_be_saved_in_bulk():
    milestones = [factories.milestone(met_on="2020"), factories.milestone(met_on="2021")]
    for milestone in milestones:
        milestone.due_on, milestone.met_on = milestone.met_on, None

    Milestone.objects.bulk_update(milestones, ["due_on", "met_on"])

    assert list(Milestone.objects.order_by("due_on").values_list("due_on", "met_on")) == [
        (PartialDate(2020), None),
        (PartialDate(2021), None),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["2021-13", "21", "２０２１", "2021-02-30", "2021-1", "soon"])
def test_what_is_not_a_partial_date_never_reaches_the_database(text):
    milestone = factories.milestone()
    milestone.met_on = text

    with pytest.raises(ValidationError) as refusal:
        milestone.save()

    assert refusal.value.messages == ["Write a year, a month or a day: 2021, 2020-09 or 2024-11-15."]


@pytest.mark.django_db
def test_full_validation_reads_a_partial_date_from_its_text():
    milestone = factories.milestone()
    milestone.met_on = "2021-05"

    milestone.full_clean()

    assert milestone.met_on == PartialDate(2021, 5)


@pytest.mark.parametrize(
    ("text", "value"), [("2020-09", PartialDate(2020, 9)), (" 2021 ", PartialDate(2021)), ("", None)]
)
def test_a_form_reads_a_partial_date(text, value):
    field = PartialDateFormField(required=False)

    assert field.clean(text) == value


@pytest.mark.parametrize("text", ["2021-13", "21", "２０２１", "2021-02-30", "2021-1", "2021-00"])
def test_a_form_refuses_what_is_not_a_partial_date_and_shows_how_to_write_it(text):
    field = PartialDateFormField()

    with pytest.raises(ValidationError) as refusal:
        field.clean(text)

    assert refusal.value.messages == ["Write a year, a month or a day: 2021, 2020-09 or 2024-11-15."]


def test_a_form_sees_whether_a_partial_date_has_changed():
    field = PartialDateFormField(required=False)

    changed = [
        field.has_changed(PartialDate(2020, 9), "2020-09"),
        field.has_changed(PartialDate(2020, 9), " 2020-09 "),
        field.has_changed(None, ""),
        field.has_changed(None, None),
        field.has_changed(PartialDate(2020, 9), "2020"),
        field.has_changed(PartialDate(2020, 9), ""),
        field.has_changed(None, "2020"),
    ]

    assert changed == [False, False, False, False, True, True, True]


@pytest.mark.django_db
def test_a_form_shows_a_partial_date_as_it_is_written():
    form = forms.modelform_factory(Milestone, fields=["met_on"])(instance=factories.milestone(met_on="2020-09"))

    assert 'value="2020-09"' in str(form["met_on"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        ("2024-11-15", "2024-11-15"),
        ("2024-11-15", "2024-11-17"),
        ("2024-11-15", "2024-11"),
        ("2024-11-15", "2024"),
        ("2024-11", "2024"),
        ("2024-11", "2024-11-30"),
        ("2024", "2024-01"),
        ("2024", "2025"),
        ("2024-11-15", None),
    ],
)
def test_an_end_may_be_less_precise_than_its_beginning(starts_on, ends_on):
    conference = factories.conference(starts_on=starts_on, ends_on=ends_on)

    conference.full_clean()

    assert Conference.objects.count() == 1


# --- quantities -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@given(quantities())
def test_a_quantity_is_stored_and_read_back(quantity):
    Observation.objects.all().delete()
    factories.observation(quantity=quantity)

    assert Observation.objects.get().quantity == quantity


@pytest.mark.django_db
def test_a_quantity_is_kept_in_columns_of_its_own():
    place = factories.place(area=Quantity(Decimal("10.5"), "=", Decimal("12"), approximate=True))

    stored = Place.objects.values_list("area_value", "area_comparator", "area_value_to", "area_approximate")

    assert list(stored) == [(Decimal("10.5"), "=", Decimal(12), True)]
    assert place.area == Quantity(Decimal("10.5"), "=", Decimal(12), approximate=True)


@pytest.mark.django_db
def test_figures_read_back_as_they_were_written():
    values = [Decimal("428"), Decimal("6.86"), Decimal("3.7510"), Decimal("16000000000"), Decimal("100")]
    for value in values:
        factories.place(area=Quantity(value))

    read = [str(value) for value in Place.objects.order_by("pk").values_list("area_value", flat=True)]

    assert read == ["428", "6.86", "3.751", "16000000000", "100"]


@pytest.mark.django_db
def test_an_undisclosed_quantity_is_none_and_never_zero():
    nothing = factories.place(area=None)
    zero = factories.place(area=Quantity(Decimal(0)))

    nothing.refresh_from_db()
    zero.refresh_from_db()

    assert (nothing.area, zero.area) == (None, Quantity(Decimal(0)))


def test_none_empties_every_column_of_a_quantity():
    place = Place(area_value=10, area_comparator="<", area_approximate=True)

    place.area = None

    assert (place.area, place.area_value, place.area_value_to) == (None, None, None)
    assert (place.area_comparator, place.area_approximate) == ("=", False)


def test_a_quantity_keeps_the_words_it_was_published_in():
    place = Place(area_words="近300平方公里")

    place.area = Quantity(Decimal(300), "<", approximate=True)

    assert (place.area_words, place.area.words("area", language="zh-hans")) == ("近300平方公里", "近300平方公里")


@pytest.mark.django_db
@pytest.mark.parametrize("columns", [{"value": 15, "value_to": 10}, {"comparator": "<", "value": 10, "value_to": 15}])
def test_a_record_that_is_being_corrected_can_still_be_named(columns):
    amount, observation = factories.amount(), factories.observation()
    for record in (amount, observation):
        for name, value in columns.items():
            setattr(record, f"quantity_{name}", value)

    names = [str(amount), str(observation)]

    assert all(names), "the form with the message shows the name of the record"
