"""The sources and the people at the staff desk."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.desk import people  # noqa: F401
from portal.desk.editing import RecordAdmin, RecordForm, suggesting
from portal.desk.filters import ReadingFilter
from portal.fields import columns
from portal.models import Source
from portal.provenance import resting_only_on

RESTS_ON_IT = _("These rest on this source alone: %s. First cite another source for each or make it a draft.")


class SourceForm(RecordForm):
    """Refuses to reject a source while something public rests on it alone."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:  # whoever adds a source has just read it
            self.initial.setdefault("accessed_on", clock.today())

    def clean(self):
        super().clean()
        is_rejected_now = "rejected_reason" in self.changed_data and self.cleaned_data.get("rejected_reason")
        if self.instance.pk and is_rejected_now and (left := resting_only_on(self.instance)):
            self.add_error("rejected_reason", RESTS_ON_IT % "; ".join(map(str, left)))


@admin.register(Source)
class SourceAdmin(RecordAdmin):
    form = SourceForm
    list_display = ["title", "publisher", "source_type", "language", "published_on", "rejected_reason"]
    list_filter = ["source_type", "language", ("rejected_reason", admin.EmptyFieldListFilter), ReadingFilter]
    search_fields = [*columns("title"), "title_original", "slug", *columns("publisher"), "url"]
    prepopulated_fields = {"slug": ["title_en"]}
    widgets = {"language": suggesting("languages")}
    fieldsets = [
        (
            None,
            {"fields": [columns("title"), "title_original", "slug", columns("publisher"), ("source_type", "language")]},
        ),
        (_("Where and when"), {"fields": ["url", "archived_url", ("published_on", "accessed_on")]}),
        (_("Use"), {"fields": [columns("note"), "unreachable_since", "rejected_reason"]}),
    ]

    @staticmethod
    def objections_to(source):
        """Going back does not reject it either while something public rests on it alone."""
        is_rejected_now = source.rejected_reason and Source.objects.filter(pk=source.pk, rejected_reason="").exists()
        left = resting_only_on(source) if is_rejected_now else []
        return [RESTS_ON_IT % "; ".join(map(str, left))] if left else []
