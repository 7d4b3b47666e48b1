"""Filters of lists that are the same for every kind of record: what its sources are like, what is not translated."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from portal.fields import LANGUAGE_NAMES, translated_names


class SourceFilter(admin.SimpleListFilter):
    title = _("sources")
    parameter_name = "sources"

    def lookups(self, request, model_admin):
        return [("missing", _("missing")), ("unreachable", _("unreachable")), ("old", _("not read for 18 months"))]

    def queryset(self, request, queryset):
        match self.value():
            case "missing":
                return queryset.without_usable_source()
            case "unreachable":
                return queryset.with_unreachable_source()
            case "old":
                return queryset.with_old_sources()
        return queryset


class ReadingFilter(admin.SimpleListFilter):
    """For the list of the sources themselves."""

    title = _("reading")
    parameter_name = "reading"

    def lookups(self, request, model_admin):
        return [("unreachable", _("no longer answers")), ("old", _("not read for 18 months"))]

    def queryset(self, request, queryset):
        match self.value():
            case "unreachable":
                return queryset.unreachable()
            case "old":
                return queryset.old()
        return queryset


class LinkFilter(admin.SimpleListFilter):
    """For the list of outside links."""

    title = _("link")
    parameter_name = "link"

    def lookups(self, request, model_admin):
        return [("broken", _("no longer answers")), ("moved", _("has moved for good"))]

    def queryset(self, request, queryset):
        match self.value():
            case "broken":
                return queryset.broken()
            case "moved":
                return queryset.moved()
        return queryset


class LanguageFilter(admin.SimpleListFilter):
    title = _("incomplete in")
    parameter_name = "incomplete_in"

    def lookups(self, request, model_admin):
        return list(LANGUAGE_NAMES.items())

    def queryset(self, request, queryset):
        return queryset.untranslated(self.value()) if self.value() in LANGUAGE_NAMES else queryset


def filters_of(model) -> list[type[admin.SimpleListFilter]]:
    """Those of them that make sense for `model`."""
    filters = [SourceFilter] if hasattr(model, "citations") else []
    return [*filters, LanguageFilter] if translated_names(model) else filters
