"""All published corrections, over all kinds of record: as a page, and as a feed.

A withdrawal stands here under the title of the record that was withdrawn, which its tombstone shows too; what else was
corrected in that record before went with it.
"""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.apps import apps
from django.db.models import CharField, DateTimeField, F, Max, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _

from portal import clock
from portal.corrections import Correction, correction_models
from portal.feeds import NEWEST, Entry, Feed, paragraphs
from portal.fields import columns, text_in_active_language
from portal.history.changed import LONG_AGO
from portal.history.records import history_of
from portal.publishing import public_condition, released_condition


@dataclass(frozen=True)
class Line:
    """One correction and the record it is of, in the language of the page."""

    correction: Correction
    title: str
    page: str
    changed_at: datetime

    @property
    def kind_of_record(self) -> str:
        return capfirst(self.correction.record_model()._meta.verbose_name)

    @property
    def made_on(self) -> date:
        return self.correction.made_on


def all_corrections():
    """Every correction that visitors may know of, newest first, as rows for `line_of`; one query for all kinds."""
    kinds = [_rows_of(model) for model in correction_models()]
    return kinds[0].union(*kinds[1:], all=True).order_by("-made_on", "-changed_at", "label", "-key")


def _rows_of(model):
    record, now = model.record_model(), clock.now()
    is_told = public_condition(model, now) | (
        Q(kind=Correction.Kind.WITHDRAWAL) & released_condition(record, now, "record__")
    )
    slugs = [f"record__{path}" for path in record.cited_as.slugs]
    return (
        model.objects.filter(is_told)
        .order_by()
        .annotate(
            label=Value(model._meta.label_lower, output_field=CharField()),
            key=F("pk"),
            changed_at=Coalesce(_newest_entry(model), Value(LONG_AGO, DateTimeField())),
            slug=F(slugs[0]) if slugs else Value("", CharField()),
            slug_2=F(slugs[1]) if slugs[1:] else Value("", CharField()),
        )
        .values_list(
            "label",
            "key",
            "made_on",
            "changed_at",
            "slug",
            "slug_2",
            "kind",
            "fact",
            "old_value",
            *columns("reason"),
            *(f"record__{column}" for column in columns(record.cited_as.title)),
        )
    )


def line_of(row) -> Line:
    """A row of `all_corrections` for readers of the active language; no query."""
    label, key, made_on, changed_at, slug, slug_2, kind, fact, old_value, *texts = row
    model = apps.get_model(label)
    reasons, titles = texts[: len(columns("reason"))], texts[len(columns("reason")) :]
    correction = model(pk=key, kind=kind, made_on=made_on, fact=fact, old_value=old_value)
    for column, text in zip(columns("reason"), reasons, strict=True):
        setattr(correction, column, text)
    page = reverse(model.record_model().cited_as.view, args=[part for part in (slug, slug_2) if part])
    return Line(correction, text_in_active_language(titles), page, changed_at)


def feed_of_corrections() -> Feed:
    return Feed(
        title=_("Corrections"),
        about=_("What was corrected, updated or withdrawn after it was published, and why."),
        page=reverse("portal:corrections"),
        address=reverse("portal:correction_feed", args=["atom"]).removesuffix(".atom"),
        entries=[_entry(line_of(row)) for row in all_corrections()[:NEWEST]],
    )


def _entry(line) -> Entry:
    correction = line.correction
    made_on = datetime.combine(correction.made_on, time.min, get_default_timezone())
    return Entry(
        key=f"corrections/{correction._meta.model_name}/{correction.pk}",
        title=line.title,
        page=line.page,
        content=paragraphs(correction.sentence, correction.reason),
        published=made_on,
        updated=max(made_on, line.changed_at),
        kind=line.kind_of_record,
    )


def _newest_entry(model):
    """When the correction itself was last written."""
    rows = history_of(model)._base_manager.filter(id=OuterRef("pk")).order_by().values("id")
    return Subquery(rows.annotate(newest=Max("history_date")).values("newest"))
