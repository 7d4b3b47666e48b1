"""The sources that every public number names."""

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.addresses import path_of
from portal.fields import PartialDateField, Translated, said_in_some_language
from portal.languages import language_name
from portal.models.outside_links import broken_link_condition
from portal.natural_keys import NaturalKey, NaturalKeyQuerySet
from portal.provenance import OLD_AFTER


class SourceQuerySet(NaturalKeyQuerySet):
    def published(self, at=None):
        """The sources that a public record cites. A source has no publication of its own: citing it shows it."""
        supports_something = Q()
        for relation in self.model._meta.related_objects:
            citations = relation.related_model.objects.published(at)
            supports_something |= Q(Exists(citations.filter(source=OuterRef("pk"))))
        return self.filter(supports_something, rejected_reason="")

    def unreachable(self):
        """Those whose page no longer answers and of which no copy is kept."""
        return self.filter(_is_unreachable())

    def old(self):
        """Those that nobody has read for 18 months, as far as anybody noted it; a rejected one needs no reading."""
        return self.filter(_not_read_lately())

    def reading_counts(self) -> dict[str, int]:
        """How many are `unreachable` and how many `old`; one query."""
        unreachable, old = (Count("pk", filter=condition) for condition in (_is_unreachable(), _not_read_lately()))
        return self.aggregate(unreachable=unreachable, old=old)


def _is_unreachable() -> Q:
    """Staff have seen that it is gone, or its link was tried in vain."""
    is_gone = Q(unreachable_since__isnull=False) | broken_link_condition("url")
    return Q(archived_url="", rejected_reason="") & is_gone


def _not_read_lately() -> Q:
    was_read = Q(accessed_on__gte=clock.months_before(clock.today(), OLD_AFTER))
    return Q(rejected_reason="") & (Q(accessed_on=None) | ~was_read)


class Source(NaturalKey):
    """A published page, paper, register or photo that facts are taken from."""

    class Type(models.TextChoices):
        OFFICIAL_REGISTER = "official_register", _("official register")
        OFFICIAL_NOTICE = "official_notice", _("official notice")
        GOVERNMENT_MEDIA = "government_media", _("government media")
        INDEPENDENT_MEDIA = "independent_media", _("independent media")
        COMPANY_STATEMENT = "company_statement", _("company statement")
        EXCHANGE_FILING = "exchange_filing", _("exchange filing")
        PHOTO_OR_VIDEO = "photo_or_video", _("photo or video")
        RESEARCH = "research", _("research")
        SELF_DECLARATION = "self_declaration", _("self declaration")
        OTHER = "other", _("other")

    title = Translated(
        models.CharField(_("title"), max_length=300, help_text=_("In brackets when the source itself shows no title."))
    )
    title_original = models.CharField(
        _("original title"),
        max_length=300,
        blank=True,
        help_text=_("As printed, when that is in neither of the two languages, or is translated above."),
    )
    slug = models.SlugField(
        _("slug"), max_length=100, unique=True, help_text=_("The end of its address: shanghai-daily-2024-11-16.")
    )
    publisher = Translated(
        models.CharField(_("publisher"), max_length=200, help_text=_("Who published it first, not who reposted it."))
    )
    url = models.URLField(
        _("web address"), max_length=500, blank=True, help_text=_("Empty when the page must not be linked.")
    )
    archived_url = models.URLField(_("archived copy"), max_length=500, blank=True)
    source_type = models.CharField(_("type"), max_length=20, choices=Type)
    language = models.CharField(
        _("language"), max_length=12, help_text=_("The language tag of the original: en, zh-Hans, ja, it.")
    )
    published_on = PartialDateField(_("published on"), blank=True)
    accessed_on = models.DateField(_("accessed on"), null=True, blank=True)
    unreachable_since = models.DateField(
        _("unreachable since"),
        null=True,
        blank=True,
        help_text=_(
            "The day somebody saw that its page is gone or says something else. Links that do not answer are found by "
            "the portal itself; an archived copy keeps the source readable."
        ),
    )
    note = Translated(
        models.CharField(_("note"), max_length=300, help_text=_("What readers should know: “seen as an excerpt”."))
    )
    rejected_reason = models.CharField(
        _("rejected because"),
        max_length=300,
        blank=True,
        help_text=_(
            "Fill this in so that nobody cites it: “machine-made copy of …”. A rejected source is never shown."
        ),
    )

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["-published_on", "slug"]
        # What people may do with records of every kind (`portal.desk.roles`); Django hangs each right on some model.
        permissions = [
            ("publish", _("May publish, schedule and take back, and change what is public")),
            ("preview", _("May see drafts, and the site at any moment")),
        ]
        constraints = [
            said_in_some_language(
                "title", "source_has_a_title", _("Give the source a title in at least one language.")
            ),
            said_in_some_language(
                "publisher", "source_has_a_publisher", _("Name the publisher in at least one language.")
            ),
        ]

    def __str__(self):
        return f"{self.publisher}: {self.headline}"

    def get_absolute_url(self):
        return path_of("portal:source", self.slug)

    @property
    def language_name(self) -> str:
        return language_name(self.language)

    @property
    def headline(self) -> str:
        """The title for a reader of the active language: the printed one where they read its language."""
        reads_original = self.language.split("-")[0] == (get_language() or "en").split("-")[0]
        return self.title_original if self.title_original and reads_original else self.title
