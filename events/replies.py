"""What an answer to an enquiry begins with: a template or a greeting, in the language of the person who wrote."""

from django.conf import settings
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from events.models.reply_templates import PLACEHOLDER


def greeting_for(enquiry) -> tuple[str, str]:
    """Subject and text of an answer in which nothing is said yet."""
    with translation.override(enquiry.language):
        text = _("Dear {name},\n\nthank you for your enquiry {reference}.\n\n\n\nKind regards,")
        signed = f"{_filled(text, enquiry)}\n{settings.SITE_NAMES[enquiry.language]}"
        return _subject(_("Your enquiry"), enquiry), signed


def reply_from(template, enquiry) -> tuple[str, str]:
    """Subject and text of `template`, about `enquiry`; in another language where it has no text in that of the
    person."""
    with translation.override(enquiry.language):
        return _subject(template.subject, enquiry), _filled(template.text, enquiry)


def _subject(text, enquiry) -> str:
    """One line that ends with the reference, so that what comes back finds its enquiry."""
    line = " ".join(_filled(text, enquiry).split())
    return line if enquiry.reference in line else f"{line[:130]} ({enquiry.reference})"


def _filled(text, enquiry) -> str:
    """`text` with what its placeholders stand for. What is put in is not searched again: a name may be “{title}”."""
    words = {
        "reference": enquiry.reference,
        "name": enquiry.name or _("Sir or Madam"),
        "title": enquiry.about_title or capfirst(enquiry.get_topic_display()),
    }
    return PLACEHOLDER.sub(lambda found: words.get(found[1], found[0]), str(text))
