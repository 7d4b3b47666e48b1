"""Series, conferences, who organizes them, and the programme."""

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, Left, Length, NullIf
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from companies.models import Observation, Place
from portal import clock
from portal.addresses import path_of
from portal.corrections import Correction
from portal.fields import PartialDateField, Translated, columns, not_before, said_in_some_language
from portal.history.changed import with_changed_at
from portal.introductions import Introduced, joined
from portal.prose import ProseField
from portal.provenance import Citation, CitedAs
from portal.publishing import Publishable, PublishedQuerySet, public_relation
from portal.revisions import RevisionField, UidField
from portal.search.kinds import SearchedIn
from portal.uploads import PictureField, focus_rule


class Series(Publishable):
    """A conference that comes back, such as the yearly Meilan Lake conference."""

    required_to_publish = ("name",)
    cited_as = CitedAs("name", "events:conferences", ())

    name = Translated(models.CharField(_("name"), max_length=200))
    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    description = Translated(ProseField(_("description")))

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        ordering = ["slug"]
        constraints = [
            said_in_some_language("name", "series_has_a_name", _("Name the series in at least one language.")),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"{path_of('events:conferences')}#{self.slug}"


class SeriesCitation(Citation):
    record = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="citations", verbose_name=_("series"))


class ConferenceQuerySet(PublishedQuerySet):
    """`past`, `current` and `upcoming` are disjoint and together hold every conference: dates that are known only to
    the month or year count as current for as long as they can be."""

    def _with_known_part_of_today(self):
        today = Value(str(clock.today()))
        last = Coalesce(NullIf("ends_on", Value("")), "starts_on")
        return self.alias(
            last_day=last, today_for_start=Left(today, Length("starts_on")), today_for_end=Left(today, Length(last))
        )

    def upcoming(self):
        return self._with_known_part_of_today().filter(starts_on__gt=F("today_for_start")).order_by("starts_on", "pk")

    def past(self):
        return self._with_known_part_of_today().filter(last_day__lt=F("today_for_end")).latest_first()

    def current(self):
        return (
            self._with_known_part_of_today()
            .filter(starts_on__lte=F("today_for_start"), last_day__gte=F("today_for_end"))
            .order_by("starts_on", "pk")
        )

    def not_past(self):
        """Those that are on or to come, the soonest first."""
        return self._with_known_part_of_today().filter(last_day__gte=F("today_for_end")).order_by("starts_on", "pk")

    def latest_first(self):
        return self.order_by("-starts_on", "-pk")

    def with_changed_at(self):
        """Adds `changed_at`, when what a calendar says of the conference last changed."""
        return with_changed_at(self)

    def taking_place(self):
        return self.exclude(status__in=[Conference.Status.CANCELLED, Conference.Status.POSTPONED])

    def featured_first(self):
        """Those of the home page in its order: what is on, then the next, then the latest; only what takes place."""
        conferences = self.filter(kind=Conference.Kind.CONFERENCE).taking_place()._with_known_part_of_today()
        is_past, is_upcoming = Q(last_day__lt=F("today_for_end")), Q(starts_on__gt=F("today_for_start"))
        return conferences.order_by(
            Case(When(is_past, then=2), When(is_upcoming, then=1), default=0),
            Case(When(is_past, then=Value("")), default="starts_on", output_field=models.CharField()),
            F("starts_on").desc(),  # of the past ones the latest
            Case(When(is_past, then=-F("pk")), default="pk", output_field=models.BigIntegerField()),
        )

    def with_parents(self):
        return self.select_related("series").with_public("venue", "part_of")

    def introduced(self):
        return self.with_public("venue")

    def with_some(self, rows, at):
        """Those that any of `rows` belong to, by one of the foreign keys `at`."""
        belongs = Q(*((name, OuterRef("pk")) for name in at), _connector=Q.OR)
        return self.filter(Exists(rows.filter(belongs)))

    def with_photos(self, number):
        """Loads the first public photos of each row in the query of the rows themselves, for `Photo.out_of`."""
        photos = self.model._meta.get_field("photos").related_model.objects.published()
        return self.annotate(photo_rows=photos.rows_of(OuterRef("pk"), number))

    def other_editions_of(self, conference, series):
        """The other conferences of its series, latest first."""
        return self.filter(series=series).exclude(series=None).exclude(pk=conference.pk).latest_first()


