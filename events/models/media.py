"""Photographs and documents of a conference."""

from operator import attrgetter
from pathlib import Path

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from events.models.conferences import Conference
from portal.corrections import JSONList, JSONRow
from portal.fields import Translated, columns, said_in_some_language
from portal.languages import language_name
from portal.publishing import Publishable, PublishedQuerySet
from portal.search.kinds import SearchedIn
from portal.uploads import DocumentField, PictureField, focus_rule


class DocumentQuerySet(PublishedQuerySet):
    def by_conference(self):
        """Those of no conference, then those of each conference, the latest first."""
        starts = F("conference__starts_on").desc(nulls_first=True)
        return self.select_related("conference").order_by(starts, "conference_id", "slug")


class Document(Publishable):
    """A file to download: a programme, a guideline, a presentation."""

    published_with = ("conference",)
    required_to_publish = ("title",)
    searched_in = SearchedIn(
        "title", related=("conference__title",), about=("description",), dated="conference__starts_on"
    )

    title = Translated(models.CharField(_("title"), max_length=200))
    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    file = DocumentField(_("file"), help_text=_("PDF, DOCX, XLSX or PPTX, at most 50 MB."))
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

    objects = DocumentQuerySet.as_manager()

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

    def get_absolute_url(self):
        """Its place in the list of its conference, or of all documents."""
        name, slugs = ("conference_documents", [self.conference.slug]) if self.conference else ("documents", [])
        return f"{reverse(f'events:{name}', args=slugs)}#document-{self.slug}"

    @property
    def language_name(self) -> str:
        return language_name(self.language)

    @property
    def file_type(self) -> str:
        return Path(self.file.name).suffix.removeprefix(".").upper()

    @property
    def download_name(self) -> str:
        """The name under which a visitor keeps it; the stored one is random."""
        return f"{self.slug}.{self.file_type.lower()}"


class PhotoQuerySet(PublishedQuerySet):
    def not_described(self):
        """Those whose description says the same in two languages, or is the name of a file. (None at all, the database
        refuses.)"""
        first, *others = columns("alt")
        is_file_name = Q(**{f"{first}__iregex": r"\.(jpe?g|png|webp)$|^(img|dsc|image|photo|微信图片)[-_ ]?[0-9]+"})
        return self.filter(Q(*((other, F(first)) for other in others), _connector=Q.OR) | is_file_name)

    def rows_of(self, conference, number):
        """The first `number` photos of `conference` (an outer reference) as one JSON column, for `Photo.out_of`."""
        first = self.filter(conference=OuterRef(conference)).order_by("position", "pk").values("pk")[:number]
        rows = JSONList(JSONRow(*PHOTO_COLUMNS))
        listed = Photo.objects.filter(pk__in=first).order_by().values("conference").annotate(rows=rows).values("rows")
        return Subquery(listed, output_field=models.JSONField())


class Photo(Publishable):
    """A photograph of a conference, with what it shows in words."""

    published_with = ("conference",)
    natural_key_paths = ("image",)

    conference = models.ForeignKey(
        Conference, on_delete=models.PROTECT, related_name="photos", verbose_name=_("conference")
    )
    image = PictureField(_("picture"), unique=True, help_text=_("JPEG, PNG or WebP, at most 15 MB and 40 megapixels."))
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

    objects = PhotoQuerySet.as_manager()

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
            focus_rule("photo", "image"),
        ]

    def __str__(self):
        return str(self.caption or self.alt)

    @classmethod
    def out_of(cls, rows, conference) -> list["Photo"]:
        """The photos of `conference` out of the column that `with_photos()` loaded with it, in their order."""
        loaded = [cls(**dict(zip(PHOTO_COLUMNS, row, strict=True)), conference=conference) for row in rows or []]
        return sorted(loaded, key=attrgetter("position", "pk"))


PHOTO_COLUMNS = (
    *("id", "position", "image", "image_width", "image_height", "image_focus_x", "image_focus_y"),
    *columns("alt"),
    *columns("caption"),
    "credit",
)
