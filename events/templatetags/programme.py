"""What templates need of a programme."""

from django import template

register = template.Library()


@register.filter
def entries(day, chosen):
    """The sessions of a day (`events.programme.Day`) for `each`, those in `chosen` with filled stars."""
    return day.entries(chosen or ())
