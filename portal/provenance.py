"""Where facts come from: a citation ties one fact of one record to one source.

Each cited model has a concrete citation model of its own (`ConferenceCitation`) with a real foreign key, so that the
database keeps integrity and fixtures stay readable. `Bibliography` numbers the sources of one page;
`everything_cited_from` lists what one source supports.
"""

from dataclasses import dataclass, field

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.utils.translation import gettext_lazy as _
from translated_fields import to_attribute

from portal.addresses import path_of
from portal.fields import columns, text_in_active_language
from portal.publishing import Publishable, PublishedQuerySet, PublishedWith

OLD_AFTER = 18  # months after which a source should be read again


@dataclass(frozen=True)
class CitedAs:
    """How a cited record names itself on the page of a source: the path to its translated title, the name of its page
    and the paths to the slugs of its address (at most two)."""

    title: str
    view: str
    slugs: tuple[str, ...] = ("slug",)


class CitationQuerySet(PublishedQuerySet):
    def usable(self):
        """Those on which a public record can rest: they state or imply something, and their source was not rejected."""
        return self.exclude(stance=Citation.Stance.CONTRADICTS).filter(source__rejected_reason="")


class Citation(PublishedWith):
    """One source's support for one fact of `record`."""

    class Stance(models.TextChoices):
        STATES = "states", _("states it")
        IMPLIES = "implies", _("implies it")
        CONTRADICTS = "contradicts", _("contradicts it")

    published_with = ("record",)

    source = models.ForeignKey(
        "portal.Source", on_delete=models.PROTECT, related_name="%(class)ss", verbose_name=_("source")
    )
    fact = models.CharField(
        _("supports"), max_length=40, blank=True, help_text=_("One fact, or empty for the record as a whole.")
    )
    stance = models.CharField(_("stance"), max_length=12, choices=Stance, default=Stance.STATES)
    quote = models.CharField(
        _("quote"),
        max_length=300,
        blank=True,
        help_text=_("The words of the source in its own language, about 25 words at most."),
    )
    locator = models.CharField(
        _("locator"), max_length=100, blank=True, help_text=_("Where in the source: “page 12”, “third paragraph”.")
    )
    position = models.PositiveSmallIntegerField(
        _("number"), default=1, help_text=_("1, 2, 3 when one source gives several quotes for the same fact.")
    )

    objects = CitationQuerySet.as_manager()

    class Meta:
        abstract = True
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "source", "fact", "position"],
                name="%(class)s_is_made_once",
                violation_error_message=_(
                    "This source is already cited for this fact. Add the quote there, or give this one the next number."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.source}"

    @classmethod
    def key_paths(cls):
        of_record = tuple(f"record__{path}" for path in cls.record_model().key_paths())
        return (*of_record, "source__slug", "fact", "position")

    def clean(self):
        if self.source_id and self.source.rejected_reason:
            raise ValidationError({"source": _("This source was rejected: %s") % self.source.rejected_reason})
        if self.fact and self.fact not in (known := citable_facts(self.record_model())):
            raise ValidationError({"fact": _("Choose one of the facts of this record: %s.") % ", ".join(sorted(known))})

    @classmethod
    def record_model(cls) -> type[models.Model]:
        return cls._meta.get_field("record").related_model

    @property
    def is_usable(self) -> bool:
        """The same as `usable()`, for a citation that is not saved yet."""
        return self.stance != self.Stance.CONTRADICTS and bool(self.source_id) and not self.source.rejected_reason


def usable_source_condition(model, prefix="", without=None) -> Q:
    """The condition that rows of `model`, reached through `prefix`, have the source that a public record needs: at
    least one usable citation, for any fact.

    A model that names a foreign key in `sourced_by` also rests on the sources of what that leads to: the programme of
    a conference is typed row by row under it, and its sources are the conference's. A model without citations (a
    photo, a document) needs no source. `without` is a source that does not count.
    """
    relation = next((each for each in model._meta.related_objects if each.get_accessor_name() == "citations"), None)
    if relation is None:
        return Q()
    usable = relation.related_model.objects.usable().exclude(source=without)
    condition = Q(Exists(usable.filter(record=OuterRef(f"{prefix}pk"))))
    if parent := getattr(model, "sourced_by", None):
        parent_model = model._meta.get_field(parent).related_model
        condition |= usable_source_condition(parent_model, f"{prefix}{parent}__", without)
    return condition


def unreachable_sources_condition(model) -> Q:
    """The condition that rows of `model` cite a source whose page no longer answers and of which no copy is kept."""
    usable, sources = _usable_citations_and_sources(model)
    return Q(Exists(usable.filter(source__in=sources.unreachable())))


def old_sources_condition(model) -> Q:
    """The condition that rows of `model` cite sources, and that nobody has read any of them for 18 months."""
    usable, sources = _usable_citations_and_sources(model)
    return Q(Exists(usable)) & ~Q(Exists(usable.exclude(source__in=sources.old())))


def _usable_citations_and_sources(model):
    citations = model._meta.get_field("citations").related_model
    sources = citations._meta.get_field("source").related_model.objects
    return citations.objects.usable().filter(record=OuterRef("pk")), sources


