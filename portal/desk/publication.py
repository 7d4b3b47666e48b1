"""Drafts, scheduled and public records at the staff desk: their lists, their buttons, and publishing many at once."""

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.desk.addresses import form_of
from portal.desk.buttons import pressed
from portal.desk.editing import RecordAdmin
from portal.desk.roles import may_publish
from portal.readiness import reasons_against

PUBLICATIONS = {"draft": _("draft"), "scheduled": _("scheduled"), "public": _("public"), "withdrawn": _("withdrawn")}

PUBLICATION = (_("Publication"), {"fields": ["published_at"]})

MOST_REASONS = 20  # records named in one message; the others are counted


class PublicationFilter(admin.SimpleListFilter):
    title = _("publication")
    parameter_name = "publication"

    def lookups(self, request, model_admin):
        return list(PUBLICATIONS.items())

    def queryset(self, request, queryset):
        match self.value():
            case "draft":
                return queryset.drafts()
            case "scheduled":
                return queryset.scheduled()
            case "public":
                return queryset.published()
            case "withdrawn":
                return queryset.withdrawn()
        return queryset


class PublishableAdmin(RecordAdmin):
    date_hierarchy = "published_at"
    list_filter = [PublicationFilter]
    actions = ["publish_now", "back_to_draft"]

    def get_queryset(self, request):
        return super().get_queryset(request).with_publication()

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        inlines = self.get_inline_instances(request, obj)
        form.has_citation_rows = any(hasattr(inline.formset, "made_draft") for inline in inlines)
        return form

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if any(getattr(rows, "made_draft", False) for rows in formsets):
            form.changed_data.append("published_at")
            self.message_user(request, _("It is a draft now, because no usable source is left."), messages.WARNING)

    @admin.display(description=_("publication"), ordering="published_at")
    def publication(self, record):
        return format_html(
            '<span class="desk-badge" data-state="{}">{}</span>', record.publication, PUBLICATIONS[record.publication]
        )

    # --- One record: the buttons under its form ---

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST" and pressed(request.POST) and not may_publish(request.user):
            raise PermissionDenied
        return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        stored = None if obj is None or obj.pk is None else self.model.objects.with_publication().get(pk=obj.pk)
        context["publication"] = stored.publication if stored else "draft"
        context["may_publish"] = may_publish(request.user)
        context["is_for_publishers"] = change and not self._may_touch(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_add(self, request, obj, post_url_continue=None):
        return self._response_to_button(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return self._response_to_button(request, obj) or super().response_change(request, obj)

    def _response_to_button(self, request, obj):
        """Back to the form, and what the button did; None for a stock button."""
        if not pressed(request.POST) or "_popup" in request.POST:
            return None
        self.message_user(request, _what_happened(obj), messages.SUCCESS)
        address = form_of(obj)
        filters = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        return HttpResponseRedirect(add_preserved_filters(filters, address))

    # --- Many records ---

    @admin.action(description=_("Publish now"), permissions=["publish"])
    def publish_now(self, request, records):
        chosen = self._chosen(records.exclude(published_at__lte=clock.now()))
        refused = reasons_against(chosen)
        ready = chosen.exclude(pk__in=refused)
        self._log_publication(request, ready)
        changed = self._chosen(ready).publish(by=request.user)
        self.message_user(request, ngettext("%d record published.", "%d records published.", changed) % changed)
        if refused:
            self.message_user(request, _skipped(self.model.objects.filter(pk__in=refused), refused), messages.WARNING)
        now_released = chosen.exclude(pk__in=refused)
        if hidden := now_released.standing().count() - now_released.published().count():
            text = ngettext(
                "%d record stays hidden until what it belongs to is public.",
                "%d records stay hidden until what they belong to is public.",
                hidden,
            )
            self.message_user(request, text % hidden, messages.WARNING)

    @admin.action(description=_("Back to draft"), permissions=["publish"])
    def back_to_draft(self, request, records):
        chosen = self._chosen(records.exclude(published_at=None))
        self._log_publication(request, chosen)
        changed = chosen.unpublish(by=request.user)
        self.message_user(request, ngettext("%d record is a draft.", "%d records are drafts.", changed) % changed)

    def _chosen(self, records):
        """The same records, also once the filter of the list no longer finds them."""
        return self.model.objects.filter(pk__in=[record.pk for record in records])

    def _log_publication(self, request, records):
        LogEntry.objects.log_actions(request.user.pk, records, CHANGE, [{"changed": {"fields": ["published at"]}}])


def _what_happened(record) -> str:
    """What became of `record` when its button was pressed, with the way to its page."""
    if record.published_at is None:
        return gettext("“%s” is saved as a draft. Only staff see it.") % record
    if record.published_at > clock.now():
        moment = date_format(localtime(record.published_at), "DATETIME_FORMAT")
        return gettext("“%(record)s” appears on %(moment)s.") % {"record": record, "moment": moment}
    if not record.is_public:
        return gettext("“%s” is published, but stays hidden until what it belongs to is public.") % record
    if not hasattr(record, "get_absolute_url"):
        return gettext("“%s” is public now.") % record
    words = gettext("“%s” is public now.") % record
    return format_html('{} <a href="{}">{}</a>', words, record.get_absolute_url(), gettext("View on site"))


def _skipped(records, reasons):
    """Which of `records` were skipped, and why each."""
    number = len(reasons)
    heading = ngettext("%d record was skipped:", "%d records were skipped:", number) % number
    named = format_html_join("", "<li>{}: {}</li>", _lines(records, reasons))
    more = number - MOST_REASONS
    rest = ngettext("… and %d more.", "… and %d more.", more) % more if more > 0 else ""
    return format_html("{}<ul>{}</ul>{}", heading, named, rest)


def _lines(records, reasons):
    for record in records[:MOST_REASONS]:
        yield format_html('<a href="{}">{}</a>', form_of(record), record), "; ".join(reasons[record.pk])
