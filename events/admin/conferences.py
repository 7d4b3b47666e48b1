"""Series, conferences and their programme."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from events.admin.copying import CopyingDesk
from events.admin.programme import ProgrammeDesk, conference_link, programme_link
from events.admin.shifting import ShiftingDesk
from events.admin.speakers import AppearanceCards
from events.clashes import clashes_around, clashes_of_programme
from events.importing import SessionResource
from events.models import Conference, ConferenceRole, Series, Session
from portal.desk.citing import citations_of, corrections_of
from portal.desk.editing import Rows, choosing_time_zone, picture
from portal.desk.importing.admin import SheetsMixin
from portal.desk.publication import PUBLICATION, PublicationFilter, PublishableAdmin
from portal.fields import columns


@admin.register(Series)
class SeriesAdmin(PublishableAdmin):
    list_display = ["name", "slug", "publication"]
    search_fields = [*columns("name"), "slug"]
    prepopulated_fields = {"slug": ["name_en"]}
    inlines = [citations_of(Series)]
    fieldsets = [
        (None, {"fields": [columns("name"), "slug", columns("description")]}),
        PUBLICATION,
    ]


class RoleRows(Rows):
    model = ConferenceRole
    autocomplete_fields = ["organization"]


class SessionRows(Rows):
    model = Session
    fields = [
        *columns("title"),
        "slug",
        *("kind", "day", "starts_at", "ends_at"),
        *columns("room"),
        *("position", "published_at"),
    ]
    prepopulated_fields = {"slug": ["title_en"]}
    show_change_link = True


@admin.register(Conference)
class ConferenceAdmin(ProgrammeDesk, CopyingDesk, PublishableAdmin):
    list_display = ["title", "kind", "series", "starts_on", "ends_on", "status", "publication", programme_link]
    list_filter = [PublicationFilter, "kind", "status", "series"]
    list_select_related = ["series"]
    search_fields = [*columns("title"), "slug"]
    autocomplete_fields = ["series", "part_of", "venue", "headline_totals"]
    prepopulated_fields = {"slug": ["title_en"]}
    widgets = {"timezone": choosing_time_zone()}
    inlines = [RoleRows, SessionRows, citations_of(Conference), corrections_of(Conference)]
    contradictions_of = staticmethod(clashes_of_programme)
    fieldsets = [
        (None, {"fields": [columns("title"), "slug", ("kind", "status"), ("series", "edition"), "part_of"]}),
        (_("When and where"), {"fields": [("starts_on", "ends_on", "timezone"), "venue", columns("place_note")]}),
        (
            _("Text"),
            {"fields": [columns("theme"), columns("summary"), columns("description")]},
        ),
        (_("Cover"), {"fields": [*picture("hero_image"), columns("hero_image_alt"), "hero_image_credit"]}),
        (_("What the organizer said"), {"fields": ["headline_totals"]}),
        PUBLICATION,
    ]

    def get_inlines(self, request, obj):
        """A new conference gets its first sessions here; from then on the programme has a page of its own."""
        return [rows for rows in self.inlines if obj is None or rows is not SessionRows]


@admin.register(Session)
class SessionAdmin(ShiftingDesk, SheetsMixin, PublishableAdmin):
    resource = SessionResource
    list_display = ["title", conference_link, "day", "starts_at", "kind", "status", "publication"]
    actions = [*PublishableAdmin.actions, "shift"]
    list_filter = [PublicationFilter, "conference", "kind", "status"]
    list_select_related = ["conference"]
    date_hierarchy = "day"
    search_fields = [*columns("title"), "slug", *columns("conference__title")]
    autocomplete_fields = ["conference"]
    prepopulated_fields = {"slug": ["title_en"]}
    inlines = [AppearanceCards, citations_of(Session), corrections_of(Session)]
    contradictions_of = staticmethod(clashes_around)
    fieldsets = [
        (None, {"fields": ["conference", columns("title"), "slug", ("kind", "status")]}),
        (_("When and where"), {"fields": [("day", "starts_at", "ends_at", "position"), columns("room")]}),
        (_("Text"), {"fields": [columns("abstract"), "livestream_url", "recording_url"]}),
        PUBLICATION,
    ]
