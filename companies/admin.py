"""The district at the staff desk: sectors, places, organizations, indicators."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _

from companies.identifiers import usci_is_valid
from companies.importing import CompanyResource, ObservationResource, PresenceResource
from companies.models import Indicator, Observation, Organization, OrganizationIdentifier, Place, Presence, Sector
from portal.desk.citing import citations_of, corrections_of
from portal.desk.editing import RecordAdmin, Rows, quantity, suggesting
from portal.desk.importing.admin import SheetsMixin
from portal.desk.publication import PUBLICATION, PublicationFilter, PublishableAdmin
from portal.fields import columns


@admin.register(Sector)
class SectorAdmin(RecordAdmin):
    list_display = ["name", "slug", "parent"]
    list_select_related = ["parent"]
    search_fields = [*columns("name"), "slug"]
    autocomplete_fields = ["parent"]
    prepopulated_fields = {"slug": ["name_en"]}
    fields = [columns("name"), "slug", "parent"]


@admin.register(Place)
class PlaceAdmin(PublishableAdmin):
    list_display = ["name", "kind", "part_of", "publication"]
    list_filter = [PublicationFilter, "kind"]
    list_select_related = ["part_of"]
    search_fields = [*columns("name"), "slug"]
    autocomplete_fields = ["part_of"]
    prepopulated_fields = {"slug": ["name_en"]}
    inlines = [citations_of(Place), corrections_of(Place)]
    fieldsets = [
        (None, {"fields": [columns("name"), "slug", ("kind", "part_of"), columns("description")]}),
        (_("Size"), {"fields": [quantity("area")]}),
        (_("Where"), {"fields": [columns("address"), ("latitude", "longitude"), "website"]}),
        PUBLICATION,
    ]


class IdentifierRows(Rows):
    model = OrganizationIdentifier


class PresenceRows(Rows):
    model = Presence
    autocomplete_fields = ["place"]
    show_change_link = True


@admin.register(Organization)
class OrganizationAdmin(SheetsMixin, PublishableAdmin):
    resource = CompanyResource
    list_display = ["name", "kind", "country", "last_confirmed_on", "publication"]
    list_filter = [PublicationFilter, "kind", "sectors", "last_confirmed_on"]
    search_fields = [*columns("name"), *columns("short_name"), "legal_name", "slug", "identifiers__value"]
    autocomplete_fields = ["sectors", "parent"]
    prepopulated_fields = {"slug": ["name_en"]}
    widgets = {"country": suggesting("countries")}
    inlines = [IdentifierRows, PresenceRows, citations_of(Organization), corrections_of(Organization)]
    fieldsets = [
        (None, {"fields": [columns("name"), columns("short_name"), "slug", "legal_name", ("kind", "sectors")]}),
        (_("Background"), {"fields": ["parent", ("country", "founded_on"), "website", "logo"]}),
        (_("Text"), {"fields": [columns("summary"), columns("description"), "last_confirmed_on"]}),
        PUBLICATION,
    ]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        for identifier in form.instance.identifiers.all():
            if identifier.scheme == OrganizationIdentifier.Scheme.USCI and not usci_is_valid(identifier.value):
                text = _("The check character of %s does not fit. It is saved; please compare it with the register.")
                messages.warning(request, text % identifier.value)


@admin.register(Presence)
class PresenceAdmin(SheetsMixin, RecordAdmin):
    resource = PresenceResource
    list_display = ["organization", "place", "kind", "since", "until"]
    list_filter = ["kind", "place"]
    list_select_related = ["organization", "place"]
    search_fields = [*columns("organization__name"), *columns("place__name")]
    autocomplete_fields = ["organization", "place"]
    inlines = [citations_of(Presence)]
    fields = [("organization", "place", "kind"), ("since", "until"), columns("note")]


class ObservationRows(Rows):
    model = Observation
    fields = ["period", "period_until", *quantity("quantity"), "is_target", "rank", "published_at"]
    show_change_link = True


@admin.register(Indicator)
class IndicatorAdmin(PublishableAdmin):
    list_display = ["name", "measure", "place", "home_position", "publication"]
    list_filter = [PublicationFilter, "measure"]
    list_select_related = ["place"]
    search_fields = [*columns("name"), "slug"]
    autocomplete_fields = ["place"]
    prepopulated_fields = {"slug": ["name_en"]}
    widgets = {"currency": suggesting("currencies")}
    inlines = [ObservationRows, citations_of(Indicator), corrections_of(Indicator)]
    fieldsets = [
        (None, {"fields": [columns("name"), "slug", columns("definition")]}),
        (_("What it counts"), {"fields": [("measure", "currency", "direction"), columns("unit")]}),
        (_("Whom it covers"), {"fields": ["place", columns("coverage")]}),
        (PUBLICATION[0], {"fields": ["published_at", "home_position"]}),
    ]


@admin.register(Observation)
class ObservationAdmin(SheetsMixin, PublishableAdmin):
    resource = ObservationResource
    list_display = ["indicator", "period", "period_until", "value", "is_target", "rank", "publication"]
    list_filter = [PublicationFilter, "indicator", "rank", "is_target"]
    list_select_related = ["indicator"]
    search_fields = [*columns("indicator__name"), "indicator__slug", "period", *columns("note")]
    autocomplete_fields = ["indicator"]
    inlines = [citations_of(Observation), corrections_of(Observation)]
    fieldsets = [
        (None, {"fields": ["indicator", ("period", "period_until"), quantity("quantity")]}),
        (_("How it stands to others"), {"fields": [("rank", "is_target"), columns("note")]}),
        PUBLICATION,
    ]

    @admin.display(description=_("value"))
    def value(self, observation):
        return observation.words
