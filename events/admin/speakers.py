"""Speakers and their appearances."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from events.admin.erasing import ErasingDesk
from events.models import Appearance, Speaker
from portal.desk.citing import citations_of, corrections_of
from portal.desk.editing import Cards, RecordAdmin, picture
from portal.desk.publication import PUBLICATION, PublishableAdmin
from portal.fields import columns

HELD_THEN = [columns("post"), columns("organization_name"), "organization"]


class AppearanceCards(Cards):
    """The appearances in one session."""

    model = Appearance
    autocomplete_fields = ["speaker", "organization"]
    fields = [("speaker", "role", "mode", "position"), *HELD_THEN]
    show_change_link = True


class AppearanceOfSpeakerCards(AppearanceCards):
    autocomplete_fields = ["session", "conference", "organization"]
    fields = [("session", "conference"), ("role", "mode", "position"), *HELD_THEN]


@admin.register(Speaker)
class SpeakerAdmin(ErasingDesk, PublishableAdmin):
    list_display = ["name", "slug", "publication"]
    search_fields = [*columns("name"), "slug"]
    prepopulated_fields = {"slug": ["name_en"]}
    inlines = [AppearanceOfSpeakerCards, citations_of(Speaker), corrections_of(Speaker)]
    fieldsets = [
        (None, {"fields": [columns("name"), "slug", *picture("portrait"), columns("biography")]}),
        PUBLICATION,
    ]


@admin.register(Appearance)
class AppearanceAdmin(RecordAdmin):
    list_display = ["speaker", "session", "conference", "role", "mode", "post"]
    list_filter = ["role", "mode"]
    list_select_related = ["speaker", "session", "conference"]
    search_fields = [*columns("speaker__name"), *columns("post"), *columns("organization_name"), "session__slug"]
    autocomplete_fields = ["speaker", "session", "conference", "organization"]
    inlines = [citations_of(Appearance)]
    fieldsets = [
        (None, {"fields": ["speaker", ("session", "conference"), ("role", "mode", "position")]}),
        (_("As held on that day"), {"fields": HELD_THEN}),
    ]
