"""What is public. One column and one definition.

`published_at` empty is a draft, in the future scheduled, in the past public. A record is public when it is published
itself and everything it hangs on (its `published_with`) is public too; otherwise a draft conference would leak its
title through a speaker's page. A record that was withdrawn (`portal.corrections`) is no longer public: only its
tombstone is.
"""

from functools import lru_cache

from django.apps import apps
from django.db import models, transaction
from django.db.models import Case, Exists, Func, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from portal import clock, previews
from portal.history.entries import record_history
from portal.natural_keys import NaturalKey, NaturalKeyQuerySet

# The reasons in the histories of what was published in bulk
PUBLISHED, TAKEN_BACK = gettext_noop("Published"), gettext_noop("Back to draft")


def public_condition(model, at, prefix="") -> Q:
    """The condition under which rows of `model`, reached through `prefix`, are public at the moment `at`.

    A model says what it hangs on in `published_with` (names of foreign keys). A model with a rule of its own adds it in
    `public_condition(at, prefix)`.
    """
    written = _condition_of_the_moment if previews.current() is None else _condition
    return written(model, at, prefix)


def _condition(model, at, prefix) -> Q:
    return released_condition(model, at, prefix) & ~withdrawn_condition(model, prefix)


_condition_of_the_moment = lru_cache(maxsize=500)(_condition)  # it stands in many queries, several times in each


def released_condition(model, at, prefix="") -> Q:
    """The condition that rows of `model` are public, but for a withdrawal of their own."""
    condition = parents_condition(model, model.published_with, at, prefix)
    if issubclass(model, Publishable):
        condition &= _appeared_condition(model, at, prefix)
    if own_rule := getattr(model, "public_condition", None):
        condition &= own_rule(at, prefix)
    return condition


def _appeared_condition(model, at, prefix) -> Q:
    """The condition that the moment of publication has come; a preview shows more (`portal.previews`)."""
    appeared = Q(**{f"{prefix}published_at__lte": at})
    preview = previews.current()
    if preview is None:
        return appeared
    return Q() if preview.drafts else appeared | preview.includes(model, prefix)


def withdrawn_condition(model, prefix="") -> Q:
    """The condition that rows of `model` were withdrawn; models without corrections have no such rows."""
    corrections = _related_model(model, "corrections")
    if corrections is None:
        return Q(pk__in=[])
    return Q(IsWithdrawn(f"{prefix}pk", table=corrections._meta.db_table))


class IsWithdrawn(Func):
    """Whether the row with this key has a withdrawal in the corrections of its model, in `table`.

    In plain SQL, because it stands many times in the queries of every page: built from QuerySets, it took Django a
    third of the time of a page to write.
    """

    template = "EXISTS(SELECT 1 FROM %(table)s w WHERE w.record_id = %(expressions)s AND w.kind = 'withdrawal')"
    output_field = models.BooleanField()

    def as_sql(self, compiler, connection, **extra_context):
        table = connection.ops.quote_name(self.extra["table"])
        return super().as_sql(compiler, connection, table=table, **extra_context)


def _related_model(model, name):
    """The model behind the related name `name`; None where `model` has no such relation."""
    return next((each.related_model for each in model._meta.related_objects if each.get_accessor_name() == name), None)


def parents_condition(model, parents, at, prefix="") -> Q:
    """The condition that what `model` hangs on by the foreign keys `parents` is public; an empty one hides nothing."""
    condition = Q()
    for name in parents:
        parent = model._meta.get_field(name)
        is_public = public_condition(parent.related_model, at, f"{prefix}{name}__")
        condition &= (is_public | Q(**{f"{prefix}{name}__isnull": True})) if parent.null else is_public
    return condition


