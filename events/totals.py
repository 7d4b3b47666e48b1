"""Totals of signed agreements that cannot lie. Every rule has a test of its own in `tests/events/test_totals.py`.

1.  Agreements are counted, never ceremonies: signed twice is signed once.
2.  One kind of amount is summed at a time; the default is total investment.
3.  Letters of intent, memoranda, settlement intents, service cooperation and purchases enter no total; frameworks,
    joint laboratories, funds and credit are counted, not summed.
4.  A framework and its children: the children's sum, or the framework's amount if no child states one; never both.
5.  A batch stands with its headline; its named members are inside it, and never added to it.
6.  `=` enters the low and the high end, `>` and `>=` only the low one, `<` and `<=` only the high one, a range both.
7.  What is undisclosed is counted, and is never zero.
8.  Currencies are never added to one another.
11. Terminated and superseded agreements leave the totals.

Rules 9 (the organizer's own headline is an Observation) and 12 (every total links to its list) live on the pages; 10 in
`events.cohorts`. Sources: AidData's "recommended for aggregates", OCDS, the 2006 circular on counting a project once.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, Count, DecimalField, Exists, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest

from events.models import Agreement, AgreementRelation, Amount
from portal.intervals import Interval
from portal.quantities import Bound, Measure

Kind, Relation = Agreement.Kind, AgreementRelation.Kind

NEVER_IN_TOTALS = [
    Kind.LETTER_OF_INTENT,
    Kind.MEMORANDUM,
    Kind.SETTLEMENT_INTENT,
    Kind.SERVICE_COOPERATION,
    Kind.PURCHASE,
]
COUNTED_NOT_SUMMED = [Kind.FRAMEWORK, Kind.JOINT_LABORATORY, Kind.FUND, Kind.CREDIT]


@dataclass(frozen=True)
class Subtotal:
    """The sum in one currency: what `agreements` agreements add up to."""

    currency: str
    interval: Interval
    agreements: int

    @property
    def words(self) -> str:
        return self.interval.as_quantity().words(Measure.MONEY, currency=self.currency)


@dataclass(frozen=True)
class Totals:
    """What a set of agreements adds up to. `agreements` are the standing ones; `stating` of them state the amount and
    `undisclosed` do not; `not_summed` are papers whose amounts enter no total; `ended` have left it."""

    agreements: int
    stating: int
    undisclosed: int
    not_summed: int
    ended: int
    batches: int
    named_members: int
    subtotals: list[Subtotal]


def totals_of(agreements, kind=Amount.Kind.TOTAL_INVESTMENT) -> Totals:
    """The totals of `agreements` (a public QuerySet, filtered as one likes) for one kind of amount. Two queries,
    however many agreements there are."""
    chosen = Agreement.objects.filter(pk__in=agreements.order_by().values("pk"))
    counts = _with_roles(chosen, kind).aggregate(
        agreements=Count("pk", filter=Q(is_standing=True)),
        stating=Count("pk", filter=Q(is_standing=True, is_summed=True, is_inside=False, states=True)),
        undisclosed=Count("pk", filter=Q(is_standing=True, is_summed=True, is_inside=False, states=False)),
        not_summed=Count("pk", filter=Q(is_standing=True, is_summed=False, is_inside=False)),
        ended=Count("pk", filter=Q(is_standing=False)),
        batches=Count("pk", filter=Q(is_standing=True, is_batch=True)),
        named_members=Count("pk", filter=Q(is_standing=True, is_inside=True)),
    )
    return Totals(**counts, subtotals=_subtotals(chosen, kind))


def _with_roles(agreements, kind):
    """Adds what each agreement is to the totals: standing or ended, summed or counted, inside a batch of the set."""
    amounts = Amount.objects.filter(agreement=OuterRef("pk"), kind=kind)
    return agreements.annotate(
        is_standing=Case(When(_ended(), then=Value(False)), default=Value(True)),
        is_summed=Case(When(_not_summed(kind), then=Value(False)), default=Value(True)),
        is_inside=Exists(_memberships(OuterRef("pk")).filter(to__in=agreements.values("pk"))),
        states=Exists(amounts),
    )


def _ended() -> Q:
    """Terminated, or superseded by another public agreement (rule 11)."""
    newer = AgreementRelation.objects.published().filter(to=OuterRef("pk"), kind=Relation.SUPERSEDES)
    return ~Q(terminated_on="") | Q(Exists(newer))


def _not_summed(kind) -> Q:
    """Papers of kinds that enter no total (rule 3); a framework enters only for the children that it stands for, and
    only while none of them states an amount itself (rule 4)."""
    children = AgreementRelation.objects.published().filter(to=OuterRef("pk"), kind=Relation.PART_OF_FRAMEWORK)
    stating = children.filter(Exists(Amount.objects.filter(agreement=OuterRef("agreement"), kind=kind)))
    stands_for_children = Q(kind=Kind.FRAMEWORK) & Q(Exists(children)) & ~Q(Exists(stating))
    return Q(kind__in=NEVER_IN_TOTALS) | (Q(kind__in=COUNTED_NOT_SUMMED) & ~stands_for_children)


def _memberships(agreement):
    """The relations that make `agreement` a named member of a batch."""
    return AgreementRelation.objects.published().filter(agreement=agreement, kind=Relation.BATCH_MEMBER)


# --- Sums -------------------------------------------------------------------------------------------------------------

_SUM = DecimalField(max_digits=30, decimal_places=4)
_ZERO = Value(Decimal(0), output_field=_SUM)
_LOW = Case(When(quantity_comparator__in=["<", "<="], then=_ZERO), default=F("quantity_value"), output_field=_SUM)
_HIGH = Case(
    When(quantity_comparator__in=[">", ">="], then=None),
    When(quantity_value_to__isnull=False, then=F("quantity_value_to")),
    default=F("quantity_value"),
    output_field=_SUM,
)


def _subtotals(chosen, kind) -> list[Subtotal]:
    standing = _with_roles(chosen, kind).filter(is_standing=True, is_summed=True).values("pk")
    headline = Amount.objects.filter(
        agreement=OuterRef("batch"), kind=kind, currency=OuterRef("currency"), agreement__in=standing
    )
    rows = (
        Amount.objects.filter(kind=kind, agreement__in=standing)
        .annotate(batch=Subquery(_memberships(OuterRef("agreement")).filter(to__in=standing).values("to")[:1]))
        .exclude(Exists(headline))  # a named member is inside the headline of its batch (rule 5)
        .annotate(
            members=Coalesce(_members_low(kind, standing), _ZERO, output_field=_SUM), own_low=_LOW, own_high=_HIGH
        )
        .annotate(low=Greatest("own_low", "members", output_field=_SUM))
        .annotate(
            high=Case(When(own_high__lt=F("members"), then=F("members")), default=F("own_high"), output_field=_SUM)
        )
    )
    grouped = (
        rows.order_by("currency")
        .values("currency")
        .annotate(
            low_sum=Sum("low"),
            high_sum=Sum("high"),
            rows=Count("pk"),
            open_low=Count("pk", filter=Q(quantity_comparator=">")),
            open_high=Count("pk", filter=Q(quantity_comparator="<")),
            unbounded=Count("pk", filter=Q(own_high=None)),
            rounded=Count("pk", filter=Q(quantity_approximate=True)),
        )
    )
    return [_subtotal(**group) for group in grouped]


def _members_low(kind, standing):
    """What the named members of a batch state together at least, in the currency of its headline."""
    members = AgreementRelation.objects.published().filter(
        to=OuterRef(OuterRef("agreement")), kind=Relation.BATCH_MEMBER
    )
    stated = Amount.objects.filter(
        agreement__in=members.values("agreement"), kind=kind, currency=OuterRef("currency")
    ).filter(agreement__in=standing)
    return Subquery(
        stated.order_by().annotate(low=_LOW).values("currency").annotate(together=Sum("low")).values("together")
    )


def _subtotal(currency, low_sum, high_sum, rows, open_low, open_high, unbounded, rounded) -> Subtotal:
    low = Bound(_plain(low_sum), closed=not open_low)
    high = None if unbounded else Bound(_plain(high_sum), closed=not open_high)
    return Subtotal(currency, Interval(low, high, approximate=bool(rounded)), rows)


def _plain(number) -> Decimal:
    number = Decimal(number)
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()
