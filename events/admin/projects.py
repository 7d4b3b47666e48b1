"""Investment projects and their milestones."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from events.contradictions import met_too_early
from events.models import InvestmentProject, Milestone
from portal.citing import citations_of, corrections_of
from portal.editing import PUBLICATION, PublicationFilter, PublishableAdmin, RecordAdmin, Rows
from portal.fields import columns


class MilestoneRows(Rows):
    model = Milestone
    show_change_link = True


@admin.register(InvestmentProject)
class InvestmentProjectAdmin(PublishableAdmin):
    list_display = ["title", "place", "route", "publication"]
    list_filter = [PublicationFilter, "route", "place"]
    list_select_related = ["place"]
    search_fields = [*columns("title"), "slug"]
    autocomplete_fields = ["place", "organizations"]
    prepopulated_fields = {"slug": ["title_en"]}
    inlines = [MilestoneRows, citations_of(InvestmentProject), corrections_of(InvestmentProject)]
    contradictions_of = staticmethod(met_too_early)
    fieldsets = [
        (None, {"fields": [columns("title"), "slug", columns("summary")]}),
        (_("Who and where"), {"fields": ["organizations", ("place", "route")]}),
        PUBLICATION,
    ]


@admin.register(Milestone)
class MilestoneAdmin(RecordAdmin):
    list_display = ["project", "kind", "due_on", "met_on"]
    list_filter = ["kind", "project"]
    list_select_related = ["project"]
    search_fields = [*columns("project__title"), "project__slug", *columns("note")]
    autocomplete_fields = ["project"]
    inlines = [citations_of(Milestone)]
    fields = ["project", ("kind", "due_on", "met_on"), columns("note")]
