"""Documents and photographs."""

from django.contrib import admin

from events.admin.work_queue import DescriptionFilter
from events.models import Document, Photo
from portal.desk.editing import picture, suggesting
from portal.desk.publication import PUBLICATION, PublicationFilter, PublishableAdmin
from portal.fields import columns


@admin.register(Document)
class DocumentAdmin(PublishableAdmin):
    list_display = ["title", "language", "conference", "publication"]
    list_filter = [PublicationFilter, "language", "conference"]
    list_select_related = ["conference"]
    search_fields = [*columns("title"), "slug"]
    autocomplete_fields = ["conference"]
    prepopulated_fields = {"slug": ["title_en"]}
    widgets = {"language": suggesting("languages")}
    fieldsets = [
        (None, {"fields": [columns("title"), "slug", ("file", "language"), "conference", columns("description")]}),
        PUBLICATION,
    ]


@admin.register(Photo)
class PhotoAdmin(PublishableAdmin):
    list_display = ["__str__", "conference", "credit", "position", "publication"]
    list_filter = [PublicationFilter, DescriptionFilter, "conference"]
    list_select_related = ["conference"]
    search_fields = [*columns("alt"), *columns("caption"), "credit"]
    autocomplete_fields = ["conference"]
    fieldsets = [
        (
            None,
            {"fields": [("conference", "position"), *picture("image"), columns("alt"), columns("caption"), "credit"]},
        ),
        PUBLICATION,
    ]
