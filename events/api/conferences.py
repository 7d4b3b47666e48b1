"""Conferences as data."""

import re
from operator import attrgetter

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.api.observations import identifier_of
from companies.api.places import place_field
from companies.models import Observation
from events.models import Conference, ConferenceRole, Series
from portal.api.fields import coded, plain, slug, spoken, texts
from portal.api.filters import Filter, by_record, chosen
from portal.api.record_fields import address_of, many, one, pages, reference
from portal.api.resources import Resource
from portal.api.source_fields import sources
from portal.downloads import Column, Kind, in_each_language


def conference_named(slug):
    return Conference.objects.published().filter(slug=slug).first()


def _conference_fields():
    return (
        slug("meilan-lake-2024"),
        texts("title", _("Title"), _("Empty where none is recorded in this language.")),
        coded("kind", _("Kind"), _("What kind of event it is."), Conference.Kind.choices),
        _series_field(),
        plain("edition", _("Edition"), _("Where the organizer counts them."), kind=Kind.NUMBER, example=7),
        reference(
            "part_of",
            _("Part of"),
            _("The industry week it belongs to."),
            attrgetter("public_part_of"),
            "conferences",
            label="title",
        ),
        texts("theme", _("Theme"), _("Empty where it was not disclosed.")),
        plain("starts_on", _("Starts on"), _("As far as it is known."), kind=Kind.DATE, example="2024-11-15"),
        plain("ends_on", _("Ends on"), _("Empty where it was not published."), kind=Kind.DATE, example="2024-11-16"),
        plain("timezone", _("Time zone"), _("In which its sessions begin."), example="Asia/Shanghai"),
        place_field(
            _("Where it is held. Empty when it was not disclosed."), "venue", _("Venue"), attrgetter("public_venue")
        ),
        texts("place_note", _("Note on the place"), _("What is known of the place besides the venue.")),
        coded("status", _("Status"), _("Whether it takes place as planned."), Conference.Status.choices),
        _role_field(),
        _headline_field(),
        texts("summary", _("Summary"), _("One or two sentences.")),
        texts("description", _("Description"), _("What its page says of it, without markup.")),
        sources(),
        pages(),
    )


def _series_field():
    heading, explanation = _("Series"), _("The conference of which it is one edition.")
    parts = (slug("meilan-lake"), texts("name", _("Name"), _("Its name or title.")))
    columns = (
        Column("series", _("Series: code"), explanation, lambda row: row.series and row.series.slug),
        *in_each_language("series", heading, explanation, lambda row: row.series and row.series.name),
    )
    return one("series", heading, explanation, attrgetter("series"), parts, columns)


def _role_field():
    role = coded("role", _("Role"), _("What the organization does there."), ConferenceRole.Role.choices)
    parts = (
        reference(
            "organization", _("Organization"), _("Who does it."), attrgetter("organization"), "companies", label="name"
        ),
        role,
    )
    heading, explanation = _("Organizers"), _("Who guides, hosts, organizes and supports it.")

    def words(row):
        return [f"{each.organization.name} ({each.get_role_display()})" for each in row.roles.all()]

    columns = in_each_language("roles", heading, explanation, words)
    return many("roles", heading, explanation, lambda row: row.roles.all(), parts, columns)


def _headline_field():
    heading = _("The organizer's totals")
    explanation = _("What the organizer said was signed, beside what can be counted from the agreements.")
    parts = (
        plain(
            "id",
            _("Identifier"),
            _("The identifier of the observation."),
            identifier_of,
            column="observation",
            refers_to="observations",
            example="biopharma-companies~2024~result~eq~428",
        ),
        spoken("words", _("In words"), _("The number as one may quote it, with its qualifier."), attrgetter("words")),
        plain(
            "api_url",
            _("Address in the API"),
            _("Everything the API says of it."),
            lambda row: address_of("observations", identifier_of(row)),
            Kind.URL,
        ),
    )
    column = Column(
        "headline_totals", heading, explanation, lambda row: [identifier_of(each) for each in row.headline_totals.all()]
    )
    return many("headline_totals", heading, explanation, lambda row: row.headline_totals.all(), parts, (column,))


def _with_conference_details(conferences):
    headlines = Observation.objects.published().with_indicator()
    return (
        conferences.with_parents()
        .with_citations()
        .prefetch_related(
            Prefetch("roles", ConferenceRole.objects.published().with_organization()),
            Prefetch("headline_totals", headlines),
        )
    )


WHEN = {
    "upcoming": gettext_lazy("upcoming"),
    "current": gettext_lazy("current"),
    "past": gettext_lazy("past"),
}


def _when(rows, value):
    return getattr(rows, value)() if value in WHEN else None


def _starting_in(rows, year):
    return rows.filter(starts_on__startswith=year) if re.fullmatch("[0-9]{4}", year) else None


def _series_named(slug):
    return Series.objects.published().filter(slug=slug).first()


CONFERENCES = Resource(
    name="conferences",
    singular="conference",
    position=1,
    title=gettext_lazy("Conferences"),
    definition=gettext_lazy(
        "Conferences, forums, ceremonies and industry weeks: when, where, who organizes them, and in which series."
    ),
    records=Conference.objects.published,
    loaded=_with_conference_details,
    describe=_conference_fields,
    filters=(
        chosen("kind", gettext_lazy("Kind"), gettext_lazy("What kind of event it is."), Conference.Kind.choices),
        by_record(
            "series",
            gettext_lazy("Series"),
            gettext_lazy("The code of a series."),
            "meilan-lake",
            _series_named,
            lambda rows, series: rows.filter(series=series),
        ),
        Filter(
            "year",
            gettext_lazy("Year"),
            gettext_lazy("The year in which it starts."),
            example="2024",
            narrowed=_starting_in,
        ),
        Filter("when", gettext_lazy("When"), gettext_lazy("As seen from today."), WHEN, narrowed=_when),
        chosen(
            "status",
            gettext_lazy("Status"),
            gettext_lazy("Whether it takes place as planned."),
            Conference.Status.choices,
        ),
    ),
    page="events:conferences",
)
