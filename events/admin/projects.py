"""Investment projects and their milestones."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events.admin.work_queue import PromiseFilter, ReviewFilter
from events.contradictions import met_too_early
from events.models import InvestmentProject, Milestone
from portal import clock
from portal.desk.citing import citations_of, corrections_of
from portal.desk.editing import RecordAdmin, Rows
from portal.desk.publication import PUBLICATION, PublicationFilter, PublishableAdmin
from portal.fields import columns


class MilestoneRows(Rows):
    model = Milestone
    show_change_link = True


@admin.register(InvestmentProject)
class InvestmentProjectAdmin(PublishableAdmin):
    list_display = ["title", "place", "route", "reviewed_on", "publication"]
    list_filter = [PublicationFilter, ReviewFilter, "route", "place"]
    actions = [*PublishableAdmin.actions, "reviewed_today"]
    list_select_related = ["place"]
    search_fields = [*columns("title"), "slug"]
    autocomplete_fields = ["place", "organizations"]
    prepopulated_fields = {"slug": ["title_en"]}
    inlines = [MilestoneRows, citations_of(InvestmentProject), corrections_of(InvestmentProject)]
    contradictions_of = staticmethod(met_too_early)
    fieldsets = [
        (None, {"fields": [columns("title"), "slug", columns("summary")]}),
        (_("Who and where"), {"fields": ["organizations", ("place", "route")]}),
        (_("Follow-up"), {"fields": ["reviewed_on"]}),
        PUBLICATION,
    ]

    @admin.action(description=_("Reviewed today: I have looked for news"), permissions=["change"])
    def reviewed_today(self, request, records):
        for record in records:
            record.reviewed_on = clock.today()
            record.save(update_fields=["reviewed_on"])
        count = len(records)
        self.message_user(request, ngettext("%d project reviewed.", "%d projects reviewed.", count) % count)


@admin.register(Milestone)
class MilestoneAdmin(RecordAdmin):
    list_display = ["project", "kind", "due_on", "met_on"]
    list_filter = [PromiseFilter, "kind", "project"]
    list_select_related = ["project"]
    search_fields = [*columns("project__title"), "project__slug", *columns("note")]
    autocomplete_fields = ["project"]
    inlines = [citations_of(Milestone)]
    fields = ["project", ("kind", "due_on", "met_on"), columns("note")]
