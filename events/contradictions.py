"""What cannot be true together, for the editor's eyes: a warning at the staff desk, never a block and never a broken
page or total. Sources contradict themselves, and the portal keeps what they say."""

from decimal import Decimal

from django.utils.translation import gettext as _

from events.models import Agreement, AgreementRelation, Amount
from portal.intervals import Interval, total
from portal.quantities import plain


def contradictions_of(agreement) -> list[str]:
    """One sentence for each contradiction around `agreement`: shares over 100 %, parts larger than their framework,
    steps of its project that were met before anything was signed."""
    return [
        *_shares(agreement),
        *_larger_parts(agreement),
        *(met_too_early(agreement.project) if agreement.project else []),
    ]


def _shares(agreement):
    shares = sum((party.share for party in agreement.parties.all() if party.share), Decimal(0))
    if shares > 100:
        yield _("The shares of the parties add up to %(sum)s%%, which is more than all of it.") % {"sum": plain(shares)}


def _larger_parts(agreement):
    """The agreement as a framework of its parts, and as a part of its frameworks."""
    part_of = AgreementRelation.Kind.PART_OF_FRAMEWORK
    frameworks = Agreement.objects.filter(relations_to__agreement=agreement, relations_to__kind=part_of)
    for framework in {agreement, *frameworks}:
        parts = Agreement.objects.filter(relations__to=framework, relations__kind=part_of)
        for headline in framework.amounts.all():
            amounts = Amount.objects.filter(agreement__in=parts, kind=headline.kind, currency=headline.currency)
            together = total(Interval.of(amount.quantity) for amount in amounts)
            if Interval.of(headline.quantity).surely_below(together):
                yield _("The parts of “%(framework)s” add up to more than the framework itself (%(amount)s).") % {
                    "framework": framework,
                    "amount": headline.words,
                }


def met_too_early(project) -> list[str]:
    """The steps of `project` that were met before the first of its agreements was signed."""
    signed = [
        signing.signed_on for each in project.agreements.all() for signing in each.signings.all() if signing.signed_on
    ]
    if not signed:
        return []
    first = min(signed)
    steps = project.milestones.exclude(met_on="").exclude(kind="announced")
    return [
        _("“%(step)s” was met on %(met)s, before anything was signed (%(signed)s).")
        % {"step": milestone.get_kind_display(), "met": milestone.met_on.words, "signed": first.words}
        for milestone in steps
        if milestone.met_on.latest < first.earliest
    ]
