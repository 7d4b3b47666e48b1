"""What is public. One column and one definition.

`published_at` empty is a draft, in the future scheduled, in the past public. A record is public when it is published
itself and everything it hangs on (its `published_with`) is public too; otherwise a draft conference would leak its
title through a speaker's page. A record that was withdrawn (`portal.corrections`) is no longer public: only its
tombstone is.
"""

from django.db import models
from django.db.models import Case, Exists, Func, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.natural_keys import NaturalKey, NaturalKeyQuerySet
from portal.searching import SearchedQuerySet


def public_condition(model, at, prefix="") -> Q:
    """The condition under which rows of `model`, reached through `prefix`, are public at the moment `at`.

    A model says what it hangs on in `published_with` (names of foreign keys). A model with a rule of its own adds it in
    `public_condition(at, prefix)`.
    """
    return released_condition(model, at, prefix) & ~withdrawn_condition(model, prefix)


def released_condition(model, at, prefix="") -> Q:
    """The condition that rows of `model` are public, but for a withdrawal of their own."""
    condition = parents_condition(model, model.published_with, at, prefix)
    if issubclass(model, Publishable):
        condition &= Q(**{f"{prefix}published_at__lte": at})
    if own_rule := getattr(model, "public_condition", None):
        condition &= own_rule(at, prefix)
    return condition


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


class PublishedQuerySet(SearchedQuerySet, NaturalKeyQuerySet):
    def published(self, at=None):
        """The rows a visitor may see at the moment `at` (default: now)."""
        return self.filter(public_condition(self.model, at or clock.now()))

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

    def publish(self) -> int:
        """Makes drafts and scheduled rows public now; returns how many. What was public already keeps its moment, and
        what has no usable source stays as it is."""
        now = clock.now()
        return self.with_usable_source().exclude(published_at__lte=now).update(published_at=now)

    def unpublish(self) -> int:
        """Makes every row a draft again; returns how many were none."""
        return self.exclude(published_at=None).update(published_at=None)

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
    """A record that staff publish: a draft, scheduled, or public."""

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
