"""Short letters to staff about their own sign-in, so that they notice what they did not do themselves.

`templates/mail/<notice>.txt` begins with the subject on a line of its own. A letter that cannot be sent is logged and
stops nobody; who has no address gets none.
"""

import logging
from functools import partial

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from portal.client_address import client_address
from portal.sign_in.models import browser_in_words

logger = logging.getLogger(__name__)


def tell(user, notice, request=None, address=None, **context):
    """Sends the `notice` to `user` in the language of the request, once what it is about is saved.

    `address` is for a letter to where the user could be reached before.
    """
    if not (address or user.email):
        return
    if request is not None:
        agent = request.META.get("HTTP_USER_AGENT", "")
        context |= {"browser": browser_in_words(agent), "address": client_address(request)}
    context |= {
        "user": user,
        "site_name": settings.SITE_NAMES[get_language()],
        "desk": settings.SITE_URL + reverse("admin:index"),
        "account": settings.SITE_URL + reverse("admin:account"),
        "moment": timezone.now(),
    }
    subject, _newline, text = render_to_string(f"mail/{notice}.txt", context).strip().partition("\n")
    transaction.on_commit(partial(_send, notice, user, subject, text.strip() + "\n", address or user.email))


def _send(notice, user, subject, text, address):
    try:
        send_mail(subject, text, None, [address])
    except Exception:  # a mail server fails in many ways, and none of them concerns the request
        logger.exception("The notice %s to user %s could not be sent.", notice, user.pk)
