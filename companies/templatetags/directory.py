"""What templates need of the company directory."""

from django import template

from companies.directory import cards_of

register = template.Library()

register.filter("cards", cards_of)
