"""Texts that many answers to enquiries begin with."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, When
from django.utils.translation import gettext_lazy as _

from events.models.enquiries import Enquiry
from portal.fields import Translated, columns, said_in_some_language
from portal.natural_keys import NaturalKey, NaturalKeyQuerySet

PLACEHOLDER = re.compile(r"\{(\w*)\}")
PLACEHOLDERS = ("reference", "name", "title")


class ReplyTemplateQuerySet(NaturalKeyQuerySet):
    def for_topic_first(self, topic):
        """All of them: first those made for `topic`, then those for every topic, then the others."""
        return self.order_by(Case(When(topic=topic, then=0), When(topic="", then=1), default=2), "name")


class ReplyTemplate(NaturalKey):
    """A text that many answers begin with. In it, {reference}, {name} and {title} stand for those of the enquiry."""

    is_for_staff_alone = True  # on no page, so that no page need be made anew (`portal.page_cache`)

    natural_key_paths = ("name",)

    name = models.CharField(
        _("name"), max_length=100, unique=True, help_text=_("For colleagues: “Renting a laboratory”.")
    )
    topic = models.CharField(
        _("topic"),
        max_length=12,
        choices=Enquiry.Topic,
        blank=True,
        help_text=_("Offered first for enquiries about it. Empty: for all alike."),
    )
    subject = Translated(
        models.CharField(_("subject"), max_length=120, help_text=_("The reference is added by itself."))
    )
    text = Translated(
        models.TextField(
            _("text"),
            help_text=_(
                "{name} becomes the name of the person, {title} what they asked about, {reference} the reference."
            ),
        )
    )

    objects = ReplyTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("reply template")
        verbose_name_plural = _("reply templates")
        ordering = ["name"]
        constraints = [
            said_in_some_language(
                "subject", "reply_template_has_a_subject", _("Write the subject in at least one language.")
            ),
            said_in_some_language("text", "reply_template_has_a_text", _("Write the text in at least one language.")),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        for column in (*columns("subject"), *columns("text")):
            unknown = [name for name in PLACEHOLDER.findall(getattr(self, column)) if name not in PLACEHOLDERS]
            if unknown:
                text = _("Nothing can stand for {%(unknown)s}. These can be used: %(known)s.")
                raise ValidationError({column: text % {"unknown": unknown[0], "known": known}})
