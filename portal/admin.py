"""The sources at the staff desk."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from portal.editing import RecordAdmin, suggesting
from portal.fields import columns
from portal.models import Source


@admin.register(Source)
class SourceAdmin(RecordAdmin):
    list_display = ["title", "publisher", "source_type", "language", "published_on", "rejected_reason"]
    list_filter = ["source_type", "language", ("rejected_reason", admin.EmptyFieldListFilter)]
    search_fields = [*columns("title"), "title_original", "slug", *columns("publisher"), "url"]
    prepopulated_fields = {"slug": ["title_en"]}
    widgets = {"language": suggesting("languages")}
    fieldsets = [
        (
            None,
            {"fields": [columns("title"), "title_original", "slug", columns("publisher"), ("source_type", "language")]},
        ),
        (_("Where and when"), {"fields": ["url", "archived_url", ("published_on", "accessed_on")]}),
        (_("Use"), {"fields": [columns("note"), "rejected_reason"]}),
    ]
