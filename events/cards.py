"""What the cards of a list say of each record, for `each`: a page has dozens of them."""

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from events.models import Agreement, Amount, Appearance
from portal.markup import filled, side_by_side
from portal.templatetags.portal import cited, day, initials, marked

# --- People -----------------------------------------------------------------------------------------------------------


def person_cards(appearances, bibliography) -> list[dict]:
    """`appearances` as they are loaded `on_cards()`; their sources are numbered in `bibliography`."""
    return [
        {
            "portrait": portrait_of(appearance.speaker),
            "url": appearance.speaker.get_absolute_url(),
            "name": marked(appearance.speaker.name),
            "cited": cited(bibliography, appearance),
            "post": post_of(appearance),
            "statements": SafeString("".join(map(_reported, appearance.statements))),
        }
        for appearance in appearances
    ]


def portrait_of(speaker) -> SafeString:
    """The portrait of a person, or the initials."""
    if not speaker.portrait:
        return filled('<span class="portrait" aria-hidden="true">{}</span>', initials(speaker.name))
    return render_to_string("components/picture.html", {"picture": speaker.portrait, "sizes": "4rem"})


def post_of(appearance) -> SafeString:
    """The post a person held then, at which organization, and how the person appeared."""
    role = appearance.role != Appearance.Role.SPEAKER and appearance.get_role_display()
    mode = appearance.mode in Appearance.AWAY and appearance.get_mode_display()
    return side_by_side(marked(appearance.post), _organization_of(appearance), role, mode)


def _organization_of(appearance):
    """Its name, which leads to its page if it has one."""
    name = marked(appearance.organization_name)
    organization = name and appearance.public_organization
    return filled('<a href="{}">{}</a>', organization.get_absolute_url(), name) if organization else name


def _reported(citation) -> SafeString:
    return render_to_string("components/statement.html", {"statement": citation})


# --- Agreements -------------------------------------------------------------------------------------------------------


_KINDS_OF_AMOUNTS = dict(Amount.Kind.choices)


def agreement_cards(agreements, with_parties) -> list[dict]:
    """`agreements` with their amounts, first signing and progress; `with_parties`, those are loaded too."""
    kinds = {value: str(label) for value, label in Agreement.Kind.choices}
    return [
        {
            "label": agreement.batch_words if agreement.is_batch else kinds[agreement.kind],
            "signed_on": filled("<span>{}</span>", day(agreement.signed_on)) if agreement.signed_on else "",
            "url": agreement.get_absolute_url(),
            "title": marked(agreement.title),
            "amounts": amounts_of(agreement),
            "rungs": rungs_of(agreement),
            "progress": agreement.progress_words,
            "parties": filled("<p>{}</p>", _parties_of(agreement)) if with_parties else "",
        }
        for agreement in agreements
    ]


def amounts_of(agreement, bibliography=None) -> SafeString:
    """What an agreement is worth, in words; with the markers of its sources if they are numbered in `bibliography`."""
    if not (amounts := agreement.amounts.all()):
        return filled('<p class="amount amount-undisclosed">{}</p>', _("Amount not disclosed"))
    markers = cited(bibliography, agreement, "amounts") if bibliography else ""
    paragraph = '<p class="amount">{} <small>{}{}</small></p>'
    return SafeString("".join(filled(paragraph, each.words, _KINDS_OF_AMOUNTS[each.kind], markers) for each in amounts))


def rungs_of(record) -> SafeString:
    """The compact bar of how far a record `with_progress()` has come."""
    return _rungs(tuple(rung.is_reached for rung in record.bar))


@lru_cache
def _rungs(are_reached) -> SafeString:
    reached, open_ = '<span class="is-reached"></span>', "<span></span>"
    return SafeString("".join(reached if is_reached else open_ for is_reached in are_reached))


def _parties_of(agreement):
    return side_by_side(*(marked(party.title) for party in agreement.parties.all())) or _("Parties not disclosed")
