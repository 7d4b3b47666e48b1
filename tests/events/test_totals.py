"""The rules of totals, one test each (`events/totals.py`)."""

from decimal import Decimal

import pytest

from companies.models import Sector
from events.models import Agreement, Amount
from events.totals import totals_of
from portal.quantities import Quantity
from tests import factories

pytestmark = pytest.mark.django_db

BILLION = Decimal(10**9)


def paper(value=None, comparator="=", *, value_to=None, currency="CNY", amount_kind="total_investment", **fields):
    """An investment agreement signed on one day, with one amount in billions (or none)."""
    agreement = factories.agreement(**{"kind": "investment", **fields})
    factories.signing(agreement=agreement, session=None, conference=None, signed_on="2024-04-10")
    if value is not None:
        high = Decimal(str(value_to)) * BILLION if value_to is not None else None
        quantity = Quantity(Decimal(str(value)) * BILLION, comparator, high)
        factories.amount(agreement=agreement, currency=currency, kind=amount_kind, quantity=quantity)
    return agreement


def part_of(framework, *children, kind="part_of_framework"):
    for child in children:
        factories.relation(agreement=child, to=framework, kind=kind)


def words(**kwargs):
    return [subtotal.words for subtotal in totals_of(Agreement.objects.published(), **kwargs).subtotals]


def test_rule_1_the_same_agreement_on_two_stages_leaves_every_total_unchanged():
    agreement = paper(6, ">")
    once = totals_of(Agreement.objects.published())

    factories.signing(agreement=agreement, session=None, conference=factories.conference())
    factories.signing(agreement=agreement, session=factories.session(), conference=None)

    assert totals_of(Agreement.objects.published()) == once


def test_rule_2_one_kind_of_amount_is_summed_at_a_time():
    agreement = paper(1.5)
    factories.amount(agreement=agreement, kind="capital_injection", quantity=Quantity(Decimal("1.1") * BILLION))

    assert words() == ["CNY 1.5 billion"]
    assert words(kind=Amount.Kind.CAPITAL_INJECTION) == ["CNY 1.1 billion"]


@pytest.mark.parametrize(
    "kind", ["letter_of_intent", "memorandum", "settlement_intent", "service_cooperation", "purchase"]
)
def test_rule_3_papers_that_promise_nothing_enter_no_total(kind):
    paper(2)
    paper(5, kind=kind)

    totals = totals_of(Agreement.objects.published())

    assert [subtotal.words for subtotal in totals.subtotals] == ["CNY 2 billion"]
    assert (totals.agreements, totals.stating, totals.not_summed) == (2, 1, 1)


@pytest.mark.parametrize("kind", ["framework", "joint_laboratory", "fund", "credit"])
def test_rule_3_frames_are_counted_and_not_summed(kind):
    paper(5, kind=kind)

    totals = totals_of(Agreement.objects.published())

    assert (totals.agreements, totals.not_summed, totals.subtotals) == (1, 1, [])


def test_rule_4_a_framework_of_1_with_children_of_0_4_and_0_5_gives_0_9():
    part_of(paper(1, kind="framework"), paper(0.4), paper(0.5))

    assert words() == ["CNY 900 million"]


def test_rule_4_a_framework_stands_in_for_children_that_state_nothing():
    part_of(paper(1, kind="framework"), paper(), paper())

    assert words() == ["CNY 1 billion"]


def test_rule_5_a_batch_of_26_with_4_named_counts_its_headline_once():
    batch = paper(6, ">", is_batch=True, batch_size=Quantity(Decimal(26)))
    part_of(batch, paper(1), paper(0.5), paper(0.2), paper(), kind="batch_member")

    totals = totals_of(Agreement.objects.published())

    assert [subtotal.words for subtotal in totals.subtotals] == ["more than CNY 6 billion"]
    assert (totals.batches, totals.named_members, totals.stating, totals.undisclosed) == (1, 4, 1, 0)


def test_rule_5_members_that_outgrow_their_headline_raise_its_low_end():
    batch = paper(6, ">", is_batch=True)
    part_of(batch, paper(4), paper(3), kind="batch_member")

    assert words() == ["at least CNY 7 billion"]


def test_rule_5_a_member_counts_itself_where_its_batch_is_filtered_out():
    batch = paper(6, ">", is_batch=True)
    member = paper(1)
    part_of(batch, member, kind="batch_member")

    totals = totals_of(Agreement.objects.published().filter(pk=member.pk))

    assert [subtotal.words for subtotal in totals.subtotals] == ["CNY 1 billion"]


