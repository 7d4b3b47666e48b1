"""What was changed after it was published, and why. A correction is a dated line on the page of its record; a
withdrawal takes the record out of the portal and leaves a tombstone at its address.

Each corrected model has a concrete correction model of its own (`ConferenceCorrection`), like its citations.
`get_public_or_tombstone` is how every page of a record finds it.
"""

from datetime import date
from itertools import chain
from operator import attrgetter

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Subquery
from django.http import Http404
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.fields import Translated, columns, said_in_some_language
from portal.prepared import prepared
from portal.provenance import citable_facts
from portal.publishing import PublishedQuerySet, PublishedWith


class CorrectionQuerySet(PublishedQuerySet):
    def withdrawals(self):
        return self.filter(kind=Correction.Kind.WITHDRAWAL)

    def newest_first(self):
        return self.order_by("-made_on", "-pk")

    def rows_of(self, record):
        """The corrections of `record` (an outer reference) as one JSON column, for `Correction.out_of`."""
        rows = JSONList(JSONRow(*COLUMNS))
        of_record = self.filter(record=record).order_by().values("record").annotate(rows=rows).values("rows")
        return Subquery(of_record, output_field=models.JSONField())


class JSONRow(models.Func):
    """Some columns of a row as a JSON list. Django's own `JSONArray` first asks each new connection whether it knows
    JSON, which every database that Django 5.2 runs on does."""

    function = "JSON_ARRAY"
    output_field = models.JSONField()

    def as_postgresql(self, compiler, connection, **extra_context):
        return self.as_sql(compiler, connection, function="JSONB_BUILD_ARRAY", **extra_context)


class JSONList(models.Aggregate):
    """All rows of a group as one JSON list."""

    function = "JSON_GROUP_ARRAY"
    output_field = models.JSONField()

    def as_postgresql(self, compiler, connection, **extra_context):
        return self.as_sql(compiler, connection, function="JSONB_AGG", **extra_context)


COLUMNS = ("id", "kind", "made_on", "fact", "old_value", *columns("reason"))


