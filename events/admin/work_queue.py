"""What waits to be done about events: conferences that are on, enquiries, milestones, projects, photographs."""

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.admin.enquiries import DAYS_TO_ANSWER
from events.models import Conference, Enquiry, InvestmentProject, Milestone, Photo
from portal import clock
from portal.clock import months_before
from portal.desk.work_queue import Line, Part, Section, list_of, may_view, section

NEXT = 3  # conferences to come
SOON = 90  # days in which a milestone is due soon
REVIEWED_EVERY = 6  # months


class PromiseFilter(admin.SimpleListFilter):
    title = gettext_lazy("promise")
    parameter_name = "promise"

    def lookups(self, request, model_admin):
        return [("overdue", _("overdue")), ("soon", _("due within 90 days"))]

    def queryset(self, request, queryset):
        match self.value():
            case "overdue":
                return queryset.overdue()
            case "soon":
                return queryset.due_within(SOON)
        return queryset


class ReviewFilter(admin.SimpleListFilter):
    title = gettext_lazy("review")
    parameter_name = "review"

    def lookups(self, request, model_admin):
        return [("due", _("not reviewed for six months"))]

    def queryset(self, request, queryset):
        return queryset.not_reviewed_since(_review_day()) if self.value() == "due" else queryset


class DescriptionFilter(admin.SimpleListFilter):
    title = gettext_lazy("description")
    parameter_name = "description"

    def lookups(self, request, model_admin):
        return [("poor", _("does not describe"))]

    def queryset(self, request, queryset):
        return queryset.not_described() if self.value() == "poor" else queryset


def _review_day():
    return months_before(clock.today(), REVIEWED_EVERY)


@section(10)
def now_and_next(request):
    if not may_view(request, Conference):
        return None
    current = [(each, _("on now"), "soon") for each in Conference.objects.current().taking_place()]
    upcoming = [(each, each.dates_in_words, "") for each in Conference.objects.upcoming().taking_place()[:NEXT]]
    lines = [
        Line(each.title, reverse("admin:events_conference_change", args=[each.pk]), tone=tone, detail=when)
        for each, when, tone in current + upcoming
    ]
    return Section("now", _("Now and next"), lines, _("No conference is on, and none is planned."))


@section(20)
def enquiries(request):
    if not may_view(request, Enquiry):
        return None
    counts = Enquiry.objects.waiting_counts(request.user, DAYS_TO_ANSWER)
    kinds = [
        ("overdue", _("overdue"), "late", {"state": "overdue"}),
        ("soon", _("due within two days"), "soon", {"state": "soon"}),
        ("unassigned", _("not assigned to anybody"), "", {"state": "open", "assigned": "nobody"}),
        ("mine", _("assigned to me"), "", {"state": "open", "assigned": "me"}),
        ("suspicious", _("that look like spam"), "", {"state": "suspicious"}),
    ]
    lines = [
        Line(words, list_of(Enquiry, **filters), counts[name], tone)
        for name, words, tone, filters in kinds
        if counts[name]
    ]
    later = counts["open"] - counts["overdue"] - counts["soon"]
    bar = [
        Part(_("overdue"), counts["overdue"], "late"),
        Part(_("due within two days"), counts["soon"], "soon"),
        Part(_("later"), later),
    ]
    return Section("enquiries", _("Enquiries"), lines, _("No enquiry waits for an answer."), bar)


@section(50)
def milestones(request):
    if not may_view(request, Milestone):
        return None
    counts = [
        (Milestone.objects.overdue().count(), _("overdue, and nothing says that they were met"), "overdue", "late"),
        (Milestone.objects.due_within(SOON).count(), _("due within 90 days"), "soon", "soon"),
    ]
    lines = [
        Line(words, list_of(Milestone, promise=value), number, tone) for number, words, value, tone in counts if number
    ]
    return Section("milestones", _("Promised milestones"), lines, _("No promise is due."))


@section(60)
def projects(request):
    if not may_view(request, InvestmentProject):
        return None
    waiting = InvestmentProject.objects.not_reviewed_since(_review_day()).count()
    lines = [Line(_("not reviewed for six months"), list_of(InvestmentProject, review="due"), waiting, "soon")]
    total = InvestmentProject.objects.count()
    bar = [Part(_("reviewed"), total - waiting), Part(_("not reviewed for six months"), waiting, "soon")]
    nothing = _("Somebody has looked for news of every project in the last six months.")
    return Section("projects", _("Projects"), lines if waiting else [], nothing, bar)


@section(90)
def photographs(request):
    if not may_view(request, Photo):
        return None
    poor = Photo.objects.not_described().count()
    lines = [Line(_("whose description describes nothing"), list_of(Photo, description="poor"), poor)] if poor else []
    return Section("photographs", _("Photographs"), lines, _("Every photograph says what it shows, in every language."))
