"""Photographs and documents of a conference."""

from pathlib import Path

from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models.conferences import Conference
from portal.fields import Translated, columns, said_in_some_language
from portal.publishing import Publishable
from portal.uploads import DocumentUpload, ImageUpload


class Document(Publishable):
    """A file to download: a programme, a guideline, a presentation."""

    published_with = ("conference",)

    title = Translated(models.CharField(_("title"), max_length=200))
    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    file = DocumentUpload(_("file"), help_text=_("PDF, DOCX, XLSX or PPTX, at most 50 MB."))
    language = models.CharField(_("language"), max_length=12, help_text=_("Of the document: en, zh-Hans."))
    conference = models.ForeignKey(
        Conference,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("conference"),
    )
    description = Translated(models.CharField(_("description"), max_length=300))

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["slug"]
        constraints = [
            said_in_some_language(
                "title", "document_has_a_title", _("Give the document a title in at least one language.")
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def file_type(self) -> str:
        return Path(self.file.name).suffix.removeprefix(".").upper()


class Photo(Publishable):
    """A photograph of a conference, with what it shows in words."""

    published_with = ("conference",)
    natural_key_paths = ("image",)

    conference = models.ForeignKey(
        Conference, on_delete=models.PROTECT, related_name="photos", verbose_name=_("conference")
    )
    image = ImageUpload(
        _("picture"),
        width_field="width",
        height_field="height",
        unique=True,
        help_text=_("JPEG, PNG or WebP, at most 15 MB."),
    )
    width = models.PositiveIntegerField(editable=False, null=True)
    height = models.PositiveIntegerField(editable=False, null=True)
    alt = Translated(
        models.CharField(
            _("what it shows"),
            max_length=250,
            help_text=_("For readers who cannot see it: “Two people sign at a table”."),
        )
    )
    caption = Translated(models.CharField(_("caption"), max_length=300))
    credit = models.CharField(_("credit"), max_length=120, help_text=_("Who took it and who allows its use."))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["conference", "position", "id"]
        constraints = [
            *(
                models.CheckConstraint(
                    condition=~models.Q(**{column: ""}),
                    name=f"photo_has_{column}",
                    violation_error_message=_("Say in every language what the picture shows."),
                )
                for column in columns("alt")
            ),
        ]

    def __str__(self):
        return str(self.caption or self.alt)
