"""The people on stage as data."""

from operator import attrgetter

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.api.conferences import conference_named
from events.api.sessions import stage_fields
from events.models import Appearance, Speaker
from portal.api.fields import coded, plain, slug, texts
from portal.api.filters import by_record
from portal.api.record_fields import many, pages, reference
from portal.api.resources import Resource
from portal.api.source_fields import sources, sources_beneath
from portal.downloads import in_each_language


def _speaker_fields():
    return (
        slug("zhai-jinguo"),
        texts("name", _("Name"), _("The name people know. Empty where none is recorded in this language.")),
        texts("biography", _("Biography"), _("What is known of the person, without markup.")),
        _appearance_field(),
        sources(),
        pages(),
    )


def _appearance_field():
    statement = (
        texts("statement", _("Statement"), _("What was said, in our words.")),
        plain("quote", _("Quote"), _("A few words of the source in its own language.")),
        plain("source", _("Source"), _("The identifier of the source."), attrgetter("source.slug")),
    )

    def told(row):
        return [str(each.statement) for each in row.statements]

    heading, explanation = _("Statements"), _("What sources report of what was said.")
    columns = in_each_language("statements", heading, explanation, told)
    parts = (
        *stage_fields(),
        coded("role", _("Role"), _("What the person did there."), Appearance.Role.choices),
        coded("mode", _("Manner"), _("In person, by video message or remotely."), Appearance.Mode.choices),
        texts("post", _("Post held then"), _("As held on that day, not today.")),
        texts("organization_name", _("Organization then"), _("As it was called then.")),
        reference(
            "organization",
            _("Organization"),
            _("Its page here, where it has one."),
            attrgetter("public_organization"),
            "companies",
        ),
        many("statements", heading, explanation, attrgetter("statements"), statement, columns),
        sources_beneath(),
    )
    heading, explanation = _("Appearances"), _("Where the person was on stage, each with the post held then.")
    columns = in_each_language("appearances", heading, explanation, _appearances_of)
    return many("appearances", heading, explanation, lambda row: row.appearances.all(), parts, columns)


def _appearances_of(speaker) -> list[str]:
    """ "Deputy Director, STCSM (2024 Meilan Lake Conference)"."""
    return [
        f"{', '.join(filter(None, [each.post, each.organization_name]))} ({each.held_at.title})"
        for each in speaker.appearances.all()
    ]


def _on_stage_at(rows, conference):
    there = Appearance.objects.published().for_conference(conference)
    return rows.filter(pk__in=there.values("speaker"))


SPEAKERS = Resource(
    name="speakers",
    singular="speaker",
    position=3,
    title=gettext_lazy("Speakers and guests"),
    definition=gettext_lazy("The people on stage, with every appearance and the post they held then."),
    records=lambda: Speaker.objects.published().on_public_stage(),
    loaded=lambda speakers: speakers.introduced().with_citations(),
    describe=_speaker_fields,
    filters=(
        by_record(
            "conference",
            gettext_lazy("Conference"),
            gettext_lazy("The identifier of a conference."),
            "meilan-lake-2024",
            conference_named,
            _on_stage_at,
        ),
    ),
)
