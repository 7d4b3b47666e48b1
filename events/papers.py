"""What each kind of paper is, in plain words, for readers who do not draw up agreements for a living.

The sentences say what such a paper usually is. What this one binds anybody to is told by its own sources.
"""

from django.utils.translation import gettext_lazy as _

from events.models import Agreement

_Kind = Agreement.Kind
IN_PLAIN_WORDS = {
    _Kind.LETTER_OF_INTENT: _("The parties write down what they want to do. Such a paper usually obliges nobody."),
    _Kind.MEMORANDUM: _("The parties write down what they understand of each other. It usually obliges nobody."),
    _Kind.FRAMEWORK: _("It sets the frame for later agreements; the work and the money come with those."),
    _Kind.INVESTMENT: _("An investor undertakes to put money into a project here."),
    _Kind.SETTLEMENT: _("A company agrees to open a site here."),
    _Kind.SETTLEMENT_INTENT: _("A company says that it wants to open a site here. It may still decide otherwise."),
    _Kind.LAND: _("It gives an investor land or premises to use."),
    _Kind.JOINT_VENTURE: _("The parties found a company together, or take shares in it."),
    _Kind.JOINT_LABORATORY: _("The parties set up a laboratory that they run together."),
    _Kind.TECHNOLOGY_TRANSFER: _("One party hands a technology, or the right to use it, to another."),
    _Kind.SERVICE_COOPERATION: _("The parties agree to provide services to each other or to others; nothing is built."),
    _Kind.FUND: _("The parties set up a fund, or put money into it. What the fund buys is decided later."),
    _Kind.CREDIT: _("A lender promises credit. It counts once it is drawn, which is seldom published."),
    _Kind.PURCHASE: _("One party agrees to buy from another. It is trade and no investment."),
    _Kind.NOT_STATED: _("The sources say that something was signed, and not what kind of paper it was."),
}


def in_plain_words(agreement) -> str:
    """One or two sentences on what kind of paper `agreement` is."""
    return IN_PLAIN_WORDS[agreement.kind]