class Conference(Introduced, Publishable):
    """An event: one edition of a series, an industry week, a forum, a signing or ground-breaking ceremony."""

    class Kind(models.TextChoices):
        CONFERENCE = "conference", _("conference")
        FORUM = "forum", _("forum")
        CEREMONY = "ceremony", _("ceremony")
        WEEK = "week", _("industry week")

    class Status(models.TextChoices):
        SCHEDULED = "scheduled", _("as planned")
        POSTPONED = "postponed", _("postponed")
        CANCELLED = "cancelled", _("cancelled")
        MOVED_ONLINE = "moved_online", _("moved online")

    published_with = ("series",)
    _history_m2m_fields = ("headline_totals",)
    required_to_publish = ("title",)
    cited_as = CitedAs("title", "events:conference")
    told_in = ("summary", "description")
    searched_in = SearchedIn(
        "title",
        related=("series__name", "part_of__title", "venue__name", "roles__organization__name"),
        about=("theme", "summary", "place_note"),
        texts=("description",),
        dated="starts_on",
    )

    title = Translated(
        models.CharField(_("title"), max_length=250, help_text=_("2024 Meilan Lake Biopharma Innovation Conference."))
    )
    slug = models.SlugField(
        _("slug"), max_length=100, unique=True, help_text=_("The end of its address: meilan-lake-2024.")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.CONFERENCE)
    series = models.ForeignKey(
        Series,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="conferences",
        verbose_name=_("series"),
        help_text=_(
            "Links its editions with one another. While the series is a draft, its conferences are hidden too."
        ),
    )
    edition = models.PositiveSmallIntegerField(
        _("edition"), null=True, blank=True, help_text=_("7 for the seventh edition, where the organizer counts them.")
    )
    part_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("part of"),
        help_text=_("The industry week it belongs to."),
    )
    theme = Translated(models.CharField(_("theme"), max_length=250, help_text=_("Empty shows “not disclosed”.")))
    starts_on = PartialDateField(
        _("starts on"), db_index=True, help_text=_("2024-11-15; or 2027-05 or 2027 while the day is not known.")
    )
    ends_on = PartialDateField(_("ends on"), blank=True, help_text=_("Empty when it was not published."))
    timezone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")
    venue = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="conferences",
        verbose_name=_("venue"),
        help_text=_("Empty when it was not disclosed."),
    )
    place_note = Translated(
        models.CharField(_("place note"), max_length=200, help_text=_("Baoshan; the exact venue was not disclosed."))
    )
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.SCHEDULED)
    summary = Translated(
        models.CharField(
            _("summary"), max_length=300, help_text=_("One or two sentences for lists, search and sharing.")
        )
    )
    description = Translated(ProseField(_("description")))
    headline_totals = models.ManyToManyField(
        Observation,
        blank=True,
        related_name="headline_of",
        verbose_name=_("the organizer's totals"),
        help_text=_("What the organizer said was signed; shown beside the total computed from the agreements."),
    )
    hero_image = PictureField(
        _("picture"),
        blank=True,
        help_text=_("Optional: without one, a cover is drawn. JPEG, PNG or WebP, at most 15 MB and 40 megapixels."),
    )
    hero_image_alt = Translated(
        models.CharField(
            _("what the picture shows"),
            max_length=250,
            help_text=_("For readers who cannot see it: “The lake at dawn, with the conference hall”."),
        )
    )
    hero_image_credit = models.CharField(
        _("credit of the picture"), max_length=120, blank=True, help_text=_("Who took it and who allows its use.")
    )
    revision = RevisionField(
        _("revision"),
        watched=("starts_on", "ends_on", "timezone", "venue_id", *columns("place_note"), "status"),
        help_text=_("Rises when a visitor's plan would change."),
    )
    uid = UidField(unique=True)

    objects = ConferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("conference")
        verbose_name_plural = _("conferences")
        ordering = ["-starts_on", "slug"]
        constraints = [
            said_in_some_language(
                "title", "conference_has_a_title", _("Give the conference a title in at least one language.")
            ),
            models.CheckConstraint(
                condition=~Q(starts_on=""),
                name="conference_has_a_start",
                violation_error_message=_(
                    "Say when it starts: the day, or the month or year while the day is not known."
                ),
            ),
            not_before(
                "starts_on",
                "ends_on",
                "conference_ends_after_it_starts",
                _("The conference cannot end before it starts."),
            ),
            models.CheckConstraint(
                condition=~Q(part_of=F("id")) | Q(part_of=None),
                name="conference_is_not_part_of_itself",
                violation_error_message=_("A conference cannot be part of itself."),
            ),
            models.CheckConstraint(
                condition=Q(hero_image="") | ~Q(hero_image_alt_en="") & ~Q(hero_image_alt_zh_hans=""),
                name="conference_says_what_its_picture_shows",
                violation_error_message=_("Say in every language what the picture of the conference shows."),
            ),
            focus_rule("conference", "hero_image"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return path_of("events:conference", self.slug)

    @property
    def last_day(self):
        return self.ends_on or self.starts_on

    @property
    def is_past(self) -> bool:
        return self.last_day.latest < clock.today()

    @property
    def is_upcoming(self) -> bool:
        return self.starts_on.earliest > clock.today()

    @property
    def is_cancelled(self) -> bool:
        return self.status == self.Status.CANCELLED

    @property
    def is_called_off(self) -> bool:
        return self.status in (self.Status.CANCELLED, self.Status.POSTPONED)

    @property
    def zone(self):
        """The time zone in which its sessions begin."""
        return clock.zone(self.timezone)

    @property
    def is_on(self) -> bool:
        """Whether it takes place today, where it takes place. Dates known to the month count for as long as they can
        be."""
        today = clock.now().astimezone(self.zone).date()
        return not self.is_called_off and self.starts_on.earliest <= today <= self.last_day.latest

    @property
    def public_part_of(self):
        """What it is part of, unless that or its series is still a draft."""
        return public_relation(self, "part_of")

    @property
    def public_venue(self):
        return public_relation(self, "venue")

    @property
    def kicker(self) -> str:
        return capfirst(self.get_kind_display())

    @property
    def dates_in_words(self) -> str:
        return " – ".join(day.words for day in (self.starts_on, self.ends_on) if day)

    @property
    def key_line(self) -> str:
        status = "" if self.status == self.Status.SCHEDULED else capfirst(self.get_status_display())
        venue = self.public_venue
        return joined(status, self.dates_in_words, venue.name if venue else self.place_note)


class ConferenceCitation(Citation):
    record = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="citations", verbose_name=_("conference")
    )


class ConferenceCorrection(Correction):
    record = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="corrections", verbose_name=_("conference")
    )