def test_rule_5_the_members_of_a_batch_without_a_headline_are_summed():
    part_of(paper(is_batch=True), paper(1), paper(2), kind="batch_member")

    assert words() == ["CNY 3 billion"]


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ([(1, "="), (2, "=")], "CNY 3 billion"),
        ([(1, "="), (6, ">")], "more than CNY 7 billion"),
        ([(1, ">="), (6, "=")], "at least CNY 7 billion"),
        ([(1, "="), (0.5, "<=")], "CNY 1 billion to 1.5 billion"),
        ([(0.5, "<=")], "up to CNY 500 million"),
        ([(0.5, "<")], "less than CNY 500 million"),
        ([(1, ">"), (0.5, "<=")], "more than CNY 1 billion"),
    ],
)
def test_rule_6_each_qualifier_enters_the_end_it_speaks_of(amounts, expected):
    for value, comparator in amounts:
        paper(value, comparator)

    assert words() == [expected]


def test_rule_6_up_to_500_million_adds_nothing_below_and_500_million_above():
    paper(1)
    paper(0.5, "<=")

    [subtotal] = totals_of(Agreement.objects.published()).subtotals

    assert (subtotal.interval.low.value, subtotal.interval.high.value) == (BILLION, Decimal("1.5") * BILLION)


def test_rule_6_a_range_enters_both_ends():
    paper(1, value_to=1.5)
    paper(2)

    assert words() == ["CNY 3 billion to 3.5 billion"]


def test_rule_7_what_is_undisclosed_is_counted_and_never_zero():
    paper(3.1, ">=")
    paper()
    paper()

    totals = totals_of(Agreement.objects.published())

    assert (totals.agreements, totals.stating, totals.undisclosed) == (3, 1, 2)
    assert [subtotal.words for subtotal in totals.subtotals] == ["at least CNY 3.1 billion"]


def test_rule_7_nothing_disclosed_is_no_sum_at_all():
    paper()

    assert totals_of(Agreement.objects.published()).subtotals == []


def test_rule_8_currencies_are_never_added():
    paper(1)
    paper(2, currency="USD")

    assert words() == ["CNY 1 billion", "USD 2 billion"]


def test_rule_11_what_ended_leaves_the_totals():
    paper(1)
    paper(2, terminated_on="2025-01")
    old, new = paper(4), paper(5)
    factories.relation(agreement=new, to=old, kind="supersedes")

    totals = totals_of(Agreement.objects.published())

    assert [subtotal.words for subtotal in totals.subtotals] == ["CNY 6 billion"]
    assert (totals.agreements, totals.ended) == (2, 2)


def test_a_superseding_draft_ends_nothing():
    old, new = paper(4), paper(5, published_at=None)
    factories.relation(agreement=new, to=old, kind="supersedes")

    assert words() == ["CNY 4 billion"]


def test_an_agreement_of_two_sectors_is_summed_once():
    agreement = paper(1)
    agreement.sectors.add(factories.sector(), factories.sector())

    totals = totals_of(Agreement.objects.published().filter(sectors__in=Sector.objects.all()))

    assert [subtotal.words for subtotal in totals.subtotals] == ["CNY 1 billion"]
    assert totals.agreements == 1


@pytest.mark.parametrize("size", [1, 30])
def test_the_number_of_queries_does_not_depend_on_the_number_of_agreements(size, django_assert_num_queries):
    for _number in range(size):
        paper(1)
        part_of(paper(3, is_batch=True), paper(1), kind="batch_member")

    with django_assert_num_queries(4):
        totals = totals_of(Agreement.objects.published())

    assert totals.subtotals[0].interval.low.value == 4 * size * BILLION


def test_a_child_larger_than_its_framework_breaks_nothing():
    part_of(paper(1, kind="framework"), paper(5))

    assert words() == ["CNY 5 billion"]


def test_rule_9_the_organizers_headline_stands_beside_the_computed_total_with_its_own_source(client):
    conference = factories.conference()
    headline = factories.observation(
        indicator=factories.indicator(measure="money", currency="CNY", unit_en="", unit_zh_hans=""),
        quantity=Quantity(10 * BILLION, ">"),
    )
    factories.cite(headline, source=factories.source(title_en="Evening news", title_original=""))
    conference.headline_totals.add(headline)
    factories.signing(agreement=paper(2), conference=conference, session=None)

    html = client.get(f"{conference.get_absolute_url()}agreements/").content.decode()

    assert "1 agreement: 1 states a total investment, CNY 2 billion." in html
    assert "The organizer&#x27;s own total: more than CNY 10 billion" in html.replace("&#39;", "&#x27;").replace(
        "organizer's", "organizer&#x27;s"
    )
    assert "Evening news" in html


def test_rule_12_the_total_of_a_conference_links_to_the_list_it_was_computed_from(client):
    conference = factories.conference(slug="lake")
    factories.signing(agreement=paper(2), conference=conference, session=None)

    html = client.get("/en/conferences/lake/agreements/").content.decode()

    assert 'href="/en/agreements.csv?conference=lake"' in html
