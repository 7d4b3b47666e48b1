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

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Case, Count, DecimalField, Exists, F, FilteredRelation, OuterRef, Q, Sum, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.models import Agreement, AgreementRelation, Amount
from portal.intervals import Interval, total
from portal.quantities import Bound, Measure, Quantity

Kind, Relation = Agreement.Kind, AgreementRelation.Kind

NEVER_IN_TOTALS = [
    Kind.LETTER_OF_INTENT,
    Kind.MEMORANDUM,
    Kind.SETTLEMENT_INTENT,
    Kind.SERVICE_COOPERATION,
    Kind.PURCHASE,
]
MANY = 500  # papers, above which a query rather asks of all than names each
COUNTED_NOT_SUMMED = [Kind.FRAMEWORK, Kind.JOINT_LABORATORY, Kind.FUND, Kind.CREDIT]


@dataclass(frozen=True)
class Subtotal:
    """The sum in one currency: what `agreements` agreements add up to."""

    currency: str
    interval: Interval
    agreements: int

    @property
    def words(self) -> str:
        """ "more than CNY 6 billion", "约60亿元"."""
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

    @property
    def sentences(self) -> list[str]:
        """What the totals say, sentence by sentence: never a sum without what it leaves out (rule 7)."""
        said = [self._about_what_is_stated()]
        if self.undisclosed and self.stating:
            text = ngettext("%(n)s does not disclose it.", "%(n)s do not disclose it.", self.undisclosed)
            said.append(text % {"n": self.undisclosed})
        if self.not_summed:
            text = ngettext(
                "%(n)s is a paper of a kind that enters no total (such as an intent or a framework).",
                "%(n)s are papers of kinds that enter no total (such as intents or frameworks).",
                self.not_summed,
            )
            said.append(text % {"n": self.not_summed})
        if self.named_members:
            text = ngettext(
                "%(n)s is a named member of a batch and inside its headline.",
                "%(n)s are named members of batches and inside their headlines.",
                self.named_members,
            )
            said.append(text % {"n": self.named_members})
        if self.ended:
            text = ngettext(
                "%(n)s more has ended or was superseded.", "%(n)s more have ended or were superseded.", self.ended
            )
            said.append(text % {"n": self.ended})
        return said

    def _about_what_is_stated(self) -> str:
        counted = ngettext("%(n)s agreement", "%(n)s agreements", self.agreements) % {"n": self.agreements}
        if not self.subtotals:
            return _("%(agreements)s: none states a total investment.") % {"agreements": counted}
        text = ngettext(
            "%(agreements)s: %(n)s states a total investment, %(sums)s.",
            "%(agreements)s: %(n)s state a total investment, together %(sums)s.",
            self.stating,
        )
        sums = _(" and ").join(subtotal.words for subtotal in self.subtotals)
        return text % {"agreements": counted, "n": self.stating, "sums": sums}


def totals_of(agreements, kind=Amount.Kind.TOTAL_INVESTMENT) -> Totals:
    """The totals of `agreements` (a public QuerySet, filtered as one likes) for one kind of amount.

    Four queries however many agreements there are: those that stand alone are summed by the database, those that are
    related to others (batches, frameworks, successors) are few and are settled here.
    """
    chosen = Agreement.objects.filter(pk__in=agreements.order_by().values("pk"))
    relations = AgreementRelation.objects.filter(Q(agreement=OuterRef("pk")) | Q(to=OuterRef("pk")))
    alone, related = chosen.filter(~Exists(relations)), chosen.filter(Exists(relations))
    papers = _papers(related, kind)
    counts, together = _settled(papers, _relations_of(papers, kind))
    for currency, interval, number in _sums(alone, kind):
        together[currency].append((interval, number))
    return Totals(
        **{name: number + counts[name] for name, number in _counts(alone, kind).items()},
        named_members=counts["named_members"],
        subtotals=[
            Subtotal(currency, total(interval for interval, __ in parts), sum(number for __, number in parts))
            for currency, parts in sorted(together.items())
        ],
    )


# --- Agreements that stand alone: the database adds -------------------------------------------------------------------

_SUM = DecimalField(max_digits=30, decimal_places=4)
_ZERO = Value(Decimal(0), output_field=_SUM)
_NO_TOTAL = Q(kind__in=[*NEVER_IN_TOTALS, *COUNTED_NOT_SUMMED])
_STANDS = Q(terminated_on="")


def _counts(alone, kind) -> dict[str, int]:
    states = Exists(Amount.objects.filter(agreement=OuterRef("pk"), kind=kind))
    return alone.annotate(states=states).aggregate(
        agreements=Count("pk", filter=_STANDS),
        stating=Count("pk", filter=_STANDS & ~_NO_TOTAL & Q(states=True)),
        undisclosed=Count("pk", filter=_STANDS & ~_NO_TOTAL & Q(states=False)),
        not_summed=Count("pk", filter=_STANDS & _NO_TOTAL),
        ended=Count("pk", filter=~_STANDS),
        batches=Count("pk", filter=_STANDS & Q(is_batch=True)),
    )


