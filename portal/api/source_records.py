"""The sources themselves, as data."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.api.fields import coded, plain, slug, texts
from portal.api.filters import Filter
from portal.api.record_fields import pages
from portal.api.resources import Resource, register
from portal.downloads import Kind
from portal.models import Source


def _fields():
    return (
        slug("shanghai-daily-2024-11-16"),
        texts("publisher", _("Publisher"), _("Who published it first."), example=("Shanghai Daily", "上海日报")),
        texts("title", _("Title"), _("In brackets when the source itself shows no title.")),
        plain("title_original", _("Original title"), _("As printed, where it is in another language or translated.")),
        plain("url", _("Web address"), _("Empty where the page may not be linked."), kind=Kind.URL),
        plain("archived_url", _("Archived copy"), _("A copy that stays."), kind=Kind.URL),
        coded("source_type", _("Type"), _("What kind of source it is."), Source.Type.choices),
        plain("language", _("Language"), _("The language tag of the original."), example="zh-Hans"),
        plain("published_on", _("Published on"), _("As far as it is known."), kind=Kind.DATE, example="2024-11-16"),
        plain("accessed_on", _("Read on"), _("When somebody last read it."), kind=Kind.DATE, example="2026-11-01"),
        texts("note", _("Note"), _("What else a reader must know.")),
        pages(),
    )


def _of_type(rows, value):
    return rows.filter(source_type=value) if value in Source.Type.values else None


def _in_language(rows, value):
    return rows.filter(language__iexact=value) if len(value) <= 12 else None


register(
    Resource(
        name="sources",
        singular="source",
        position=10,
        title=gettext_lazy("Sources"),
        definition=gettext_lazy("Everything that a public fact here is taken from: who published it, when and where."),
        records=Source.objects.published,
        loaded=lambda rows: rows,
        describe=_fields,
        filters=(
            Filter(
                "source_type",
                gettext_lazy("Type"),
                gettext_lazy("What kind of source it is."),
                dict(Source.Type.choices),
                narrowed=_of_type,
            ),
            Filter(
                "original_language",
                gettext_lazy("Language"),
                gettext_lazy("The language tag of the original."),
                example="zh-Hans",
                narrowed=_in_language,
            ),
        ),
        page="portal:sources",
    )
)
