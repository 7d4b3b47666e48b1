from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from companies.models import Indicator, Observation, Place
from portal.quantities import Quantity
from tests.factories import cite, indicator, observation, place

pytestmark = pytest.mark.django_db


def loaded(record):
    """The indicator with its public observations, as a page loads it."""
    return Indicator.objects.with_observations().get(pk=record.pk)


# --- finding ----------------------------------------------------------------------------------------------------------


def test_a_place_shows_the_indicators_of_its_parts():
    district = place()
    park = place(part_of=district)
    of_district, of_park = indicator(place=district), indicator(place=park)
    indicator(place=None)
    indicator(place=place())

    found = [set(Indicator.objects.for_place(each)) for each in (district, park)]

    assert found == [{of_district, of_park}, {of_park}]


def test_the_home_page_shows_the_few_that_have_a_position_in_their_order():
    second, first = indicator(home_position=2), indicator(home_position=1)
    indicator(home_position=None)

    assert list(Indicator.objects.on_home_page()) == [first, second]


def test_observations_are_loaded_oldest_first_with_their_sources(django_assert_num_queries):
    companies = indicator()
    later = observation(indicator=companies, period="2024")
    earlier = observation(indicator=companies, period="2020-09")
    source = cite(later).source

    with django_assert_num_queries(3):
        observations = list(loaded(companies).observations.all())
        sources = [[citation.source for citation in each.citations.all()] for each in observations]

    assert (observations, sources) == ([earlier, later], [[], [source]])


def test_a_draft_observation_is_not_loaded():
    companies = indicator()
    public = observation(indicator=companies)
    observation(indicator=companies, period="2025", published_at=None)

    assert list(loaded(companies).observations.all()) == [public]


def test_results_are_told_from_targets():
    result = observation()
    target = observation(is_target=True)

    assert list(Observation.objects.measured()) == [result]
    assert [result.is_measured, target.is_measured] == [True, False]


def test_the_preferred_of_conflicting_observations_is_found():
    companies = indicator()
    preferred = observation(indicator=companies, rank="preferred")
    other = observation(indicator=companies, quantity=Quantity(Decimal(400), "<", approximate=True))

    assert list(Observation.objects.preferred()) == [preferred]
    assert [preferred.is_preferred, other.is_preferred] == [True, False]


def test_observations_can_be_listed_latest_first():
    older, newer = observation(period="2020-09"), observation(period="2024")

    assert list(Observation.objects.latest_first()) == [newer, older]


# --- what stands for an indicator -------------------------------------------------------------------------------------


def test_an_indicator_shows_the_latest_of_its_preferred_results():
    companies = indicator()
    observation(indicator=companies, period="2020", rank="preferred")
    latest = observation(indicator=companies, period="2024", rank="preferred")
    observation(indicator=companies, period="2024", quantity=Quantity(Decimal(400)))
    observation(indicator=companies, period="2030", is_target=True, rank="preferred")

    assert loaded(companies).latest == latest


def test_an_indicator_without_results_shows_its_target():
    companies = indicator()
    target = observation(indicator=companies, period="2030", is_target=True)

    assert loaded(companies).latest == target


def test_an_indicator_never_shows_a_deprecated_observation():
    companies = indicator()
    observation(indicator=companies, period="2024", rank="deprecated")
    before = loaded(companies).latest

    kept = observation(indicator=companies, period="2020")

    assert (before, loaded(companies).latest) == (None, kept)


def test_growth_is_told_from_the_earliest_preferred_result():
    companies = indicator()
    observation(indicator=companies, period="2018")
    observation(indicator=companies, period="2019", is_target=True, rank="preferred")
    earliest = observation(indicator=companies, period="2020", rank="preferred")
    observation(indicator=companies, period="2024", rank="preferred")

    assert loaded(companies).earliest == earliest


def test_an_indicator_without_observations_shows_nothing():
    companies = loaded(indicator())

    assert (companies.latest, companies.earliest) == (None, None)


def test_a_draft_place_is_not_named():
    companies = indicator(place=place())
    before = companies.public_place

    Place.objects.unpublish()

    assert (before is not None, Indicator.objects.get().public_place) == (True, None)