class Correction(PublishedWith):
    """One change to a published `record` that its readers should know of."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("correction: it was wrong")
        UPDATE = "update", _("update: it was right and has changed")
        WITHDRAWAL = "withdrawal", _("withdrawal: the record should never have been published")

    published_with = ("record",)

    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=Kind,
        default=Kind.CORRECTION,
        help_text=_(
            "A withdrawal takes the record out of every list and total; its address then shows only its title, "
            "the date and the reason."
        ),
    )
    made_on = models.DateField(
        _("made on"), default=clock.today, help_text=_("The day the public page changed: 2025-05-03.")
    )
    fact = models.CharField(
        _("fact"), max_length=40, blank=True, help_text=_("What was changed; empty for the record as a whole.")
    )
    old_value = models.TextField(
        _("old value"), blank=True, help_text=_("What the page said before, in its own words: 2024-11-14.")
    )
    reason = Translated(
        models.TextField(
            _("reason"), help_text=_("One sentence for readers: “The organizer's notice of 2 May names the 15th.”")
        )
    )

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        abstract = True
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-made_on", "-id"]
        constraints = [
            said_in_some_language(
                "reason", "%(class)s_gives_a_reason", _("Give the reason of the correction in at least one language.")
            ),
            models.CheckConstraint(
                condition=~Q(kind="correction") | ~Q(old_value=""),
                name="%(class)s_names_the_old_value",
                violation_error_message=_("A correction names the old value: what the page said before."),
            ),
            models.UniqueConstraint(
                fields=["record", "made_on", "kind", "fact"],
                name="%(class)s_is_recorded_once",
                violation_error_message=_(
                    "This fact already has a correction of this kind on this day. Add to its reason instead."
                ),
            ),
            models.UniqueConstraint(
                fields=["record"],
                condition=Q(kind="withdrawal"),
                name="%(class)s_withdraws_once",
                violation_error_message=_("This record is already withdrawn. Change the reason there."),
            ),
        ]

    def __str__(self):
        return f"{self.made_on}: {self.get_kind_display()}"

    @classmethod
    def key_paths(cls):
        of_record = tuple(f"record__{path}" for path in cls.record_model().key_paths())
        return (*of_record, "made_on", "kind", "fact")

    def clean(self):
        if self.made_on and self.made_on > clock.today():
            raise ValidationError({"made_on": _("A correction is dated when it is made, not later.")})
        if self.fact and self.fact not in (known := citable_facts(self.record_model())):
            raise ValidationError({"fact": _("Choose one of the facts of this record: %s.") % ", ".join(sorted(known))})

    @classmethod
    def record_model(cls) -> type[models.Model]:
        return cls._meta.get_field("record").related_model

    @classmethod
    def out_of(cls, rows, record) -> list["Correction"]:
        """The corrections of `record` out of the column that `with_corrections()` loaded with it, newest first."""
        loaded = [cls(**dict(zip(COLUMNS, row, strict=True)), record=record) for row in rows or []]
        for correction in loaded:
            correction.made_on = date.fromisoformat(correction.made_on)
        return newest_first(loaded)

    @property
    def subject(self) -> str:
        """What the page calls the corrected record, where it shows corrections of more than one; empty otherwise."""
        return ""

    @property
    def sentence(self) -> str:
        """What was changed and when, in the language of the page; the reason stands beside it."""
        fact = str(citable_facts(self.record_model()).get(self.fact, ""))
        words = {"date": date_format(self.made_on), "fact": fact, "old": self.old_value}
        return self._pattern(bool(fact)) % words

    def _pattern(self, names_fact) -> str:
        if self.kind == self.Kind.WITHDRAWAL:
            return gettext("Withdrawn on %(date)s.")
        if self.kind == self.Kind.CORRECTION:
            if names_fact:
                return gettext("Corrected on %(date)s: %(fact)s was “%(old)s”.")
            return gettext("Corrected on %(date)s: it said “%(old)s”.")
        if not self.old_value:
            return gettext("Updated on %(date)s: %(fact)s.") if names_fact else gettext("Updated on %(date)s.")
        if names_fact:
            return gettext("Updated on %(date)s: %(fact)s was “%(old)s”.")
        return gettext("Updated on %(date)s: it said “%(old)s”.")


def newest_first(*several) -> list[Correction]:
    """The corrections of several records as one list."""
    return sorted(chain(*several), key=attrgetter("made_on", "pk"), reverse=True)


def correction_models() -> list[type[Correction]]:
    """Every concrete correction model, in a stable order."""
    return [model for model in apps.get_models() if issubclass(model, Correction)]


# --- Tombstones -------------------------------------------------------------------------------------------------------


class Withdrawn(Http404):
    """Whoever opens this record finds its tombstone; `withdrawal` is the correction that says when and why."""

    def __init__(self, withdrawal):
        self.withdrawal = withdrawal


def get_public_or_tombstone(records, **lookup):
    """The one of the public `records` that `lookup` names, with its corrections. Where it was withdrawn, its tombstone
    answers instead (`Withdrawn`); where it never was public, or what it hangs on no longer is, there is no page (404).
    `records` is a QuerySet; or a function that returns one `with_corrections()`, whose query is written once
    (`portal.prepared`).
    """
    found = prepared(records, **lookup) if callable(records) else records.with_corrections().filter(**lookup)
    if found:
        return found[0]
    withdrawn = found.model.objects.withdrawn().filter(**lookup).first()
    if withdrawn is None:
        raise Http404(f"there is no such public {found.model._meta.model_name}")
    raise Withdrawn(withdrawn.corrections.withdrawals().get())


class Tombstones:
    """Middleware that answers `Withdrawn` with the tombstone of the record."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, Withdrawn):
            return tombstone(request, exception.withdrawal)
        return None


def tombstone(request, withdrawal):
    """The page of a withdrawn record: its title, when it was withdrawn, and why; no other fact.

    The status is 410 Gone, not 200: people read the same page, while feed readers, link checkers, scripts and search
    engines learn that the record was taken back on purpose and that this page does not stand for it.
    """
    context = {"title": title_of(withdrawal.record), "withdrawal": withdrawal}
    return render(request, "portal/tombstone.html", context, status=410)


def title_of(record) -> str:
    """The title of a record of any model that has a page."""
    return getattr(record, type(record).cited_as.title)
