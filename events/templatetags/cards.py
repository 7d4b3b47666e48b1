"""What templates need of the cards of a list (`events.cards`)."""

from django import template

from events import cards

register = template.Library()

register.filter(cards.person_cards)
register.filter(cards.portrait_of)
register.filter(cards.post_of)
register.filter(cards.agreement_cards)
register.filter(cards.amounts_of)
register.filter(cards.rungs_of)