class PublishedQuerySet(NaturalKeyQuerySet):
    def published(self, at=None):
        """The rows a visitor may see at the moment `at` (default: now)."""
        return self.filter(public_condition(self.model, at or clock.now()))

    def still_public(self, records):
        """Those of `records`, found public a moment ago, that did not become drafts since and were not withdrawn."""
        still = ~withdrawn_condition(self.model)
        if issubclass(self.model, Publishable):
            still &= _appeared_condition(self.model, clock.now(), "")
        return self.filter(still, pk__in=[record.pk for record in records])

    def standing(self):
        """The rows that were not withdrawn."""
        return self.exclude(withdrawn_condition(self.model))

    def released(self):
        """The rows that are public or would be, had they not been withdrawn."""
        return self.filter(released_condition(self.model, clock.now()))

    def withdrawn(self):
        """The rows whose addresses show a tombstone."""
        return self.released().filter(withdrawn_condition(self.model))

    def drafts(self):
        return self.filter(published_at=None)

    def scheduled(self):
        return self.filter(published_at__gt=clock.now())

    def with_usable_source(self):
        """The rows that may be public as far as sources go (`portal.provenance.usable_source_condition`)."""
        from portal.provenance import usable_source_condition  # provenance builds on this module

        return self.filter(usable_source_condition(self.model))

    def without_usable_source(self):
        return self.exclude(pk__in=self.model.objects.with_usable_source())

    def with_unreachable_source(self):
        """The rows that cite a source whose page no longer answers and of which no copy is kept."""
        from portal.provenance import unreachable_sources_condition

        return self.filter(unreachable_sources_condition(self.model))

    def with_old_sources(self):
        """The rows none of whose sources anybody has read for long (`portal.provenance.OLD_AFTER`)."""
        from portal.provenance import old_sources_condition

        return self.filter(old_sources_condition(self.model))

    def ready(self):
        """The rows that have everything a public record needs (`portal.readiness`)."""
        from portal.readiness import ready_condition  # it builds on this module

        return self.filter(ready_condition(self.model))

    def publish(self, *, by=None) -> int:
        """Makes drafts and scheduled rows public now; returns how many. What was public already keeps its moment, and
        what lacks something it needs stays as it is (`portal.readiness.reasons_against`). `by` is who did it."""
        now = clock.now()
        return self.ready().exclude(published_at__lte=now)._set_publication(now, PUBLISHED, by)

    def unpublish(self, *, by=None) -> int:
        """Makes every row a draft again; returns how many were none."""
        return self.exclude(published_at=None)._set_publication(None, TAKEN_BACK, by)

    def _set_publication(self, moment, reason, by) -> int:
        records = list(self.model.objects.filter(pk__in=self.values("pk")))
        for record in records:
            record.published_at = moment
        with transaction.atomic():
            self.model.objects.bulk_update(records, ["published_at"], batch_size=500)
            record_history(records, reason, user=by)
        return len(records)

    def with_citations(self):
        """Loads the citations of each row with their sources, in one query, for the markers of a page."""
        citations = self.model._meta.get_field("citations").related_model
        usable = citations.objects.select_related("source").filter(source__rejected_reason="")
        return self.prefetch_related(models.Prefetch("citations", queryset=usable))

    def with_corrections(self):
        """Loads the corrections of each row in the query of the rows themselves, so that a page needs no other one."""
        corrections = _related_model(self.model, "corrections")
        return self.annotate(correction_rows=corrections.objects.rows_of(OuterRef("pk")))

    def with_public(self, *names):
        """Loads what the foreign keys `names` lead to and whether it is public, for `public_relation`."""
        seen = {}
        for name in names:
            rows = self.model._meta.get_field(name).related_model.objects.published()
            seen[f"{name}_is_public"] = Exists(rows.filter(pk=OuterRef(name)))
        return self.select_related(*names).annotate(**seen)

    def with_publication(self):
        """Adds `publication` to each row: draft, scheduled (or hidden by what it hangs on), public or withdrawn."""
        publication = Case(
            When(published_at=None, then=Value("draft")),
            When(withdrawn_condition(self.model), then=Value("withdrawn")),
            When(public_condition(self.model, clock.now()), then=Value("public")),
            default=Value("scheduled"),
        )
        return self.annotate(publication=publication)

    def with_page(self):
        """Those whose page visitors can open."""
        return self

    def introduced(self):
        """Those with a page of their own, loaded with what they introduce themselves by (`portal.introductions`)."""
        return self


def public_relation(record, name):
    """What the foreign key `name` of `record` leads to, if visitors may see it; None otherwise."""
    related = getattr(record, name)
    if related is None:
        return None
    seen = record.__dict__.get(f"{name}_is_public")  # loaded by `with_public`
    return related if (related.is_public if seen is None else seen) else None


class PublishedWith(NaturalKey):
    """A record without a publication of its own: it is public when all it hangs on is."""

    published_with: tuple[str, ...] = ()

    objects = PublishedQuerySet.as_manager()

    class Meta:
        abstract = True


class Publishable(PublishedWith):
    """A record that staff publish: a draft, scheduled, or public. What it needs for that, besides a usable source, it
    names in `required_to_publish` (`portal.readiness`)."""

    required_to_publish: tuple[str, ...] = ()
    moments: tuple[str, ...] = ("published_at",)  # the columns with moments at which pages change by themselves

    published_at = models.DateTimeField(
        _("published at"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_(
            "Empty: a draft that only staff see. In the future: it appears at that moment. In the past: public."
        ),
    )

    class Meta:
        abstract = True

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    @property
    def is_public(self) -> bool:
        """The same as `published()`, for one record and with one query; for many, ask for `with_public`."""
        return type(self).objects.published().filter(pk=self.pk).exists()

    @property
    def public_corrections(self):
        """What was corrected since it was published, newest first; `with_corrections` spares the query."""
        if "correction_rows" in self.__dict__:
            return _related_model(type(self), "corrections").out_of(self.correction_rows, self)
        return self.corrections.newest_first()

    @property
    def changed_on(self):
        """The day on which readers were last told of a change; None where there was none."""
        return max((each.made_on for each in self.public_corrections if each.kind != "withdrawal"), default=None)


def publishable_models() -> list[type[Publishable]]:
    """Every kind of record that staff publish, in a stable order."""
    return [model for model in apps.get_models() if issubclass(model, Publishable)]
