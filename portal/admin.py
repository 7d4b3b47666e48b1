"""The sources at the staff desk."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from portal.editing import RecordAdmin, RecordForm, suggesting
from portal.fields import columns
from portal.models import Source
from portal.provenance import resting_only_on


class SourceForm(RecordForm):
    """Refuses to reject a source while something public rests on it alone."""

    def clean(self):
        super().clean()
        is_rejected_now = "rejected_reason" in self.changed_data and self.cleaned_data.get("rejected_reason")
        if self.instance.pk and is_rejected_now and (left := resting_only_on(self.instance)):
            text = _("These rest on this source alone: %s. First cite another source for each or make it a draft.")
            self.add_error("rejected_reason", text % "; ".join(map(str, left)))


@admin.register(Source)
class SourceAdmin(RecordAdmin):
    form = SourceForm
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