def resting_only_on(source) -> list[models.Model]:
    """The published and scheduled records that would be left without a usable source if `source` were rejected."""
    left = []
    for record in (model.record_model() for model in citation_models()):
        if issubclass(record, Publishable):
            sourced = record.objects.exclude(published_at=None).with_usable_source()
            left += sourced.exclude(usable_source_condition(record, without=source))
    return left


NO_FACTS = ("id", "uid", "slug", "revision", "published_at", "reviewed_on", "citations", "corrections")  # what we do


def citable_facts(model) -> dict[str, str]:
    """The facts of `model` that a citation can support: their names, and the names editors know them by."""
    facts = {}
    for each in model._meta.get_fields():
        if each.name in NO_FACTS:
            continue
        if each.auto_created:
            if each.one_to_many and not each.hidden:
                facts[each.get_accessor_name()] = each.related_model._meta.verbose_name_plural
        else:
            fact = _fact_behind(each)
            if fact not in facts or each.name == f"{fact}_value":  # a quantity is known by the name of its value
                facts[fact] = each.verbose_name
    return facts


QUANTITY_PARTS = ("_comparator", "_value_to", "_value", "_approximate", "_words")
PICTURE_PARTS = ("_width", "_height", "_focus_x", "_focus_y")


def _fact_behind(column) -> str:
    """`title_en` and `title_zh_hans` are both "title"; the columns of a quantity or of a picture are one fact."""
    if language := getattr(column, "_translated_field_language_code", ""):
        return column.name.removesuffix(to_attribute("", language))
    for part in (*QUANTITY_PARTS, *PICTURE_PARTS):
        if column.name.endswith(part):
            return column.name.removesuffix(part)
    return column.name


def citation_models() -> list[type[Citation]]:
    """Every concrete citation model, in a stable order."""
    return [model for model in apps.get_models() if issubclass(model, Citation)]


# --- The sources of one page ------------------------------------------------------------------------------------------


@dataclass
class Entry:
    """A numbered source of a page and what it is quoted with there."""

    number: int
    source: models.Model
    quotes: list[Citation] = field(default_factory=list)


class Bibliography:
    """The sources of one page, numbered in the order in which they first support something on it."""

    def __init__(self, *records):
        self._entries: dict[int, Entry] = {}
        for record in records:
            self.add(record)

    def add(self, record):
        """Number the sources of `record`, whose citations are loaded (`with_citations()`)."""
        for citation in record.citations.all():
            entry = self._entries.setdefault(
                citation.source_id, Entry(number=len(self._entries) + 1, source=citation.source)
            )
            if citation.quote and citation.quote not in [known.quote for known in entry.quotes]:
                entry.quotes.append(citation)

    def __iter__(self):
        return iter(self._entries.values())

    def __len__(self):
        return len(self._entries)

    def markers(self, record, fact="") -> list[Entry]:
        """The entries that support `fact` of `record`; where none is named for it, those for the record as a whole."""
        citations = record.citations.all()
        for wanted in dict.fromkeys((fact, "")):
            found = {citation.source_id: citation for citation in citations if citation.fact == wanted}
            if found:
                return [self._entries[source_id] for source_id in found if source_id in self._entries]
        return []


# --- What one source supports -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CitedFact:
    """A line on the page of a source: the record it supports, its page, and in which words."""

    kind: str
    title: str
    url: str
    fact: str
    stance: str
    quote: str
    locator: str


def everything_cited_from(source):
    """Every public fact that `source` supports, as rows for `cited_fact`; one query however many kinds there are."""
    kinds = [_cited_rows(model, source) for model in citation_models()]
    return kinds[0].union(*kinds[1:], all=True).order_by("kind", "url_slug", "fact")


def _cited_rows(model, source):
    record = model.record_model()
    slugs = [models.F(f"record__{path}") for path in record.cited_as.slugs]
    slugs += [Value("", output_field=CharField())] * (2 - len(slugs))
    return (
        model.objects.published()
        .filter(source=source)
        .order_by()
        .annotate(
            kind=Value(record._meta.label_lower, output_field=CharField()), url_slug=slugs[0], url_slug_2=slugs[1]
        )
        .values_list(
            "kind",
            "url_slug",
            "url_slug_2",
            "fact",
            "stance",
            "quote",
            "locator",
            *(f"record__{column}" for column in columns(record.cited_as.title)),
        )
    )


def cited_fact(row) -> CitedFact:
    """A row of `everything_cited_from` as a line for readers of the active language."""
    kind, slug, slug_2, fact, stance, quote, locator, *titles = row
    record = apps.get_model(kind)
    return CitedFact(
        kind=record._meta.verbose_name,
        title=text_in_active_language(titles),
        url=path_of(record.cited_as.view, *filter(None, (slug, slug_2))),
        fact=citable_facts(record).get(fact, ""),
        stance=Citation.Stance(stance).label if stance != Citation.Stance.STATES else "",
        quote=quote,
        locator=locator,
    )
