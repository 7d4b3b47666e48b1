"""The sources, the people and the addresses at the staff desk."""

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.desk import people  # noqa: F401
from portal.desk.addresses import form_of
from portal.desk.editing import RecordAdmin, RecordForm, suggesting
from portal.desk.filters import LinkFilter, ReadingFilter
from portal.fields import columns
from portal.models import OutsideLink, Redirect, Source
from portal.outside_addresses import records_linking_to
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


@admin.register(Redirect)
class RedirectAdmin(RecordAdmin):
    list_display = ["old_path", "new_path", "made_on", "is_automatic"]
    list_filter = ["is_automatic"]
    search_fields = ["old_path", "new_path"]
    fields = ["old_path", "new_path"]


@admin.register(OutsideLink)
class OutsideLinkAdmin(admin.ModelAdmin):
    """What `manage.py check_links` took down; nobody types it."""

    list_display = ["url", "state", "failing_since", "checked_at"]
    list_filter = [LinkFilter, "state"]
    list_per_page = 50
    search_fields = ["url"]
    fields = [
        *("address", "linked_from", "state", "status", "problem"),
        *("new_address", "failing_since", "failures", "checked_at"),
    ]
    readonly_fields = fields

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("web address"))
    def address(self, link):
        return _leading_outside(link.url)

    @admin.display(description=_("moved to"))
    def new_address(self, link):
        return _leading_outside(link.moved_to)

    @admin.display(description=_("linked from"))
    def linked_from(self, link):
        """The records to put it right in."""
        records = records_linking_to(link.url)
        rows = ((form_of(each), capfirst(each._meta.verbose_name), each) for each in records)
        return format_html("<ul>{}</ul>", format_html_join("", '<li><a href="{}">{}: {}</a></li>', rows))


def _leading_outside(url):
    return format_html('<a href="{}" rel="noreferrer">{}</a>', url, url) if url else ""
