"""Announcements."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from events.models import Announcement
from portal.desk.citing import citations_of, corrections_of
from portal.desk.publication import PUBLICATION, PublicationFilter, PublishableAdmin
from portal.fields import columns


@admin.register(Announcement)
class AnnouncementAdmin(PublishableAdmin):
    list_display = ["title", "kind", "announced_on", "conference", "session", "publication"]
    list_filter = [PublicationFilter, "kind", "conference"]
    list_select_related = ["conference", "session"]
    search_fields = [*columns("title"), "slug"]
    autocomplete_fields = ["conference", "session"]
    prepopulated_fields = {"slug": ["title_en"]}
    inlines = [citations_of(Announcement), corrections_of(Announcement)]
    fieldsets = [
        (None, {"fields": [columns("title"), "slug", ("kind", "announced_on"), columns("body")]}),
        (_("Stage"), {"fields": [("session", "conference")]}),
        (PUBLICATION[0], {"fields": ["published_at", "pinned_until"]}),
    ]