def _sums(alone, kind):
    """(currency, interval, number of agreements) of what the agreements state (rules 6 and 8)."""
    amounts = Amount.objects.filter(kind=kind, agreement__in=alone.filter(_STANDS & ~_NO_TOTAL).values("pk"))
    low = Case(When(quantity_comparator__in=["<", "<="], then=_ZERO), default=F("quantity_value"), output_field=_SUM)
    high = Case(
        When(quantity_value_to=None, then=F("quantity_value")), default=F("quantity_value_to"), output_field=_SUM
    )
    grouped = (
        amounts.order_by("currency")
        .values("currency")
        .annotate(
            low=Sum(low),
            high=Sum(high),
            number=Count("pk"),
            open_low=Count("pk", filter=Q(quantity_comparator=">")),
            open_high=Count("pk", filter=Q(quantity_comparator="<")),
            unbounded=Count("pk", filter=Q(quantity_comparator__in=[">", ">="])),
            approximate=Count("pk", filter=Q(quantity_approximate=True) & ~Q(quantity_comparator__in=["<", ">"])),
        )
    )
    for row in grouped:
        low_end = Bound(_plain(row["low"]), closed=not row["open_low"])
        high_end = None if row["unbounded"] else Bound(_plain(row["high"]), closed=not row["open_high"])
        yield row["currency"], Interval(low_end, high_end, bool(row["approximate"])), row["number"]


def _plain(number) -> Decimal:
    number = Decimal(number)
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


# --- Agreements that are related to others: settled one by one --------------------------------------------------------


@dataclass
class Paper:
    """An agreement of the set, with what it states in each currency."""

    kind: str
    is_batch: bool
    has_ended: bool
    stated: dict[str, Interval] = field(default_factory=dict)


def _papers(related, kind) -> dict[int, Paper]:
    stated = related.annotate(amount=FilteredRelation("amounts", condition=Q(amounts__kind=kind)))
    rows = stated.values_list(
        *("pk", "kind", "is_batch", "terminated_on", "amount__currency"),
        *(f"amount__quantity_{part}" for part in ("value", "comparator", "value_to", "approximate")),
    )
    papers: dict[int, Paper] = {}
    for pk, paper_kind, is_batch, terminated_on, currency, *quantity in rows:
        paper = papers.setdefault(pk, Paper(paper_kind, is_batch, has_ended=bool(terminated_on)))
        if currency:
            paper.stated[currency] = Interval.of(Quantity(*quantity))
    return papers


def _relations_of(papers, kind):
    """The public relations of the papers as (agreement, relation, to, whether the agreement states an amount)."""
    states = Exists(Amount.objects.filter(agreement=OuterRef("agreement"), kind=kind))
    public = AgreementRelation.objects.published().annotate(states=states)
    if len(papers) <= MANY:
        public = public.filter(Q(agreement__in=papers) | Q(to__in=papers))
    return list(public.values_list("agreement", "kind", "to", "states"))


def _settled(papers, relations):
    """What related papers count for, and what they add to each currency as (interval, number of agreements)."""
    superseded = {to for __, relation, to, __ in relations if relation == Relation.SUPERSEDES}
    standing = {pk: paper for pk, paper in papers.items() if not paper.has_ended and pk not in superseded}
    children = defaultdict(list)  # framework: whether each child states an amount
    batch_of, members = {}, defaultdict(list)
    for agreement, relation, to, states in relations:
        if relation == Relation.PART_OF_FRAMEWORK:
            children[to].append(states)
        if relation == Relation.BATCH_MEMBER and agreement in standing and to in standing:
            batch_of[agreement] = to
    summed = {pk for pk, paper in standing.items() if _is_summed(paper, children[pk])}
    for member, batch in batch_of.items():
        if member in summed:
            members[batch].append(standing[member].stated)
    together = defaultdict(list)
    for pk in summed:
        headline = standing[batch_of[pk]].stated if pk in batch_of else {}
        for currency, interval in standing[pk].stated.items():
            if currency not in headline:  # a named member is inside the headline of its batch (rule 5)
                together[currency].append((_around(interval, members[pk], currency), 1))
    return _counted(papers, standing, batch_of, summed), together


def _counted(papers, standing, batch_of, summed) -> Counter:
    outside = {pk: paper for pk, paper in standing.items() if pk not in batch_of}
    return Counter(
        agreements=len(standing),
        ended=len(papers) - len(standing),
        batches=sum(paper.is_batch for paper in standing.values()),
        named_members=len(batch_of),
        stating=sum(bool(paper.stated) for pk, paper in outside.items() if pk in summed),
        undisclosed=sum(not paper.stated for pk, paper in outside.items() if pk in summed),
        not_summed=sum(pk not in summed for pk in outside),
    )


def _is_summed(paper, children) -> bool:
    """Papers that promise nothing are never summed (rule 3); a framework only stands in for its children, while none of
    them states an amount itself (rule 4)."""
    if paper.kind == Kind.FRAMEWORK:
        return bool(children) and not any(children)
    return paper.kind not in (*NEVER_IN_TOTALS, *COUNTED_NOT_SUMMED)


def _around(headline, members, currency) -> Interval:
    """The headline of a batch, raised where its named members outgrow it (rule 5)."""
    named = total(stated[currency] for stated in members if currency in stated)
    low = max(headline.low, named.low, key=lambda end: (end.value, not end.closed))
    high = headline.high
    if high is not None and high.value < named.low.value:
        high = named.low
    return Interval(low, high, headline.approximate)
