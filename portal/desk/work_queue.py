"""What waits to be done: the front page of the staff desk.

A `Section` is one kind of work; each of its lines leads to the list of exactly the records that it counts. The
sections of this module are about records of every kind and share one query (`Standing`); the apps add their own with
`@section`. People see the sections about what they may see.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    IntegerField,
    Min,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import clock
from portal.desk.addresses import page_about
from portal.desk.filters import LanguageFilter, LinkFilter, ReadingFilter, SourceFilter
from portal.desk.publication import PublicationFilter
from portal.fields import LANGUAGE_NAMES, translated_names, untranslated_condition
from portal.history.recent import recent_changes
from portal.introductions import joined
from portal.models import OutsideLink, Source
from portal.natural_keys import NaturalKey
from portal.provenance import old_sources_condition, unreachable_sources_condition, usable_source_condition
from portal.publishing import Publishable

RECENT = 8  # changes on the front page


@dataclass(frozen=True)
class Line:
    """One thing to look at: `words`, how many (`number`, where there is one), where they are listed, and a `tone`:
    "late" for what should have been done by now, "soon" for what is next."""

    words: str
    address: str
    number: int | None = None
    tone: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Part:
    """One part of the bar over a section."""

    words: str
    number: int
    tone: str = ""


@dataclass(frozen=True)
class Segment:
    part: Part
    start: float
    length: float


@dataclass(frozen=True)
class Section:
    """One kind of work. `nothing` is what it says when there is none."""

    name: str
    title: str
    lines: list[Line]
    nothing: str
    bar: list[Part] = field(default_factory=list)

    @property
    def segments(self) -> list[Segment]:
        """The parts of the bar that are not empty, with their places in a width of 100."""
        total, start, segments = sum(part.number for part in self.bar), 0, []
        for part in self.bar:
            if part.number:
                length = round(100 * part.number / total, 2)
                segments.append(Segment(part, start, length))
                start = round(start + length, 2)
        return segments


_sections: list[tuple[int, Callable]] = []


def section(position):
    """Registers a function of the request that gives a `Section`, or None to somebody who may not see it. They stand in
    the order of their positions, the most urgent first."""

    def register(function):
        _sections.append((position, function))
        return function

    return register


def sections_for(request) -> list[Section]:
    """The front page as `request.user` may see it, in a number of queries that does not depend on how much there is."""
    request.standing = standing_of(visible_models(request))
    ordered = sorted(_sections, key=lambda each: each[0])
    return [made for _position, function in ordered if (made := function(request))]


def may_view(request, model) -> bool:
    return admin.site.get_model_admin(model).has_view_permission(request)


def list_of(model, **filters) -> str:
    """The address of the list of `model` at the desk, filtered."""
    address = page_about(model, "changelist")
    return f"{address}?{urlencode(filters)}" if filters else address


def kind_of(model) -> str:
    return capfirst(model._meta.verbose_name_plural)


# --- How all records stand --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """How many records of one kind there are and how many of them wait for something."""

    model: type[NaturalKey]
    total: int
    drafts: int
    drafts_of_a_week: int
    drafts_of_a_month: int
    oldest_draft: datetime | None
    scheduled: int
    next_at: datetime | None
    unsourced: int
    unreachable: int
    old: int
    untranslated: dict[str, int]


def visible_models(request) -> list[type[NaturalKey]]:
    """The kinds of records that have a list at the desk which `request.user` may see."""
    kept = (model for model in admin.site._registry if issubclass(model, NaturalKey))
    return [model for model in kept if may_view(request, model)]


def standing_of(models) -> list[Standing]:
    """How the records of `models` stand; one query for all of them."""
    if not models:
        return []
    by_label = {model._meta.label: model for model in models}
    rows = [_counted(model) for model in models]
    found = rows[0].union(*rows[1:], all=True)
    languages = list(LANGUAGE_NAMES)
    return [
        Standing(
            by_label[label], *counts[: -len(languages)], dict(zip(languages, counts[-len(languages) :], strict=True))
        )
        for label, *counts in found
    ]


def _counted(model):
    now, days = clock.now(), timedelta(days=1)
    none, never = Q(pk__in=[]), Value(None, DateTimeField())
    is_published = issubclass(model, Publishable)
    draft = Q(published_at=None) if is_published else none
    history = model.history.model._base_manager.filter(**{model._meta.pk.attname: OuterRef("pk")}).order_by()
    began = Subquery(history.values(model._meta.pk.attname).annotate(first=Min("history_date")).values("first"))
    has_sources = hasattr(model, "citations")
    waits = {
        "is_draft": draft,
        "is_of_a_week": draft & Q(began__gte=now - 7 * days),
        "is_of_a_month": draft & Q(began__gte=now - 30 * days, began__lt=now - 7 * days),
        "is_scheduled": Q(published_at__gt=now) if is_published else none,
        "is_unsourced": ~usable_source_condition(model) if has_sources else none,
        "is_unreachable": unreachable_sources_condition(model) if has_sources else none,
        "is_old": old_sources_condition(model) if has_sources else none,
        **{f"lacks_{code}": untranslated_condition(model, code) for code in LANGUAGE_NAMES},
    }
    flags = {name: Case(When(when, then=1), default=0, output_field=IntegerField()) for name, when in waits.items()}

    def number(name):
        return Count("pk", filter=Q(**{name: 1}))

    counts = {
        "n_total": Count("pk"),
        "n_draft": number("is_draft"),
        "n_week": number("is_of_a_week"),
        "n_month": number("is_of_a_month"),
        "oldest": Min("began", filter=Q(is_draft=1)),
        "n_scheduled": number("is_scheduled"),
        "next_at": Min("published_at", filter=Q(is_scheduled=1)) if is_published else never,
        "n_unsourced": number("is_unsourced"),
        "n_unreachable": number("is_unreachable"),
        "n_old": number("is_old"),
        **{f"n_{code}": number(f"lacks_{code}") for code in LANGUAGE_NAMES},
    }
    label = Value(model._meta.label, CharField())
    rows = model.objects.order_by().annotate(began=began).annotate(**flags, label=label).values("label")
    return rows.annotate(**counts).values_list("label", *counts)


# --- The sections about all records -----------------------------------------------------------------------------------


@section(30)
def scheduled(request):
    waiting = [each for each in request.standing if each.scheduled]
    lines = [
        Line(
            kind_of(each.model),
            list_of(each.model, **{PublicationFilter.parameter_name: "scheduled"}),
            each.scheduled,
            detail=_("next on %s") % _moment(each.next_at),
        )
        for each in sorted(waiting, key=lambda each: each.next_at)
    ]
    return Section("scheduled", _("Scheduled"), lines, _("Nothing is scheduled."))


@section(40)
def drafts(request):
    waiting = [each for each in request.standing if each.drafts]
    now = clock.now()
    lines = []
    for each in sorted(waiting, key=lambda each: (each.oldest_draft or now, each.model._meta.label)):
        days = (now - each.oldest_draft).days if each.oldest_draft else None
        age = _age(days)
        address = list_of(each.model, **{PublicationFilter.parameter_name: "draft"})
        lines.append(Line(kind_of(each.model), address, each.drafts, detail=age))
    week, month = (sum(getattr(each, name) for each in waiting) for name in ("drafts_of_a_week", "drafts_of_a_month"))
    older = sum(each.drafts for each in waiting) - week - month
    bar = [
        Part(_("begun this week"), week),
        Part(_("this month"), month, "soon"),
        Part(_("earlier"), older, "late"),
    ]
    return Section("drafts", _("Drafts"), lines, _("There is no draft: everything is public or scheduled."), bar)


@section(70)
def sources(request):
    lines = [
        Line(
            _("%s without a usable source") % kind_of(each.model),
            list_of(each.model, **{SourceFilter.parameter_name: "missing"}),
            each.unsourced,
        )
        for each in request.standing
        if each.unsourced
    ]
    if may_view(request, Source):
        lines += _sources_to_read(request.standing)
    return Section("sources", _("Sources"), lines, _("Everything has a source that was read in the last 18 months."))


def _sources_to_read(standing):
    """The sources that no longer answer or were read long ago, and how many records rest on such ones alone."""
    counts = Source.objects.reading_counts()
    causes = {
        "unreachable": (_("sources that no longer answer"), "late"),
        "old": (_("sources that nobody has read for 18 months"), "soon"),
    }
    for name, (words, tone) in causes.items():
        if counts[name]:
            resting = sum(getattr(each, name) for each in standing)
            detail = ngettext("%d record rests on them", "%d records rest on them", resting) % resting
            yield Line(words, list_of(Source, **{ReadingFilter.parameter_name: name}), counts[name], tone, detail)


@section(75)
def links(request):
    if not may_view(request, OutsideLink):
        return None
    counts = OutsideLink.objects.counts()
    kinds = {
        "broken": (_("links that no longer answer"), "late"),
        "moved": (_("links whose page has moved for good"), "soon"),
    }
    lines = [
        Line(words, list_of(OutsideLink, **{LinkFilter.parameter_name: name}), counts[name], tone)
        for name, (words, tone) in kinds.items()
        if counts[name]
    ]
    nothing = _("Every link that was tried answers.") if counts["tried"] else _("No outside link was tried yet.")
    return Section("links", _("Outside links"), lines, nothing)


@section(80)
def translations(request):
    translated = [each for each in request.standing if translated_names(each.model)]
    lines = [
        Line(
            _("%(kind)s, not all in %(language)s") % {"kind": kind_of(each.model), "language": language},
            list_of(each.model, **{LanguageFilter.parameter_name: code}),
            each.untranslated[code],
        )
        for code, language in LANGUAGE_NAMES.items()
        for each in translated
        if each.untranslated[code]
    ]
    total = sum(each.total for each in translated)
    lacking = sum(max(each.untranslated.values()) for each in translated)
    bar = [Part(_("in every language"), total - lacking), Part(_("something is missing"), lacking, "soon")]
    return Section("translations", _("Translations"), lines, _("Every text is there in every language."), bar)


@section(100)
def recent(request):
    if not request.standing:
        return None
    lines = [
        Line(
            each.title,
            each.address,
            detail=joined(each.kind, each.what, each.by or each.why, _moment(each.date)),
        )
        for each in recent_changes(RECENT, models=[each.model for each in request.standing])
    ]
    return Section("recent", _("Recent changes"), lines, _("Nothing was changed yet."))


def _age(days) -> str:
    """How long the oldest draft has been one; empty where its history does not tell."""
    if days is None:
        return ""
    if days == 0:
        return _("since today")
    return ngettext("the oldest for %d day", "the oldest for %d days", days) % days


def _moment(moment) -> str:
    return date_format(localtime(moment), "DATETIME_FORMAT")