# --- rules ------------------------------------------------------------------------------------------------------------


def test_conflicting_observations_stand_side_by_side():
    companies = indicator()
    observation(indicator=companies, rank="preferred")

    for quantity in (Quantity(Decimal(428), approximate=True), Quantity(Decimal(428), ">"), Quantity(Decimal(400))):
        observation(indicator=companies, quantity=quantity).full_clean()

    assert companies.observations.count() == 4


def test_a_target_and_a_result_may_both_be_preferred():
    companies = indicator()

    for is_target in (True, False):
        observation(indicator=companies, is_target=is_target, rank="preferred").full_clean()

    assert Observation.objects.preferred().count() == 2


def test_a_span_and_its_first_month_may_both_be_preferred():
    companies = indicator()

    for until in (None, "2021-09"):
        observation(indicator=companies, period="2021-01", period_until=until, rank="preferred").full_clean()

    assert Observation.objects.preferred().count() == 2


def test_a_second_preferred_observation_of_a_span_is_refused():
    first = observation(period="2021-01", period_until="2021-09", rank="preferred")
    second = observation(
        indicator=first.indicator, period="2021-01", period_until="2021-09", quantity=Quantity(Decimal(99))
    )
    second.rank = Observation.Rank.PREFERRED

    with pytest.raises(ValidationError) as refusal:
        second.full_clean()

    assert refusal.value.messages == ["Another observation of this period is already the preferred one."]


@pytest.mark.parametrize(("measure", "currency"), [("money", "CNY"), ("count", ""), ("percent", ""), ("area", "")])
def test_only_money_has_a_currency(measure, currency):
    output = indicator(measure=measure, currency=currency)

    output.full_clean()

    assert Indicator.objects.get() == output


@pytest.mark.parametrize(
    ("measure", "currency"), [("money", ""), ("money", "cny"), ("money", "元"), ("count", "CNY"), ("percent", "CNY")]
)
def test_money_without_a_currency_and_anything_else_with_one_is_refused(measure, currency):
    output = indicator()
    output.measure, output.currency = measure, currency

    with pytest.raises(ValidationError) as refusal:
        output.full_clean()

    assert refusal.value.messages == ["An amount of money needs a currency (CNY); nothing else has one."]


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("of_indicator", "quantity", "english", "chinese"),
    [
        ({}, Quantity(Decimal(428)), "428", "428家"),
        ({}, Quantity(Decimal(100), "<"), "fewer than 100", "不足100家"),
        (
            {"measure": "money", "currency": "CNY", "unit_zh_hans": ""},
            Quantity(Decimal(16_000_000_000), ">"),
            "more than CNY 16 billion",
            "超过160亿元",
        ),
        ({"measure": "percent", "unit_zh_hans": ""}, Quantity(Decimal("8.5")), "8.5%", "8.5%"),
        ({"measure": "area", "unit_zh_hans": ""}, Quantity(Decimal("6.86")), "6.86 km²", "6.86平方公里"),
    ],
)
def test_an_observation_reads_in_the_unit_of_its_indicator(of_indicator, quantity, english, chinese):
    observed = observation(indicator=indicator(**of_indicator), quantity=quantity)
    words = []

    for language in ("en", "zh-hans"):
        with translation.override(language):
            words.append(observed.words)

    assert words == [english, chinese]


@pytest.mark.parametrize(
    ("period", "until", "english", "chinese"),
    [
        ("2024", None, "2024", "2024"),
        ("2021-01", "2021-09", "January 2021 – September 2021", "2021年1月 – 2021年9月"),
    ],
)
def test_a_period_reads_as_a_date_or_a_span(period, until, english, chinese):
    observed = observation(period=period, period_until=until)
    words = []

    for language in ("en", "zh-hans"):
        with translation.override(language):
            words.append(observed.period_words)

    assert words == [english, chinese]


def test_an_observation_names_its_indicator_and_leads_to_its_page():
    observed = observation(indicator=indicator(slug="companies", name_en="Biopharma companies"))

    assert (str(observed), observed.get_absolute_url()) == (
        "Biopharma companies 2024: 428",
        "/en/indicators/companies/",
    )
