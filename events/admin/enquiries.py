"""Enquiries: read here, answered by e-mail."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from events.models import Enquiry
from portal.editing import RecordAdmin


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("open", _("open")), ("overdue", _("overdue"))]

    def queryset(self, request, queryset):
        match self.value():
            case "open":
                return queryset.open()
            case "overdue":
                return queryset.overdue()
        return queryset


@admin.register(Enquiry)
class EnquiryAdmin(RecordAdmin):
    list_display = ["__str__", "name", "organization", "due_at", "answered_at", "outcome"]
    list_filter = [StateFilter, "topic", "outcome"]
    date_hierarchy = "received_at"
    search_fields = ["message", "name", "organization", "email"]
    readonly_fields = [
        *("topic", "message", "name", "organization", "email"),
        *("consent_at", "received_at", "due_at"),
    ]
    fieldsets = [
        (None, {"fields": ["topic", "message"]}),
        (_("From"), {"fields": ["name", "organization", "email", "consent_at"]}),
        (_("Answer"), {"fields": ["received_at", "due_at", "answered_at", "outcome"]}),
    ]

    def has_add_permission(self, request):
        """Never: visitors write enquiries."""
        return False
