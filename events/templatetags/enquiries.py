"""What pages of the portal, which knows no events, say of enquiries."""

from django import template

from events.enquiries import reply_times

register = template.Library()

register.simple_tag(reply_times)
